"""Which readers an analysis of variance can take: those with reads of both classes wherever the design wants them.

Obuchowski-Rockette compares modalities within readers, or readers nested in modalities. In a study in which some
readers read under every modality and others under some of them only, it takes the former; a reader who read no
diseased, or no other, case under a modality has no figure of merit there and cannot take part either. Who is left out
is named with the reason; the U-statistics of Gallas take all reads there are.
"""

from dataclasses import dataclass

from backend.analysis.mrmc.arrays import Bools, any_over
from backend.analysis.mrmc.design import Design
from backend.analysis.results import Result


@dataclass(frozen=True, slots=True)
class ReaderLeftOut(Result):
    """A reader whom an analysis cannot take, and why."""

    reader: str
    reason: str


def left_out_readers(
    read: Bools, truth: Bools, design: Design, *, modalities: tuple[str, ...], readers: tuple[str, ...]
) -> tuple[ReaderLeftOut, ...]:
    """The readers without a figure of merit under a modality that the design wants of them.

    A class of which the study has no case is asked of nobody.

    Parameters
    ----------
    read
        Shape (modalities, readers, cases): True where a read was made.
    truth
        Shape (cases,): True for a diseased case.
    design
        Of these reads. An irregular one wants every reader under every modality, another one wants the reader under
        the modalities that the reader read under.
    """
    wanted = any_over(read, 2)
    if design.name == "irregular":
        wanted[:] = True
    has_positive, has_negative = bool(truth.any()), bool((~truth).any())
    found = []
    for j, reader in enumerate(readers):
        reasons = []
        for i, modality in enumerate(modalities):
            if not wanted[i, j]:
                continue
            if not read[i, j].any():
                reasons.append(f"no read under {modality}")
            elif has_positive and not (read[i, j] & truth).any():
                reasons.append(f"no read of a positive case under {modality}")
            elif has_negative and not (read[i, j] & ~truth).any():
                reasons.append(f"no read of a negative case under {modality}")
        if reasons:
            found.append(ReaderLeftOut(reader, "; ".join(reasons)))
    return tuple(found)


def left_out_text(left: tuple[ReaderLeftOut, ...]) -> str:
    """The sentence that names them."""
    listed = "; ".join(f"{one.reader} ({one.reason})" for one in left)
    return f"Readers left out: {listed}."
