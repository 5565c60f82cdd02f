"""The curves of ``mrmc.csv`` alone: ratings by reader and modality, without a declared cut-off."""

from collections.abc import Iterator
from itertools import combinations

from backend.analysis.average_roc import average_roc
from backend.analysis.errors import NotEstimable
from backend.analysis.formats.ratings import RatingTable
from backend.analysis.pipeline.curves import ArmAverage
from backend.analysis.pipeline.results import Collector, CurvePair, Section
from backend.analysis.pipeline.study import seed_of
from backend.analysis.proportions import Proportion
from backend.analysis.roc import OperatingPoint, delong, delong_paired, roc_curve, youden_cutoffs
from backend.analysis.roc_hull import roc_hull
from backend.analysis.roc_intervals import auc_intervals
from backend.analysis.study_report import Curve, CurveResult, DroppedCase

# Nothing was called, so no method is named, and the methods text does not speak of one.
NO_METHOD = ""
NO_CUTOFF = NotEstimable("the ratings come without a cut-off")
Ratings = dict[str, float]
Rater = tuple[Curve, Ratings]


def roc_of_table(table: RatingTable, *, positive_class: str, level: float, seed: int) -> Section:
    """Areas and curves of every reader under every modality, their paired tests, and the average curves.

    As in :func:`~backend.analysis.pipeline.multireader.mrmc_of_table`, the difference of two modalities is the first
    minus the second.
    """
    collector = Collector("roc", "ROC analysis")
    raters = _raters(table)
    for curve, ratings in raters:
        _curve(collector, table, curve, ratings, positive_class, level)
    for a, b in _pairs(raters):
        _pair(collector, table, a, b, level)
    _averages(collector, table, raters, level, seed)
    return collector.section()


def _raters(table: RatingTable) -> list[Rater]:
    """By reader, then modality in the order of the design."""
    by_key: dict[tuple[str, str], Ratings] = {}
    for one in table.ratings:
        by_key.setdefault((one.reader, one.modality), {})[one.case] = one.rating
    return [(Curve("reader", reader, modality), own) for (reader, modality), own in by_key.items()]


def _pairs(raters: list[Rater]) -> Iterator[tuple[Rater, Rater]]:
    """A reader's first modality with the second, then readers under one modality."""
    yield from ((a, b) for a, b in combinations(raters, 2) if a[0].name == b[0].name)
    yield from ((a, b) for a, b in combinations(raters, 2) if a[0].arm == b[0].arm)


def _curve(
    collector: Collector,
    table: RatingTable,
    curve: Curve,
    ratings: Ratings,
    positive_class: str,
    level: float,
) -> None:
    cases = sorted(ratings)
    truth, scores = [table.truth[case] for case in cases], [ratings[case] for case in cases]

    def whole() -> CurveResult:
        points = roc_curve(truth, scores)
        return CurveResult(
            curve=curve,
            auc=delong(truth, scores, level=level),
            roc=points,
            youden=points if isinstance(points, NotEstimable) else youden_cutoffs(points),
            threshold_rule="no cut-off is declared",
            operating_point=_no_call(truth, positive_class),
            n=len(cases),
            dropped=_unrated(table, curve, ratings),
        )

    found = collector.add(f"curve/{curve.label}", f"{curve.label}: ROC curve", whole, method="auc_delong")
    collector.add(
        f"intervals/{curve.label}",
        f"{curve.label}: AUC with intervals on the plain and the logit scale",
        lambda: auc_intervals(truth, scores, level=level),
        dropped=_unrated(table, curve, ratings),
    )
    if found is not None and not isinstance(found.roc, NotEstimable):
        points = found.roc
        title = f"{curve.label}: convex hull"
        collector.add(f"hull/{curve.label}", title, lambda: roc_hull(points), method="roc_hull")


def _no_call(truth: list[bool], positive_class: str) -> OperatingPoint:
    shares = [
        Proportion(0, n, NO_CUTOFF, NO_CUTOFF, NO_CUTOFF) for n in (sum(truth), len(truth) - sum(truth))
    ]
    return OperatingPoint(NO_METHOD, positive_class, 0, 0, 0, 0, shares[0], shares[1])


def _unrated(table: RatingTable, curve: Curve, ratings: Ratings) -> tuple[DroppedCase, ...]:
    """The cases that others rated under this modality."""
    asked = {one.case for one in table.ratings if one.modality == curve.arm}
    return tuple(DroppedCase(case, f"no score by {curve.label}") for case in sorted(asked - set(ratings)))


def _pair(collector: Collector, table: RatingTable, a: Rater, b: Rater, level: float) -> None:
    (one, first), (other, second) = a, b
    cases = sorted(set(first) & set(second))
    lacking = {
        case: "; ".join(f"no score by {curve.label}" for curve, own in (a, b) if case not in own)
        for case in sorted(set(first) ^ set(second))
    }
    name = f"{one.label} - {other.label}"
    collector.add(
        f"delong/{name}",
        name,
        lambda: CurvePair(
            one,
            other,
            delong_paired(
                [table.truth[case] for case in cases],
                [first[case] for case in cases],
                [second[case] for case in cases],
                level=level,
            ),
        ),
        dropped=[DroppedCase(case, reason) for case, reason in lacking.items()],
    )


def _averages(collector: Collector, table: RatingTable, raters: list[Rater], level: float, seed: int) -> None:
    by_modality = {
        modality: {curve.name: own for curve, own in raters if curve.arm == modality}
        for modality in table.modalities
    }
    several = {modality: own for modality, own in by_modality.items() if len(own) > 1}
    if not several:
        return
    own_seed = seed_of(seed, "average")
    collector.add(
        "average",
        "Average of the readers' ROC curves, by arm",
        lambda: tuple(
            ArmAverage(modality, average_roc(table.truth, own, seed=own_seed, level=level))
            for modality, own in several.items()
        ),
        method="roc_average",
    )
