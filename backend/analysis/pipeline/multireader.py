"""Multi-reader multi-case analysis: Obuchowski-Rockette, Gallas, DBM, the model against the panel, sample size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.formats.ratings import RatingTable
from backend.analysis.mrmc.covariance import CovarianceMethod, estimate_cells
from backend.analysis.mrmc.dbm import dbm, dbm_equivalence
from backend.analysis.mrmc.design import require_regular
from backend.analysis.mrmc.figures_of_merit import (
    Auc,
    FigureOfMerit,
    PartialAuc,
    Sensitivity,
    Specificity,
)
from backend.analysis.mrmc.gallas import GallasResult, gallas
from backend.analysis.mrmc.margins import margin_tests
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data
from backend.analysis.mrmc.readers import ReaderLeftOut, left_out_readers, left_out_text
from backend.analysis.pipeline.model_panels import against_models, without_reads_of
from backend.analysis.pipeline.planned_figures import any_margin, margin_of, planned_partial_areas
from backend.analysis.pipeline.planning import add_power
from backend.analysis.pipeline.resampled_curves import PARTIAL_FROM
from backend.analysis.pipeline.results import Collector, Section, not_applicable
from backend.analysis.pipeline.study import Study, seed_of
from backend.analysis.results import Result
from backend.analysis.study_report import DroppedCase

KEY, TITLE = "mrmc", "Multi-reader multi-case analysis"
COVARIANCES: tuple[CovarianceMethod, ...] = ("jackknife", "delong", "unbiased", "bootstrap")
WITHOUT_DIFFERENCE = NotEstimable("one modality, no difference to set against the margin")
COVARIANCE_NAMES: dict[str, str] = {"delong": "DeLong"}


@dataclass(frozen=True, slots=True)
class ReadersTaken(Result):
    """Who takes part in the analyses that need reads in every arm, who does not and why."""

    method: str
    taken: tuple[str, ...]
    not_taken: tuple[ReaderLeftOut, ...]
    reads: str
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
    collector = Collector(KEY, TITLE)
    absent = without_reads_of(
        {one.reader for one in dataset.reads}, records, "no rating of a case with a reference standard"
    )
    asked = _Asked(
        study.level,
        study.seed,
        study.plan,
        dataset.positive_from,
        _not_used(study),
        absent,
        has_models=bool(study.models()),
    )
    _of_records(collector, records, arms, asked)
    against_models(collector, study, records)
    return collector.section()


def mrmc_of_table(table: RatingTable, *, plan: AnalysisPlan, level: float, seed: int) -> Section:
    """The same of ``mrmc.csv`` alone; the difference of two modalities is the first minus the second."""
    collector = Collector(KEY, TITLE)
    records = [
        RatingRecord(one.reader, one.modality, one.case, table.truth[one.case], one.rating)
        for one in table.ratings
    ]
    _of_records(collector, records, table.modalities, _Asked(level, seed, plan, None))
    return collector.section()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the analyses of one set of reads are asked.

    ``absent`` are the study's readers without a read among them; ``has_models``: models are compared with the readers,
    by the same margins.
    """

    level: float
    seed: int
    plan: AnalysisPlan
    cut_off: float | None
    dropped: Sequence[DroppedCase] = ()
    absent: tuple[ReaderLeftOut, ...] = ()
    has_models: bool = False


def _of_records(
    collector: Collector, records: Sequence[RatingRecord], modalities: tuple[str, ...], asked: _Asked
) -> None:
    data = collector.attempt("or_jackknife", "Ratings", lambda: mrmc_data(records, modalities=modalities))
    if data is None:
        return
    own, left = _with_complete_readers(collector, data, asked.absent)
    pilot = None if own is None else _obuchowski_rockette(collector, own, left, asked)
    _gallas(collector, data, left, asked)
    if own is None or pilot is None or own.design.name != "fully_crossed" or len(own.modalities) < 2:
        return
    if not own.missing:
        _dbm(collector, own, pilot, asked)
    if len(own.modalities) == 2:
        add_power(collector, pilot, asked.plan)


def _dbm(collector: Collector, data: MrmcData, pilot: OrResult, asked: _Asked) -> None:
    """The pseudovalues of the AUC and of each planned partial area, and the AUC's components beside those of OR."""
    n = data.n_positive + data.n_negative
    result = collector.add("dbm", "Dorfman-Berbaum-Metz", lambda: dbm(data, Auc()), n=n)
    if result is not None:
        title = "Components of Dorfman-Berbaum-Metz and of Obuchowski-Rockette"
        collector.add("dbm_components", title, lambda: dbm_equivalence(result, pilot), n=n)
    for figure in planned_partial_areas(asked.plan):
        collector.add(
            f"dbm/{figure.name}",
            f"Dorfman-Berbaum-Metz, {figure.name}",
            lambda figure=figure: dbm(data, figure),  # type: ignore[misc]
            n=n,
        )


def _with_complete_readers(
    collector: Collector, data: MrmcData, absent: tuple[ReaderLeftOut, ...]
) -> tuple[MrmcData | None, tuple[ReaderLeftOut, ...]]:
    """The reads that an analysis of variance can take, and the readers whom it cannot; ``None`` where it takes none."""
    left = left_out_readers(
        data.read, data.truth, data.design, modalities=data.modalities, readers=data.readers
    )
    gone = {one.reader for one in left}
    kept = tuple(reader for reader in data.readers if reader not in gone)
    if not kept:
        left, kept = (), data.readers
    named = (*left, *absent)
    if named:
        collector.add(
            "readers",
            "Readers in the analysis of variance",
            lambda: ReadersTaken(
                "obuchowski_rockette", kept, named, data.design.text, (left_out_text(named),)
            ),
            n=data.n_positive + data.n_negative,
        )

    def taken() -> MrmcData:
        own = data.only_readers(kept) if left else data
        require_regular(own.design)
        return own

    return collector.attempt("or_jackknife", "Obuchowski-Rockette", taken), left


def _obuchowski_rockette(
    collector: Collector, data: MrmcData, left: tuple[ReaderLeftOut, ...], asked: _Asked
) -> OrResult | None:
    """Every figure with the jackknife, others beside it; gives that of the AUC with the jackknife."""
    named = (*left, *asked.absent)
    said = (left_out_text(named),) if named else ()
    results: dict[str, OrResult | None] = {}
    for name, figure, covariance in _wanted(asked):
        key = f"or_{covariance}/{name}"

        def compute(
            figure: FigureOfMerit = figure, covariance: CovarianceMethod = covariance, key: str = key
        ) -> OrResult:
            seed = seed_of(asked.seed, f"mrmc/{key}") if covariance == "bootstrap" else None
            cells = estimate_cells(data, figure, covariance=covariance, seed=seed)
            result = obuchowski_rockette(cells, level=asked.level)
            return replace(result, warnings=(*said, *result.warnings))

        title = f"Obuchowski-Rockette, {name}, {COVARIANCE_NAMES.get(covariance, covariance)} covariance"
        results[key] = collector.add(key, title, compute, dropped=asked.dropped)
        margin = margin_of(asked.plan, figure)
        if covariance == COVARIANCES[0] and margin is not None and len(data.modalities) > 1:
            _margin(collector, name, results[key], margin)
    if len(data.modalities) == 1:
        _margins_without_difference(collector, asked)
    elif asked.cut_off is None:
        _margins_without_cut_off(collector, asked.plan)
    return results["or_jackknife/AUC"]


def _wanted(asked: _Asked) -> list[tuple[str, FigureOfMerit, CovarianceMethod]]:
    """Figures and covariances: the jackknife of all, all of the AUC, the bootstrap of planned partial areas."""
    figures: list[tuple[str, FigureOfMerit]] = [("AUC", Auc())]
    if asked.cut_off is not None:
        figures += [("sensitivity", Sensitivity(asked.cut_off)), ("specificity", Specificity(asked.cut_off))]
    planned = planned_partial_areas(asked.plan)
    partial = planned
    if not any(one.axis == "specificity" for one in planned):
        partial = (PartialAuc(axis="specificity", low=PARTIAL_FROM, high=1.0), *planned)
    return [
        *((name, figure, COVARIANCES[0]) for name, figure in figures),
        *((one.name, one, COVARIANCES[0]) for one in partial),
        *(("AUC", Auc(), covariance) for covariance in COVARIANCES[1:]),
        *((one.name, one, "bootstrap") for one in planned),
    ]


def _margin(collector: Collector, name: str, result: OrResult | None, margin: float) -> None:
    """The arms by a margin of one figure; where the figure itself is refused, that stands for it."""
    if result is None:
        return
    collector.add(
        f"margin/{name}",
        f"Non-inferiority with a margin of {margin:g} in {name}, and superiority",
        lambda: margin_tests(result, margin=margin),
    )


def _margins_without_difference(collector: Collector, asked: _Asked) -> None:
    """Said once of all margins that a study of one arm declares, but where a model is set against them."""
    if any_margin(asked.plan) and not asked.has_models:
        collector.add("margin", "Non-inferiority and superiority", lambda: WITHOUT_DIFFERENCE)


def _margins_without_cut_off(collector: Collector, plan: AnalysisPlan) -> None:
    """Margins of calls are refused where no rating is a call, as in ``mrmc.csv`` alone."""
    declared = {"sensitivity": plan.margin_sensitivity, "specificity": plan.margin_specificity}
    for name, margin in declared.items():
        if margin is not None:
            text = f"a margin of {name} is declared, and no rating from which on a case is called positive"
            collector.attempt(f"margin/{name}", f"Non-inferiority in {name}", _refusal("no_cut_off", text))


def _refusal(code: str, text: str) -> Callable[[], None]:
    def refuse() -> None:
        raise AnalysisError(code, text)

    return refuse


def _gallas(collector: Collector, data: MrmcData, left: tuple[ReaderLeftOut, ...], asked: _Asked) -> None:
    said: tuple[str, ...] = ()
    if left:
        names = ", ".join(one.reader for one in left)
        said = (f"All reads count here, those of {names} too, whom the analysis of variance leaves out.",)
    if asked.absent:
        said = (*said, left_out_text(asked.absent))

    def compute() -> GallasResult:
        result = gallas(data, level=asked.level)
        return replace(result, warnings=(*said, *result.warnings))

    collector.add("gallas", "U-statistics of Gallas", compute, dropped=asked.dropped)


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
