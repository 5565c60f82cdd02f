"""The report's tables beside those of Obuchowski-Rockette: who takes part, covariances, margins, components, power."""

from collections.abc import Iterator, Sequence

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.mrmc.dbm import COMPONENTS, DbmEquivalence
from backend.analysis.mrmc.inference import ModalityDifference, ModalityMean, OverallTest
from backend.analysis.mrmc.localization import FrocCurve
from backend.analysis.mrmc.margins import MarginTests
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.mrmc.power_table import PowerTable
from backend.analysis.pipeline.multireader import COVARIANCE_NAMES
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, statistic_text
from backend.analysis.pipeline.results import FREE_RESPONSE_AGAIN, Item
from backend.analysis.reporting.journal_numbers import number_text, significant_text
from backend.analysis.reporting.manuscript_tables import NONE

DBM_NAMES = ("Var(R)", "Var(C)", "Var(T×R)", "Var(T×C)", "Var(R×C)", "Error with Var(T×R×C)")
GENERALIZED = {
    "readers_and_cases": "readers and cases",
    "cases": "cases, for these readers",
    "readers": "readers, for these cases",
}


def readers_taken(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Who is analyzed by Obuchowski-Rockette, and who is not for which reason."""
    for item in items:
        # Free-response reads are analyzed by Obuchowski-Rockette alone.
        is_rated = not (key.startswith("free-response") or item.key.startswith(FREE_RESPONSE_AGAIN[0]))
        takes_part = "Obuchowski-Rockette, Dorfman-Berbaum-Metz" if is_rated else "Obuchowski-Rockette"
        said = ("The U-statistics of Gallas take all reads of all readers.",) if is_rated else ()
        sheet = Sheet(
            f"{key}-readers",
            item.title,
            ("Reader", takes_part, "Reason"),
            said=said,
        )
        sheet.shows(item)
        for reader in item.result.taken:
            sheet.add(reader, "taken", NONE)
        for one in item.result.not_taken:
            sheet.add(one.reader, "left out", one.reason)
        yield sheet.tabled()


def covariances(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """A table a figure with several estimates of the covariance: the same analysis, readers and cases random."""
    by_figure: dict[str, list[Item]] = {}
    for item in items:
        by_figure.setdefault(item.key.partition("/")[2], []).append(item)
    several = {figure: own for figure, own in by_figure.items() if len(own) > 1}
    for number, (figure, own) in enumerate(several.items(), start=1):
        sheet = _covariances(f"{key}-covariances{f'-{number}' if number > 1 else ''}", figure, own, level)
        if not sheet.is_empty:
            yield sheet.tabled()


def _covariances(key: str, figure: str, items: Sequence[Item], level: float) -> Sheet:
    """One row a covariance and difference; of one arm, which has none, a row a covariance with the mean."""
    alone = all(len(item.result.modalities) == 1 for item in items)
    parts = ("error", "cov2") if alone else ("error", "cov1", "cov2", "cov3")
    compared: tuple[str, ...] = ("Arm", f"Mean ({ci_of(level)})", "SE", "df")
    if not alone:
        compared = ("Comparison", f"Difference ({ci_of(level)})", "SE", "df", "P")
    sheet = Sheet(
        key,
        f"{_opening(figure)} with each estimate of the covariance over cases, readers and cases random",
        ("Covariance", *(part.capitalize() for part in parts), *compared),
        row_headers=1,
        said=(("Variances and covariances times 1000. The jackknife is the one planned; the others show how much hangs "
              "on it."),),
    )  # fmt: skip
    for item in items:
        one: OrResult = item.result
        sheet.shows(item)
        cells = [_thousandth(getattr(one.components, part), sheet) for part in parts]
        drawn = f", {one.n_resamples} samples, seed {one.seed}" if one.seed is not None else ""
        method = one.covariance_method.removeprefix("covariance_")
        label = f"{COVARIANCE_NAMES.get(method, method)}{drawn}"
        analysis = one.random_readers_random_cases
        for mean in analysis.means if alone else ():
            estimate = sheet.with_ci(mean.mean, mean.ci)
            sheet.add(label, *cells, mean.modality, estimate, *_se_and_df(mean, sheet))
        for pair in analysis.differences:
            sheet.add(
                label,
                *cells,
                f"{pair.modality_a} minus {pair.modality_b}",
                sheet.with_ci(pair.difference, pair.ci),
                *_se_and_df(pair, sheet),
                sheet.p(pair.p),
            )
    return sheet


def _opening(figure: str) -> str:
    """A figure at the beginning of a sentence: a word is capitalized, a name such as ``wAFROC`` is not."""
    return figure if figure[1:2].isupper() else f"{figure[0].upper()}{figure[1:]}"


def _thousandth(value: Estimate, sheet: Sheet) -> str:
    return sheet.number(value if isinstance(value, NotEstimable) else 1000 * value, 3)


def _se_and_df(one: ModalityDifference | ModalityMean, sheet: Sheet) -> tuple[str, str]:
    return sheet.number(one.se, 4), sheet.number(one.df, 1)


def margins(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Non-inferiority and superiority of each pair, the side in words."""
    for number, item in enumerate(items, start=1):
        one: MarginTests = item.result
        sheet = Sheet(
            f"{key}-margin-{number}" if number > 1 else f"{key}-margin",
            item.title,
            ("Comparison", "Generalized to", f"Difference ({ci_of(level)})", "P, non-inferior", "P, superior",
             "Shown"),
            row_headers=2,
            said=(
                (f"One-sided tests at {(1 - one.level) / 2:g}, of a difference at or below minus {one.margin:g} and at "
                "or below 0: the lower bound of the interval above minus the margin, or above 0."),
            ),
        )  # fmt: skip
        sheet.shows(item)
        for test in one.tests:
            sheet.add(
                f"{test.modality_a} minus {test.modality_b}",
                test.generalizes_to,
                sheet.with_ci(test.difference, test.ci),
                sheet.p(test.p_noninferior),
                sheet.p(test.p_superior),
                test.conclusion,
            )
        yield sheet.tabled()


def dbm_components(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Components of the pseudovalues beside those that follow from Obuchowski-Rockette, and both tests."""
    for item in items:
        one: DbmEquivalence = item.result
        gap = one.largest_difference
        said = (
            f"{one.n_cases} cases. Largest difference of two components: "
            f"{gap if isinstance(gap, NotEstimable) else significant_text(gap, 1)}."
        )
        sheet = Sheet(
            f"{key}-dbm-components",
            f"{item.title}, {one.figure}",
            ("Component or test", "From pseudovalues", "From Obuchowski-Rockette, jackknife"),
            said=(said,),
        )
        sheet.shows(item)
        for name, label in zip(COMPONENTS, DBM_NAMES, strict=True):
            left, right = (getattr(part, name) for part in (one.of_pseudovalues, one.of_obuchowski_rockette))
            sheet.add(label, sheet.number(left, 5), sheet.number(right, 5))
        sheet.add(
            "F (df), readers and cases random", _f_text(one.dbm_test, sheet), _f_text(one.or_test, sheet)
        )
        yield sheet.tabled()


def _f_text(test: OverallTest | NotEstimable, sheet: Sheet) -> str:
    if isinstance(test, NotEstimable):
        return sheet.text(test)
    return statistic_text(test.statistic, (test.df1, test.df2), sheet)


def power_tables(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Cases needed by number of readers, and the power at the numbers of cases asked for."""
    for item in items:
        one: PowerTable = item.result
        counts = sorted({found.n_cases for found in one.powers})
        sheet = Sheet(
            f"{key}-power",
            item.title,
            ("Readers", f"Cases for a power of {one.wanted:g}", *(f"Power, {n} cases" for n in counts)),
            said=(
                (
                    f"Two-sided alpha {one.alpha:g}, generalized to {GENERALIZED[one.generalizes_to]}. Components "
                    f"from the {one.pilot_text}. {_pilot_text(one)}"
                ),
            ),
        )
        sheet.shows(item)
        by_numbers = {(found.n_readers, found.n_cases): found.power for found in one.powers}
        for size, readers in zip(
            one.sizes, dict.fromkeys(found.n_readers for found in one.powers), strict=True
        ):
            powers = (sheet.number(by_numbers[readers, n], 2) for n in counts)
            sheet.add(str(readers), sheet.number(size.n_cases, 0), *powers)
        yield sheet.tabled()


def _pilot_text(one: PowerTable) -> str:
    pilot = one.pilot
    parts = (
        ("Var(T×R)", pilot.modality_by_reader),
        ("error", pilot.error),
        ("Cov1", pilot.cov1),
        ("Cov2", pilot.cov2),
        ("Cov3", pilot.cov3),
    )
    return f"Times 1000: {', '.join(f'{name} {number_text(1000 * value, 3)}' for name, value in parts)}."


def marks(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """What each reader marked, all ratings together, and the figures of merit."""
    names = list(dict.fromkeys(name for item in items for name in item.result.figures))
    sheet = Sheet(
        f"{key}-marks",
        "Marks and lesions by reader and arm",
        ("Reader", "Arm", "Cases with/without lesions", "Lesions marked", "False marks a case",
         "Negative cases with a false mark, %", *names),
        row_headers=2,
        said=("At every rating: the last point of the curves.",),
    )  # fmt: skip
    for item in items:
        one: FrocCurve = item.result
        sheet.shows(item)
        last = one.points[-1]
        sheet.add(
            one.reader,
            one.modality,
            f"{one.n_positive}/{one.n_negative}",
            f"{100 * last.lesions:.1f}% [{one.lesions_marked}/{one.n_lesions}]",
            sheet.number(last.false_marks, 2),
            sheet.percent(last.false_cases),
            *(sheet.number(one.figures.get(name)) for name in names),
        )
    yield sheet.tabled()
