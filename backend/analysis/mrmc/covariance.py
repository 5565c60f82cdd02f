"""How the figures of readers and modalities vary together over samples of cases: four estimators.

- ``jackknife``: (K - 1)/K times the centered sum of products of the leave-one-out figures over the K cases that the
  figure uses. Any figure. A case that a reader did not read leaves the reader's figure as it is.
- ``delong``: AUC only. Two cells of the same cases; cells without a common case have covariance 0; cells that share
  only some of their cases are refused, as MRMCaov does: take the jackknife or the unbiased estimator.
- ``unbiased``: AUC only. The U-statistic estimate over pairs of pairs that share no case; available cases, so that
  reads may be missing (Gallas BD, Pennello GA, Myers KJ. J Opt Soc Am A 2007;24:B70-B80).
- ``bootstrap``: any figure. Cases are drawn with replacement within their class (and within their own group or
  modality, where cases are nested), all reads of a case together; covariance of the replicates. Seeded.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable, named_reader
from backend.analysis.mrmc.arrays import Bools, Floats, Ints, any_over
from backend.analysis.mrmc.cells import CellEstimates, counts, jackknife_covariance, spread
from backend.analysis.mrmc.design import Design, require_regular
from backend.analysis.mrmc.figures_of_merit import Auc, FigureOfMerit, PartialAuc, placements, used_cases
from backend.analysis.mrmc.ratings import MrmcData

CovarianceMethod: TypeAlias = Literal["jackknife", "delong", "unbiased", "bootstrap"]
LEFT_EMPTY = NotEstimable("a bootstrap sample leaves a reader without a case of a class")
ROUNDING = 1e-12
"""Replicates that differ by less than this share of the largest are equal."""


def estimate_cells(
    data: MrmcData,
    figure: FigureOfMerit | None = None,
    *,
    covariance: CovarianceMethod = "jackknife",
    n_resamples: int = 2000,
    seed: int | None = None,
) -> CellEstimates:
    """The figure of merit of every reader under every modality, and the covariance of all of them over cases.

    Parameters
    ----------
    data
        The study; missing reads are left out cell by cell, and said in a warning.
    figure
        The figure of merit, AUC unless given.
    n_resamples, seed
        Of the bootstrap, which needs a seed.

    Raises
    ------
    AnalysisError
        ``unknown_covariance``, ``one_class`` (a cell without a case of a class that the figure needs; names it),
        ``covariance_needs_auc``, ``incomplete_for_delong``, ``seed_missing``, ``too_few_resamples``,
        ``design_unknown`` (says what does not fit).
    """
    require_regular(data.design)
    chosen: FigureOfMerit = figure if figure is not None else Auc()
    if covariance not in get_args(CovarianceMethod):
        raise AnalysisError(
            "unknown_covariance",
            f"the covariance is {', '.join(get_args(CovarianceMethod))}, not {covariance!r}",
        )
    if covariance in ("delong", "unbiased") and not isinstance(chosen, Auc):
        raise AnalysisError(
            "covariance_needs_auc", f"the {covariance} covariance is one of AUCs, not of {chosen.name}"
        )
    present = data.cells()
    positives, negatives = counts(data.read, data.truth)
    few = _check_classes(data, chosen, present, positives, negatives)
    values = np.full(present.shape, np.nan)
    for i, j in np.argwhere(present):
        values[i, j] = chosen.value(*_cell(data, i, j))
    matrix: Floats | NotEstimable = (
        few if few is not None else _matrix(data, chosen, covariance, n_resamples, seed)
    )
    drawn = covariance == "bootstrap"
    return CellEstimates(
        chosen.name,
        chosen.method,
        chosen.bounds,
        data.modalities,
        data.readers,
        data.design,
        data.missing,
        positives,
        negatives,
        (data.n_positive, data.n_negative),
        values,
        matrix if isinstance(matrix, NotEstimable) else spread(matrix, present),
        f"covariance_{covariance}",
        seed if drawn else None,
        n_resamples if drawn else None,
        _warnings(data, values),
    )


def _warnings(data: MrmcData, values: Floats) -> tuple[str, ...]:
    said = []
    if data.missing:
        said.append(
            f"{len(data.missing)} reads are missing: each reader's figure is that of the cases read under the "
            "modality, and the covariances use the cases that two figures share."
        )
    for i, j in np.argwhere(data.cells()):
        _, ratings = _cell(data, i, j)
        if ratings.min() == ratings.max():
            said.append(
                f"Every case of modality {data.modalities[i]} has the same rating by {named_reader(data.readers[j])}: "
                f"a figure of {values[i, j]:g} without information."
            )
    return tuple(said)


def _cell(data: MrmcData, i: int, j: int) -> tuple[Bools, Floats]:
    read = data.read[i, j]
    return data.truth[read], data.ratings[i, j, read]


def _check_classes(
    data: MrmcData,
    figure: FigureOfMerit,
    present: Bools,
    positives: tuple[tuple[int, ...], ...],
    negatives: tuple[tuple[int, ...], ...],
) -> NotEstimable | None:
    """Refuse a cell without a needed class; say why there is no covariance where a class has a single case."""
    few = None
    for i, j in np.argwhere(present):
        where = f"{named_reader(data.readers[j])} under modality {data.modalities[i]}"
        for kind, number in (("positive", positives[i][j]), ("negative", negatives[i][j])):
            if figure.uses not in ("both", kind):
                continue
            if number == 0:
                raise AnalysisError("one_class", f"{where} read no {kind} case: {figure.name} is undefined")
            if number == 1 and few is None:
                few = NotEstimable(f"{where} read only one {kind} case")
    return few


def _matrix(
    data: MrmcData, figure: FigureOfMerit, covariance: CovarianceMethod, n_resamples: int, seed: int | None
) -> Floats | NotEstimable:
    if covariance == "jackknife":
        return jackknife_covariance(left_out_figures(data, figure)[1][data.cells()])
    if covariance == "delong":
        return _delong(data)
    if covariance == "unbiased":
        return _unbiased(data)
    return _bootstrap(data, figure, n_resamples, seed)


def left_out_figures(data: MrmcData, figure: FigureOfMerit) -> tuple[Floats, Floats]:
    """The figures, shape (modalities, readers), and without each of the K cases used, shape (modalities, readers, K).

    Raises
    ------
    AnalysisError
        ``one_class`` for a cell without a case of a needed class, ``single_case`` for one with a single case of it.
    """
    present = data.cells()
    positives, negatives = counts(data.read, data.truth)
    if few := _check_classes(data, figure, present, positives, negatives):
        raise AnalysisError("single_case", f"{few.reason}: nothing is left without it")
    used = used_cases(figure.uses, data.truth)
    values = np.full(present.shape, np.nan)
    left_out = np.full((*present.shape, int(used.sum())), np.nan)
    for i, j in np.argwhere(present):
        truth, ratings = _cell(data, i, j)
        values[i, j] = figure.value(truth, ratings)
        left_out[i, j] = values[i, j]
        left_out[i, j, data.read[i, j][used]] = figure.left_out(truth, ratings)
    return values, left_out


def _delong(data: MrmcData) -> Floats:
    cells = [(int(i), int(j)) for i, j in np.argwhere(data.cells())]
    reads = np.stack([data.read[i, j] for i, j in cells])
    deviations = np.zeros((len(cells), data.truth.size))
    for row, (i, j) in enumerate(cells):
        auc, of_positives, of_negatives = placements(*_cell(data, i, j))
        read = data.read[i, j]
        n_pos, n_neg = of_positives.size, of_negatives.size
        deviations[row, read & data.truth] = (of_positives - auc) / np.sqrt(n_pos * (n_pos - 1.0))
        deviations[row, read & ~data.truth] = (of_negatives - auc) / np.sqrt(n_neg * (n_neg - 1.0))
    shared = reads.astype(np.float64) @ reads.T.astype(np.float64)
    partly = (shared > 0) & (shared != np.diag(shared)[:, None])
    if partly.any():
        (i, j), (k, m) = (cells[int(place)] for place in np.argwhere(partly)[0])
        raise AnalysisError(
            "incomplete_for_delong",
            f"{named_reader(data.readers[j])} under {data.modalities[i]} and {named_reader(data.readers[m])} under "
            f"{data.modalities[k]} share only some of their cases: take the jackknife or the unbiased covariance",
        )
    products: Floats = deviations @ deviations.T
    return products


def _unbiased(data: MrmcData) -> Floats | NotEstimable:
    n_pos, n_neg = data.n_positive, data.n_negative
    cells = np.argwhere(data.cells())
    read_pos = np.stack([data.read[i, j][data.truth] for i, j in cells]).astype(np.float64)
    read_neg = np.stack([data.read[i, j][~data.truth] for i, j in cells]).astype(np.float64)
    wins = np.empty((len(cells), n_pos * n_neg))
    for row, (i, j) in enumerate(cells):
        positive, negative = data.ratings[i, j][data.truth], data.ratings[i, j][~data.truth]
        gap = np.nan_to_num(np.sign(positive[:, None] - negative[None, :]) + 1.0, nan=0.0) / 2.0
        wins[row] = gap.reshape(-1)
    by_case = wins.reshape(len(cells), n_pos, n_neg)
    of_pos, of_neg = by_case.sum(axis=2), by_case.sum(axis=1)
    total = of_pos.sum(axis=1)
    pairs = read_pos.sum(axis=1) * read_neg.sum(axis=1)
    pairs_squared = np.outer(pairs, pairs)
    both_pos, both_neg = read_pos @ read_pos.T, read_neg @ read_neg.T
    apart = (
        pairs_squared
        - both_neg * np.outer(read_pos.sum(axis=1), read_pos.sum(axis=1))
        - both_pos * np.outer(read_neg.sum(axis=1), read_neg.sum(axis=1))
        + both_pos * both_neg
    )
    if (apart <= 0).any():
        return NotEstimable("two figures have no two pairs of cases apart")
    weight = pairs_squared / apart
    sharing = of_pos @ of_pos.T + of_neg @ of_neg.T - wins @ wins.T
    products: Floats = ((1.0 - weight) * np.outer(total, total) + weight * sharing) / pairs_squared
    return products


def _bootstrap(
    data: MrmcData, figure: FigureOfMerit, n_resamples: int, seed: int | None
) -> Floats | NotEstimable:
    weights = resampled_counts(data.truth, data.read, data.design, n_resamples=n_resamples, seed=seed)
    cells = np.argwhere(data.cells())
    replicates = np.empty((len(cells), n_resamples))
    for row, (i, j) in enumerate(cells):
        read = data.read[i, j]
        truth, ratings = _cell(data, i, j)
        if not _every_replicate_defined(weights[:, read], truth, figure):
            return LEFT_EMPTY
        if isinstance(figure, Auc):
            replicates[row] = _weighted_aucs(weights[:, read], truth, ratings)
        elif isinstance(figure, PartialAuc):
            replicates[row] = figure.resampled(truth, ratings, weights[:, read])
        else:
            replicates[row] = [
                figure.value(np.repeat(truth, w), np.repeat(ratings, w)) for w in weights[:, read]
            ]
    return covariance_of(replicates)


def covariance_of(replicates: Floats) -> Floats:
    """Shape (cells, cells), of replicates as (cells, resamples); one that varies by rounding alone has 0."""
    is_level = np.ptp(replicates, axis=1) <= ROUNDING * np.abs(replicates).max(axis=1)
    products: Floats = np.atleast_2d(np.cov(np.where(is_level[:, None], 0.0, replicates)))
    return products


def resampled_counts(
    truth: Bools, read: Bools, design: Design, *, n_resamples: int, seed: int | None
) -> Ints:
    """Shape (resamples, cases): how often each case is drawn, within its class, group and modality where nested.

    Parameters
    ----------
    truth, read
        Shapes (cases,) and (modalities, readers, cases).

    Raises
    ------
    AnalysisError
        ``seed_missing``, ``too_few_resamples``.
    """
    if seed is None:
        raise AnalysisError("seed_missing", "the bootstrap needs a seed")
    if n_resamples < 2:
        raise AnalysisError(
            "too_few_resamples", f"a covariance needs two resamples or more, not {n_resamples}"
        )
    generator = np.random.default_rng(seed)
    weights = np.zeros((n_resamples, truth.size), dtype=np.int64)
    for members in _strata(truth, read, design):
        share = np.full(members.size, 1.0 / members.size)
        weights[:, members] = generator.multinomial(members.size, share, size=n_resamples)
    return weights


def _strata(truth: Bools, read: Bools, design: Design) -> Iterable[Ints]:
    nested = design.name in ("cases_nested", "both_nested")
    under = any_over(read, 1).argmax(axis=0) if nested else np.zeros(truth.size, dtype=np.int64)
    label = np.stack([truth.astype(np.int64), np.asarray(design.case_group), under])
    _, which = np.unique(label, axis=1, return_inverse=True)
    flat = which.reshape(-1)
    return [np.flatnonzero(flat == number) for number in range(int(flat.max()) + 1)]


def _every_replicate_defined(weights: Ints, truth: Bools, figure: FigureOfMerit) -> bool:
    drawn = [weights[:, members].sum(axis=1) for members in (truth, ~truth)]
    needed = {"both": (True, True), "positive": (True, False), "negative": (False, True)}[figure.uses]
    return all(bool((total > 0).all()) for total, need in zip(drawn, needed, strict=True) if need)


def _weighted_aucs(weights: Ints, truth: Bools, ratings: Floats) -> Floats:
    """The AUC of each resample: negatives counted below each positive by running sums, in whole numbers."""
    positive, negative = ratings[truth], ratings[~truth]
    order = np.argsort(negative, kind="stable")
    of_pos, of_neg = weights[:, truth], weights[:, ~truth][:, order]
    below = np.concatenate([np.zeros((len(weights), 1), dtype=np.int64), np.cumsum(of_neg, axis=1)], axis=1)
    first = np.searchsorted(negative[order], positive, side="left")
    last = np.searchsorted(negative[order], positive, side="right")
    doubled = (of_pos * (below[:, first] + below[:, last])).sum(axis=1)
    aucs: Floats = doubled / (2.0 * of_pos.sum(axis=1) * of_neg.sum(axis=1))
    return aucs
