"""The report's tables of agreement: between readers and models, with the reference standard, of features."""

from collections.abc import Iterator, Sequence

from backend.analysis.agreement import KappaResult
from backend.analysis.confusion import ConfusionMatrix
from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, group_of
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.journal_numbers import number_text
from backend.analysis.reporting.manuscript_tables import NONE

WEIGHTS = {"unweighted": "none", "linear": "linear", "quadratic": "quadratic"}
OUTLINE_MEASURES = {
    "dice": "Dice coefficient",
    "jaccard": "Jaccard index",
    "hausdorff_mm": "Hausdorff distance, mm",
    "hausdorff95_mm": "Hausdorff distance, 95th percentile, mm",
    "assd_mm": "Average symmetric surface distance, mm",
    "volume_difference_ml": "Volume difference, first minus second, ml",
}
COEFFICIENTS = ("percent_agreement", "brennan_prediger", "fleiss", "conger", "gwet")


def kappa_pairs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """One line a pair of raters, arm and kind of weights; a table a question."""
    for number, (question, own) in enumerate(_by_question(items).items(), start=1):
        sheet = Sheet(
            f"{key}-pairs-{number}",
            f"{question}: agreement of pairs",
            ("Raters", "Arm", "Weights", "Cases (left out)", "Agreement, %", f"Kappa ({ci_of(level)})", "SE (SE₀)", "P",
             "Band"),
            said=("SE: standard error, of the interval; SE₀: under the hypothesis that kappa is 0, of P.",
                  "Bands of Landis and Koch."),
        )  # fmt: skip
        for item in own:
            table = item.result
            sheet.shows(item, f"{table.arm}, weights {WEIGHTS[table.matrix.weights]}")
            for pair in table.matrix.pairs:
                one = pair.result
                sheet.add(
                    f"{pair.rater_a} and {pair.rater_b}",
                    table.arm,
                    WEIGHTS[table.matrix.weights],
                    f"{one.n} ({one.n_dropped})",
                    sheet.number(one.percent_agreement, 1),
                    sheet.with_ci(one.kappa, one.ci, 2),
                    _standard_errors(sheet, one),
                    sheet.p(one.p),
                    sheet.text(one.band),
                )
        yield sheet.tabled()


def _standard_errors(sheet: Sheet, kappa: KappaResult) -> str:
    """``0.054 (0.045)``; one reason where neither is estimable."""
    if isinstance(kappa.se, NotEstimable) and isinstance(kappa.se0, NotEstimable):
        return sheet.number(kappa.se)
    return f"{sheet.number(kappa.se)} ({sheet.number(kappa.se0)})"


def _by_question(items: Sequence[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.result.label, []).append(item)
    return found


def mean_kappas(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Light's kappa: the mean over the pairs of readers, and of each model with the readers."""
    sheet = Sheet(
        f"{key}-means",
        "Mean of the kappas of all pairs (Light's kappa)",
        (
            "Question and arm",
            "Weights",
            "Pairs of",
            "Mean kappa",
            "Smallest to largest",
            "Pairs (not estimable)",
        ),
        row_headers=3,
    )
    for item in items:
        grid, label = item.result, _before(item.title)
        sheet.shows(item, label)
        lines = [("readers", grid.among_readers)]
        lines += [(f"{one.model} with readers", one.with_readers) for one in grid.models_with_readers]
        for name, mean in lines:
            span = f"{sheet.number(mean.minimum, 2)} to {sheet.number(mean.maximum, 2)}"
            sheet.add(
                label,
                WEIGHTS[grid.weights],
                name,
                sheet.number(mean.mean, 2),
                span if isinstance(mean.minimum, float) else NONE,
                f"{mean.n_pairs} ({mean.n_undefined})",
            )
    yield sheet.tabled()


def coefficients(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Chance-corrected coefficients of all readers, one table a question."""
    by_question: dict[str, list[Item]] = {}
    for item in items:
        by_question.setdefault(_question(item), []).append(item)
    for number, (question, own) in enumerate(by_question.items(), start=1):
        sheet = Sheet(
            f"{key}-all-{number}",
            f"{question}: agreement of all readers",
            ("Arm", "Coefficient", "Weights", "Cases", f"Estimate ({ci_of(level)})", "P", "Band"),
            row_headers=2,
            said=("P of the hypothesis that the coefficient is 0. Bands of Landis and Koch.",),
        )
        for item in own:
            _coefficient_rows(sheet, item)
        yield sheet.tabled()


def _coefficient_rows(sheet: Sheet, item: Item) -> None:
    kind, arm = group_of(item)[0], "/".join(group_of(item)[2:])
    one = item.result
    sheet.shows(item, f"{arm}, {kind.replace('_', ' ')}")
    if kind == "krippendorff":
        estimate = sheet.with_ci(one.alpha, one.ci, 2)
        sheet.add(arm, "Krippendorff's alpha", one.measurement, str(one.n), estimate, sheet.p(one.p), NONE)
        return
    if kind == "fleiss":
        overall = one.overall
        estimate = sheet.with_ci(overall.estimate, overall.ci, 2)
        name = "Fleiss' kappa (standard error under no agreement)"
        sheet.add(arm, name, "none", str(one.n), estimate, sheet.p(one.p0), sheet.text(overall.band))
        return
    if kind == "percent":
        sheet.add(arm, "All readers alike, %", "none", str(one.n), sheet.share(one.unanimous), NONE, NONE)
        return
    for name in COEFFICIENTS:
        found = getattr(one, name)
        sheet.add(
            arm,
            found.name,
            WEIGHTS.get(one.weights, one.weights),
            str(one.n),
            sheet.with_ci(found.estimate, found.ci, 2),
            sheet.p(found.p) if name != "percent_agreement" else NONE,
            sheet.text(None if name == "percent_agreement" else found.band),
        )


def by_category(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Fleiss' kappa and the specific agreement of every category."""
    specific = {item.key.removeprefix("percent/"): item for item in items if item.key.startswith("percent/")}
    sheet = Sheet(
        f"{key}-categories",
        "Agreement by category",
        ("Question and arm", "Category", "Share of ratings, %", f"Specific agreement, % ({ci_of(level)})",
         f"Fleiss' kappa ({ci_of(level)})", "P"),
        row_headers=2,
    )  # fmt: skip
    for item in items:
        if not item.key.startswith("fleiss/"):
            continue
        other = specific.get(item.key.removeprefix("fleiss/"))
        agreements = {one.category: one for one in other.result.by_category} if other else {}
        label = _before(item.title)
        sheet.shows(item, label)
        for one in item.result.by_category:
            found = agreements.get(one.category)
            sheet.add(
                label,
                word(one.category),
                sheet.percent(one.share),
                NONE if found is None else sheet.points(found.agreement, found.ci),
                sheet.with_ci(one.kappa, one.ci, 2),
                sheet.p(one.p),
            )
    if not sheet.is_empty:
        yield sheet.tabled()


def word(category: object) -> str:
    """A category as it is printed; a call is "yes" or "no"."""
    return ("yes" if category else "no") if isinstance(category, bool) else str(category)


def confusion(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Counts of each answer by the reference standard, and each class against the rest."""
    by_scale: dict[tuple[object, ...], list[Item]] = {}
    for item in items:
        by_scale.setdefault((_subject(item), *item.result.categories), []).append(item)
    for number, own in enumerate(by_scale.values(), start=1):
        yield _counts(f"{key}-counts-{number}", own)
    yield _one_against_rest(f"{key}-classes", items, level)


def _subject(item: Item) -> str:
    """What was answered: the question, or the call."""
    return item.title.split(": ")[0] if group_of(item)[0] == "reference" else "Calls"


def _answers(items: Sequence[Item]) -> str:
    return "Answers" if group_of(items[0])[0] == "reference" else "Calls"


def _counts(key: str, items: Sequence[Item]) -> Tabled:
    categories = items[0].result.categories
    sheet = Sheet(
        key,
        f"{_subject(items[0])} against the reference standard: counts",
        ("Rater", "Reference", *(f"Answer: {word(one)}" for one in categories), "All"),
        row_headers=2,
        said=("Rows: reference standard. Columns: the rater's answer.",),
    )
    for item in items:
        matrix: ConfusionMatrix = item.result
        sheet.shows(item, matrix.rater)
        for category, row, total in zip(
            matrix.categories, matrix.table, matrix.reference_totals, strict=True
        ):
            sheet.add(matrix.rater, word(category), *(str(count) for count in row), str(total))
        sheet.add(matrix.rater, "All", *(str(count) for count in matrix.rater_totals), str(matrix.n))
    return sheet.tabled()


def _one_against_rest(key: str, items: Sequence[Item], level: float) -> Tabled:
    ci = ci_of(level)
    sheet = Sheet(
        key,
        f"{_answers(items)}: each class against the rest",
        ("Rater", "Positive class", "TP", "FN", "FP", "TN", f"Sensitivity, % ({ci}) [n/N]",
         f"Specificity, % ({ci}) [n/N]", "Balanced accuracy, %", "F1", "MCC"),
        row_headers=2,
        said=(("TP, FN, FP, TN: true positive, false negative, false positive, true negative cases; MCC: Matthews' "
              "correlation coefficient. Clopper-Pearson (exact) intervals."),),
    )  # fmt: skip
    for item in items:
        matrix: ConfusionMatrix = item.result
        sheet.shows(item, matrix.rater)
        for one in matrix.one_vs_rest:
            counts = (one.true_positives, one.false_negatives, one.false_positives, one.true_negatives)
            sheet.add(
                matrix.rater,
                word(one.positive),
                *(str(count) for count in counts),
                sheet.share(one.sensitivity),
                sheet.share(one.specificity),
                sheet.percent(one.balanced_accuracy),
                sheet.number(one.f1, 2),
                sheet.number(one.matthews, 2),
            )
    return sheet.tabled()


def outlines(key: str, items: Sequence[Item], _level: float) -> Iterator[Tabled]:
    """Every measure of every pair, and over all pairs."""
    for number, item in enumerate(items, start=1):
        sheet = Sheet(
            f"{key}-outlines-{number}",
            item.title,
            ("Pair", "Measure", "n", "Mean (SD)", "Median (quartiles)", "Smallest to largest"),
            row_headers=2,
        )
        sheet.shows(item)
        for pair in (*item.result.pairs, item.result.overall):
            label = "All pairs" if pair.reader_a is None else f"{pair.reader_a} and {pair.reader_b}"
            for one in pair.measures:
                quartiles = f"{sheet.number(one.quartile1, 2)}, {sheet.number(one.quartile3, 2)}"
                sheet.add(
                    label,
                    OUTLINE_MEASURES[one.measure],
                    str(one.n),
                    f"{sheet.number(one.mean, 2)} ({sheet.number(one.sd, 2)})",
                    f"{sheet.number(one.median, 2)} ({quartiles})",
                    f"{sheet.number(one.minimum, 2)} to {sheet.number(one.maximum, 2)}",
                )
        yield sheet.tabled()


def features(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Every feature: its correlation between and within readers, and whether it is kept."""
    columns = [item for item in items if hasattr(item.result, "features")]
    selection = next((item for item in items if hasattr(item.result, "n_features")), None)
    names = list(dict.fromkeys(one.feature for item in columns for one in item.result.features))
    kept = set(selection.result.kept) if selection else set()
    header = ("Feature", *(f"{item.title}, ICC ({ci_of(level)})" for item in columns))
    sheet = Sheet(
        f"{key}-features",
        "Reproducibility of each feature",
        (*header, *(("Kept in both",) if selection else ())),
    )
    for item in items:
        sheet.shows(item)
    for name in names:
        cells = []
        for item in columns:
            found = [one for one in item.result.features if one.feature == name]
            cells.append(sheet.with_ci(found[0].icc, found[0].ci, 2) if found else NONE)
        sheet.add(name, *cells, *((("yes" if name in kept else "no"),) if selection else ()))
    said = [
        f"{item.title}: {len(item.result.kept)} of {len(item.result.features)} features with {item.result.form} "
        f"above {number_text(item.result.keep_above, 2)}, in {item.result.n} cases."
        for item in columns
    ]
    if selection:
        said.append(
            f"Kept between and within readers: {len(kept)} of {selection.result.n_features} features."
        )
    yield sheet.tabled(*said)


def _before(title: str) -> str:
    """The title without what follows its last colon."""
    return title.rsplit(": ", 1)[0]


def _question(item: Item) -> str:
    arm = "/".join(group_of(item)[2:])
    return _before(item.title).removesuffix(f", {arm}")
