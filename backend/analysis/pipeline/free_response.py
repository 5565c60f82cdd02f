"""Free-response reads: marks on lesions, their figures of merit by Obuchowski-Rockette, FROC and AFROC curves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from backend.analysis.mrmc.design import design_of, require_regular
from backend.analysis.mrmc.localization import (
    WITHOUT_NEGATIVES,
    FrocCurve,
    LocalizationCovariance,
    LocalizationFigure,
    localization_cells,
    reader_curve,
)
from backend.analysis.mrmc.marks import LocalizationData, Mark, localization_data
from backend.analysis.mrmc.obuchowski_rockette import OrResult, obuchowski_rockette
from backend.analysis.mrmc.readers import ReaderLeftOut, left_out_readers, left_out_text
from backend.analysis.pipeline.multireader import ReadersTaken
from backend.analysis.pipeline.results import Collector, Section, not_applicable
from backend.analysis.pipeline.study import Study
from backend.analysis.study_report import DroppedCase

KEY, TITLE = "free_response", "Free-response analysis"
COVARIANCES: tuple[LocalizationCovariance, ...] = ("jackknife", "bootstrap")
WITH_NEGATIVES: tuple[LocalizationFigure, ...] = ("wAFROC", "AFROC", "LROC", "HrAUC", "FROC")
ALL_READ = (
    "The dataset has no reads.csv: every reader is taken to have read every case in each arm in which the reader has "
    "a mark."
)
ALL_READ_BUT_EXCLUDED = ALL_READ.removesuffix(".") + ", but for the reads that are excluded."
NO_TRUTH = "no read of a case with a reference standard"
NOTHING_LEFT = "every read of a case with a reference standard is excluded"
WITHOUT_LESIONS = "the dataset has marks (marks.csv) and does not say where the lesions are (lesions.csv)"
SECOND_READS = "Marks of second reads of a case by the same reader in the same arm do not count: {}."


@dataclass(frozen=True, slots=True)
class FreeResponse:
    """What the analyses take: cases with their lesions, marks of first reads, the reads made.

    ``reads`` holds reader, arm and case; ``None`` where the dataset has no reads. ``absent`` are the readers who read
    no case with a truth.
    """

    cases: dict[str, dict[str, float]]
    marks: tuple[Mark, ...]
    reads: tuple[tuple[str, str, str], ...] | None
    arms: tuple[str, ...]
    dropped: tuple[DroppedCase, ...]
    absent: tuple[ReaderLeftOut, ...]
    warnings: tuple[str, ...]

    def data(self, readers: Sequence[str] | None = None) -> LocalizationData:
        """The checked study, of these readers alone where some are named.

        Raises
        ------
        AnalysisError
            Those of :func:`~backend.analysis.mrmc.marks.localization_data`.
        """
        marks = [one for one in self.marks if readers is None or one.reader in readers]
        reads = self.reads
        cases = self.cases
        if reads is not None:
            reads = tuple(one for one in reads if readers is None or one[0] in readers)
            seen = {case for _, _, case in reads}
            cases = {case: lesions for case, lesions in cases.items() if case in seen}
        found = {one.modality for one in marks} | {arm for _, arm, _ in reads or ()}
        return localization_data(
            cases, marks, reads=reads, modalities=[arm for arm in self.arms if arm in found]
        )


def free_response(study: Study) -> Section:
    """Marks against lesions; the difference of two arms is the later minus the earlier of the design."""
    if study.files.extras.places:
        return not_applicable(KEY, TITLE, WITHOUT_LESIONS)
    if not study.files.extras.marks and not study.marks_excluded:
        return not_applicable(KEY, TITLE, "the dataset has no marks (marks.csv, lesions.csv)")
    collector = Collector(KEY, TITLE)
    given = free_response_of(study)
    data = collector.attempt("curve", "Marks", given.data)
    if data is None:
        return collector.section()
    for reader in data.readers:
        for arm in reversed(data.modalities):
            if data.read[data.modalities.index(arm), data.readers.index(reader)].any():
                _curve(collector, data, reader, arm, given)
    _figures(collector, data, given, study)
    return collector.section()


def free_response_of(study: Study) -> FreeResponse:
    """The marks of first reads of cases with a truth; arms from the later to the earlier."""
    extras, dataset = study.files.extras, study.study
    known = set(study.known)
    cases = {case: {one.key: one.weight for one in extras.lesions.get(case, ())} for case in study.known}
    arms = {one.arm for one in (*extras.marks, *study.marks_excluded)}
    has_reads = bool(dataset.reads or study.files.repeats or study.reads_excluded)
    first = {(one.reader, one.arm, one.case): one.session for one in dataset.reads if one.arm in arms}
    counted = [
        one
        for one in extras.marks
        if not has_reads or first.get((one.reader, one.arm, one.case)) == one.session
    ]
    second = len(extras.marks) - len(counted)
    reads = (
        tuple(sorted(key for key in first if key[2] in known)) if has_reads else _taken_reads(study, known)
    )
    readers, taking_part = {key[0] for key in first}, {key[0] for key in first if key[2] in known}
    if not has_reads and reads is not None:
        readers = {one.reader for one in (*extras.marks, *study.marks_excluded)}
        taking_part = {key[0] for key in reads}
    all_read = ALL_READ if reads is None else ALL_READ_BUT_EXCLUDED
    why = NO_TRUTH if has_reads else NOTHING_LEFT
    return FreeResponse(
        cases,
        tuple(
            Mark(one.reader, one.arm, one.case, one.rating, one.lesion)
            for one in counted
            if one.case in known
        ),
        reads,
        tuple(arm for arm in reversed(dataset.arms) if arm in arms),
        tuple(DroppedCase(case, "no truth") for case in sorted({key[2] for key in first} - known)),
        tuple(ReaderLeftOut(reader, why) for reader in sorted(readers - taking_part)),
        (*(() if has_reads else (all_read,)), *((SECOND_READS.format(second),) if second else ())),
    )


def _taken_reads(study: Study, known: set[str]) -> tuple[tuple[str, str, str], ...] | None:
    """The reads taken to have been made, without the excluded ones; ``None`` (every one) where nothing is excluded.

    A case whose read is excluded is not a case without a mark. Which session a read without a mark was of, only the
    reader's other marks in the arm say.
    """
    if not study.excluded:
        return None
    sessions: dict[tuple[str, str], set[int]] = {}
    marked: dict[tuple[str, str, str], int] = {}
    for mark in (*study.files.extras.marks, *study.marks_excluded):
        sessions.setdefault((mark.reader, mark.arm), set()).add(mark.session)
        marked[mark.reader, mark.arm, mark.case] = mark.session
    return tuple(
        (reader, arm, case)
        for (reader, arm), own in sorted(sessions.items())
        for case in sorted(known)
        if not any(
            one.covers(reader=reader, session=session, case=case, is_repeat=False)
            for one in study.excluded
            for session in ({marked[reader, arm, case]} if (reader, arm, case) in marked else own)
        )
    )


def _curve(collector: Collector, data: LocalizationData, reader: str, arm: str, given: FreeResponse) -> None:
    def compute() -> FrocCurve:
        result = reader_curve(data, modality=arm, reader=reader)
        return replace(result, warnings=(*given.warnings, *result.warnings))

    collector.add(
        f"curve/{reader}, {arm}", f"{reader}, {arm}: marks and lesions", compute, dropped=given.dropped
    )


def _figures(collector: Collector, data: LocalizationData, given: FreeResponse, study: Study) -> None:
    """Obuchowski-Rockette of each figure by both covariances, of readers with reads of both classes in every arm."""
    figures = WITH_NEGATIVES if (~data.truth).any() else WITHOUT_NEGATIVES
    design = design_of(data.read, data.modalities, data.readers)
    left: tuple[ReaderLeftOut, ...] = left_out_readers(
        data.read, data.truth, design, modalities=data.modalities, readers=data.readers
    )
    gone = {one.reader for one in left}
    kept = tuple(reader for reader in data.readers if reader not in gone)
    if not kept:
        left, kept = (), data.readers
    named = (*left, *given.absent)
    if named:
        collector.add(
            "readers",
            "Readers in the analysis of variance",
            lambda: ReadersTaken("obuchowski_rockette", kept, named, design.text, (left_out_text(named),)),
            n=len(data.cases),
        )

    def taken() -> LocalizationData:
        own = given.data(kept) if left else data
        require_regular(design_of(own.read, own.modalities, own.readers))
        return own

    own = collector.attempt("or_jackknife", "Obuchowski-Rockette", taken)
    if own is None:
        return
    said = (*given.warnings, *((left_out_text(named),) if named else ()))
    for covariance, figure in product(COVARIANCES, figures):
        key = f"or_{covariance}/{figure}"

        def compute(
            figure: LocalizationFigure = figure,
            covariance: LocalizationCovariance = covariance,
            key: str = key,
        ) -> OrResult:
            seed = study.seed_of(f"free_response/{key}") if covariance == "bootstrap" else None
            cells = localization_cells(own, figure, covariance=covariance, seed=seed)
            result = obuchowski_rockette(cells, level=study.level)
            return replace(result, warnings=(*said, *result.warnings))

        title = f"Obuchowski-Rockette, {figure}, {covariance} covariance"
        collector.add(key, title, compute, dropped=given.dropped)
