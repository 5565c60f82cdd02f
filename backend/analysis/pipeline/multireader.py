"""Multi-reader multi-case analysis: Obuchowski-Rockette, Gallas, DBM, the model against the panel, sample size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.ratings import RatingTable
from backend.analysis.mrmc.covariance import CovarianceMethod, estimate_cells
from backend.analysis.mrmc.dbm import dbm
from backend.analysis.mrmc.figures_of_merit import Auc, FigureOfMerit, PartialAuc, Sensitivity, Specificity
from backend.analysis.mrmc.gallas import gallas
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.power import SampleSize, sample_size_table
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data
from backend.analysis.mrmc.standalone import model_against_readers, with_model
from backend.analysis.pipeline.results import Collector, Section, not_applicable
from backend.analysis.pipeline.study import Study
from backend.analysis.results import Result
from backend.analysis.study_report import DroppedCase

KEY, TITLE = "mrmc", "Multi-reader multi-case analysis"
COVARIANCES: tuple[CovarianceMethod, ...] = ("jackknife", "delong", "unbiased")
PLANNED_EFFECT = 0.05
PLANNED_READERS = (4, 6, 8, 10, 12)


@dataclass(frozen=True, slots=True)
class SampleSizes(Result):
    """Cases needed by number of readers, for a difference of ``effect`` in the figure of merit."""

    method: str
    effect: float
    sizes: tuple[SampleSize, ...]
    warnings: tuple[str, ...]


def mrmc(study: Study) -> Section:
    """The readers' figures of merit, generalized to readers and cases.

    The difference of two arms is the later minus the earlier of the design.
    """
    dataset = study.study
    records = [
        RatingRecord(
            read.reader,
            read.arm,
            read.case,
            study.is_positive(read.case),
            None if read.score is None else float(read.score),
        )
        for read in dataset.reads
        if dataset.truth[read.case] is not None and read.score is not None
    ]
    if not dataset.is_rated or not records:
        return not_applicable(KEY, TITLE, "no reader rated a case that has a truth")
    arms = tuple(arm for arm in reversed(dataset.arms) if arm in {one.modality for one in records})
    dropped = _not_used(study)
    collector = Collector(KEY, TITLE)
    _of_records(collector, records, arms, level=study.level, cut_off=dataset.positive_from, dropped=dropped)
    for model in study.models():
        for arm in dataset.arms if arms else ():
            _against_model(collector, study, records, arm, model.curve.name, model.scores)
    return collector.section()


def mrmc_of_table(table: RatingTable, *, level: float) -> Section:
    """The same of ``mrmc.csv`` alone; the difference of two modalities is the first minus the second."""
    collector = Collector(KEY, TITLE)
    records = [
        RatingRecord(one.reader, one.modality, one.case, table.truth[one.case], one.rating)
        for one in table.ratings
    ]
    _of_records(collector, records, table.modalities, level=level, cut_off=None, dropped=())
    return collector.section()


def _of_records(
    collector: Collector,
    records: Sequence[RatingRecord],
    modalities: tuple[str, ...],
    *,
    level: float,
    cut_off: float | None,
    dropped: Sequence[DroppedCase],
) -> None:
    try:
        data = mrmc_data(records, modalities=modalities)
    except AnalysisError as error:
        refusal = error
        collector.add("or_jackknife", "Obuchowski-Rockette", lambda: _refuse(refusal))
        return
    figures: list[tuple[str, FigureOfMerit]] = [("AUC", Auc())]
    if cut_off is not None:
        figures += [("sensitivity", Sensitivity(cut_off)), ("specificity", Specificity(cut_off))]
    figures.append(("partial AUC, specificity 0.8 to 1", PartialAuc(axis="specificity", low=0.8, high=1.0)))
    results: dict[str, OrResult | None] = {}
    for name, figure in figures:
        results[name] = collector.add(
            f"or_jackknife/{name}",
            f"Obuchowski-Rockette, {name}, jackknife covariance",
            lambda f=figure: obuchowski_rockette(  # type: ignore[misc]
                estimate_cells(data, f, covariance="jackknife"), level=level
            ),
            dropped=dropped,
        )
    for covariance in COVARIANCES[1:]:
        collector.add(
            f"or_{covariance}/AUC",
            f"Obuchowski-Rockette, AUC, {covariance} covariance",
            lambda c=covariance: obuchowski_rockette(  # type: ignore[misc]
                estimate_cells(data, Auc(), covariance=c), level=level
            ),
            dropped=dropped,
        )
    collector.add("gallas", "U-statistics of Gallas", lambda: gallas(data, level=level), dropped=dropped)
    if not data.missing and data.design.name == "fully_crossed" and len(modalities) > 1:
        collector.add(
            "dbm", "Dorfman-Berbaum-Metz", lambda: dbm(data, Auc()), n=data.n_positive + data.n_negative
        )
    pilot = results["AUC"]
    if pilot is not None and data.design.name == "fully_crossed" and len(modalities) == 2:
        collector.add(
            "sample_size",
            f"Cases needed to see a difference of {PLANNED_EFFECT:g} in AUC, by number of readers",
            lambda: _sample_sizes(pilot),
            n=data.n_positive + data.n_negative,
        )


def _sample_sizes(pilot: OrResult) -> SampleSizes:
    sizes = sample_size_table(pilot, readers=PLANNED_READERS, effect=PLANNED_EFFECT)
    warnings = tuple(dict.fromkeys(text for one in sizes for text in one.warnings))
    return SampleSizes("mrmc_sample_size", PLANNED_EFFECT, sizes, warnings)


def _against_model(
    collector: Collector,
    study: Study,
    records: Sequence[RatingRecord],
    arm: str,
    model: str,
    scores: Mapping[str, float],
) -> None:
    own = [one for one in records if one.modality == arm]
    if not own or not any(one.case in scores for one in own):
        return
    dropped = tuple(
        DroppedCase(case, f"no score by {model}") for case in sorted({one.case for one in own} - set(scores))
    )

    def compute() -> object:
        both = [one for one in own if one.case in scores]
        data: MrmcData = with_model(mrmc_data(both), scores, modality=arm, model=model)
        return model_against_readers(
            estimate_cells(data, Auc()), model=model, margin=study.plan.margin, level=study.level
        )

    collector.add(f"panel/{model}/{arm}", f"{model} against the readers, {arm}", compute, dropped=dropped)


def _not_used(study: Study) -> tuple[DroppedCase, ...]:
    without_truth = [
        DroppedCase(case, "no truth")
        for case in sorted({read.case for read in study.study.reads})
        if study.study.truth[case] is None
    ]
    unrated = [
        DroppedCase(read.case, f"no score by {read.reader}, {read.arm}")
        for read in study.study.reads
        if read.score is None and study.study.truth[read.case] is not None
    ]
    return (*without_truth, *sorted(unrated, key=lambda one: (one.case, one.reason)))


def _refuse(error: AnalysisError) -> None:
    raise error
