"""Which kinds of results stand in which table of the report, in the order they are read.

A new kind of item is one more :class:`Part`; what no part claims stands in a table of quantities and values
(:mod:`backend.analysis.pipeline.report_general`), so that no result is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline import report_tables_accuracy as accuracy
from backend.analysis.pipeline import report_tables_agreement as agreement
from backend.analysis.pipeline import report_tables_calls as calls
from backend.analysis.pipeline import report_tables_cutoffs as carried_cutoffs
from backend.analysis.pipeline import report_tables_flow as flow
from backend.analysis.pipeline import report_tables_measurements as measurements
from backend.analysis.pipeline import report_tables_models as models
from backend.analysis.pipeline import report_tables_mrmc as pooled
from backend.analysis.pipeline import report_tables_readers as readers
from backend.analysis.pipeline import report_tables_resampled as resampled
from backend.analysis.pipeline import report_tables_roc as roc
from backend.analysis.pipeline import report_tables_survival as survival
from backend.analysis.pipeline.report_cells import Tabled, group_of, printed
from backend.analysis.pipeline.report_general import general_table, not_estimable_table
from backend.analysis.pipeline.results import FREE_RESPONSE_AGAIN, Item, Section
from backend.analysis.pipeline.wording import NO_WORDS, Worded, Wording
from backend.analysis.reporting.journal_numbers import P_NOTES

Make: TypeAlias = Callable[[str, Sequence[Item], float], Iterator[Tabled]]
"""Tables of items, from the beginning of their keys, the items, and the confidence level."""


@dataclass(frozen=True, slots=True)
class Part:
    """A subsection: its title, and the tables of the items whose key begins so."""

    title: str
    tables: tuple[tuple[tuple[str, ...], Make | Worded], ...]

    @property
    def prefixes(self) -> frozenset[str]:
        """The kinds of items that it shows."""
        return frozenset(prefix for prefixes, _ in self.tables for prefix in prefixes)


@dataclass(frozen=True, slots=True)
class Shown:
    """A subsection with its tables; ``prefixes`` are the kinds whose figures belong to it."""

    title: str
    tables: tuple[Tabled, ...]
    prefixes: frozenset[str]


def _of(fitted: str, make: Make) -> Make:
    """The same tables, with captions that say that they are of what was fitted here."""

    def tables(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
        for tabled in make(key, items, level):
            caption = f"{tabled.table.caption}: {fitted} fitted here"
            yield replace(tabled, table=replace(tabled.table, caption=caption))

    return tables


KAPPAS = ("kappa_unweighted", "kappa_linear", "kappa_quadratic")
GRIDS = ("grid_unweighted", "grid_linear", "grid_quadratic")
COEFFICIENTS = ("coefficients_unweighted", "coefficients_linear", "coefficients_quadratic")
OR_KEYS = ("or_jackknife", "or_delong", "or_unbiased", "or_bootstrap")
PARTIAL_PAIRS = ("partial_pair_specificity", "partial_pair_sensitivity")
PANELS = (
    *("panel", "panel_partial_specificity", "panel_partial_sensitivity"),
    *("panel_sensitivity", "panel_specificity"),
)
MRMC = (
    Part("Readers who take part", ((("readers",), pooled.readers_taken),)),
    Part("Obuchowski-Rockette", ((OR_KEYS, readers.obuchowski_rockette), (OR_KEYS, pooled.covariances))),
    Part("Non-inferiority and superiority", ((("margin",), pooled.margins),)),
    Part(
        "Other analyses of the same design",
        (
            (("gallas",), readers.gallas),
            (("dbm",), readers.dbm),
            (("dbm_components",), pooled.dbm_components),
        ),
    ),
    Part("The models against the readers", ((PANELS, readers.panels),)),
    Part("Readers and cases of a further study", ((("sample_size",), pooled.power_tables),)),
)
FREE_RESPONSE = (
    Part("Readers who take part", ((("readers",), pooled.readers_taken),)),
    Part(
        "Figures of merit by Obuchowski-Rockette",
        (
            (("or_jackknife",), readers.obuchowski_rockette),
            (("or_jackknife", "or_bootstrap"), pooled.covariances),
        ),
    ),
    Part("Marks and lesions", ((("curve",), pooled.marks),)),
)


def _again(part: Part) -> Part:
    """The subsection of the marks where it stands beside those of the ratings."""
    key_start, title_start = FREE_RESPONSE_AGAIN
    return Part(
        f"{title_start}{part.title[0].lower()}{part.title[1:]}",
        tuple((tuple(f"{key_start}{kind}" for kind in kinds), _beside(make)) for kinds, make in part.tables),
    )


def _beside(make: Make | Worded) -> Worded:
    """The same tables, whose captions begin as the titles of their items do."""

    def tables(key: str, items: Sequence[Item], level: float, *, words: Wording) -> Iterator[Tabled]:
        start = FREE_RESPONSE_AGAIN[1]
        for tabled in _made(make, key, items, level, words):
            caption = f"{start}{tabled.table.caption.removeprefix(start)}"
            yield replace(tabled, table=replace(tabled.table, caption=caption))

    return Worded(tables)


PARTS: dict[str, tuple[Part, ...]] = {
    "agreement": (
        Part("Pairs of readers and models", ((KAPPAS, agreement.kappa_pairs), (GRIDS, agreement.mean_kappas))),
        Part(
            "All readers together",
            (
                ((*COEFFICIENTS, "fleiss", "krippendorff", "percent"), agreement.coefficients),
                (("fleiss", "percent"), agreement.by_category),
            ),
        ),
        Part(
            "Measurements",
            (
                (("icc",), measurements.icc_forms),
                (("alpha",), measurements.alphas),
                (("bland_altman", "concordance"), measurements.measured_pairs),
                (("bland_altman_repeated",), measurements.repeated_limits),
            ),
        ),
        Part("Outlines", ((("masks",), agreement.outlines),)),
        Part("Answers against the reference standard", ((("reference",), accuracy.overall_accuracy),
                                                            (("reference",), agreement.confusion))),
    ),
    "features": (
        Part("Features between and within readers", ((("inter", "intra", "selection"), agreement.features),)),
    ),
    "roc": (
        Part("Areas under the curve", ((("curve", "delong"), roc.areas), (("delong",), roc.paired_areas),
                                       (("average",), roc.averages), (("equal_areas",), roc.equal_areas))),
        Part("Intervals and partial areas", ((("intervals", "bootstrap"), resampled.intervals),
                                             (("partial", "partial_sensitivity"), resampled.partial_areas),
                                             (("bootstrap_pair",), resampled.bootstrap_pairs),
                                             (PARTIAL_PAIRS, resampled.partial_pairs),
                                             (("band",), resampled.bands))),
        Part("Cut-offs", ((("curve", "youden", "closest", "sensitivity", "specificity"), roc.cutoffs),)),
        Part("Fitted curves and hulls", ((("binormal",), roc.binormal), (("hull",), roc.hulls))),
        Part("Subgroups", ((("groups", "within"), Worded(roc.by_group)),)),
    ),
    "operating_points": (
        Part("Accuracy at cut-offs", ((("at_cutoff", "all_cutoffs"), calls.at_cutoffs),)),
        Part("Cut-offs of the development cases in other cohorts", ((("carried",), carried_cutoffs.carried),)),
        Part("Calls against the reference standard", ((("confusion",), agreement.confusion),)),
        Part("Comparisons on the same cases", ((("mcnemar",), calls.mcnemar), (("predictive",), calls.predictive_pairs),
                                               (("cochran",), calls.cochran))),
    ),
    "mrmc": MRMC,
    "free_response": FREE_RESPONSE,
    "models": (
        Part("Calibration", ((("calibration",), models.calibrations), (("hosmer_lemeshow",), models.hosmer_lemeshow))),
        Part("Decision curves", ((("decision_curve",), Worded(models.decisions)),)),
        Part("Clinical impact", ((("impact", "components"), models.impacts),)),
        Part("Reclassification", ((("nri", "nri_categories", "idi"), models.reclassifications),)),
        Part("Logistic regression", ((("logistic", "backward"), Worded(models.logistic)),
                                     (("nomogram",), Worded(models.nomograms)))),
        Part("Validation of the logistic regression",
             ((("fitted_auc",), _of("regressions", roc.plain_areas)),
              (("fitted_calibration",), _of("regressions", models.calibrations)))),
    ),
    "survival": (
        Part("Survival by group", ((("kaplan_meier", "logrank"), Worded(survival.curves)),
                                   (("stratified",), survival.stratified), (("trend",), survival.trends),
                                   (("rmst",), survival.means))),
        Part("Survival by what readers and models found", ((("findings",), Worded(survival.findings)),)),
        Part("Cox models", ((("cox",), Worded(survival.cox)), (("hazards",), Worded(survival.hazards)),
                            (("cox_baseline",), Worded(survival.baselines)),
                            (("cox_nomogram",), Worded(models.nomograms)))),
        Part("Validation of the Cox model", ((("cox_c",), _of("Cox model", survival.concordance)),
                                             (("cox_calibration",), survival.calibrations))),
        Part("Discrimination over time", ((("harrell", "uno", "compare_c", "compare_uno"), survival.concordance),
                                          (("time_roc", "compare_time_auc"), survival.time_rocs))),
        Part("Predicted survival", ((("brier",), survival.briers),)),
        Part("Decision curves", ((("decision_curve",), Worded(models.decisions)),)),
    ),
    "table_one": (Part("Cases", ((("cohort", "truth"), models.table_ones),)),),
    "per_protocol": (
        Part("Areas under the curve", ((("auc",), roc.plain_areas), (("delong",), roc.paired_areas))),
        *MRMC,
        *map(_again, FREE_RESPONSE),
    ),
}  # fmt: skip
CAPTION_ENDS = {"free_response": ", free-response", "per_protocol": ", per-protocol set"}
WHOLE: dict[str, tuple[str, Make]] = {
    "flow": ("Cases, readers and reads", flow.flow_tables),
    "intra_reader": ("The same reader twice", measurements.repeats),
    "change_of_mind": ("Changes between the arms", readers.changes),
    "reading_time": ("Sessions", readers.reading_times),
    "periods": ("Order and effects", readers.periods),
}


def section_tables(section: Section, level: float, words: Wording = NO_WORDS) -> tuple[Shown, ...]:
    """Every item of the section in at least one table, by subsection.

    What holds for every table of a report (:data:`P_NOTES`) is not said below each of them. Tables of follow-up say the
    unit of their times, for each may be copied into a manuscript alone.
    """
    end = CAPTION_ENDS.get(section.key, "")
    return tuple(
        replace(
            shown,
            tables=tuple(_typeset(tabled, end, words) for tabled in shown.tables),
        )
        for shown in _shown(section, level, words)
    )


def _typeset(tabled: Tabled, end: str, words: Wording) -> Tabled:
    table = tabled.table
    notes = [note for note in table.notes if note != P_NOTES["ama"]]
    if tabled.in_time and words.time_unit:
        notes.insert(0, f"Times in {words.time_unit}.")
    return replace(
        tabled,
        table=replace(
            table,
            caption=f"{printed(table.caption)}{end}",
            header=tuple(map(printed, table.header)),
            rows=tuple(tuple(map(printed, row)) for row in table.rows),
            notes=tuple(map(printed, notes)),
        ),
    )


def _shown(section: Section, level: float, words: Wording) -> tuple[Shown, ...]:
    key = section.key.replace("_", "-")
    whole = WHOLE.get(section.key)
    rest = [item for item in section.items if not _is_refused(item)]
    refused = [item for item in section.items if _is_refused(item)]
    shown: list[Shown] = []
    if whole is not None and rest:
        kinds = frozenset(group_of(item)[0] for item in section.items)
        shown.append(Shown(whole[0], tuple(whole[1](key, rest, level)), kinds))
        rest = []
    for number, part in enumerate(PARTS.get(section.key, ()), start=1):
        own = [item for item in rest if group_of(item)[0] in part.prefixes]
        if own:
            shown.append(
                Shown(
                    part.title, tuple(_part_tables(f"{key}-{number}", part, own, level, words)), part.prefixes
                )
            )
    held = {name for one in shown for tabled in one.tables for name in tabled.items}
    others = [item for item in rest if item.key not in held]
    if others:
        kinds = frozenset(group_of(item)[0] for item in others)
        tables = (general_table(f"{key}-further", f"{section.title}: further results", others),)
        shown.append(Shown("Further results", tables, kinds))
    if refused:
        caption = f"{section.title}: results that are not estimable"
        tables = (not_estimable_table(f"{key}-not-estimable", caption, refused),)
        shown.append(Shown("Not estimable", tables, frozenset()))
    return tuple(shown)


def _part_tables(
    key: str, part: Part, items: Sequence[Item], level: float, words: Wording
) -> Iterator[Tabled]:
    for number, (prefixes, make) in enumerate(part.tables, start=1):
        own = [item for item in items if group_of(item)[0] in prefixes]
        if own:
            yield from _made(make, f"{key}-{number}", own, level, words)


def _made(
    make: Make | Worded, key: str, items: Sequence[Item], level: float, words: Wording
) -> Iterator[Tabled]:
    if isinstance(make, Worded):
        return make.make(key, items, level, words=words)
    return make(key, items, level)


def _is_refused(item: Item) -> bool:
    return isinstance(item.result, NotEstimable) or item.result == ()
