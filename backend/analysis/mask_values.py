"""Agreement of outlines from measures that were taken elsewhere: by pair of readers, and over all pairs.

Where the masks themselves are there, :func:`backend.analysis.mask_agreement.mask_agreement` takes the measures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.mask_agreement import MEASURES, Spread, spread_of
from backend.analysis.results import Result

TAKEN_ELSEWHERE = "The measures are those of the dataset: they were not taken from masks here."
SHARES = frozenset({"dice", "jaccard"})
SIGNED = frozenset({"volume_difference_ml"})


@dataclass(frozen=True, slots=True)
class MaskValue(Result):
    """A measure of one case between two readers or a reader and a model, the names in the order of the alphabet.

    ``question`` and ``arm`` are empty, the sessions ``None``, where the dataset does not say them.
    """

    case: str
    reader_a: str
    reader_b: str
    measure: str
    value: float
    question: str = ""
    arm: str = ""
    session_a: int | None = None
    session_b: int | None = None


@dataclass(frozen=True, slots=True)
class MaskValueSummary(Result):
    """Over the cases of one pair, or of all pairs (then both readers are ``None``)."""

    reader_a: str | None
    reader_b: str | None
    n_cases: int
    measures: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class MaskValues(Result):
    """Every pair in the order of names, and all pairs together; ``n`` cases."""

    method: str
    pairs: tuple[MaskValueSummary, ...]
    overall: MaskValueSummary
    n: int
    warnings: tuple[str, ...]


def mask_value(
    case: str,
    reader_a: str,
    reader_b: str,
    measure: str,
    value: float,
    question: str = "",
    arm: str = "",
    session_a: int | None = None,
    session_b: int | None = None,
) -> MaskValue:
    """A value with its readers in the order of the alphabet; a signed difference and the sessions turn with them.

    Raises
    ------
    AnalysisError
        ``unknown_measure``, ``same_reader``, ``value_impossible`` (a share beyond 0 to 1, a distance below 0).
    """
    if measure not in MEASURES:
        raise AnalysisError("unknown_measure", f"{measure} is none of {', '.join(MEASURES)}")
    if reader_a == reader_b:
        raise AnalysisError("same_reader", f"{reader_a} is compared with themselves")
    if measure not in SIGNED and (value < 0.0 or (measure in SHARES and value > 1.0)):
        raise AnalysisError("value_impossible", f"{measure} cannot be {value:g}")
    if reader_b < reader_a:
        reader_a, reader_b = reader_b, reader_a
        session_a, session_b = session_b, session_a
        value = -value if measure in SIGNED and value else value
    return MaskValue(case, reader_a, reader_b, measure, value, question, arm, session_a, session_b)


def mask_values(values: Sequence[MaskValue]) -> MaskValues:
    """Summaries of the measures by pair and over all pairs, of one question in one arm.

    Raises
    ------
    AnalysisError
        ``no_cases`` without a value, ``repeated`` for a measure of one case and pair twice.
    """
    if not values:
        raise AnalysisError("no_cases", "there is no measure of masks")
    seen: set[tuple[str, ...]] = set()
    for one in values:
        key = (one.case, one.reader_a, one.reader_b, one.measure)
        if key in seen:
            raise AnalysisError(
                "repeated",
                f"{one.measure} of case {one.case} by {one.reader_a} and {one.reader_b} is there twice",
            )
        seen.add(key)
    pairs = sorted({(one.reader_a, one.reader_b) for one in values})
    return MaskValues(
        method="mask_agreement",
        pairs=tuple(
            _summary([one for one in values if (one.reader_a, one.reader_b) == (a, b)], a, b)
            for a, b in pairs
        ),
        overall=_summary(values, None, None),
        n=len({one.case for one in values}),
        warnings=(TAKEN_ELSEWHERE,),
    )


def _summary(values: Sequence[MaskValue], reader_a: str | None, reader_b: str | None) -> MaskValueSummary:
    found = [measure for measure in MEASURES if any(one.measure == measure for one in values)]
    return MaskValueSummary(
        reader_a,
        reader_b,
        len({one.case for one in values}),
        tuple(spread_of(name, [one.value for one in values if one.measure == name]) for name in found),
    )
