"""The report's tables of multi-reader analyses, changes of mind, reading time and the order of the arms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backend.analysis.change_of_mind import ChangeOfMind
from backend.analysis.errors import NotEstimable
from backend.analysis.mrmc.obuchowski_rockette import OrResult
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, statistic_text, with_notes
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.manuscript_models import change_table, score_change_tables
from backend.analysis.reporting.manuscript_mrmc import or_table, standalone_table
from backend.analysis.reporting.manuscript_tables import NONE

GENERALIZATIONS = {
    "random_readers_random_cases": "readers and cases random",
    "fixed_readers": "readers fixed, cases random",
    "fixed_cases": "readers random, cases fixed",
}

COMPONENTS = (
    ("Var(R)", "components", "reader"),
    ("Var(T×R)", "components", "modality_by_reader"),
    ("Error", "components", "error"),
    ("Cov1", "components", "cov1"),
    ("Cov2", "components", "cov2"),
    ("Cov3", "components", "cov3"),
    ("MS(T)", "anova", "ms_modality"),
    ("MS(T×R) or error", "anova", "ms_error"),
)
OF_ONE_ARM = (
    ("Var(R)", "components", "reader"),
    ("Error", "components", "error"),
    ("Cov2", "components", "cov2"),
    ("MS(R)", "anova", "ms_reader"),
)


def obuchowski_rockette(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """A table a figure of merit, then the variance components of all."""
    for number, item in enumerate(items, start=1):
        yield with_notes(or_table(item.result, key=f"{key}-or-{number}", caption=item.title), [item])
    yield _components(f"{key}-components", items)


def _components(key: str, items: Sequence[Item]) -> Tabled:
    """The variance components of all items; of one arm those that it has, where the rest cannot exist."""
    alone = all(len(item.result.modalities) == 1 for item in items)
    shown = OF_ONE_ARM if alone else COMPONENTS
    named = "R: readers." if alone else "R: readers, T: modalities."
    one_arm = ("One modality: it has no Var(T×R), Cov1, Cov3, MS(T) and MS(T×R).",) if alone else ()
    sheet = Sheet(
        key,
        "Variance components",
        ("Analysis", *(name for name, _, _ in shown)),
        said=(f"Components times 1000. {named} A negative estimate is reported as it is.", *one_arm),
    )
    for item in items:
        one: OrResult = item.result
        sheet.shows(item, item.title)
        cells = [_thousand(sheet, getattr(getattr(one, part), name)) for _, part, name in shown]
        sheet.add(item.title.rpartition("Obuchowski-Rockette, ")[2], *cells)
    table = sheet.tabled()
    # What the items warn of stands below their own tables.
    kept = tuple(note for note in table.table.notes if note in sheet.said or note.startswith("("))
    return Tabled(replace(table.table, notes=kept), table.items)


def _thousand(sheet: Sheet, value: object) -> str:
    if value is None or isinstance(value, NotEstimable):
        return sheet.number(value)
    return sheet.number(1000 * float(value), 3)  # type: ignore[arg-type]


def panels(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Each model against the readers of each arm."""
    for number, item in enumerate(items, start=1):
        table = standalone_table(item.result, key=f"{key}-panel-{number}", caption=item.title)
        yield with_notes(table, [item])


def gallas(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Means and differences by U-statistics."""
    ci = ci_of(level)
    for item in items:
        one = item.result
        sheet = Sheet(
            f"{key}-gallas",
            "AUC by U-statistics (Gallas), readers and cases random",
            ("", f"AUC or difference ({ci})", "SE", "df", "P"),
        )
        sheet.shows(item)
        for reader in one.readers:
            sheet.add(f"{reader.reader}, {reader.modality}", sheet.number(reader.auc), NONE, NONE, NONE)
        for mean in one.modalities:
            cells = (sheet.with_ci(mean.auc, mean.ci), sheet.number(mean.se), sheet.number(mean.df, 1))
            sheet.add(f"Mean, {mean.modality}", *cells, NONE)
        for other in one.differences:
            sheet.add(
                f"{other.a} minus {other.b}",
                sheet.with_ci(other.difference, other.ci),
                sheet.number(other.se),
                sheet.number(other.df, 1),
                sheet.p(other.p),
            )
        yield sheet.tabled(
            f"{one.n_readers} readers, {one.n_positive} positive and {one.n_negative} negative cases."
        )


def dbm(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """The overall tests on jackknife pseudovalues."""
    for number, item in enumerate(items, start=1):
        one = item.result
        sheet = Sheet(
            f"{key}-dbm-{number}" if number > 1 else f"{key}-dbm",
            f"Dorfman-Berbaum-Metz analysis, {one.figure}",
            ("Generalized to", "Distribution", "Statistic (df)", "P"),
            said=(f"{one.n_cases} cases.",),
        )
        sheet.shows(item)
        for name, label in GENERALIZATIONS.items():
            test = getattr(one, name)
            if isinstance(test, NotEstimable):
                sheet.add(label, NONE, sheet.text(test), NONE)
                continue
            df2 = test.df2 if isinstance(test.df2, (int, float)) else None
            cells = (test.distribution, statistic_text(test.statistic, (test.df1, df2), sheet))
            sheet.add(label, *cells, sheet.p(test.p))
        yield sheet.tabled()


def changes(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Moves by reader, sensitivity and specificity, all readers together, scores, times."""
    for number, item in enumerate(items, start=1):
        one: ChangeOfMind = item.result
        own = f"{key}-change-{number}"
        table = change_table(one, key=own, caption=f"{item.title}: changes of calls")
        left = {reason: sum(p.reason == reason for p in one.left_out) for reason in _reasons(one)}
        if left:
            listed = "; ".join(f"{reason}: {n}" for reason, n in left.items())
            note = f"Pairs of a reader and a case left out: {sum(left.values())} ({listed})."
            table = replace(table, notes=(*table.notes, note))
        yield with_notes(table, [item])
        yield _measures(f"{own}-measures", item, level)
        yield _together(f"{own}-together", item, level)
        caption = f"{item.title}: score before and after, all readers"
        for table in score_change_tables(
            one.pooled.reclassification,
            before=one.before,
            after=one.after,
            key=f"{own}-scores",
            caption=caption,
        ):
            yield Tabled(table, (item.key,))
        yield _times(f"{own}-times", item, level)


def _reasons(one: ChangeOfMind) -> list[str]:
    return sorted({pair.reason for pair in one.left_out})


def _measures(key: str, item: Item, level: float) -> Tabled:
    one: ChangeOfMind = item.result
    ci = ci_of(level)
    sheet = Sheet(
        key,
        f"{item.title}: accuracy of each reader",
        ("Reader", "Measure", one.before, one.after, f"Change ({ci})", "P"),
        row_headers=2,
        said=(("Sensitivity, specificity and right calls in percent and points, McNemar's mid-p; AUC "
               "with DeLong's paired "
              "test."),),
    )  # fmt: skip
    for reader in one.readers:
        for name, label in (
            ("sensitivity", "Sensitivity"),
            ("specificity", "Specificity"),
            ("accuracy", "Right calls"),
        ):
            test = getattr(reader, name)
            sheet.add(
                reader.reader,
                label,
                sheet.percent(test.before),
                sheet.percent(test.after),
                sheet.points(test.difference, test.ci),
                sheet.p(test.p_mid),
            )
        auc = reader.auc
        change = sheet.with_ci(auc.difference, auc.ci)
        sheet.add(
            reader.reader, "AUC", sheet.number(auc.auc_b), sheet.number(auc.auc_a), change, sheet.p(auc.p)
        )
    return Tabled(sheet.tabled().table, (item.key,))


def _together(key: str, item: Item, level: float) -> Tabled:
    one: ChangeOfMind = item.result
    sheet = Sheet(
        key,
        f"{item.title}: change over all readers",
        ("Measure", "Inference", "Pairs", f"Points ({ci_of(level)})", "P"),
        row_headers=2,
        said=(("Stratified: McNemar's mid-p by reader, every pair taken as independent. Clustered: variance between "
              "cases, or between readers."),),
    )  # fmt: skip
    for name, label in (
        ("sensitivity", "Sensitivity"),
        ("specificity", "Specificity"),
        ("accuracy", "Right calls"),
    ):
        pooled = getattr(one.pooled, name)
        lines = (
            ("stratified by reader", pooled.stratified, pooled.stratified.p_mid),
            ("clustered by case, readers fixed", pooled.fixed_readers, pooled.fixed_readers.p),
            ("clustered by reader, readers random", pooled.random_readers, pooled.random_readers.p),
        )
        for inference, test, p in lines:
            sheet.add(label, inference, str(test.n), sheet.points(test.difference, test.ci), sheet.p(p))
    return Tabled(sheet.tabled().table, (item.key,))


def _times(key: str, item: Item, level: float) -> Tabled:
    one: ChangeOfMind = item.result
    sheet = Sheet(
        key,
        f"{item.title}: reading time",
        ("Reader", "Pairs", f"Median, s, {one.before}", f"Median, s, {one.after}", "Mean difference, s",
         f"Ratio after/before ({ci_of(level)})", "P"),
        said=("Ratio of geometric means; all readers: mixed model with random readers and cases.",),
    )  # fmt: skip
    for reader in one.readers:
        time = reader.time
        sheet.add(
            reader.reader,
            str(time.n),
            sheet.number(time.median_before, 1),
            sheet.number(time.median_after, 1),
            sheet.number(time.mean_difference, 1),
            sheet.with_ci(time.ratio.estimate, time.ratio.ci, 2),
            sheet.p(time.ratio.p),
        )
    pooled = one.pooled.time
    ratio = sheet.with_ci(pooled.ratio.estimate, pooled.ratio.ci, 2)
    sheet.add("All readers", str(pooled.n), NONE, NONE, NONE, ratio, sheet.p(pooled.ratio.p))
    return Tabled(sheet.tabled(*pooled.warnings).table, (item.key,))


def reading_times(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Each reader's sessions, and the mixed model of all."""
    ci = ci_of(level)
    for item in items:
        one = item.result
        sheet = Sheet(
            f"{key}-sessions",
            "Reading time by reader and session",
            ("Reader", "Session", "Arms", "Reads", "Median (quartiles), s", "Geometric mean, s", "Total, min",
             f"Change per 10 reads, factor ({ci})", "P"),
            row_headers=2,
        )  # fmt: skip
        sheet.shows(item)
        for own in one.sessions:
            quartiles = f"{sheet.number(own.lower_quartile, 1)}, {sheet.number(own.upper_quartile, 1)}"
            sheet.add(
                own.reader,
                str(own.session),
                ", ".join(own.arms),
                str(own.n),
                f"{sheet.number(own.median, 1)} ({quartiles})",
                sheet.number(own.geometric_mean, 1),
                sheet.number(own.total / 60 if not isinstance(own.total, NotEstimable) else own.total, 1),
                sheet.with_ci(own.per_ten_reads.estimate, own.per_ten_reads.ci, 3),
                sheet.p(own.per_ten_reads.p),
            )
        overall = one.per_ten_reads
        factor = sheet.with_ci(overall.estimate, overall.ci, 3)
        sheet.add("All", "all", NONE, str(one.n), NONE, NONE, NONE, factor, sheet.p(overall.p))
        yield sheet.tabled(
            "Factors below 1: later reads are faster. All: mixed model of the logarithm of seconds."
        )


def periods(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Every cell of the design, and the three effects where the design tells them apart."""
    for number, item in enumerate(items, start=1):
        one = item.result
        cells = Sheet(
            f"{key}-cells-{number}",
            f"{item.title}: figures of each period",
            ("Reader", "Sequence", "Period", "Arm", "Positive/negative", "AUC", "Right calls, %"),
            said=(one.design_text,),
        )
        cells.shows(item)
        for cell in one.cells:
            cells.add(
                cell.reader,
                cell.sequence,
                str(cell.period),
                cell.arm,
                f"{cell.n_positive}/{cell.n_negative}",
                cells.number(cell.auc),
                cells.percent(cell.right),
            )
        order = f"Pairs of a reader and a case: {one.n_ab} with {one.first_arm} first, {one.n_ba} with {one.second_arm}"
        yield cells.tabled(f"{order} first, {one.n_together} in one session.")
        effects = Sheet(
            f"{key}-effects-{number}",
            f"{item.title}: treatment, period and carry-over",
            ("Of", "Effect", f"Estimate ({ci_of(level)})", "t (df)", "P"),
            row_headers=2,
        )
        for label, found in (("readers' AUC", one.by_reader), ("right calls", one.by_case)):
            _effects(effects, label, found)
        told = [
            f"{label}: {warning}"
            for label, found in (("Readers' AUC", one.by_reader), ("Right calls", one.by_case))
            if not isinstance(found, NotEstimable)
            for warning in found.warnings
        ]
        yield Tabled(effects.tabled(*told).table, (item.key,))


def _effects(sheet: Sheet, label: str, found: object) -> None:
    for name in ("treatment", "period", "carry_over"):
        effect = found if isinstance(found, NotEstimable) else getattr(found, name)
        words = name.replace("_", "-")
        if isinstance(effect, NotEstimable):
            sheet.add(label, words, sheet.text(effect), NONE, NONE)
            continue
        df = effect.df if isinstance(effect.df, (int, float)) else None
        sheet.add(
            label,
            words,
            sheet.with_ci(effect.estimate, effect.ci),
            statistic_text(effect.t, (df,), sheet),
            sheet.p(effect.p),
        )
