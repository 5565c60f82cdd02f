"""Studies with the rules of a reader's day: training, caps per sitting, signatures, cases read in steps."""

from typing import Any

from backend.reads.models import Read
from backend.reads.services import read_submit
from backend.studies.design_patterns import apply_pattern
from backend.studies.models import StudyCase
from backend.studies.services import case_add, protocol_save
from backend.studies.session_states import CasePurpose

from .bare import make_case
from .cases import imported_cases
from .dicom import Original
from .reading import TIMING, answers
from .studies import StudyStory, design, freeze

PASSWORD = "a-long-enough-password"
KEY: dict[str, Any] = {
    "answers": {"rating": 4, "short_axis_mm": 6.5, "criterion_margin": False},
    "text": "The margin is smooth; the signal is not.",
}
TRAINING: dict[str, Any] = {
    "pass_mark": 0.75,
    "max_attempts": 2,
    "questions": ["rating", "short_axis_mm"],
    "tolerance": {"short_axis_mm": 1.0},
}


def flow_story(
    *,
    name: str = "ALFA",
    cases: int = 3,
    training_cases: int = 0,
    in_steps: bool = False,
    with_images: bool = False,
    **changes: Any,
) -> StudyStory:
    """A frozen study with `changes` to its protocol; its readers sign with `PASSWORD`."""
    story = design(name, cases=cases, with_images=with_images)
    document = {**story.study.protocol, **changes}
    if in_steps:
        document = apply_pattern(document, "sequential")
    if training_cases:
        document["training"] = changes.get("training", TRAINING)
    by = story.people["coordinator"]
    protocol_save(
        study_id=story.study.pk,
        document=document,
        revision=story.study.revision,
        by=by,
        now=story.clock.tick(),
    )
    story.refresh()
    for number in range(training_cases):
        _add_training_case(story, number, with_images=with_images)
    for part in ("reader1", "reader2"):
        story.people[part].set_password(PASSWORD)
        story.people[part].save(update_fields=["password"])
    return freeze(story)


def _add_training_case(story: StudyStory, rank: int, *, with_images: bool) -> StudyCase:
    by, center = story.people["coordinator"], story.centers[0]
    if with_images:
        original = Original(f"{story.name}TRN{rank}", sum(map(ord, story.name)) * 100 + 50 + rank)
        (case,) = imported_cases([original], at=center, by=by, now=story.clock.tick(), with_mask=False)
    else:
        case = make_case(f"{story.name}T-{rank + 1:04d}", center=center.code)
    return case_add(
        study=story.study,
        case=case,
        purpose=CasePurpose.TRAINING,
        training_key=KEY,
        by=by,
        now=story.clock.tick(),
    )


def train(story: StudyStory, part: str = "reader1", *, rating: int = 4, count: int = 1) -> list[Read]:
    """Read the next training cases with this rating; the short axis is right within the tolerance."""
    return [story.submit(story.open_next(part), answers(rating, short_axis_mm=7.5)) for _ in range(count)]


def commit(story: StudyStory, part: str = "reader1", *, rating: int = 3, **timing: Any) -> Read:
    """Open the reader's next read and submit it, after a look at what it releases."""
    read = story.open_next(part)
    story.see_aid(read)
    return read_submit(
        read_id=read.pk,
        idempotency_key=read.pk,
        answers=answers(rating),
        measurements=[],
        timing={**TIMING, **timing},
        by=read.reader,
        now=story.clock.tick(),
    ).read
