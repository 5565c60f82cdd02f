"""Reader studies with marks: where the reader sees a lesion, and how sure the reader is.

A case has no lesion (negative) or one and more, each with a name. A reader puts any number of marks on a case, each
with a rating; the mark hits one of the lesions or none. Several marks on one lesion count as the highest of them. A
read without marks is a read: the cases that were read are given, or every reader who marks anything has read them all.

The figures of merit are those of Chakraborty as RJafroc defines them; a tie counts one half, and where nothing was
marked the rating is minus infinity, which ties with another one:

- ``AFROC``: lesions against the highest false mark of each negative case. Every lesion counts the same.
- ``AFROC1``: lesions against the highest false mark of every case.
- ``wAFROC``, ``wAFROC1``: the same with the lesions weighted, so that every case with lesions counts the same.
- ``HrAUC``: the ordinary AUC of the highest mark of a case, wherever it is.
- ``LROC``: as HrAUC, but a positive case only counts when its highest mark hits a lesion (one half when a false mark
  is as high): the area under the LROC curve.
- ``FROC``: the area under the FROC curve (share of lesions hit against false marks a case) to its last observed
  point. It grows with the number of false marks and is no measure of how well anybody reads: it is there because
  RJafroc has it, and says so in a warning.

Each figure is a sum over pairs of a false and a true event, over the product of two totals; leaving a case out takes
its events away. So the jackknife costs one pass, in n log n. A resample counts each event, and each share of the
totals, as often as its case was drawn: a case drawn twice is two cases, whose events meet. It draws within the classes,
whose sizes count as given, while the jackknife centers all cases together: where false marks of positive cases count
(FROC, AFROC1, wAFROC1) and are more or fewer than those of negative ones, the jackknife gives the larger variance.

DeLong's and the unbiased covariance are those of a mean over pairs of a positive and a negative case. AFROC, whose
divisor is a number of lesions, and the figures that take false marks from positive cases are none; HrAUC, LROC and
wAFROC would be, and are left to the jackknife, which is DeLong's but for the divisors. RJafroc too offers the jackknife
and the bootstrap for all figures but the Wilcoxon area.

References
----------
Chakraborty DP, Berbaum KS. Med Phys 2004;31:2313-2330. Chakraborty DP, Zhai X. Med Phys 2016;43:2548-2557 (weights).
Swensson RG. Med Phys 1996;23:1709-1725 (LROC). Chakraborty DP. Observer performance methods for diagnostic imaging.
CRC Press 2017.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable, named_reader
from backend.analysis.mrmc.arrays import Bools, Floats, Ints, any_over
from backend.analysis.mrmc.cells import CellEstimates, cells_from_jackknife, spread
from backend.analysis.mrmc.covariance import LEFT_EMPTY, covariance_of, resampled_counts
from backend.analysis.mrmc.design import Design, expected_reads, missing_reads, recognize
from backend.analysis.mrmc.marks import LocalizationData, MarkedCase
from backend.analysis.results import Result

LocalizationFigure: TypeAlias = Literal["HrAUC", "AFROC", "AFROC1", "wAFROC", "wAFROC1", "LROC", "FROC"]
LocalizationCovariance: TypeAlias = Literal["jackknife", "bootstrap"]
WITHOUT_NEGATIVES: tuple[LocalizationFigure, ...] = ("AFROC1", "wAFROC1", "FROC")
FROC_WARNING = (
    "The area under the FROC curve up to its last point grows with the number of false marks: take AFROC or wAFROC to "
    "compare readers."
)


@dataclass(frozen=True, slots=True)
class FrocPoint(Result):
    """What counts at a threshold: ``None`` counts no mark.

    Attributes
    ----------
    false_marks
        False marks a case (NLF), over all cases.
    lesions, weighted_lesions
        Share of the lesions hit (LLF), and the same with the lesions' weights.
    false_cases
        Share of the negative cases with a false mark (FPF), ``None`` without negative cases.
    localized
        Share of the positive cases whose highest mark is on a lesion (PCL of the LROC curve); where a false mark is
        as high, the case counts one half.
    """

    threshold: float | None
    false_marks: float
    lesions: float
    weighted_lesions: float
    false_cases: float | None
    localized: float


@dataclass(frozen=True, slots=True)
class FrocCurve(Result):
    """The marks of one reader under one modality: what they hit, and every operating point.

    Attributes
    ----------
    n_lesions, lesions_marked
        Of the cases read.
    false_marks
        Marks that hit no lesion.
    figures
        The figures of merit that these cases define, by name.
    points
        From no mark to all.
    """

    method: str
    modality: str
    reader: str
    n_positive: int
    n_negative: int
    n_lesions: int
    lesions_marked: int
    false_marks: int
    figures: Mapping[str, float]
    points: tuple[FrocPoint, ...]
    warnings: tuple[str, ...]


def reader_curve(data: LocalizationData, *, modality: str, reader: str) -> FrocCurve:
    """Counts, figures of merit and operating points of one reader under one modality."""
    cases = data.cell_of(modality, reader)
    hits = [rating for case in cases for rating in case.hits]
    positive = sum(bool(case.hits) for case in cases)
    negative = len(cases) - positive
    figures: dict[str, float] = {}
    if positive:
        names = get_args(LocalizationFigure) if negative else WITHOUT_NEGATIVES
        figures = {name: figure_of_merit(cases, name) for name in names}
    return FrocCurve(
        "froc_curve",
        modality,
        reader,
        positive,
        negative,
        len(hits),
        sum(rating > -math.inf for rating in hits),
        sum(len(case.false_marks) for case in cases),
        figures,
        froc_curve(data, modality=modality, reader=reader),
        (),
    )


def localization_cells(
    data: LocalizationData,
    figure: LocalizationFigure = "wAFROC",
    *,
    covariance: LocalizationCovariance = "jackknife",
    n_resamples: int = 2000,
    seed: int | None = None,
) -> CellEstimates:
    """The figure of merit of every reader and modality with its covariance over cases, for Obuchowski-Rockette.

    Parameters
    ----------
    n_resamples, seed
        Of the bootstrap, which needs a seed and draws cases as that of ratings does
        (:func:`~backend.analysis.mrmc.covariance.resampled_counts`), all marks of a case together.

    Raises
    ------
    AnalysisError
        ``unknown_figure``; ``unknown_covariance``; ``seed_missing``, ``too_few_resamples``; ``one_class``: a reader
        has read no case with, or without, a lesion under a modality;
        ``figure_undefined``: only one such case (both name the reader and the modality).
    """
    if figure not in get_args(LocalizationFigure):
        known = ", ".join(get_args(LocalizationFigure))
        raise AnalysisError("unknown_figure", f"the figure is one of {known}, not {figure!r}")
    if covariance not in get_args(LocalizationCovariance):
        known = " or ".join(get_args(LocalizationCovariance))
        raise AnalysisError(
            "unknown_covariance", f"the covariance of figures of marks is {known}, not {covariance!r}"
        )
    values = np.full(data.read.shape[:2], np.nan)
    left_out = np.full(data.read.shape, np.nan)
    for i, j in np.argwhere(data.read.any(axis=2)):
        _check_classes(data, figure, i, j)
        cases = data.cell(int(i), int(j))
        values[i, j], without = _figure(_events(cases, figure), len(cases))
        left_out[i, j] = values[i, j]
        left_out[i, j, data.read[i, j]] = without
    design = recognize(data.read, data.modalities, data.readers)
    lacking = expected_reads(design, data.read) & ~data.read
    cells = cells_from_jackknife(
        figure=figure,
        figure_method=f"fom_{figure.lower()}",
        modalities=data.modalities,
        readers=data.readers,
        truth=data.truth,
        read=data.read,
        values=values,
        left_out=left_out,
        bounds=(0.0, math.inf) if figure == "FROC" else (0.0, 1.0),
        missing=missing_reads(lacking, data.modalities, data.readers, data.cases),
    )
    cells = replace(cells, warnings=(*cells.warnings, *_warnings(data, figure)))
    if covariance == "jackknife":
        return cells
    return replace(
        cells,
        covariance=_bootstrap(data, figure, design, n_resamples, seed),
        covariance_method="covariance_bootstrap",
        seed=seed,
        n_resamples=n_resamples,
    )


def figure_of_merit(cases: list[MarkedCase], figure: LocalizationFigure) -> float:
    """The figure of the cases of one reader under one modality."""
    return _figure(_events(cases, figure), len(cases))[0]


def froc_curve(data: LocalizationData, *, modality: str, reader: str) -> tuple[FrocPoint, ...]:
    """Every operating point of one reader under one modality, from no mark to all: FROC, AFROC, wAFROC and LROC."""
    cases = data.cell_of(modality, reader)
    false = sorted(rating for case in cases for rating in case.false_marks)
    highest = sorted(max(case.false_marks, default=-math.inf) for case in cases if not case.hits)
    hits = [
        (rating, weight) for case in cases for rating, weight in zip(case.hits, case.weights, strict=True)
    ]
    localized = [event for case in cases for event in _true_events(case, "LROC")]
    positives = sum(bool(case.hits) for case in cases)
    thresholds = sorted({*false, *(rating for rating, _ in hits if rating > -math.inf)}, reverse=True)

    def at(threshold: float) -> FrocPoint:
        found = [weight for rating, weight in hits if rating >= threshold]
        return FrocPoint(
            None if threshold == math.inf else threshold,
            sum(rating >= threshold for rating in false) / len(cases),
            len(found) / len(hits) if hits else 0.0,
            math.fsum(found) / positives if positives else 0.0,
            sum(rating >= threshold for rating in highest) / len(highest) if highest else None,
            math.fsum(w for rating, w in localized if rating >= threshold) / positives if positives else 0.0,
        )

    return tuple(at(threshold) for threshold in [math.inf, *thresholds])


def _check_classes(data: LocalizationData, figure: LocalizationFigure, i: int, j: int) -> None:
    read = data.read[i, j]
    needed = [("with", data.truth)]
    if figure not in WITHOUT_NEGATIVES:
        needed.append(("without", ~data.truth))
    for kind, cases in needed:
        if not (read & cases).any():
            raise AnalysisError(
                "one_class",
                f"{named_reader(data.readers[j])} under modality {data.modalities[i]} read no case {kind} a lesion: "
                f"{figure} is undefined",
            )


def _warnings(data: LocalizationData, figure: LocalizationFigure) -> Iterator[str]:
    if figure == "FROC":
        yield FROC_WARNING
    if data.repeated:
        yield f"Marks on a lesion that the same read marks higher do not count: {data.repeated}."


@dataclass(frozen=True, slots=True)
class _Events:
    """False events and true events, each with its case; the divisor is the product of both totals of shares.

    Attributes
    ----------
    false_case, false_rating
        Shape (false events,).
    true_case, true_rating, true_weight
        Shape (true events,).
    false_share, true_share
        Shape (cases,): what each case adds to the two totals.
    """

    false_case: Ints
    false_rating: Floats
    true_case: Ints
    true_rating: Floats
    true_weight: Floats
    false_share: Floats
    true_share: Floats


def _events(cases: list[MarkedCase], figure: LocalizationFigure) -> _Events:
    false = [(k, rating) for k, case in enumerate(cases) for rating in _false_ratings(case, figure)]
    true = [(k, *event) for k, case in enumerate(cases) for event in _true_events(case, figure)]
    by_lesion = figure in ("AFROC", "AFROC1", "FROC")
    return _Events(
        np.array([k for k, _ in false], dtype=np.int64),
        np.array([rating for _, rating in false], dtype=np.float64),
        np.array([k for k, _, _ in true], dtype=np.int64),
        np.array([rating for _, rating, _ in true], dtype=np.float64),
        np.array([weight for _, _, weight in true], dtype=np.float64),
        np.array([float(figure in WITHOUT_NEGATIVES or not case.hits) for case in cases]),
        np.array([float(len(case.hits) if by_lesion else bool(case.hits)) for case in cases]),
    )


def _false_ratings(case: MarkedCase, figure: LocalizationFigure) -> Iterator[float]:
    if figure == "FROC":
        yield from case.false_marks
    elif figure in WITHOUT_NEGATIVES or not case.hits:
        yield max(case.false_marks, default=-math.inf)


def _true_events(case: MarkedCase, figure: LocalizationFigure) -> Iterator[tuple[float, float]]:
    if not case.hits:
        return
    if figure in ("AFROC", "AFROC1", "FROC"):
        yield from ((rating, 1.0) for rating in case.hits)
    elif figure in ("wAFROC", "wAFROC1"):
        yield from zip(case.hits, case.weights, strict=True)
    else:
        hit, false = max(case.hits), max(case.false_marks, default=-math.inf)
        if figure == "HrAUC":
            yield max(hit, false), 1.0
        elif hit > false or (hit == false and hit > -math.inf):
            yield hit, 1.0 if hit > false else 0.5


def _figure(events: _Events, n_cases: int) -> tuple[float, Floats]:
    """The figure, and shape (cases,) the figure without each case; infinite or NaN where nothing is left."""
    of_false, of_true = _credits(events)
    row = np.bincount(events.false_case, weights=of_false, minlength=n_cases)
    column = np.bincount(events.true_case, weights=of_true, minlength=n_cases)
    total = math.fsum(of_true.tolist())
    falses, trues = math.fsum(events.false_share.tolist()), math.fsum(events.true_share.tolist())
    rest = total - row - column + _within(events, n_cases)
    divisor = (falses - events.false_share) * (trues - events.true_share)
    with np.errstate(divide="ignore", invalid="ignore"):
        without: Floats = np.where(divisor > 0.0, rest / divisor, np.nan)
    return total / (falses * trues), without


def _credits(events: _Events) -> tuple[Floats, Floats]:
    """For each false event the weight of true events above it, for each true one its weight times those below."""
    order = np.argsort(events.true_rating, kind="stable")
    cumulated = np.concatenate([[0.0], np.cumsum(events.true_weight[order])])
    ratings = events.true_rating[order]
    below = np.searchsorted(ratings, events.false_rating, side="left")
    upto = np.searchsorted(ratings, events.false_rating, side="right")
    of_false = cumulated[-1] - (cumulated[below] + cumulated[upto]) / 2.0
    false = np.sort(events.false_rating)
    left = np.searchsorted(false, events.true_rating, side="left")
    right = np.searchsorted(false, events.true_rating, side="right")
    return of_false, events.true_weight * (left + right) / 2.0


def _within(events: _Events, n_cases: int) -> Floats:
    """Shape (cases,): the credit of pairs of which both events are of the case."""
    within = np.zeros(n_cases)
    for k in np.intersect1d(events.false_case, events.true_case):
        mine: Bools = events.true_case == k
        false = events.false_rating[events.false_case == k][:, None]
        ratings, weights = events.true_rating[mine], events.true_weight[mine]
        within[k] = float((((ratings > false) + 0.5 * (ratings == false)) * weights).sum())
    return within


def _bootstrap(
    data: LocalizationData, figure: LocalizationFigure, design: Design, n_resamples: int, seed: int | None
) -> Floats | NotEstimable:
    """The covariance of the figures of resampled cases, as (modalities, readers, modalities, readers)."""
    weights = resampled_counts(data.truth, data.read, design, n_resamples=n_resamples, seed=seed)
    present = any_over(data.read, 2)
    replicates = np.empty((int(present.sum()), n_resamples))
    for row, (i, j) in enumerate(np.argwhere(present)):
        events = _events(data.cell(int(i), int(j)), figure)
        drawn = weights[:, data.read[i, j]]
        divisor = (drawn @ events.false_share) * (drawn @ events.true_share)
        if not (divisor > 0.0).all():
            return LEFT_EMPTY
        replicates[row] = _resampled_totals(events, drawn) / divisor
    return spread(covariance_of(replicates), present)


def _resampled_totals(events: _Events, drawn: Ints) -> Floats:
    """Shape (resamples,): the credit of all pairs of events, each as often as its case was drawn."""
    order = np.argsort(events.true_rating, kind="stable")
    ratings = events.true_rating[order]
    true = drawn[:, events.true_case[order]] * events.true_weight[order]
    below = np.concatenate([np.zeros((len(drawn), 1)), np.cumsum(true, axis=1)], axis=1)
    first = np.searchsorted(ratings, events.false_rating, side="left")
    last = np.searchsorted(ratings, events.false_rating, side="right")
    of_false = below[:, -1:] - (below[:, first] + below[:, last]) / 2.0
    totals: Floats = (drawn[:, events.false_case] * of_false).sum(axis=1)
    return totals
