"""The report's tables of measurements, between readers and again by the same reader, and of answers given again."""

from collections.abc import Iterator, Sequence

from backend.analysis.bland_altman import BlandAltman
from backend.analysis.pipeline.report_cells import Sheet, Tabled, ci_of, statistic_text
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.manuscript_tables import NONE


def icc_forms(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """The ten forms, a table a measurement and arm."""
    for number, item in enumerate(items, start=1):
        one = item.result
        sheet = Sheet(
            f"{key}-icc-{number}",
            item.title,
            ("Form", "Shrout-Fleiss", "Model", "Definition", "Unit", f"ICC ({ci_of(level)})", "F (df)", "P", "Band"),
            said=(f"{one.n} cases measured by {len(one.raters)} readers. Bands of Koo and Li.",),
        )  # fmt: skip
        sheet.shows(item)
        for form in one.forms:
            sheet.add(
                form.mcgraw_wong,
                form.shrout_fleiss or NONE,
                form.model,
                form.definition,
                form.unit,
                sheet.with_ci(form.icc, form.ci, 2),
                statistic_text(form.f, (form.df1, form.df2), sheet),
                sheet.p(form.p),
                sheet.text(form.band),
            )
        yield sheet.tabled()


def alphas(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Krippendorff's alpha of all readers, by measurement, arm and level of measurement."""
    sheet = Sheet(
        f"{key}-alpha",
        "Krippendorff's alpha of the measurements",
        ("Measurement and arm", "Level", "Cases", f"Alpha ({ci_of(level)})", "P"),
        said=("Cases measured by two readers or more. P of the hypothesis that alpha is 0.",),
    )
    for item in items:
        one = item.result
        sheet.shows(item)
        label = item.title.partition(": Krippendorff")[0]
        sheet.add(label, one.measurement, str(one.n), sheet.with_ci(one.alpha, one.ci, 2), sheet.p(one.p))
    if not sheet.is_empty:
        yield sheet.tabled()


def measured_pairs(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Limits of agreement and Lin's concordance of every pair of readers."""
    ci = ci_of(level)
    limits = Sheet(
        f"{key}-limits",
        "Bias and limits of agreement (Bland-Altman)",
        ("Measurement and readers", "Cases", f"Bias ({ci})", "P", "SD", f"Lower limit ({ci})", f"Upper limit ({ci})",
         f"Slope on the mean ({ci})", "P of slope"),
        said=("Differences are the first reader's minus the second's; intervals of the limits are exact.",),
    )  # fmt: skip
    concordance = Sheet(
        f"{key}-concordance",
        "Lin's concordance correlation",
        ("Measurement and readers", "Cases", f"Concordance ({ci})", "Pearson", "Bias correction"),
    )
    for item in items:
        one, label = item.result, item.title.rsplit(", ", 1)[0]
        if not isinstance(one, BlandAltman):
            concordance.shows(item, label)
            concordance.add(
                label,
                str(one.n),
                concordance.with_ci(one.ccc, one.ci, 3),
                concordance.number(one.pearson, 3),
                concordance.number(one.bias_correction, 3),
            )
            continue
        limits.shows(item, label)
        limits.add(label, *limit_cells(limits, one))
    yield from (sheet.tabled() for sheet in (limits, concordance) if not sheet.is_empty)


def limit_cells(sheet: Sheet, one: BlandAltman) -> list[str]:
    """Cases, bias, P, SD, both limits, slope and its P."""
    slope = one.proportional
    return [
        str(one.n),
        sheet.with_ci(one.bias, one.bias_ci, 2),
        sheet.p(one.p),
        sheet.number(one.sd, 2),
        *(sheet.with_ci(limit.value, limit.exact_ci, 2) for limit in (one.lower, one.upper)),
        sheet.with_ci(slope.slope, slope.ci, 2),
        sheet.p(slope.p),
    ]


def repeated_limits(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """Limits of agreement from all measurements of readers who measured cases again."""
    ci = ci_of(level)
    sheet = Sheet(
        f"{key}-limits",
        "Bias and limits of agreement with repeated measurements",
        ("Measurement and readers", "Cases (measurements)", f"Bias ({ci})", "SD", f"Lower limit ({ci})",
         f"Upper limit ({ci})", "Within-case SD of first", "Within-case SD of second"),
        said=(("Differences are the first reader's minus the second's, for two single measurements; all measurements "
              "of a case are used, those of cases that came back among them."),),
    )  # fmt: skip
    for item in items:
        one, label = item.result, item.title.removesuffix(", Bland-Altman, all measurements")
        sheet.shows(item, label)
        sheet.add(
            label,
            f"{one.n} ({one.n_measurements})",
            sheet.with_ci(one.bias, one.bias_ci, 2),
            sheet.number(one.sd, 2),
            sheet.with_ci(one.lower, one.lower_ci, 2),
            sheet.with_ci(one.upper, one.upper_ci, 2),
            sheet.number(one.within_sd_a, 2),
            sheet.number(one.within_sd_b, 2),
        )
    yield sheet.tabled()


def repeats(key: str, items: Sequence[Item], level: float) -> Iterator[Tabled]:
    """The same reader twice: answers, then measurements."""
    ci = ci_of(level)
    answers = Sheet(
        f"{key}-answers",
        "Answers of the same reader to the same case",
        ("Question and arm", "Reader", "Cases", "Changed", "Agreement, %", f"Kappa ({ci})", "Band",
         f"Gwet's coefficient ({ci})"),
        row_headers=2,
    )  # fmt: skip
    measured = Sheet(
        f"{key}-measurements",
        "Measurements of the same case by the same reader",
        ("Measurement and arm", "Reader", "Cases", f"ICC(A,1) ({ci})", f"Within-case SD ({ci})",
         f"Repeatability coefficient ({ci})", f"Bias ({ci})"),
        row_headers=2,
    )  # fmt: skip
    for item in items:
        for one in item.result:
            if hasattr(one, "repeatability"):
                measured.shows(item)
                measured.add(item.title, one.reader, str(one.n), *_repeat_cells(measured, one))
                continue
            answers.shows(item)
            kappa, gwet = one.kappa, getattr(one.coefficients, "gwet", one.coefficients)
            has_kappa, has_gwet = hasattr(kappa, "kappa"), hasattr(gwet, "estimate")
            answers.add(
                item.title,
                one.reader,
                str(one.n),
                str(len(one.changed)),
                answers.number(kappa.percent_agreement, 1) if has_kappa else NONE,
                answers.with_ci(kappa.kappa, kappa.ci, 2) if has_kappa else answers.text(kappa),
                answers.text(kappa.band) if has_kappa else NONE,
                answers.with_ci(gwet.estimate, gwet.ci, 2) if has_gwet else answers.text(gwet),
            )
    yield from (sheet.tabled() for sheet in (answers, measured) if not sheet.is_empty)


def _repeat_cells(sheet: Sheet, one: object) -> list[str]:
    icc, spread, bland = one.icc, one.repeatability, one.bland_altman  # type: ignore[attr-defined]
    absolute = next((form for form in getattr(icc, "forms", ()) if form.mcgraw_wong == "ICC(A,1)"), None)
    return [
        sheet.text(icc) if absolute is None else sheet.with_ci(absolute.icc, absolute.ci, 2),
        sheet.with_ci(spread.within_sd, spread.within_sd_ci, 2),
        sheet.with_ci(spread.coefficient, spread.coefficient_ci, 2),
        sheet.with_ci(bland.bias, bland.bias_ci, 2) if hasattr(bland, "bias") else sheet.text(bland),
    ]
