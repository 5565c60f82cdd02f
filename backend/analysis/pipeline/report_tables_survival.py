"""The report's tables of survival."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, statistic_text, with_notes
from backend.analysis.pipeline.results import Item
from backend.analysis.pipeline.wording import Wording
from backend.analysis.reporting.journal_numbers import number_text
from backend.analysis.reporting.manuscript_models import cox_screen_table, cox_table
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.study_report import CALL
from backend.analysis.survival.kaplan_meier import NO_INTERVAL, MedianSurvival

NOT_REACHED, NO_LIMITS = "NR", "NE"


def curves(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
    """Of each endpoint: groups, events, medians, survival at the stated times, and the log-rank tests."""
    for number, (endpoint, own) in enumerate(_by_endpoint(items), start=1):
        caption = f"{endpoint}: survival by group (Kaplan-Meier) and log-rank tests"
        yield _curves(f"{key}-curves-{number}", caption, own, level, words)


def findings(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
    """The same of the groups that each reader, consensus and model made."""
    for number, (endpoint, own) in enumerate(_by_endpoint(items), start=1):
        caption = f"{endpoint}: survival by own calls and answers (Kaplan-Meier) and log-rank tests"
        yield _curves(f"{key}-findings-{number}", caption, own, level, words)


def _by_endpoint(items: Sequence[Item]) -> list[tuple[str, list[Item]]]:
    by_endpoint: dict[str, list[Item]] = {}
    for item in items:
        by_endpoint.setdefault(item.result.endpoint, []).append(item)
    return list(by_endpoint.items())


def _curves(key: str, caption: str, items: Sequence[Item], level: float, words: Wording) -> Tabled:
    times = list(
        dict.fromkeys(at.time for item in items for group in item.result.groups for at in group.curve.at)
    )
    ci = ci_of(level)
    sheet = Sheet(
        key,
        caption,
        ("Grouping", "Group", "n (events)", "Log-rank χ² (df)", "P", f"Median ({ci})",
         *(f"Survival at {words.time(time)}, % ({ci})" for time in times)),
        row_headers=2,
        in_time=True,
    )  # fmt: skip
    groups = [group.curve for item in items for group in item.result.groups]
    for item in items:
        sheet.shows(item, _grouping(item, words))
        test = item.result.test
        for number, group in enumerate(item.result.groups):
            curve = group.curve
            found = {at.time: at for at in curve.at}
            tested = (NONE, NONE)
            if test is not None and number == 0:
                tested = (statistic_text(test.chi_square, (test.df,), sheet), sheet.p(test.p))
            sheet.add(
                _grouping(item, words),
                group.label,
                f"{curve.n} ({curve.n_events})",
                *tested,
                median_text(curve.median),
                *(_at(sheet, found.get(time)) for time in times),
            )
    said = [f"Intervals of survival on the {' and '.join(sorted({one.ci_kind for one in groups}))} scale."]
    if any(NOT_REACHED in median_text(one.median) for one in groups):
        said.append("NR: not reached, for survival or the limit of its interval does not fall to one half.")
    if any(one.median.low == NO_INTERVAL for one in groups):
        said.append(f"{NO_LIMITS}: not estimable: {NO_INTERVAL.reason}.")
    return sheet.tabled(*said, "The test stands in the first line of its grouping.")


def _grouping(item: Item, words: Wording) -> str:
    """``Diameter, Neoadjuvant therapy yes``: the title, which calls columns by their labels, without its endpoint.

    ``Diameter by Reader 1`` where the groups are what one reader found.
    """
    one = item.result
    if one.found_by:
        return f"{'Calls' if one.column == CALL else words.label(one.column)} by {one.found_by}"
    return item.title.removeprefix(f"{one.endpoint} by ") if one.column else "all cases"


def median_text(median: MedianSurvival) -> str:
    """``48.9 (33.3, NR)``: a limit that is reached is told where the median is not; ``4.0 (NE)`` without limits."""
    if median.low == NO_INTERVAL and not isinstance(median.estimate, NotEstimable):
        return f"{number_text(median.estimate, 1)} ({NO_LIMITS})"
    bounds = (median.estimate, median.low, median.high)
    estimate, low, high = (
        NOT_REACHED if isinstance(one, NotEstimable) else number_text(one, 1) for one in bounds
    )
    return estimate if {estimate, low, high} == {NOT_REACHED} else f"{estimate} ({low}, {high})"


def _at(sheet: Sheet, at: object) -> str:
    return NONE if at is None else sheet.points(at.survival, at.ci)  # type: ignore[attr-defined]


def stratified(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Stratified log-rank tests."""
    sheet = Sheet(
        f"{key}-stratified",
        "Stratified log-rank tests",
        ("", "Strata", "Events observed/expected", "χ² (df)", "P"),
    )
    for item in items:
        one = item.result
        sheet.shows(item)
        sheet.add(
            item.title,
            str(one.n_strata),
            "; ".join(
                f"{group.group} {number_text(group.observed, 0)}/{number_text(group.expected, 1)}"
                for group in one.groups
            ),
            statistic_text(one.chi_square, (one.df,), sheet),
            sheet.p(one.p),
        )
    yield sheet.tabled()


def cox(key: str, items: Sequence[Item], _level: float, *, words: Wording) -> Iterator[Tabled]:
    """The screen of every endpoint."""
    for number, item in enumerate(items, start=1):
        own = f"{key}-cox-{number}"
        table = cox_screen_table(item.result, key=own, caption=item.title, labels=words.labels)
        yield with_notes(table, [item])


def hazards(key: str, items: Sequence[Item], _level: float, *, words: Wording) -> Iterator[Tabled]:
    """Tests of proportional hazards."""
    sheet = Sheet(
        f"{key}-hazards",
        "Test of proportional hazards (score test)",
        ("Endpoint", "Covariate", "χ² (df)", "P"),
        row_headers=2,
    )
    for item in items:
        endpoint = item.title.split(": ")[0]
        sheet.shows(item, endpoint)
        for one in item.result.covariates:
            _chi(sheet, endpoint, words.label(one.covariate), one.test)
        _chi(sheet, endpoint, "all together", item.result.overall)
    yield sheet.tabled()


def _chi(sheet: Sheet, endpoint: str, covariate: str, test: object) -> None:
    if isinstance(test, NotEstimable):
        sheet.add(endpoint, covariate, sheet.text(test), NONE)
        return
    statistic = statistic_text(test.chi_square, (test.df,), sheet)  # type: ignore[attr-defined]
    sheet.add(endpoint, covariate, statistic, sheet.p(test.p))  # type: ignore[attr-defined]


def baselines(key: str, items: Sequence[Item], _level: float, *, words: Wording) -> Iterator[Tabled]:
    """The model whose baseline survival the nomogram takes."""
    for number, item in enumerate(items, start=1):
        own = f"{key}-baseline-{number}"
        table = cox_table(item.result.model, key=own, caption=item.title, labels=words.labels)
        last = f"Baseline cumulative hazard at {len(item.result.times)} event times up to "
        note = f"{last}{words.time(item.result.last_time)}, in the CSV files."
        yield with_notes(replace(table, notes=(*table.notes, note)), [item])


KINDS = {
    "concordance_harrell": "Harrell",
    "concordance_uno": "Uno",
    "concordance_harrell_difference": "Harrell",
    "concordance_uno_difference": "Uno",
}


def concordance(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Harrell's and Uno's C, and differences of C."""
    sheet = Sheet(
        f"{key}-c",
        "Concordance",
        ("Endpoint and score", "Kind", "n (events)", f"C ({ci_of(level)})", "Events up to"),
        row_headers=2,
        in_time=True,
    )
    pairs = Sheet(
        f"{key}-c-pairs",
        "Differences of concordance",
        ("Endpoint and scores", "Kind", "n (events)", "C of first", "C of second",
         f"First minus second ({ci_of(level)})", "P", "Events up to"),
        row_headers=2,
        in_time=True,
    )  # fmt: skip
    for item in items:
        one, kind = item.result, KINDS[item.method]
        size, tau = f"{one.n} ({one.n_events})", NONE if one.tau is None else f"{one.tau:g}"
        label = item.title.rsplit(", ", 1)[0]
        if hasattr(one, "c_a"):
            pairs.shows(item, f"{label} ({kind})")
            cells = (pairs.number(one.c_a), pairs.number(one.c_b), pairs.with_ci(one.difference, one.ci))
            pairs.add(label, kind, size, *cells, pairs.p(one.p), tau)
            continue
        sheet.shows(item, f"{label} ({kind})")
        sheet.add(label, kind, size, sheet.with_ci(one.c, one.ci), tau)
    yield from (one.tabled() for one in (sheet, pairs) if not one.is_empty)


def time_rocs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Time-dependent areas, and their differences."""
    ci = ci_of(level)
    sheet = Sheet(
        f"{key}-time-auc",
        "Time-dependent AUC",
        ("Endpoint and score", "Time", "Events by then", "Without event", "Censored before", f"AUC ({ci})"),
        row_headers=2,
        in_time=True,
    )
    pairs = Sheet(
        f"{key}-time-auc-pairs",
        "Differences of time-dependent AUC",
        ("Endpoint and scores", "Time", "Events/without", "AUC of first", "AUC of second",
         f"First minus second ({ci})", "P"),
        row_headers=2,
        in_time=True,
    )  # fmt: skip
    for item in items:
        label = item.title.rsplit(", ", 1)[0]
        for one in item.result:
            if hasattr(one, "auc_a"):
                pairs.shows(item, label)
                cells = (
                    pairs.number(one.auc_a),
                    pairs.number(one.auc_b),
                    pairs.with_ci(one.difference, one.ci),
                )
                sizes = f"{one.cases}/{one.controls}"
                pairs.add(label, f"{one.time:g}", sizes, *cells, pairs.p(one.p))
                continue
            sheet.shows(item, label)
            counts = (str(one.cases), str(one.controls), str(one.censored_before))
            sheet.add(label, f"{one.time:g}", *counts, sheet.with_ci(one.auc, one.ci))
    yield from (one.tabled() for one in (sheet, pairs) if not one.is_empty)


def trends(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Log-rank tests for trend over ordered groups."""
    sheet = Sheet(
        f"{key}-trend",
        "Log-rank tests for trend",
        ("", "Groups in order, events observed/expected", "χ² (df)", "P"),
    )
    for item in items:
        one = item.result
        sheet.shows(item)
        groups = "; ".join(
            f"{group.group} {number_text(group.observed, 0)}/{number_text(group.expected, 1)}"
            for group in one.groups
        )
        sheet.add(item.title, groups, statistic_text(one.chi_square, (one.df,), sheet), sheet.p(one.p))
    yield sheet.tabled()


def means(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Restricted mean survival time of every group."""
    sheet = Sheet(
        f"{key}-rmst",
        "Restricted mean survival time",
        ("Endpoint and grouping", "Group", "n (events)", "Up to", f"Mean time without the event ({ci_of(level)})"),
        row_headers=2,
        in_time=True,
    )  # fmt: skip
    for item in items:
        label = item.title.rsplit(": ", 1)[0]
        sheet.shows(item, label)
        for group in item.result.groups:
            one = group.mean
            size = f"{one.n} ({one.n_events})"
            sheet.add(label, group.label, size, f"{one.tau:g}", sheet.with_ci(one.mean, one.ci, 2))
    yield sheet.tabled()


def calibrations(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Slope of the linear predictor, and predicted against observed risk at every time."""
    ci = ci_of(level)
    slopes = Sheet(
        f"{key}-cox-slope",
        "Calibration slope of the Cox model",
        ("Model and cases", "n (events)", f"Slope ({ci})", "P, slope 1"),
    )
    risks = Sheet(
        f"{key}-cox-calibration",
        "Predicted and observed risk of the event",
        ("Model and cases", "Time", "Mean predicted, %", f"Kaplan-Meier, % ({ci})", f"Observed/predicted ({ci})"),
        row_headers=2,
        in_time=True,
        said=("Groups of predicted risk are in the CSV files.",),
    )  # fmt: skip
    for item in items:
        one, label = item.result, item.title.rsplit(": ", 1)[0]
        slopes.shows(item, label)
        slopes.add(
            label,
            f"{one.n} ({one.n_events})",
            slopes.with_ci(one.slope.estimate, one.slope.ci, 2),
            slopes.p(one.slope.p),
        )
        risks.shows(item, label)
        for at in one.at:
            risks.add(
                label,
                f"{at.time:g}",
                risks.percent(at.predicted),
                risks.points(at.observed, at.observed_ci),
                risks.with_ci(at.ratio, at.ratio_ci, 2),
            )
    yield from (one.tabled() for one in (slopes, risks) if not one.is_empty)


def briers(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Brier scores of predicted survival."""
    sheet = Sheet(
        f"{key}-brier",
        "Brier score of predicted survival",
        ("Endpoint and model", "Time", "n (events by then)", f"Brier ({ci_of(level)})", "Kaplan-Meier for everyone",
         "Scaled Brier, %"),
        row_headers=2,
        in_time=True,
    )  # fmt: skip
    for item in items:
        label = item.title.rsplit(", ", 1)[0]
        sheet.shows(item, label)
        for one in item.result:
            sheet.add(
                label,
                f"{one.time:g}",
                f"{one.n} ({one.cases})",
                sheet.with_ci(one.brier, one.ci),
                sheet.number(one.null_brier),
                sheet.percent(one.scaled),
            )
    yield sheet.tabled()
