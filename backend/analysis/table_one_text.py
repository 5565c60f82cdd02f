"""Table 1 as it stands in a manuscript, and as CSV with every number behind it."""

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.methods_tables import METHODS_TABLES
from backend.analysis.table_one import CategorySummary, TableOne, TableOneRow, ValueSummary

NAMES = {method.key: method.name for method in METHODS_TABLES}


def format_p(p: Estimate, *, digits: int = 3) -> str:
    """``0.031``, ``<0.001``, never ``1.000`` but ``>0.999``; the reason in words where there is no P."""
    if isinstance(p, NotEstimable):
        return str(p)
    least = 10.0**-digits
    if p < least:
        return f"<{least:.{digits}f}"
    if p > 1.0 - least:
        return f">{1.0 - least:.{digits}f}"
    return f"{p:.{digits}f}"


def manuscript_rows(table: TableOne) -> list[list[str]]:
    """The printed table: header, then one line a value variable, and one a category under its variable.

    Columns: characteristic, one a group with its size, all, P, test, SMD. Values are mean ± SD or median
    [quartiles], as the test compares means or ranks; categories n (percent of those with a value). Missing
    values have a line of their own.
    """
    sizes = [f"{name} (n = {size})" for name, size in zip(table.groups, table.sizes, strict=True)]
    lines = [[table.group_label, *sizes, f"All (n = {table.n})", "P", "Test", "SMD"]]
    for row in table.rows:
        lines += _lines(row)
    return lines


def manuscript_csv(table: TableOne) -> str:
    """The printed table as CSV."""
    header, *lines = manuscript_rows(table)
    return csv_text(header, lines)


def table_one_csv(table: TableOne) -> str:
    """One row a variable, category and group (``All`` last), every number at full precision."""
    header = (
        "variable,label,unit,kind,category,group,n,missing,count,share,mean,sd,median,q1,q3,low,high,"
        "test,statistic,df,p,seed,reason,asked_by_name,largest_smd,cramers_v,cramers_v_bias_corrected,warnings"
    ).split(",")
    rows: list[list[Cell]] = []
    for row in table.rows:
        summaries = zip((*table.groups, "All"), (*row.groups, row.overall), strict=True)
        for name, summary in summaries:
            rows += [[*cells, *_test_cells(row)] for cells in _summary_cells(row, name, summary)]
    return csv_text(header, rows)


def smd_csv(table: TableOne) -> str:
    """One row a variable and pair of groups."""
    header = ["variable", "group_a", "group_b", "n_a", "n_b", "smd", "ci_low", "ci_high", "level", "method"]
    rows: list[list[Cell]] = []
    for row in table.rows:
        for pair in row.effects:
            smd = pair.smd
            ci = smd.ci
            bounds: list[Cell] = [ci, ci] if isinstance(ci, NotEstimable) else [ci.low, ci.high]
            names: list[Cell] = [row.variable.key, pair.first, pair.second]
            rows.append([*names, *smd.n, smd.estimate, *bounds, table.level, smd.method])
    return csv_text(header, rows)


def _lines(row: TableOneRow) -> list[list[str]]:
    summaries = (*row.groups, row.overall)
    label = f"{row.variable.label}, {row.variable.unit}" if row.variable.unit else row.variable.label
    tail = [*_p_and_test(row), _two_digits(row.largest_smd)]
    lines: list[list[str]] = []
    if isinstance(row.overall, ValueSummary):
        how = "mean ± SD" if row.shows_mean else "median [IQR]"
        cells = [_value_cell(s, shows_mean=row.shows_mean) for s in summaries if isinstance(s, ValueSummary)]
        lines.append([f"{label}, {how}", *cells, *tail])
    else:
        lines.append([f"{label}, n (%)", *[""] * len(summaries), *tail])
        for place, category in enumerate(row.categories):
            counted = [_count_cell(s, place) for s in summaries if isinstance(s, CategorySummary)]
            lines.append([f"  {category}", *counted, "", "", ""])
    if row.overall.missing:
        lines.append(["  Missing", *(str(summary.missing) for summary in summaries), "", "", ""])
    return lines


def _p_and_test(row: TableOneRow) -> list[str]:
    if isinstance(row.chosen, NotEstimable):
        return [str(row.chosen), ""]
    return [format_p(row.chosen.test.p), NAMES[row.chosen.test.method]]


def _value_cell(summary: ValueSummary, *, shows_mean: bool) -> str:
    if summary.n == 0:
        return "–"
    if shows_mean:
        sd = "" if isinstance(summary.sd, NotEstimable) else f" ± {_short(summary.sd)}"
        return f"{_short(summary.mean)}{sd}"
    return f"{_short(summary.median)} [{_short(summary.q1)}–{_short(summary.q3)}]"


def _count_cell(summary: CategorySummary, place: int) -> str:
    share = summary.shares[place]
    if isinstance(share, NotEstimable):
        return "–"
    return f"{summary.counts[place]} ({100 * share:.1f})"


def _short(value: Estimate) -> str:
    return str(value) if isinstance(value, NotEstimable) else f"{value:.1f}"


def _two_digits(value: Estimate) -> str:
    return "–" if isinstance(value, NotEstimable) else f"{value:.2f}"


def _summary_cells(row: TableOneRow, group: str, summary: ValueSummary | CategorySummary) -> list[list[Cell]]:
    variable = row.variable
    before: list[Cell] = [variable.key, variable.label, variable.unit, variable.kind]
    if isinstance(summary, ValueSummary):
        numbers: list[Cell] = [summary.mean, summary.sd, summary.median, summary.q1, summary.q3]
        numbers += [summary.low, summary.high]
        return [[*before, None, group, summary.n, summary.missing, None, None, *numbers]]
    return [
        [*before, category, group, summary.n, summary.missing, count, share, *[None] * 7]
        for category, count, share in zip(row.categories, summary.counts, summary.shares, strict=True)
    ]


def _test_cells(row: TableOneRow) -> list[Cell]:
    v = row.cramers_v
    effects: list[Cell] = [row.largest_smd, *((v.estimate, v.bias_corrected) if v else (None, None))]
    warnings = " ".join(row.warnings)
    if isinstance(row.chosen, NotEstimable):
        return [None, None, None, row.chosen, None, None, None, *effects, warnings]
    test = row.chosen.test
    statistic = getattr(test, "statistic", None)
    df = " ".join(f"{value:.17g}" for value in getattr(test, "df", ()))
    seed = getattr(test, "seed", None)
    said: list[Cell] = [row.chosen.reason, row.chosen.is_override]
    return [test.method, statistic, df, test.p, seed, *said, *effects, warnings]
