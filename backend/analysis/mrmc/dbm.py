"""Dorfman-Berbaum-Metz: an ANOVA of jackknife pseudovalues, and its variance components beside those of OR.

With Hillis's degrees of freedom and the same truncation the random-reader analysis is the Obuchowski-Rockette analysis
with jackknife covariance, to rounding. Pseudovalues are normalized, so that their mean is the figure itself (Hillis SL,
Obuchowski NA, Schartz KM, Berbaum KS. Stat Med 2005;24:1579-1607); for the AUC they are so already. With fixed readers
DBM uses F with t-1 and (t-1)(K-1) degrees of freedom where OR uses chi-square: the two differ a little there.

References
----------
Dorfman DD, Berbaum KS, Metz CE. Invest Radiol 1992;27:723-731. Hillis SL, Berbaum KS, Metz CE. Acad Radiol
2008;15:647-661.
"""

from dataclasses import dataclass

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable
from backend.analysis.mrmc.arrays import Floats
from backend.analysis.mrmc.components import OrComponents
from backend.analysis.mrmc.covariance import left_out_figures
from backend.analysis.mrmc.estimates import number, undefined
from backend.analysis.mrmc.figures_of_merit import Auc, FigureOfMerit
from backend.analysis.mrmc.inference import NO_SPREAD, OverallTest, Spread, f_test, satterthwaite
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.mrmc.ratings import MrmcData
from backend.analysis.reporting.journal_numbers import significant_text
from backend.analysis.results import Result

COMPONENTS = ("reader", "case", "modality_by_reader", "modality_by_case", "reader_by_case", "error")


@dataclass(frozen=True, slots=True)
class DbmComponents(Result):
    """Variance components of the pseudovalues; ``error`` holds Var(T×R×C) too, which nothing separates from it."""

    reader: Estimate
    case: Estimate
    modality_by_reader: Estimate
    modality_by_case: Estimate
    reader_by_case: Estimate
    error: Estimate
    n_cases: int


@dataclass(frozen=True, slots=True)
class MeanSquares(Result):
    """Mean squares of the pseudovalues, by source."""

    modality: float
    reader: float
    case: float
    modality_by_reader: float
    modality_by_case: float
    reader_by_case: float
    modality_by_reader_by_case: float


@dataclass(frozen=True, slots=True)
class DbmResult(Result):
    """The three tests, the mean squares and the components."""

    method: str
    figure: str
    figure_method: str
    n_cases: int
    mean_squares: MeanSquares
    components: DbmComponents
    random_readers_random_cases: OverallTest
    fixed_readers: OverallTest
    fixed_cases: OverallTest
    warnings: tuple[str, ...]


def dbm(data: MrmcData, figure: FigureOfMerit | None = None) -> DbmResult:
    """The DBM analysis of a fully crossed study without missing reads.

    Raises
    ------
    AnalysisError
        ``needs_crossed`` (another design, missing reads, fewer than two readers or modalities), ``one_class``,
        ``single_case`` (one case of a class: leaving it out leaves nothing).
    """
    chosen: FigureOfMerit = figure if figure is not None else Auc()
    if data.design.name != "fully_crossed" or data.missing:
        raise AnalysisError("needs_crossed", "DBM needs a fully crossed study without missing reads")
    if len(data.modalities) < 2 or len(data.readers) < 2:
        raise AnalysisError("needs_crossed", "DBM needs two modalities and two readers or more")
    values, left_out = left_out_figures(data, chosen)
    squares = _mean_squares(_pseudovalues(values, left_out))
    t, j, k = len(data.modalities), len(data.readers), left_out.shape[2]
    parts = _components(squares, t, j, k)
    case_part = max(squares.modality_by_case - squares.modality_by_reader_by_case, 0.0)
    error = satterthwaite(squares.modality_by_reader, case_part, (t - 1) * (j - 1))
    readers = _spread(squares.modality_by_case, (t - 1) * (k - 1))
    cases = _spread(squares.modality_by_reader, (t - 1) * (j - 1))
    return DbmResult(
        "dbm",
        chosen.name,
        chosen.method,
        k,
        squares,
        parts,
        f_test(squares.modality, error, t - 1),
        f_test(squares.modality, readers, t - 1),
        f_test(squares.modality, cases, t - 1),
        _warnings(parts),
    )


@dataclass(frozen=True, slots=True)
class DbmEquivalence(Result):
    """Components of the pseudovalues beside those of OR with jackknife covariance, turned into components of DBM.

    The random-reader tests of both stand beside each other; ``largest_difference`` is that of two components.
    """

    method: str
    figure: str
    n_cases: int
    of_pseudovalues: DbmComponents
    of_obuchowski_rockette: DbmComponents
    largest_difference: Estimate
    dbm_test: OverallTest
    or_test: OverallTest | NotEstimable


def dbm_equivalence(result: DbmResult, other: OrResult) -> DbmEquivalence:
    """The two analyses of one crossed study side by side.

    Raises
    ------
    AnalysisError
        ``analyses_differ`` unless both are of the same figure and ``other`` has the jackknife covariance.
    """
    if other.figure != result.figure or other.covariance_method != "covariance_jackknife":
        raise AnalysisError(
            "analyses_differ",
            f"DBM of {result.figure} compares with Obuchowski-Rockette of {result.figure}, jackknife covariance, not "
            f"with {other.figure}, {other.covariance_method}",
        )
    turned = or_to_dbm(other.components, result.n_cases)
    pairs = [(getattr(result.components, name), getattr(turned, name)) for name in COMPONENTS]
    none = undefined(*(value for pair in pairs for value in pair))
    return DbmEquivalence(
        "dbm_equivalence",
        result.figure,
        result.n_cases,
        result.components,
        turned,
        none or max(abs(number(a) - number(b)) for a, b in pairs),
        result.random_readers_random_cases,
        other.random_readers_random_cases.test,
    )


def or_to_dbm(components: OrComponents, n_cases: int) -> DbmComponents:
    """The DBM components that say the same as OR components of a study of ``n_cases`` (Hillis 2005, Table IV).

    Raises
    ------
    AnalysisError
        ``n_cases_too_small`` below 2.
    """
    _check_cases(n_cases)
    parts = components
    if none := undefined(
        parts.reader, parts.modality_by_reader, parts.error, parts.cov1, parts.cov2, parts.cov3
    ):
        return DbmComponents(none, none, none, none, none, none, n_cases)
    error, cov1, cov2, cov3 = (number(part) for part in (parts.error, parts.cov1, parts.cov2, parts.cov3))
    return DbmComponents(
        parts.reader,
        n_cases * cov3,
        parts.modality_by_reader,
        n_cases * (cov2 - cov3),
        n_cases * (cov1 - cov3),
        n_cases * (error - cov1 - cov2 + cov3),
        n_cases,
    )


@dataclass(frozen=True, slots=True)
class PilotComponents(Result):
    """The OR components that a sample size needs, and the number of cases behind them."""

    modality_by_reader: float
    error: float
    cov1: float
    cov2: float
    cov3: float
    n_cases: int


def dbm_to_or(components: DbmComponents) -> PilotComponents | NotEstimable:
    """The OR components that say the same as DBM components."""
    parts = components
    _check_cases(parts.n_cases)
    if none := undefined(
        parts.case, parts.modality_by_reader, parts.modality_by_case, parts.reader_by_case, parts.error
    ):
        return none
    case, by_modality, by_reader, error = (
        number(part) / parts.n_cases
        for part in (parts.case, parts.modality_by_case, parts.reader_by_case, parts.error)
    )
    return PilotComponents(
        number(parts.modality_by_reader),
        case + by_modality + by_reader + error,
        case + by_reader,
        case + by_modality,
        case,
        parts.n_cases,
    )


def _check_cases(n_cases: int) -> None:
    if n_cases < 2:
        raise AnalysisError("n_cases_too_small", f"components belong to two cases or more, not to {n_cases}")


def _pseudovalues(values: Floats, left_out: Floats) -> Floats:
    """Shape (modalities, readers, cases), their mean over cases being the figure."""
    k = left_out.shape[2]
    raw = k * values[:, :, None] - (k - 1) * left_out
    normalized: Floats = raw + (values - raw.mean(axis=2))[:, :, None]
    return normalized


def _mean_squares(y: Floats) -> MeanSquares:
    t, j, k = y.shape
    grand = y.mean()
    by_t, by_r, by_c = (y.mean(axis=axes) - grand for axes in ((1, 2), (0, 2), (0, 1)))
    tr = y.mean(axis=2) - grand - by_t[:, None] - by_r[None, :]
    tc = y.mean(axis=1) - grand - by_t[:, None] - by_c[None, :]
    rc = y.mean(axis=0) - grand - by_r[:, None] - by_c[None, :]
    main = grand + by_t[:, None, None] + by_r[None, :, None] + by_c[None, None, :]
    trc = y - main - tr[:, :, None] - tc[:, None, :] - rc[None, :, :]
    size = float((y**2).sum())
    return MeanSquares(
        _mean_square(j * k, by_t, t - 1, size),
        _mean_square(t * k, by_r, j - 1, size),
        _mean_square(t * j, by_c, k - 1, size),
        _mean_square(k, tr, (t - 1) * (j - 1), size),
        _mean_square(j, tc, (t - 1) * (k - 1), size),
        _mean_square(t, rc, (j - 1) * (k - 1), size),
        _mean_square(1, trc, (t - 1) * (j - 1) * (k - 1), size),
    )


def _mean_square(times: int, effects: Floats, df: int, size: float) -> float:
    """The mean square; what is left by rounding alone counts as 0."""
    total = times * float((effects**2).sum())
    return 0.0 if total <= 1e-26 * size else total / df


def _components(squares: MeanSquares, t: int, j: int, k: int) -> DbmComponents:
    three = squares.modality_by_reader_by_case
    tr, tc, rc = squares.modality_by_reader, squares.modality_by_case, squares.reader_by_case
    return DbmComponents(
        (squares.reader - tr - rc + three) / (t * k),
        (squares.case - tc - rc + three) / (t * j),
        (tr - three) / k,
        (tc - three) / j,
        (rc - three) / t,
        three,
        k,
    )


def _spread(mean_square: float, df: int) -> Spread:
    return Spread(mean_square, float(df)) if mean_square > 0.0 else Spread(NO_SPREAD, NO_SPREAD)


def _warnings(parts: DbmComponents) -> tuple[str, ...]:
    named = (
        ("Var(R)", parts.reader),
        ("Var(C)", parts.case),
        ("Var(T×R)", parts.modality_by_reader),
        ("Var(T×C)", parts.modality_by_case),
        ("Var(R×C)", parts.reader_by_case),
    )
    truncated = " and counts as 0 in the error term"
    return tuple(
        f"The ANOVA estimate of {name} is negative ({significant_text(value)})"
        f"{truncated if name == 'Var(T×C)' else ''}."
        for name, value in named
        if not isinstance(value, NotEstimable) and value < 0.0
    )
