"""What the files say of themselves to whoever reads the results: what stayed out of them, and why. Pure."""

from collections.abc import Iterator

from .dataset_marks import mark_notes
from .dataset_model_answers import model_answer_notes
from .dataset_positive import positive_answer_notes
from .dataset_reads import Content
from .dataset_reference import reference_arm
from .mask_pairs import mask_notes


def notes_of(content: Content) -> Iterator[str]:
    """Sentences for the provenance of every analysis of these files."""
    yield from _information(content)
    yield from _amendments(content)
    yield from mask_notes(content)
    yield from mark_notes(content)
    yield from model_answer_notes(content)
    yield from positive_answer_notes(content)
    arm = reference_arm(content)
    if arm is not None:
        yield (
            "The reference standard of the questions (reference.csv) is the consensus of the readers in the arm "
            f"{arm}. It is made of their own answers, so that they agree with it more than with an independent one."
        )


def _information(content: Content) -> Iterator[str]:
    for one in content.get("information_left_out", []):
        count = one["values"]
        of = "a label that holds a date itself" if one["label"] is None else one["label"]
        yield (
            f"Case information left out of cases.csv, because it may hold a date: {of}, "
            f"{count} value{'' if count == 1 else 's'}."
        )


def _amendments(content: Content) -> Iterator[str]:
    for one in content.get("plan_amendments", []):
        yield (
            f"The plan of the analysis was changed after the freeze, before the lock, by version {one['version']} of "
            f"the protocol: {', '.join(one['paths'])}."
        )
