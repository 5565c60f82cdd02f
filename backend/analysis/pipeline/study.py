"""The dataset as the sections see it: the chosen analysis set, who rated which case, the plan's columns."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.analysis_plan import AnalysisPlan
from backend.analysis.formats.cohort_names import cohort_name
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.dataset_extras import Exclusion
from backend.analysis.formats.dataset_marks import MarkRecord
from backend.analysis.formats.dataset_reads import REPEATS_FROM
from backend.analysis.pipeline.column_labels import TRUTH_COLUMN, label_of
from backend.analysis.results import check_level
from backend.analysis.study_dataset import ModelOutputs, ReadRecord, StudyDataset
from backend.analysis.study_report import Curve, DroppedCase, RaterKind

_T = TypeVar("_T")
AnalysisSet: TypeAlias = Literal["as-read", "per-protocol"]


@dataclass(frozen=True, slots=True)
class Rated:
    """A reader or a consensus in an arm, or a model: case to score, and case to call.

    ``asked`` are the cases that a score is looked for in, those of left-out reads among them: what any reader read in
    the arm; for a model, every case; for a consensus, what was brought to one in the arm.
    """

    curve: Curve
    scores: Mapping[str, float]
    calls: Mapping[str, bool]
    asked: frozenset[str]

    @property
    def label(self) -> str:
        """Name for titles and keys."""
        return self.curve.label


@dataclass(frozen=True, slots=True)
class Study:
    """What every section is computed from; ``study`` is that of the chosen analysis set.

    ``excluded`` is what that set leaves out, ``reads_excluded`` and ``consensus_excluded`` the readers' reads and the
    consensus readings among it of cases that stay, with reasons; ``marks_excluded`` are the marks of left-out reads
    and cases.
    """

    files: DatasetFiles
    study: StudyDataset
    level: float
    seed: int
    excluded: tuple[Exclusion, ...]
    reads_excluded: tuple[tuple[ReadRecord, str], ...]
    consensus_excluded: tuple[tuple[ReadRecord, str], ...]
    marks_excluded: tuple[MarkRecord, ...]

    @property
    def plan(self) -> AnalysisPlan:
        """The declared choices."""
        return self.files.design.analysis

    @property
    def known(self) -> list[str]:
        """The cases with a truth, sorted."""
        return [case for case in sorted(self.study.truth) if self.study.truth[case] is not None]

    def is_positive(self, case: str) -> bool:
        """The truth of a case that has one."""
        return self.study.truth[case] is True

    def seed_of(self, key: str) -> int:
        """A seed of its own for each item, so that one more item changes no other."""
        return seed_of(self.seed, key)

    def readers(self) -> list[Rated]:
        """Readers in arms, by reader, then arm in the order of the design; none without a rating."""
        dataset = self.study
        if not dataset.has_rated_reads:
            return []
        return self._rated("reader", dataset.readers, dataset.reads, self.reads_excluded)

    def consensus(self) -> list[Rated]:
        """Consensus readings in arms, ordered alike; what is computed of them speaks of cases, not of readers."""
        dataset = self.study
        if all(read.score is None for read in dataset.consensus):
            return []
        return self._rated("consensus", dataset.consensus_names, dataset.consensus, self.consensus_excluded)

    def consensus_of_flow(self) -> list[Rated]:
        """As :meth:`consensus`, and those of which the set leaves out every reading, which have no score left."""
        made = self.files.study.consensus if self.files.study is not None else ()
        if all(read.score is None for read in made):
            return []
        names = sorted({read.reader for read in made})
        return self._rated("consensus", names, self.study.consensus, self.consensus_excluded, made)

    def _rated(
        self,
        kind: RaterKind,
        names: Sequence[str],
        reads: Sequence[ReadRecord],
        excluded: Sequence[tuple[ReadRecord, str]],
        listed: Sequence[ReadRecord] | None = None,
    ) -> list[Rated]:
        """Who has a read among ``listed``, by default the reads themselves."""
        entries = []
        present = {(read.reader, read.arm) for read in (reads if listed is None else listed)}
        made = [*reads, *(read for read, _ in excluded)]
        asked = {arm: frozenset(read.case for read in made if read.arm == arm) for arm in self.study.arms}
        for name in names:
            for arm in self.study.arms:
                own = [read for read in reads if (read.reader, read.arm) == (name, arm)]
                scores = {read.case: float(read.score) for read in own if read.score is not None}
                calls = {case: score >= self.study.positive_from for case, score in scores.items()}
                if (name, arm) in present:
                    entries.append(Rated(Curve(kind, name, arm), scores, calls, asked[arm]))
        return entries

    def models(self) -> list[Rated]:
        """The models, by name."""
        return [
            Rated(
                Curve("model", model.name, None),
                {one.case: one.score for one in model.predictions},
                {one.case: one.is_positive for one in model.predictions},
                frozenset(self.study.truth),
            )
            for model in sorted(self.study.models, key=lambda model: model.name)
        ]

    def complete(self, *rated: Rated) -> tuple[list[str], tuple[DroppedCase, ...]]:
        """The cases with truth that all of these rated, and the others that each of them was asked, with reasons."""
        complete, dropped = [], []
        for case in sorted(frozenset().union(*(one.asked for one in rated))):
            reasons = [] if self.study.truth[case] is not None else ["no truth"]
            reasons += [f"no score by {one.label}" for one in rated if case not in one.scores]
            if reasons:
                dropped.append(DroppedCase(case, "; ".join(reasons)))
            else:
                complete.append(case)
        return complete, tuple(dropped)

    def truths(self, cases: Sequence[str]) -> list[bool]:
        """The truth of these cases."""
        return [self.is_positive(case) for case in cases]

    def column(self, name: str) -> dict[str, str | float | None]:
        """Case to its value in a column of ``cases.csv``, to the score of a model of that name, or to the reference.

        A question of ``reference.csv`` is a column where ``cases.csv`` has none of its key.

        Raises
        ------
        AnalysisError
            ``unknown_column``.
        """
        for model in self.study.models:
            if model.name == name:
                scores = {one.case: one.score for one in model.predictions}
                return {case: scores.get(case) for case in sorted(self.study.truth)}
        if name == TRUTH_COLUMN:
            return {case: None if t is None else float(t) for case, t in sorted(self.study.truth.items())}
        known = {column for own in self.files.covariates.values() for column in own}
        reference = self.files.extras.reference.get(name)
        if name not in known and reference is not None:
            # Categories that are numbers are codes, and no measurement.
            answers = {case: str(value) for case, value in reference.items()}
            return {case: answers.get(case) for case in sorted(self.study.truth)}
        if name not in known:
            raise AnalysisError(
                "unknown_column",
                f"study.json names {name}, no column of cases.csv and no question of reference.csv",
            )
        return {case: self.files.covariates.get(case, {}).get(name) for case in sorted(self.study.truth)}

    def groups(self, name: str) -> dict[str, str | None]:
        """A column as labels of groups; a cohort is called as in the plan's ``development``."""
        labels = {case: _label(value) for case, value in self.column(name).items()}
        if name != self.plan.cohort:
            return labels
        return {case: None if label is None else cohort_name(label) for case, label in labels.items()}

    def order_of(self, name: str) -> tuple[str, ...]:
        """The groups of a column as the plan orders them, and :meth:`groups` calls them; empty where it does not."""
        declared = self.plan.ordered.get(name, ())
        return tuple(map(cohort_name, declared)) if name == self.plan.cohort else declared

    def label(self, name: str) -> str:
        """What a column, or a model among covariates, is called in titles."""
        return label_of(self.files, name)

    def columns(self) -> tuple[str, ...]:
        """The columns of ``cases.csv``."""
        first: Mapping[str, object] = next(iter(self.files.covariates.values()), {})
        return tuple(first)

    def groupings(self) -> tuple[str, ...]:
        """What cases can be grouped by: the columns of ``cases.csv``, and the questions of ``reference.csv``."""
        return tuple(dict.fromkeys((*self.columns(), *sorted(self.files.extras.reference))))

    def subgroup_columns(self) -> tuple[str, ...]:
        """The columns by which results are repeated, the cohort first."""
        return tuple(dict.fromkeys(name for name in (self.plan.cohort, *self.plan.subgroups) if name))


def seed_of(seed: int, key: str) -> int:
    """The seed of one item, from that of the analysis."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode()).digest()[:4], "big")


def study_of(files: DatasetFiles, *, level: float, seed: int, analysis_set: AnalysisSet = "as-read") -> Study:
    """The dataset without what the chosen set excludes.

    Raises
    ------
    AnalysisError
        ``no_study`` for ``mrmc.csv`` alone, ``no_cases`` where nothing is left, ``level_out_of_range``.
    """
    check_level(level)
    if files.study is None:
        raise AnalysisError("no_study", "the dataset holds mrmc.csv alone")
    out = [
        one for one in files.extras.exclusions if one.excluded_from == "all" or analysis_set == "per-protocol"
    ]
    return Study(
        files=_without(files, out) if out else files,
        study=_study_without(files.study, out),
        level=level,
        seed=seed,
        excluded=tuple(out),
        reads_excluded=_reads_excluded(files.study.reads, out),
        consensus_excluded=_reads_excluded(files.study.consensus, out),
        marks_excluded=tuple(one for one in files.extras.marks if _is_mark_out(out, one)),
    )


def _whole_cases(exclusions: Sequence[Exclusion]) -> set[str]:
    return {one.case for one in exclusions if one.is_whole_case}


def _is_out(
    exclusions: Sequence[Exclusion], reader: str, session: int, case: str, *, is_repeat: bool = False
) -> bool:
    return any(
        one.covers(reader=reader, session=session, case=case, is_repeat=is_repeat) for one in exclusions
    )


def _repeats_by_number(files: DatasetFiles) -> frozenset[tuple[str, str, int]]:
    """Reader, case and number of the hidden repeats that a file without a column for them names by the number.

    A number that is a session of a read of the same case names that read.
    """
    reads = files.study.reads if files.study is not None else ()
    sessions = {(one.reader, one.case, one.session) for one in (*reads, *files.repeats)}
    numbers = {(one.reader, one.case, one.session + REPEATS_FROM) for one in files.repeats if one.is_repeat}
    return frozenset(numbers - sessions)


def _is_numbered_out(
    exclusions: Sequence[Exclusion],
    by_number: frozenset[tuple[str, str, int]],
    reader: str,
    session: int,
    case: str,
) -> bool:
    """As :func:`_is_out`, of a file whose sessions may be numbers of hidden repeats."""
    is_repeat = (reader, case, session) in by_number
    own = session - REPEATS_FROM if is_repeat else session
    return _is_out(exclusions, reader, own, case, is_repeat=is_repeat)


def _is_outline_out(
    exclusions: Sequence[Exclusion],
    by_number: frozenset[tuple[str, str, int]],
    case: str,
    reader: str,
    session: int | None,
) -> bool:
    """Where the session of an outline is not told, a reader of whom a read of the case is left out has none of it."""
    if session is None:
        return any(one.case == case and one.reader in (None, reader) for one in exclusions)
    return _is_numbered_out(exclusions, by_number, reader, session, case)


def _is_mark_out(exclusions: Sequence[Exclusion], one: MarkRecord) -> bool:
    return _is_out(exclusions, one.reader, one.session, one.case)


def _reads_excluded(
    reads: Sequence[ReadRecord], exclusions: Sequence[Exclusion]
) -> tuple[tuple[ReadRecord, str], ...]:
    gone = _whole_cases(exclusions)
    return tuple(
        (read, next(one.reason for one in exclusions if not _stays(read, [one])))
        for read in reads
        if read.case not in gone and not _stays(read, exclusions)
    )


def _study_without(study: StudyDataset, exclusions: Sequence[Exclusion]) -> StudyDataset:
    if not exclusions:
        return study
    gone = _whole_cases(exclusions)
    return replace(
        study,
        truth={case: truth for case, truth in study.truth.items() if case not in gone},
        reads=tuple(read for read in study.reads if _stays(read, exclusions)),
        consensus=tuple(read for read in study.consensus if _stays(read, exclusions)),
        models=tuple(_model_without(model, gone) for model in study.models),
    )


def _stays(read: ReadRecord, exclusions: Sequence[Exclusion]) -> bool:
    return not _is_out(exclusions, read.reader, read.session, read.case, is_repeat=read.is_repeat)


def _model_without(model: ModelOutputs, gone: set[str]) -> ModelOutputs:
    return replace(model, predictions=tuple(one for one in model.predictions if one.case not in gone))


def _without(files: DatasetFiles, exclusions: Sequence[Exclusion]) -> DatasetFiles:
    gone = _whole_cases(exclusions)
    by_number = _repeats_by_number(files)
    extras = replace(
        files.extras,
        times=tuple(
            one
            for one in files.extras.times
            if not _is_out(exclusions, one.reader, one.session, one.case, is_repeat=one.is_repeat)
        ),
        masks=tuple(
            one
            for one in files.extras.masks
            if not _is_outline_out(exclusions, by_number, one.case, one.reader_a, one.session_a)
            and not _is_outline_out(exclusions, by_number, one.case, one.reader_b, one.session_b)
        ),
        reference={key: _cases_without(own, gone) for key, own in files.extras.reference.items()},
        model_answers={
            key: {model: _cases_without(own, gone) for model, own in models.items()}
            for key, models in files.extras.model_answers.items()
        },
        lesions=_cases_without(files.extras.lesions, gone),
        marks=tuple(one for one in files.extras.marks if not _is_mark_out(exclusions, one)),
        features={
            reader: {
                session: {
                    case: values
                    for case, values in own.items()
                    if not _is_numbered_out(exclusions, by_number, reader, int(session), case)
                }
                for session, own in sessions.items()
            }
            for reader, sessions in files.extras.features.items()
        },
    )
    return replace(
        files,
        repeats=tuple(read for read in files.repeats if _stays(read, exclusions)),
        answers=tuple(
            one
            for one in files.answers
            if not _is_out(exclusions, one.reader, one.session, one.case, is_repeat=one.is_repeat)
        ),
        outcomes=tuple(one for one in files.outcomes if one.case not in gone),
        covariates=_cases_without(files.covariates, gone),
        extras=extras,
    )


def _cases_without(by_case: Mapping[str, _T], gone: set[str]) -> dict[str, _T]:
    return {case: value for case, value in by_case.items() if case not in gone}


def _label(value: str | float | None) -> str | None:
    return f"{value:g}" if isinstance(value, float) else value
