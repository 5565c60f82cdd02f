"""Which result is drawn by which function. A new kind of figure is one more line of :func:`figure_kinds`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from backend.analysis.cutoffs import Cutoffs
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.figure_style import FileFormat
from backend.analysis.pipeline.results import FREE_RESPONSE_AGAIN, AnalysisResults, Item, key_part
from backend.analysis.roc import RocCurve
from backend.analysis.roc_panels import (
    RocCurves,
    RocPanel,
    RocTrace,
    average_panel,
    group_panels,
    reader_panels,
)
from backend.analysis.study_dataset import StudyDataset

if TYPE_CHECKING:
    from backend.analysis.froc_figures import FrocKind

CURVE = "curve/"
CUT_OFFS = ("closest", "sensitivity", "specificity")
CUT_OFFS_OF_THESE = "Cut-offs were chosen on these same cases and are optimistic."
CUT_OFFS_OF_DEVELOPMENT = (
    "Cut-offs were chosen on the development cases; the points are those of all cases drawn."
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a figure is drawn from: one item, or several that share it, among all results.

    ``study`` is ``None`` where the dataset holds ratings alone.
    """

    items: tuple[Item, ...]
    title: str
    results: AnalysisResults
    study: StudyDataset | None

    @property
    def result(self) -> Any:
        """The result of the item, or of the first of several.

        Raises
        ------
        AnalysisError
            ``not_estimable``.
        """
        found = self.items[0].result
        if isinstance(found, NotEstimable):
            raise AnalysisError("not_estimable", str(found))
        return found

    def common(self, file_format: FileFormat) -> dict[str, Any]:
        """The arguments that every drawing function takes."""
        is_synthetic = self.results.is_synthetic
        return {"title": self.title, "is_synthetic": is_synthetic, "file_format": file_format}


Draw: TypeAlias = Callable[[Drawing, str, FileFormat], bytes]
"""A figure's bytes; the text is one of the kind's choices."""


def one_figure(_result: object) -> Sequence[str]:
    """No choice: one figure of the result."""
    return ("",)


def always(_items: Sequence[Item]) -> bool:
    """Every item is drawn."""
    return True


@dataclass(frozen=True, slots=True)
class FigureKind:
    """Figures of the items of sections whose key begins with ``prefix`` (before the first slash).

    Attributes
    ----------
    prefix
        Empty: all items.
    name
        Tells kinds apart that draw the same items.
    title
        Of a figure that several items share; empty where each has its own.
    what
        Added to the item's title, which alone would not tell the figure from others of the item.
    choices
        One figure for each, for example for each pair of arms.
    is_wanted
        Whether these items give such a figure at all.
    """

    sections: tuple[str, ...]
    prefix: str
    draw: Draw
    name: str = ""
    title: str = ""
    what: str = ""
    choices: Callable[[Any], Sequence[str]] = one_figure
    is_wanted: Callable[[Sequence[Item]], bool] = always

    def fits(self, key: str) -> bool:
        """Whether an item of this key is drawn so."""
        return not self.prefix or key.split("/")[0] == self.prefix


def standard(function: Callable[..., bytes], **options: object) -> Draw:
    """A function ``(result, *, title, is_synthetic, file_format, ...)`` as a :data:`Draw`."""

    def draw(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
        return function(drawing.result, **drawing.common(file_format), **options)

    return draw


def _labeled(function: Callable[..., bytes]) -> Draw:
    """A function that takes the labels of columns."""

    def draw(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
        return function(drawing.result, labels=drawing.results.labels, **drawing.common(file_format))

    return draw


def figure_kinds() -> tuple[FigureKind, ...]:
    """All kinds; the modules that draw, and matplotlib with them, are loaded at the first figure."""
    from backend.analysis import agreement_figures, change_figures, model_figures, mrmc_figures, time_figures
    from backend.analysis.advice_figure import advice_figure
    from backend.analysis.bland_altman_figure import bland_altman_figure
    from backend.analysis.flow_figure import flow_figure
    from backend.analysis.intra_reader_figures import intra_reader_figure
    from backend.analysis.nomogram_figure import nomogram_figure
    from backend.analysis.period_figure import period_figure

    decision, confusion = model_figures.decision_figure, agreement_figures.confusion_figure
    models, survival, change, again = ("models",), ("survival",), ("change_of_mind",), ("intra_reader",)
    return (
        FigureKind(("flow",), "flow", standard(flow_figure)),
        FigureKind(("agreement",), "grid_unweighted", standard(agreement_figures.kappa_heatmap)),
        FigureKind(("agreement",), "grid_linear", standard(agreement_figures.kappa_heatmap)),
        FigureKind(("agreement",), "grid_quadratic", standard(agreement_figures.kappa_heatmap)),
        FigureKind(("agreement",), "bland_altman", _measured(bland_altman_figure)),
        FigureKind(("agreement",), "reference", standard(confusion)),
        FigureKind(again, "within", _measured(intra_reader_figure), is_wanted=_is_first_of_weights),
        FigureKind(again, "between", _measured(intra_reader_figure), is_wanted=_is_first_of_weights),
        FigureKind(("roc",), "curve", _all_curves, title="ROC curves"),
        FigureKind(
            ("roc",),
            "curve",
            _by_reader,
            "readers",
            "ROC curves by reader",
            is_wanted=lambda items: sum(item.result.curve.kind != "model" for item in items) > 1,
        ),
        FigureKind(
            ("roc",),
            "curve",
            _with_cut_offs,
            "cut-offs",
            what="cut-offs",
            is_wanted=lambda items: _is_model(items[0]),
        ),
        FigureKind(("roc",), "average", _average),
        FigureKind(("roc",), "band", _band),
        FigureKind(("roc",), "groups", _by_curve, "by-curve", what="a panel for each curve"),
        FigureKind(("roc",), "groups", _by_group, "by-group", what="a panel for each group"),
        FigureKind(("operating_points",), "confusion", standard(confusion)),
        *_pooled(("mrmc", "free_response", "per_protocol"), "", mrmc_figures.reader_figures),
        *_pooled(("per_protocol",), FREE_RESPONSE_AGAIN[0], mrmc_figures.reader_figures),
        *_marked("free_response", ""),
        *_marked("per_protocol", FREE_RESPONSE_AGAIN[0], ", per-protocol set"),
        FigureKind(change, "", standard(change_figures.slope_figure), "slopes", what="change by reader"),
        FigureKind(
            change,
            "",
            standard(change_figures.reclassification_figure),
            "reclassification",
            what="scores before and after",
        ),
        FigureKind(change, "", standard(advice_figure), "advice", what="the model's advice followed"),
        FigureKind(change, "", _time_change, "time", what="change of reading time"),
        FigureKind(("reading_time",), "times", standard(time_figures.reading_time_figure)),
        FigureKind(("periods",), "", standard(period_figure), "by-period", what="by period"),
        FigureKind(models, "calibration", standard(model_figures.calibration_figure)),
        FigureKind(models, "fitted_calibration", standard(model_figures.calibration_figure)),
        FigureKind(models, "decision_curve", standard(decision)),
        FigureKind(
            models,
            "decision_curve",
            standard(decision, measure="standardized"),
            "standardized",
            what="standardized net benefit",
        ),
        FigureKind(models, "impact", standard(model_figures.impact_figure)),
        FigureKind(models, "components", standard(model_figures.components_figure)),
        FigureKind(models, "nomogram", _labeled(nomogram_figure)),
        FigureKind(survival, "kaplan_meier", _kaplan_meier),
        FigureKind(survival, "logrank", _kaplan_meier),
        FigureKind(survival, "findings", _kaplan_meier),
        FigureKind(survival, "cox", _forest),
        FigureKind(survival, "cox_nomogram", _labeled(nomogram_figure)),
        FigureKind(survival, "time_roc", _time_roc),
        FigureKind(survival, "decision_curve", _decision_in_time),
    )


def _pooled(
    sections: tuple[str, ...], key_start: str, by_reader: Callable[..., bytes]
) -> Iterator[FigureKind]:
    """The multi-reader figures of the items whose keys begin so."""
    kind = f"{key_start}or_jackknife"
    yield FigureKind(
        sections, kind, _differences, "differences", what="differences by reader", choices=_pairs
    )
    yield FigureKind(sections, kind, standard(by_reader), "readers", what="by reader and arm")


MARKED: tuple[tuple["FrocKind", str], ...] = (
    ("froc", "FROC curves by arm"),
    ("afroc", "Weighted AFROC curves by arm"),
    ("lroc", "LROC curves by arm"),
)


def _marked(section: str, key_start: str, title_end: str = "") -> Iterator[FigureKind]:
    """The curves of marks of all readers together."""
    for name, title in MARKED:
        yield FigureKind((section,), f"{key_start}curve", _free_response(name), name, f"{title}{title_end}")


def _is_model(item: Item) -> bool:
    return bool(item.result.curve.kind == "model")


def _curves(drawing: Drawing) -> RocCurves:
    found, study = tuple(item.result for item in drawing.items), drawing.study
    if all(isinstance(one.roc, NotEstimable) for one in found):
        raise AnalysisError("no_curves", "no curve is estimable")
    models = tuple(dict.fromkeys(one.curve.name for one in found if one.curve.kind == "model"))
    # Ratings alone have no design beside them: readers and arms are those of the curves.
    names = tuple(dict.fromkeys(one.curve.name for one in found))
    readers = (*study.readers, *study.consensus_names) if study else names
    arms = study.arms if study else tuple(dict.fromkeys(one.curve.arm for one in found))
    results = drawing.results
    return RocCurves(results.title, results.is_synthetic, results.level, readers, arms, models, found)


def _all_curves(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.figures import roc_figure_png, roc_figure_svg

    return {"svg": roc_figure_svg, "png": roc_figure_png}[file_format](_curves(drawing))


def _roc(
    drawing: Drawing, panels: Sequence[RocPanel], file_format: FileFormat, notes: Sequence[str] = ()
) -> bytes:
    from backend.analysis.roc_figures import roc_panels_figure

    return roc_panels_figure(panels, notes=notes, **drawing.common(file_format))


def _by_reader(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    return _roc(drawing, reader_panels(_curves(drawing)), file_format)


def _with_cut_offs(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    """A model's curve with the cut-offs chosen on it and its partial area, which are items of their own."""
    one, label = drawing.result, drawing.items[0].key.removeprefix(CURVE)
    beside = {item.key: item.result for item in drawing.results.section("roc").items}
    of_development = beside.get(f"youden/{label}")
    cut_offs = [
        one.youden if of_development is None else of_development,
        *(beside.get(f"{name}/{label}") for name in CUT_OFFS),
    ]
    found = [cut for cut in cut_offs if cut is not None and not isinstance(cut, NotEstimable)]
    partial = beside.get(f"partial/{label}")
    trace = RocTrace(
        label,
        one.roc,
        one.auc.auc,
        one.auc.ci,
        cut_offs=tuple(found if of_development is None else (_on_curve(cut, one.roc) for cut in found)),
        partial=None if isinstance(partial, NotEstimable) else partial,
        is_model=True,
    )
    told = CUT_OFFS_OF_THESE if of_development is None else CUT_OFFS_OF_DEVELOPMENT
    return _roc(drawing, [RocPanel("", (trace,))], file_format, (told,) if trace.cut_offs else ())


def _on_curve(cut: Cutoffs, curve: RocCurve) -> Cutoffs:
    """Cut-offs of the development cases, which are scores of the whole curve too, as points of that curve."""
    places = {point.threshold: point for point in curve.points}
    return replace(cut, points=tuple(places[point.threshold] for point in cut.points))


def _average(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    return _roc(drawing, [average_panel({one.arm: one.result for one in drawing.result})], file_format)


def _band(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    """The curve of the same name with its band."""
    label = drawing.items[0].key.partition("/")[2]
    one = drawing.results.section("roc").item(f"{CURVE}{label}").result
    is_model = bool(one.curve.kind == "model")
    trace = RocTrace(label, one.roc, one.auc.auc, one.auc.ci, band=drawing.result, is_model=is_model)
    return _roc(drawing, [RocPanel("", (trace,))], file_format)


def _by_curve(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    return _roc(drawing, group_panels(drawing.result, labels=drawing.results.labels), file_format)


def _by_group(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    panels = group_panels(drawing.result, inner="curve", labels=drawing.results.labels)
    return _roc(drawing, panels, file_format)


def _free_response(kind: "FrocKind") -> Draw:
    """The curves of this kind of all readers in one figure."""

    def draw(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
        from backend.analysis.froc_figures import froc_figure

        curves = [item.result for item in drawing.items]
        return froc_figure(curves, kind=kind, **drawing.common(file_format))

    return draw


def _measured(function: Callable[..., bytes]) -> Draw:
    """A function that takes the unit of the measurement that the item's key names."""

    def draw(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
        named = drawing.items[0].key.split("/")[1].removeprefix("measurement:")
        unit = next((unit for key, unit in drawing.results.units.items() if key_part(key) == named), "")
        return function(drawing.result, unit=unit, **drawing.common(file_format))

    return draw


def _is_first_of_weights(items: Sequence[Item]) -> bool:
    """Linear and quadratic weights of an ordinal answer are of the same reads, which are drawn once."""
    found = items[0].result
    has_weights = not isinstance(found, NotEstimable) and found[0].method == "intra_reader_categories"
    return not (has_weights and found[0].kappa.weights == "quadratic")


def _pairs(result: Any) -> Sequence[str]:
    """The pairs of modalities; the first one needs no name where it is the only one."""
    pairs = [f"{one.modality_a} - {one.modality_b}" for one in result.random_readers_random_cases.differences]
    return pairs if len(pairs) > 1 else ("",)


def _differences(drawing: Drawing, choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.mrmc_figures import reader_forest

    differences = drawing.result.random_readers_random_cases.differences
    pairs: Mapping[str, tuple[str, str]] = {
        f"{one.modality_a} - {one.modality_b}": (one.modality_a, one.modality_b) for one in differences
    }
    return reader_forest(drawing.result, pair=pairs.get(choice), **drawing.common(file_format))


def _time_change(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.time_figures import time_change_figure

    if not drawing.result.pooled.time.n:
        raise AnalysisError("no_times", "no pair of reads has both reading times")
    return time_change_figure(drawing.result, **drawing.common(file_format))


def _kaplan_meier(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.survival.figures import kaplan_meier_figure

    result, unit = drawing.result, drawing.results.time_unit
    return kaplan_meier_figure(
        {group.label: group.curve for group in result.groups},
        time_label=f"Time ({unit})" if unit else "Time",
        test=result.test,
        **drawing.common(file_format),
    )


def _decision_in_time(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.model_figures import decision_figure

    return decision_figure(drawing.result, time_unit=drawing.results.time_unit, **drawing.common(file_format))


def _forest(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.survival.figures import forest_figure

    model = drawing.result.multivariate
    if isinstance(model, NotEstimable):
        raise AnalysisError("not_estimable", str(model))
    return forest_figure(model, labels=drawing.results.labels, **drawing.common(file_format))


def _time_roc(drawing: Drawing, _choice: str, file_format: FileFormat) -> bytes:
    from backend.analysis.survival.figures import time_roc_figure

    unit = drawing.results.time_unit
    named = {f"{one.time:g} {unit}".strip(): one for one in drawing.result}
    return time_roc_figure(named, **drawing.common(file_format))
