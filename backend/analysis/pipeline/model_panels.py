"""Each model against the readers of each arm: areas by its scores, sensitivity and specificity by its calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.analysis.errors import NotEstimable
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.figures_of_merit import Auc, FigureOfMerit, Sensitivity, Specificity
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data
from backend.analysis.mrmc.readers import ReaderLeftOut, left_out_readers, left_out_text
from backend.analysis.mrmc.standalone import StandaloneResult, model_against_readers, with_model
from backend.analysis.pipeline.apparent import apparent_warnings
from backend.analysis.pipeline.planned_figures import margin_of, planned_partial_areas
from backend.analysis.pipeline.results import Collector
from backend.analysis.pipeline.study import Rated, Study
from backend.analysis.study_report import DroppedCase

CALLED = 1.0


@dataclass(frozen=True, slots=True)
class _Compared:
    """A figure, what is read of it in keys and titles, and what stands for ratings and scores."""

    kind: str
    title: str
    figure: FigureOfMerit
    name: str
    records: Sequence[RatingRecord]
    scores: Mapping[str, float]


def against_models(collector: Collector, study: Study, records: Sequence[RatingRecord]) -> None:
    """Every model against the readers' mean in every arm."""
    for model in study.models():
        for arm in study.study.arms:
            own = [one for one in records if one.modality == arm and one.case in model.scores]
            if not own:
                _not_compared(collector, model.curve.name, arm)
                continue
            for compared in _compared(study, own, model):
                _against_model(collector, study, records, arm, model, compared)


def _not_compared(collector: Collector, name: str, arm: str) -> None:
    reason = f"{name} scored no rated case of {arm} with a reference standard"
    collector.add(f"panel/{name}/{arm}", f"{name} against the readers, {arm}", lambda: NotEstimable(reason))


def _compared(study: Study, records: Sequence[RatingRecord], model: Rated) -> list[_Compared]:
    """The areas of ratings and scores, and what readers call at their cut-off beside what the model calls."""
    cut_off = study.study.positive_from
    called = [replace(one, rating=float(one.rating >= cut_off)) for one in records if one.rating is not None]
    calls = {case: float(call) for case, call in model.calls.items()}
    by_calls = "the model by its own calls"
    area = Auc()
    partial = [
        _Compared(f"panel_partial_{one.axis}", f", {one.name}", one, one.name, records, model.scores)
        for one in planned_partial_areas(study.plan)
    ]
    sensitivity = f"sensitivity, rating at or above {cut_off:g}, {by_calls}"
    specificity = f"specificity, rating below {cut_off:g}, {by_calls}"
    return [
        _Compared("panel", "", area, area.name, records, model.scores),
        *partial,
        _Compared("panel_sensitivity", ", sensitivity", Sensitivity(CALLED), sensitivity, called, calls),
        _Compared("panel_specificity", ", specificity", Specificity(CALLED), specificity, called, calls),
    ]


def _against_model(
    collector: Collector,
    study: Study,
    records: Sequence[RatingRecord],
    arm: str,
    model: Rated,
    compared: _Compared,
) -> None:
    name = model.curve.name
    cases = {one.case for one in records if one.modality == arm}
    dropped = tuple(DroppedCase(case, f"no score by {name}") for case in sorted(cases - set(model.scores)))
    absent = without_reads_of(
        {one.reader for one in study.study.reads if one.arm == arm},
        compared.records,
        f"no rating under {arm} of a case with a reference standard and a score by {name}",
    )

    def compute() -> StandaloneResult:
        panel, left = _readers_of_both_classes(mrmc_data(compared.records))
        data = with_model(panel, compared.scores, modality=arm, model=name)
        result = model_against_readers(
            estimate_cells(data, compared.figure),
            model=name,
            margin=margin_of(study.plan, compared.figure),
            level=study.level,
        )
        named = (*left, *absent)
        said = (left_out_text(named),) if named else ()
        return replace(result, figure=compared.name, warnings=(*said, *result.warnings))

    collector.add(
        f"{compared.kind}/{name}/{arm}",
        f"{name} against the readers, {arm}{compared.title}",
        compute,
        dropped=dropped,
        warnings=apparent_warnings(study, {one.case for one in compared.records}),
    )


def without_reads_of(
    readers: set[str], records: Sequence[RatingRecord], reason: str
) -> tuple[ReaderLeftOut, ...]:
    """Those of the readers who have none of the records."""
    return tuple(
        ReaderLeftOut(reader, reason) for reader in sorted(readers - {one.reader for one in records})
    )


def _readers_of_both_classes(data: MrmcData) -> tuple[MrmcData, tuple[ReaderLeftOut, ...]]:
    """The reads of those who have a figure of merit, and who has none; all reads where nobody has one."""
    left = left_out_readers(
        data.read, data.truth, data.design, modalities=data.modalities, readers=data.readers
    )
    gone = {one.reader for one in left}
    kept = tuple(reader for reader in data.readers if reader not in gone)
    return (data.only_readers(kept), left) if left and kept else (data, ())
