"""A whole study, by services alone, from design to results; and every number of the results checked elsewhere."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from statsmodels.stats.inter_rater import cohens_kappa

from backend.analysis.agreement import cohen_kappa
from backend.analysis.roc import delong, delong_paired
from backend.analysis.study_report import CALL, SCORE
from backend.audit.errors import RuleBroken
from backend.predictions.models import Disclosure
from backend.predictions.release import read_open_next_with_aid
from backend.reads.models import Read
from backend.reports.models import ResultFile, ResultRun
from backend.reports.selectors import result_file, study_results
from backend.reports.services import dataset_freeze, results_run
from tests.factories.studies import READERS, WASHOUT, StudyStory, aid_numbers, design, freeze, lock

pytestmark = pytest.mark.django_db
CASES = 12
SCALE = (1, 2, 3, 4, 5)
POSITIVE_FROM = 4
TRUTH = [True, False, True, False, False, True, False, True, False, False, True, False]
# Reader, session, case: made up so that no AUC is 0, 1 or tied with another.
RATINGS = {
    ("reader1", 1): [4, 2, 3, 3, 1, 5, 4, 2, 2, 1, 4, 3],
    ("reader1", 2): [5, 2, 4, 3, 1, 5, 3, 4, 2, 1, 4, 4],
    ("reader2", 1): [3, 1, 5, 4, 2, 4, 2, 3, 3, 2, 2, 1],
    ("reader2", 2): [4, 1, 5, 3, 2, 5, 2, 4, 4, 2, 3, 1],
}
ARMS = {1: "unaided", 2: "aided"}


@pytest.fixture
def story() -> StudyStory:
    return freeze(design("SAGA", cases=CASES, truths=TRUTH, with_images=True))


def read_session(story: StudyStory, part: str, ordinal: int) -> None:
    """Every case of the reader's session, in the stored order, with the ratings above."""
    for position in range(1, CASES + 1):
        read = story.open_next(part)
        assignment = read.assignment
        assert (assignment.position, assignment.reading_session.session.ordinal) == (position, ordinal)
        story.see_aid(read)
        rank = story.cases.index(assignment.study_case.case)
        story.submit(read, {**story.answers_of(read), "rating": RATINGS[(part, ordinal)][rank]})


def read_study(story: StudyStory) -> dict[str, Any]:
    for part in READERS:
        read_session(story, part, 1)
    assert_refused_in_the_washout(story)
    story.clock.pass_washout()
    for part in READERS:
        read_session(story, part, 2)
    return study_results(lock(story).study)


def assert_refused_in_the_washout(story: StudyStory) -> None:
    """Neither at once, nor an instant before the washout of the case whose turn it is has passed."""
    for part in READERS:
        with pytest.raises(RuleBroken) as at_once:
            story.open_next(part)
        assert at_once.value.code == "washout_running"
        member = story.people[part].memberships.get()
        case = member.reading_sessions.get(session__ordinal=2).assignments.get(position=1).study_case
        before = Read.objects.get(reader=story.people[part], assignment__study_case=case)
        just_before = before.submitted_at + WASHOUT - timedelta(microseconds=1)
        with pytest.raises(RuleBroken) as too_early:
            read_open_next_with_aid(slug=story.slug, by=story.people[part], now=just_before)
        assert too_early.value.code == "washout_running"
    assert Read.objects.filter(study=story.study).count() == 2 * CASES


def test_a_study_from_design_to_results(story) -> None:
    report = read_study(story)
    assert (report["n_cases"], report["n_positive"], report["n_negative"]) == (12, 5, 7)
    assert (report["readers"], report["arms"]) == (["R1", "R2"], ["unaided", "aided"])
    assert Disclosure.objects.count() == 2 * CASES
    reads = Read.objects.filter(study=story.study)
    assert min(read.washout_seconds for read in reads if read.washout_seconds) >= WASHOUT.total_seconds()
    check_curves(report)
    check_comparisons(report)
    check_kappas(report)
    check_reads_file(story)


def check_curves(report: Mapping[str, Any]) -> None:
    """AUC of every reader and arm, and of the model: our analysis, and scikit-learn 1.9 `roc_auc_score`."""
    by_curve = {(one["curve"]["name"], one["curve"]["arm"]): one["auc"] for one in report["curves"]}
    assert len(by_curve) == 5
    for (part, ordinal), ratings in RATINGS.items():
        auc = by_curve[(code_of(part), ARMS[ordinal])]
        assert auc == delong(TRUTH, ratings).to_json()
        assert auc["auc"] == pytest.approx(roc_auc_score(TRUTH, ratings), rel=1e-12)
    model = by_curve[("lpln-radiomics", None)]
    assert model["auc"] == pytest.approx(roc_auc_score(TRUTH, model_scores()), rel=1e-12)


def check_comparisons(report: Mapping[str, Any]) -> None:
    """Later minus earlier arm, by our analysis and by DeLong's formula written out over all pairs of cases."""
    arms = {one["a"]["name"]: one for one in report["comparisons"] if one["kind"] == "arms"}
    for part in READERS:
        aided, unaided = RATINGS[(part, 2)], RATINGS[(part, 1)]
        one = arms[code_of(part)]
        assert (one["a"]["arm"], one["b"]["arm"]) == ("aided", "unaided")
        assert one["result"] == delong_paired(TRUTH, aided, unaided).to_json()
        difference, se = slow_paired_delong(TRUTH, aided, unaided)
        assert one["result"]["difference"] == pytest.approx(difference, rel=1e-12)
        assert one["result"]["se"] == pytest.approx(se, rel=1e-12)
    assert sum(one["kind"] == "reader_vs_model" for one in report["comparisons"]) == 4


def check_kappas(report: Mapping[str, Any]) -> None:
    """Kappa of the calls by statsmodels 0.15 `cohens_kappa` (with its standard error), of the five-point scale
    by scikit-learn 1.9 `cohen_kappa_score` with weights."""
    tables = {(one["arm"], one["question"], one["matrix"]["weights"]): one for one in report["agreement"]}
    for ordinal, arm in ARMS.items():
        one, other = RATINGS[("reader1", ordinal)], RATINGS[("reader2", ordinal)]
        calls = [[rating >= POSITIVE_FROM for rating in ratings] for ratings in (one, other)]
        stored = pair_of(tables[(arm, CALL, "unweighted")], "R1", "R2")
        assert stored == cohen_kappa(*calls, (False, True)).to_json()
        expected = cohens_kappa(count_table(*calls, (False, True)))
        assert stored["kappa"] == pytest.approx(expected.kappa, rel=1e-12)
        assert stored["se"] == pytest.approx(expected.std_kappa, rel=1e-9)
        for weights in ("linear", "quadratic"):
            stored = pair_of(tables[(arm, SCORE, weights)], "R1", "R2")
            assert stored["kappa"] == pytest.approx(
                cohen_kappa_score(one, other, labels=SCALE, weights=weights), rel=1e-12
            )
        model_calls = [score > 0.25 for score in model_scores()]
        stored = pair_of(tables[(arm, CALL, "unweighted")], "R1", "lpln-radiomics")
        assert stored["kappa"] == pytest.approx(cohen_kappa_score(calls[0], model_calls), rel=1e-12)


def check_reads_file(story: StudyStory) -> None:
    """One line a read and question, with the rating that was given and the probability that was shown."""
    body, _ = result_file(story.study, "reads.csv")
    lines = body.decode().splitlines()
    assert len(lines) == 1 + 4 * CASES * len(story.study.protocol["form"]["questions"])
    for (part, ordinal), ratings in RATINGS.items():
        for rank, rating in enumerate(ratings):
            begin = f"{code_of(part)},{ordinal},{ARMS[ordinal]},"
            case = f",{story.cases[rank].number},rating,{rating},"
            (line,) = [one for one in lines if one.startswith(begin) and case in one]
            shown = repr(aid_numbers(story.name, rank)[1]) if ordinal == 2 else ""
            assert line.endswith(f",{'lpln-radiomics' if ordinal == 2 else ''},{shown}")


def test_the_same_data_give_the_same_results_to_the_last_byte(story) -> None:
    read_study(story)
    first = ResultRun.objects.get()
    dataset = dataset_freeze(study=story.study, by=None, now=story.clock.tick())
    again = results_run(dataset=dataset, by=None, now=story.clock.tick())
    assert dataset.content_sha256 == first.dataset.content_sha256
    assert (again.report, again.versions) == (first.report, first.versions)
    files = [dict(ResultFile.objects.filter(run=run).values_list("name", "body")) for run in (first, again)]
    assert len(files[0]) == 10
    assert {name: bytes(body) for name, body in files[0].items()} == {
        name: bytes(body) for name, body in files[1].items()
    }


def code_of(part: str) -> str:
    return f"R{READERS.index(part) + 1}"


def model_scores() -> list[float]:
    return [aid_numbers("SAGA", rank)[0] for rank in range(CASES)]


def pair_of(table: Mapping[str, Any], a: str, b: str) -> dict[str, Any]:
    (pair,) = [one for one in table["matrix"]["pairs"] if {one["rater_a"], one["rater_b"]} == {a, b}]
    result: dict[str, Any] = pair["result"]
    return result


def count_table(a: list[Any], b: list[Any], scale: tuple[Any, ...]) -> np.ndarray:
    return np.array(
        [[sum(x == row and y == col for x, y in zip(a, b, strict=True)) for col in scale] for row in scale]
    )


def slow_paired_delong(truth: list[bool], a: list[int], b: list[int]) -> tuple[float, float]:
    """Difference and standard error after DeLong et al. (Biometrics 1988;44:837-845), pair by pair."""
    positive = [index for index, value in enumerate(truth) if value]
    negative = [index for index, value in enumerate(truth) if not value]

    def wins(scores: list[int]) -> np.ndarray:
        return np.array(
            [[(scores[p] > scores[n]) + 0.5 * (scores[p] == scores[n]) for n in negative] for p in positive]
        )

    won = wins(a) - wins(b)
    variance = won.mean(axis=1).var(ddof=1) / len(positive) + won.mean(axis=0).var(ddof=1) / len(negative)
    return float(won.mean()), float(np.sqrt(variance))
