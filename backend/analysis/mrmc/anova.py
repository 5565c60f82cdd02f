"""Mean squares of the readers' figures and the weights that each design gives to their covariances.

The marginal-mean view of Hillis (Stat Med 2014;33:330-360): in every design the variance of a contrast of modality
means is a reader part, estimated by one mean square, and a case part, a multiple of Cov2 - Cov3. The multiples here
are derived for any number of readers a group and modality from the expected mean squares; crossed, and nested with r
readers of each modality, they are the published J and r.

Crossed readers (J readers in groups of J_g that share their cases; one group but in a split-plot):
    MS(T), MS(T*R(G)) on (t-1)(J-G) df; E MS(T) - E MS(T*R(G)) = m (Cov2 - Cov3) under no difference, m = sum J_g^2 / J.
Nested readers (J_ig readers under modality i in group g, N_i in all, S_ik = sum_g J_ig J_kg):
    MS(T), MS(R(TG)) on N - (cells) df; the case part of MS(T) is a Cov2 - b Cov3 with
    a = (sum S_ii/N_i - sum S_ii/N)/(t-1) and b = (sum_{i<>k} S_ik/N)/(t-1).
"""

from dataclasses import dataclass

import numpy as np

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Bools, Floats
from backend.analysis.mrmc.design import Design
from backend.analysis.results import Result

NO_READER_SPREAD = NotEstimable("there are too few readers to see how they differ")
ONE_MODALITY = NotEstimable("there is only one modality")


@dataclass(frozen=True, slots=True)
class AnovaTable(Result):
    """Mean squares of the figures of merit.

    ``ms_error`` is MS(T*R) for readers who read under every modality (within groups in a split-plot), MS(R(T)) for
    readers nested in modality; ``error_name`` says which. ``ms_reader_by_modality`` is MS(R) within each modality.
    """

    error_name: str
    ms_modality: Estimate
    df_modality: int
    ms_reader: Estimate
    df_reader: int
    ms_error: Estimate
    df_error: int
    ms_reader_by_modality: tuple[Estimate, ...]
    df_reader_by_modality: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseWeights:
    """What multiplies Cov2 and Cov3 in the variance of what is tested, by design.

    Attributes
    ----------
    omnibus
        Multiples of Cov2 and of Cov3 in the error term of the overall test.
    reader, within, between
        Shapes (t, t), (t,), (t, t): the difference of modalities i and k has the variance
        ``reader[i, k] * MS + within[i] * Cov2 + within[k] * Cov2 - 2 * between[i, k] * Cov3``.
    n_readers
        Readers of each modality.
    """

    omnibus: tuple[float, float]
    reader: Floats
    within: Floats
    between: Floats
    n_readers: tuple[int, ...]


def is_nested(design: Design) -> bool:
    """Whether each reader reads under one modality only."""
    return design.name in ("readers_nested", "both_nested", "split_plot_readers_nested")


def analysis_groups(design: Design) -> tuple[int, ...]:
    """The group of each reader as the analysis takes it: one group in every design but the split-plots.

    In ``both_nested`` and ``cases_nested_in_readers`` the groups coincide with modality and reader.
    """
    if design.name in ("split_plot", "split_plot_readers_nested"):
        return design.reader_group
    return (0,) * len(design.reader_group)


def case_weights(present: Bools, design: Design) -> CaseWeights:
    """The multiples for a pattern of cells present, shape (modalities, readers)."""
    groups = np.asarray(analysis_groups(design))
    members = groups[:, None] == np.arange(int(groups.max()) + 1)[None, :]
    count = present.astype(np.float64) @ members.astype(np.float64)
    of_modality = count.sum(axis=1)
    t = len(of_modality)
    shared = count @ count.T
    between = shared / np.outer(of_modality, of_modality)
    readers = tuple(int(number) for number in of_modality)
    if not is_nested(design):
        multiple = float(shared[0, 0] / of_modality[0])
        reader = np.full((t, t), 2.0 / of_modality[0])
        return CaseWeights((multiple, multiple), reader, np.diag(between), between, readers)
    reader = np.add.outer(1.0 / of_modality, 1.0 / of_modality)
    omnibus = (0.0, 0.0)
    if t > 1:
        total = of_modality.sum()
        own = np.diag(shared)
        omnibus = (
            float(((own / of_modality).sum() - own.sum() / total) / (t - 1)),
            float((shared.sum() - own.sum()) / total / (t - 1)),
        )
    return CaseWeights(omnibus, reader, np.diag(between), between, readers)


def anova(values: Floats, design: Design) -> AnovaTable:
    """The mean squares of figures of shape (modalities, readers), NaN where a cell is absent."""
    groups = np.asarray(analysis_groups(design))
    if is_nested(design):
        return _nested(values, groups)
    return _crossed(values, groups)


def _crossed(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.int_]]) -> AnovaTable:
    t, j = values.shape
    g = int(groups.max()) + 1
    centered = values - _group_means(values, groups)
    by_reader = centered.mean(axis=0)
    ss_modality = j * float(((values.mean(axis=1) - values.mean()) ** 2).sum())
    ss_reader = t * float((by_reader**2).sum())
    ss_error = float(((centered - by_reader) ** 2).sum())
    each = tuple(_mean_square(float((row**2).sum()), j - g, values) for row in centered)
    return AnovaTable(
        "MS(T*R)" if g == 1 else "MS(T*R(G))",
        _mean_square(ss_modality, t - 1, values) if t > 1 else ONE_MODALITY,
        t - 1,
        _mean_square(ss_reader, j - g, values),
        j - g,
        _mean_square(ss_error, (t - 1) * (j - g), values) if t > 1 else ONE_MODALITY,
        (t - 1) * (j - g),
        each,
        (j - g,) * t,
    )


def _nested(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.int_]]) -> AnovaTable:
    t = values.shape[0]
    present = ~np.isnan(values)
    means = np.array([row[cells].mean() for row, cells in zip(values, present, strict=True)])
    readers = present.sum(axis=1)
    grand = values[present].mean()
    squares, dfs = [], []
    for row, cells in zip(values, present, strict=True):
        centered = row[cells] - _group_means(row[None, cells], groups[cells])[0]
        squares.append(float((centered**2).sum()))
        dfs.append(int(cells.sum()) - len(set(groups[cells].tolist())))
    error = _mean_square(sum(squares), sum(dfs), values[present])
    return AnovaTable(
        "MS(R(T))" if int(groups.max()) == 0 else "MS(R(TG))",
        _mean_square(float((readers * (means - grand) ** 2).sum()), t - 1, values[present]),
        t - 1,
        error,
        sum(dfs),
        error,
        sum(dfs),
        tuple(_mean_square(s, df, values[present]) for s, df in zip(squares, dfs, strict=True)),
        tuple(dfs),
    )


def _group_means(values: Floats, groups: np.ndarray[tuple[int], np.dtype[np.int_]]) -> Floats:
    """Shape of ``values``: the mean of each row over the readers of the same group."""
    means = np.empty_like(values)
    for group in set(groups.tolist()):
        columns = groups == group
        means[:, columns] = values[:, columns].mean(axis=1, keepdims=True)
    return means


def _mean_square(sum_of_squares: float, df: int, values: Floats) -> Estimate:
    """The mean square; what is left by rounding alone counts as 0."""
    if df < 1:
        return NO_READER_SPREAD
    rounding = 1e-26 * float((values**2).sum())
    return 0.0 if sum_of_squares <= rounding else sum_of_squares / df
