"""Agreement between readers and models, and with the reference standard of a question."""

from collections.abc import Mapping
from itertools import combinations
from typing import TypeVar

from backend.analysis.agreement import Category, kappa_matrix
from backend.analysis.bland_altman import bland_altman
from backend.analysis.bland_altman_repeated import bland_altman_replicates
from backend.analysis.concordance import concordance_correlation
from backend.analysis.confusion import confusion_matrix
from backend.analysis.feature_icc import feature_icc, feature_selection
from backend.analysis.fleiss import fleiss_kappa
from backend.analysis.formats.analysis_plan import OF_READERS, Measurement
from backend.analysis.icc import icc
from backend.analysis.kappa_grid import kappa_grid
from backend.analysis.krippendorff import krippendorff_alpha
from backend.analysis.multirater import multirater_agreement
from backend.analysis.pipeline.apparent import apparent_warnings
from backend.analysis.pipeline.outlines import outlines
from backend.analysis.pipeline.questions import (
    AskedQuestion,
    MeasuredAt,
    asked_questions,
    measured,
    measured_label,
)
from backend.analysis.pipeline.results import Collector, Section, key_part
from backend.analysis.pipeline.study import Study
from backend.analysis.specific_agreement import specific_agreement
from backend.analysis.study_report import AgreementTable, DroppedCase

Ratings = dict[str, dict[str, Category | None]]
Value = TypeVar("Value")


def agreement(study: Study) -> Section:
    """Kappa of all pairs, chance-corrected coefficients of all readers, measurements, the reference standard."""
    collector = Collector("agreement", "Agreement")
    for arm in study.study.arms:
        for question in asked_questions(study):
            _categories(collector, study, arm, question)
        for measurement in study.files.design.measurements:
            _measurements(collector, study, arm, measurement)
    for question in asked_questions(study):
        _against_reference(collector, study, question)
    outlines(collector, study)
    return collector.section("no question was answered by two readers or models")


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


def _raters(study: Study, arm: str, question: AskedQuestion) -> Ratings:
    """Readers and models over every case that one of them answered, so that no gap goes uncounted."""
    found: Ratings = {name: dict(own) for name, own in sorted(question.of_models.items())}
    for read in study.study.reads:
        if read.arm == arm:
            found.setdefault(read.reader, {})[read.case] = question.of_read(read)
    readers = {read.reader for read in study.study.reads if read.arm == arm}
    read_cases = {case for name in readers for case in found[name]}
    return {name: {case: found[name].get(case) for case in sorted(read_cases)} for name in sorted(found)}


def _categories(collector: Collector, study: Study, arm: str, question: AskedQuestion) -> None:
    raters = _raters(study, arm, question)
    readers = {name: own for name, own in raters.items() if name not in question.of_models}
    if not readers or len(raters) < 2:
        return
    _pairs(collector, study, arm, question, raters)
    if len(readers) > 1:
        _all_readers(collector, study, arm, question, readers)


def _pairs(
    collector: Collector,
    study: Study,
    arm: str,
    question: AskedQuestion,
    raters: Mapping[str, Mapping[str, Category | None]],
) -> None:
    key, label, dropped = f"{question.key}/{arm}", f"{question.label}, {arm}", _unanswered(raters)
    for weights in question.weights:
        matrix = collector.add(
            f"kappa_{weights}/{key}",
            f"{label}: kappa of all pairs ({weights})",
            lambda w=weights: AgreementTable(  # type: ignore[misc]
                arm, question.key, question.label, kappa_matrix(raters, question.scale, w, level=study.level)
            ),
            method=f"kappa_{weights}",
            n=len(next(iter(raters.values()))),
            dropped=dropped,
        )
        if matrix is not None:
            collector.add(
                f"grid_{weights}/{key}",
                f"{label}: kappa matrix ({weights})",
                lambda m=matrix: kappa_grid(  # type: ignore[misc]
                    m.matrix, models=sorted(set(question.of_models) & set(raters))
                ),
                dropped=dropped,
            )


def _all_readers(
    collector: Collector,
    study: Study,
    arm: str,
    question: AskedQuestion,
    readers: Mapping[str, Mapping[str, Category | None]],
) -> None:
    key, label, level = f"{question.key}/{arm}", f"{question.label}, {arm}", study.level
    cases = next(iter(readers.values()))
    dropped = [
        DroppedCase(case, "no answer by any reader")
        for case in cases
        if all(own[case] is None for own in readers.values())
    ]
    for weights in question.weights:
        collector.add(
            f"coefficients_{weights}/{key}",
            f"{label}: agreement of all readers ({weights})",
            lambda w=weights: multirater_agreement(  # type: ignore[misc]
                readers, question.scale, w, level=level
            ),
            dropped=dropped,
        )
    collector.add(
        f"fleiss/{key}",
        f"{label}: Fleiss' kappa",
        lambda: fleiss_kappa(readers, question.scale, level=level),
        dropped=dropped,
    )
    collector.add(
        f"krippendorff/{key}",
        f"{label}: Krippendorff's alpha",
        lambda: krippendorff_alpha(
            readers,
            "ordinal" if question.is_ordinal else "nominal",
            categories=question.scale,
            level=level,
        ),
        dropped=dropped,
    )
    collector.add(
        f"percent/{key}",
        f"{label}: percent and specific agreement",
        lambda: specific_agreement(readers, question.scale, positive=question.positive, level=level),
        dropped=dropped,
    )


def _unanswered(raters: Mapping[str, Mapping[str, object]]) -> list[DroppedCase]:
    """The cases that one of the raters left open or did not see; pairs without that rater have them."""
    cases = next(iter(raters.values()))
    lacking = {case: [name for name, own in raters.items() if own[case] is None] for case in cases}
    return [DroppedCase(case, f"no answer by {', '.join(names)}") for case, names in lacking.items() if names]


def _measurements(collector: Collector, study: Study, arm: str, one: Measurement) -> None:
    values = measured(study, arm, one.key)
    # Of the first reads alone: what a reader measured in a further one is compared with the first.
    given: dict[str, dict[str, float]] = {}
    for read in study.study.reads:
        key = (read.reader, read.case, read.session, False)
        if read.arm == arm and key in values:
            given.setdefault(read.reader, {})[read.case] = values[key]
    if len(given) < 2:
        return
    cases = sorted({case for own in given.values() for case in own})
    raters = {reader: {case: given[reader].get(case) for case in cases} for reader in sorted(given)}
    name, level = f"{key_part(one.key)}/{key_part(arm)}", study.level
    label = measured_label(study, one, arm)
    collector.add(
        f"icc/{name}",
        f"{label}: intraclass correlation",
        lambda: icc(raters, level=level),
        dropped=_unanswered(raters),
    )
    for scale in ("interval", "ratio") if _has_true_zero(raters) else ("interval",):
        collector.add(
            f"alpha/{name}/{scale}",
            f"{label}: Krippendorff's alpha, {scale}",
            lambda scale=scale: krippendorff_alpha(raters, scale, level=level),  # type: ignore[misc]
            dropped=_unanswered(raters),
        )
    _repeated_limits(collector, study, arm, one, values)
    for a, b in combinations(sorted(raters), 2):
        dropped = _unanswered({reader: raters[reader] for reader in (a, b)})
        collector.add(
            f"bland_altman/{name}/{a}/{b}",
            f"{label}: {a} and {b}, Bland-Altman",
            lambda a=a, b=b: bland_altman(raters, a, b, level=level),  # type: ignore[misc]
            dropped=dropped,
        )
        collector.add(
            f"concordance/{name}/{a}/{b}",
            f"{label}: {a} and {b}, concordance correlation",
            lambda a=a, b=b: concordance_correlation(raters, a, b, level=level),  # type: ignore[misc]
            dropped=dropped,
        )


def _has_true_zero(raters: Mapping[str, Mapping[str, float | None]]) -> bool:
    """Whether the values can be on a ratio scale: none of them is negative."""
    return all(value is None or value >= 0.0 for own in raters.values() for value in own.values())


def _repeated_limits(
    collector: Collector, study: Study, arm: str, one: Measurement, values: Mapping[MeasuredAt, float]
) -> None:
    """Limits of agreement from every measurement of two readers who both measured a case again.

    A further read counts only where the set holds the first one: it does not stand in for one that is excluded.
    """
    given: dict[str, dict[str, list[float]]] = {}
    first = {(read.reader, read.arm, read.case) for read in study.study.reads}
    again = [read for read in study.files.repeats if (read.reader, read.arm, read.case) in first]
    for read in (*study.study.reads, *again):
        value = values.get((read.reader, read.case, read.session, read.is_repeat))
        if read.arm == arm and value is not None:
            given.setdefault(read.reader, {}).setdefault(read.case, []).append(value)
    label = measured_label(study, one, arm)
    for a, b in combinations(sorted(given), 2):
        both = given[a].keys() & given[b].keys()
        if not all(any(len(given[reader][case]) > 1 for case in both) for reader in (a, b)):
            continue
        collector.add(
            f"bland_altman_repeated/{key_part(one.key)}/{key_part(arm)}/{a}/{b}",
            f"{label}: {a} and {b}, Bland-Altman, all measurements",
            lambda a=a, b=b: bland_altman_replicates(  # type: ignore[misc]
                given[a], given[b], rater_a=a, rater_b=b, level=study.level
            ),
            dropped=[
                DroppedCase(case, f"no answer by {b if case in given[a] else a}")
                for case in sorted(given[a].keys() ^ given[b].keys())
            ],
        )


def _against_reference(collector: Collector, study: Study, question: AskedQuestion) -> None:
    reference = study.files.extras.reference.get(question.declared or "")
    if not reference:
        return
    everyone = [
        (f"{reader}, {arm}", own)
        for arm in study.study.arms
        for reader, own in _raters(study, arm, question).items()
        if reader not in question.of_models
    ]
    for name, own in [*everyone, *_consensus_answers(study, question), *sorted(question.of_models.items())]:
        common = {case: reference.get(case) for case in sorted(own)}
        compared = [case for case, settled in common.items() if settled is not None and own[case] is not None]
        collector.add(
            f"reference/{question.key}/{name}",
            f"{question.label}: {name} against the reference standard",
            lambda name=name, own=own, common=common: confusion_matrix(  # type: ignore[misc]
                common, own, question.scale, rater=name, positive=question.positive, level=study.level
            ),
            dropped=_uncompared(common, own, name),
            warnings=apparent_warnings(study, compared) if own is question.of_models.get(name) else (),
        )


def _consensus_answers(study: Study, question: AskedQuestion) -> list[tuple[str, dict[str, Category | None]]]:
    """What was answered in consensus; nothing where the reference standard is itself the readers' consensus."""
    if study.files.design.origin.reference_source == OF_READERS:
        return []
    answers: dict[tuple[str, str], dict[str, Category | None]] = {}
    for read in study.study.consensus:
        answers.setdefault((read.reader, read.arm), {})[read.case] = question.of_read(read)
    return [(f"{name}, {arm}", own) for (name, arm), own in sorted(answers.items())]


def _uncompared(
    reference: Mapping[str, object], answers: Mapping[str, object], name: str
) -> list[DroppedCase]:
    found = []
    for case in reference:
        reasons = ["no reference standard"] if reference[case] is None else []
        reasons += [f"no answer by {name}"] if answers[case] is None else []
        if reasons:
            found.append(DroppedCase(case, "; ".join(reasons)))
    return found


def _shared_cases(features: Mapping[str, Mapping[str, Value]]) -> dict[str, dict[str, Value]]:
    """The cases that everyone drew; an empty table where there is none or one alone drew."""
    shared = set.intersection(*(set(own) for own in features.values())) if len(features) > 1 else set()
    if not shared:
        return {}
    return {name: {case: own[case] for case in sorted(shared)} for name, own in features.items()}


def _n_cases(features: Mapping[str, Mapping[str, object]]) -> int:
    return len(next(iter(features.values()), {}))
