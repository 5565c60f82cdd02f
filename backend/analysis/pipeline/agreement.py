"""Agreement between readers and models, with the reference standard, and of readers with themselves."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from backend.analysis.agreement import Category, Weights, kappa_matrix
from backend.analysis.bland_altman import bland_altman
from backend.analysis.concordance import concordance_correlation
from backend.analysis.confusion import confusion_matrix
from backend.analysis.feature_icc import feature_icc, feature_selection
from backend.analysis.fleiss import fleiss_kappa
from backend.analysis.formats.analysis_plan import Measurement
from backend.analysis.formats.dataset_reads import in_order
from backend.analysis.icc import icc
from backend.analysis.intra_reader import intra_reader_categories, intra_reader_measurements
from backend.analysis.kappa_grid import kappa_grid
from backend.analysis.krippendorff import krippendorff_alpha
from backend.analysis.mask_values import MaskValue, mask_values
from backend.analysis.multirater import multirater_agreement
from backend.analysis.pipeline.results import Collector, Section
from backend.analysis.pipeline.study import Study
from backend.analysis.specific_agreement import specific_agreement
from backend.analysis.study_dataset import ReadRecord
from backend.analysis.study_report import AgreementTable

Ratings = dict[str, dict[str, Category | None]]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Question:
    key: str
    label: str
    scale: tuple[Category, ...]
    weights: tuple[Weights, ...]
    of_read: Callable[[ReadRecord], Category | None]
    of_models: Mapping[str, Mapping[str, Category | None]]
    positive: Category | None = None


def agreement(study: Study) -> Section:
    """Kappa of all pairs, chance-corrected coefficients of all readers, measurements, the reference standard."""
    collector = Collector("agreement", "Agreement")
    for arm in study.study.arms:
        for question in _questions(study):
            _categories(collector, study, arm, question)
        for measurement in study.files.design.measurements:
            _measurements(collector, study, arm, measurement)
    for question in _questions(study):
        _against_reference(collector, study, question)
    _outlines(collector, study)
    return collector.section("no question was answered by two readers or models")


def _outlines(collector: Collector, study: Study) -> None:
    """Outlines compared, each question and arm by itself where the dataset tells them."""
    by_place: dict[tuple[str, str], list[MaskValue]] = {}
    for one in study.files.extras.masks:
        by_place.setdefault((one.question, one.arm), []).append(one)
    for (question, arm), own in sorted(by_place.items()):
        place = [part for part in (question, arm) if part]
        told = f": {', '.join(place)}" if place else ""
        collector.add(
            "/".join(("masks", *place)),
            f"Outlines compared (masks.csv){told}",
            lambda own=own: mask_values(own),  # type: ignore[misc]
        )


def intra_reader(study: Study) -> Section:
    """Agreement of readers with themselves, on the cases that came back in the same arm."""
    collector = Collector("intra_reader", "Intra-reader agreement")
    first = {(read.reader, read.arm, read.case): read for read in study.study.reads}
    for arm in study.study.arms:
        again = [read for read in study.files.repeats if read.arm == arm]
        reads: dict[tuple[str, str], list[ReadRecord]] = {}
        for read in sorted(again, key=lambda read: in_order(read.session)):
            key = (read.reader, arm, read.case)
            if key in first:
                reads.setdefault((read.reader, read.case), [first[key]]).append(read)
        if not reads:
            continue
        for question in _questions(study):
            _repeated_categories(collector, study, arm, question, reads)
        for measurement in study.files.design.measurements:
            _repeated_measurements(collector, study, arm, measurement, reads)
    return collector.section("no reader read a case again in the same arm")


def features(study: Study) -> Section:
    """Which features of drawn regions two readers, or one reader twice, reproduce."""
    collector = Collector("features", "Reproducibility of features")
    table = study.files.extras.features
    firsts = {reader: sessions[min(sessions, key=int)] for reader, sessions in sorted(table.items())}
    inter = _shared_cases(firsts)
    if len(inter) > 1:
        collector.add(
            "inter", "Between readers", lambda: feature_icc(inter, level=study.level), n=_n_cases(inter)
        )
    twice = {
        reader: _shared_cases(dict(sorted(sessions.items())))
        for reader, sessions in sorted(table.items())
        if len(sessions) > 1
    }
    for reader, sessions in twice.items():
        collector.add(
            f"intra/{reader}",
            f"{reader} twice",
            lambda own=sessions: feature_icc(own, level=study.level),  # type: ignore[misc]
            n=_n_cases(sessions),
        )
    if len(inter) > 1 and twice:
        collector.add(
            "selection",
            "Features reproduced between and within readers",
            lambda: feature_selection(inter, twice, level=study.level),
            n=_n_cases(inter),
        )
    return collector.section("the dataset has no features of drawn regions (features.csv)")


def _questions(study: Study) -> Iterator[_Question]:
    dataset = study.study
    if dataset.is_rated and dataset.reads:
        calls = {one.curve.name: one.calls for one in study.models()}
        yield _Question(
            "call",
            f"Called {dataset.positive_class} (readers: score >= {dataset.positive_from})",
            (False, True),
            ("unweighted",),
            lambda read: None if read.score is None else read.score >= dataset.positive_from,
            calls,
            positive=True,
        )
        if len(dataset.scale) > 2:
            yield _Question(
                "score",
                "Ordinal score",
                dataset.scale,
                ("linear", "quadratic"),
                lambda read: read.score,
                {},
            )
    for item in sorted(dataset.questions, key=lambda item: item.key):
        answers = study.files.extras.model_answers.get(item.key, {})
        yield _Question(item.key, item.label, item.categories, ("unweighted",), _answer_of(item.key), answers)


def _answer_of(key: str) -> Callable[[ReadRecord], Category | None]:
    return lambda read: read.answers.get(key)


def _raters(study: Study, arm: str, question: _Question) -> Ratings:
    """Readers and models over every case that one of them answered, so that no gap goes uncounted."""
    found: Ratings = {name: dict(own) for name, own in sorted(question.of_models.items())}
    for read in study.study.reads:
        if read.arm == arm:
            found.setdefault(read.reader, {})[read.case] = question.of_read(read)
    readers = {read.reader for read in study.study.reads if read.arm == arm}
    read_cases = {case for name in readers for case in found[name]}
    return {name: {case: found[name].get(case) for case in sorted(read_cases)} for name in sorted(found)}


def _categories(collector: Collector, study: Study, arm: str, question: _Question) -> None:
    raters = _raters(study, arm, question)
    readers = {name: own for name, own in raters.items() if name not in question.of_models}
    if not readers or len(raters) < 2:
        return
    key, label, level = f"{question.key}/{arm}", f"{question.label}, {arm}", study.level
    for weights in question.weights:
        matrix = collector.add(
            f"kappa_{weights}/{key}",
            f"{label}: kappa of all pairs ({weights})",
            lambda w=weights: AgreementTable(  # type: ignore[misc]
                arm, question.key, question.label, kappa_matrix(raters, question.scale, w, level=level)
            ),
            method=f"kappa_{weights}",
            n=len(next(iter(raters.values()))),
        )
        if matrix is not None:
            collector.add(
                f"grid_{weights}/{key}",
                f"{label}: kappa matrix ({weights})",
                lambda m=matrix: kappa_grid(  # type: ignore[misc]
                    m.matrix, models=sorted(set(question.of_models) & set(raters))
                ),
            )
    if len(readers) < 2:
        return
    ordinal = question.key == "score"
    for weights in question.weights:
        collector.add(
            f"coefficients_{weights}/{key}",
            f"{label}: agreement of all readers ({weights})",
            lambda w=weights: multirater_agreement(  # type: ignore[misc]
                readers, question.scale, w, level=level
            ),
        )
    collector.add(
        f"fleiss/{key}",
        f"{label}: Fleiss' kappa",
        lambda: fleiss_kappa(readers, question.scale, level=level),
    )
    collector.add(
        f"krippendorff/{key}",
        f"{label}: Krippendorff's alpha",
        lambda: krippendorff_alpha(
            readers, "ordinal" if ordinal else "nominal", categories=question.scale, level=level
        ),
    )
    collector.add(
        f"percent/{key}",
        f"{label}: percent and specific agreement",
        lambda: specific_agreement(readers, question.scale, positive=question.positive, level=level),
    )


def _measured(study: Study, arm: str, key: str) -> dict[tuple[str, str, int], float]:
    """Reader, case and session to the value of the measurement."""
    return {
        (reader, case, session): float(value)
        for reader, its_arm, session, case, question, value in study.files.answers
        if (its_arm, question) == (arm, key) and value
    }


def _measurements(collector: Collector, study: Study, arm: str, one: Measurement) -> None:
    values = _measured(study, arm, one.key)
    # Of the first reads alone: what a reader measured in a further one is compared with the first.
    measured: dict[str, dict[str, float]] = {}
    for read in study.study.reads:
        key = (read.reader, read.case, read.session)
        if read.arm == arm and key in values:
            measured.setdefault(read.reader, {})[read.case] = values[key]
    if len(measured) < 2:
        return
    cases = sorted({case for own in measured.values() for case in own})
    raters = {reader: {case: measured[reader].get(case) for case in cases} for reader in sorted(measured)}
    name, level = f"{one.key}/{arm}", study.level
    label = f"{one.label} ({one.unit}), {arm}" if one.unit else f"{one.label}, {arm}"
    collector.add(f"icc/{name}", f"{label}: intraclass correlation", lambda: icc(raters, level=level))
    for a, b in combinations(sorted(raters), 2):
        collector.add(
            f"bland_altman/{name}/{a}/{b}",
            f"{label}: {a} and {b}, Bland-Altman",
            lambda a=a, b=b: bland_altman(raters, a, b, level=level),  # type: ignore[misc]
        )
        collector.add(
            f"concordance/{name}/{a}/{b}",
            f"{label}: {a} and {b}, concordance correlation",
            lambda a=a, b=b: concordance_correlation(raters, a, b, level=level),  # type: ignore[misc]
        )


def _against_reference(collector: Collector, study: Study, question: _Question) -> None:
    reference = study.files.extras.reference.get(question.key)
    if not reference:
        return
    everyone = [
        (f"{reader}, {arm}", own)
        for arm in study.study.arms
        for reader, own in _raters(study, arm, question).items()
        if reader not in question.of_models
    ]
    for name, own in [*everyone, *sorted(question.of_models.items())]:
        common = {case: reference.get(case) for case in sorted(own)}
        collector.add(
            f"reference/{question.key}/{name}",
            f"{question.label}: {name} against the reference standard",
            lambda name=name, own=own, common=common: confusion_matrix(  # type: ignore[misc]
                common, own, question.scale, rater=name, level=study.level
            ),
        )


def _repeated_categories(
    collector: Collector,
    study: Study,
    arm: str,
    question: _Question,
    reads: Mapping[tuple[str, str], Sequence[ReadRecord]],
) -> None:
    table: dict[str, dict[str, list[Category | None]]] = {}
    for (reader, case), own in sorted(reads.items()):
        table.setdefault(reader, {})[case] = [question.of_read(read) for read in own]
    for weights in question.weights:
        collector.add(
            f"{question.key}_{weights}/{arm}",
            f"{question.label}, {arm} ({weights})",
            lambda w=weights: intra_reader_categories(  # type: ignore[misc]
                table, question.scale, w, level=study.level
            ),
            n=len({case for own in table.values() for case in own}),
        )


def _repeated_measurements(
    collector: Collector,
    study: Study,
    arm: str,
    one: Measurement,
    reads: Mapping[tuple[str, str], Sequence[ReadRecord]],
) -> None:
    values = _measured(study, arm, one.key)
    table: dict[str, dict[str, list[float]]] = {}
    for (reader, case), own in sorted(reads.items()):
        given = [values.get((reader, case, read.session)) for read in own]
        filled = [value for value in given if value is not None]
        # The first read is compared with each that came after it.
        if given[0] is not None and len(filled) > 1:
            table.setdefault(reader, {})[case] = filled
    if table:
        collector.add(
            f"{one.key}/{arm}",
            f"{one.label}, {arm}",
            lambda: intra_reader_measurements(table, level=study.level),
            n=len({case for own in table.values() for case in own}),
        )


def _shared_cases(features: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, Value]]:
    """The cases that everyone drew; an empty table where there is none or one alone drew."""
    shared = set.intersection(*(set(own) for own in features.values())) if len(features) > 1 else set()
    if not shared:
        return {}
    return {name: {case: own[case] for case in sorted(shared)} for name, own in features.items()}


def _n_cases(features: Mapping[str, Mapping[str, object]]) -> int:
    return len(next(iter(features.values()), {}))
