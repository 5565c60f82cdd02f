"""The report of a whole study: what it computes, from which cases, and that order has no part in it."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.roc import RocCurve
from backend.analysis.study_dataset import ModelOutputs, PredictionRecord, ReadRecord, StudyDataset
from backend.analysis.study_report import StudyReport, study_report

MakeDataset = Callable[..., StudyDataset]


def scores_of(dataset: StudyDataset, reader: str, arm: str) -> dict[str, int]:
    return {read.case: read.score for read in dataset.reads if (read.reader, read.arm) == (reader, arm)}


def curve_of(report: StudyReport, name: str, arm: str | None) -> Any:
    return next(item for item in report.curves if (item.curve.name, item.curve.arm) == (name, arm))


def test_report_covers_readers_arms_and_model(make_dataset: MakeDataset) -> None:
    report = study_report(make_dataset())
    assert report.readers == ("reader1", "reader2")
    assert [(item.curve.name, item.curve.arm) for item in report.curves] == [
        *[(reader, arm) for reader in ("reader1", "reader2") for arm in ("UNAIDED", "AIDED")],
        ("model", None),
    ]
    assert [(item.kind, item.a.label, item.b.label) for item in report.comparisons] == [
        ("arms", "reader1, AIDED", "reader1, UNAIDED"),
        ("arms", "reader2, AIDED", "reader2, UNAIDED"),
        ("reader_vs_model", "model", "reader1, UNAIDED"),
        ("reader_vs_model", "model", "reader1, AIDED"),
        ("reader_vs_model", "model", "reader2, UNAIDED"),
        ("reader_vs_model", "model", "reader2, AIDED"),
    ]
    assert [(table.arm, table.question, table.matrix.weights) for table in report.agreement] == [
        (arm, question, weights)
        for arm in ("UNAIDED", "AIDED")
        for question, weights in (
            ("rating:call", "unweighted"), ("rating:score", "linear"), ("rating:score", "quadratic"),
            ("question:side", "unweighted"),
        )
    ]  # fmt: skip
    assert report.agreement[0].matrix.raters == ("model", "reader1", "reader2")
    assert report.agreement[1].matrix.raters == ("reader1", "reader2")
    assert report.n_cases == report.n_positive + report.n_negative + 1
    assert report.n_without_truth == 1
    named = {method.key for method in report.methods}
    assert {item.auc.method for item in report.curves} <= named
    assert {item.result.method for item in report.comparisons} <= named
    assert {pair.result.method for table in report.agreement for pair in table.matrix.pairs} <= named
    assert all(method.references for method in report.methods)


def test_areas_agree_with_scikit_learn_on_the_cases_that_are_complete(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    report = study_report(dataset)
    for item in report.curves[:4]:
        assert item.curve.arm is not None
        scores = scores_of(dataset, item.curve.name, item.curve.arm)
        complete = [case for case in scores if dataset.truth[case] is not None]
        expected = roc_auc_score([dataset.truth[c] for c in complete], [scores[c] for c in complete])
        assert item.auc.auc == pytest.approx(expected, abs=1e-14)
        assert item.n == len(complete)
        assert {drop.case for drop in item.dropped} == set(dataset.truth) - set(complete)
        assert isinstance(item.roc, RocCurve)
        assert item.operating_point.true_positives == sum(
            dataset.truth[c] is True and scores[c] >= 3 for c in complete
        )


def test_paired_comparisons_name_the_cases_left_out_and_why(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    for item in study_report(dataset).comparisons:
        for drop in item.dropped:
            expected = [] if dataset.truth[drop.case] is not None else ["no truth"]
            for curve in (item.a, item.b):
                if curve.arm is None:
                    known = {output.case for output in dataset.models[0].predictions}
                    expected += [] if drop.case in known else ["no prediction of model"]
                elif drop.case not in scores_of(dataset, curve.name, curve.arm):
                    expected.append(f"not read by {curve.label}")
            assert drop.reason == "; ".join(expected)
            assert expected
        assert item.n + len(item.dropped) == len(dataset.truth)
        assert item.result.n_positive + item.result.n_negative == item.n


def test_kappa_of_scores_and_calls_agrees_with_scikit_learn(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    calls, linear = study_report(dataset).agreement[:2]
    one, two = (scores_of(dataset, reader, "UNAIDED") for reader in ("reader1", "reader2"))
    both = sorted(one.keys() & two.keys())
    a, b = [one[case] for case in both], [two[case] for case in both]
    pair = linear.matrix.pair("reader1", "reader2")
    assert pair.result.kappa == pytest.approx(cohen_kappa_score(a, b, labels=range(1, 6), weights="linear"))
    assert set(pair.dropped_cases) == set(dataset.truth) - set(both)
    model = {output.case: output.is_positive for output in dataset.models[0].predictions}
    shared = sorted(one.keys() & model.keys())
    expected = cohen_kappa_score([one[c] >= 3 for c in shared], [model[c] for c in shared])
    assert calls.matrix.pair("reader1", "model").result.kappa == pytest.approx(expected)


def test_agreement_does_not_need_truth(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    without = replace(dataset, truth=dict.fromkeys(dataset.truth))
    report = study_report(without)
    assert report.agreement == study_report(dataset).agreement
    assert all(item.auc.auc == NotEstimable("there is no positive case") for item in report.curves)
    json.dumps(report.to_json(), allow_nan=False)


@settings(
    derandomize=True,
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rng=st.randoms(use_true_random=False))
def test_the_order_of_the_input_has_no_part_in_the_report(
    make_dataset: MakeDataset, rng: random.Random
) -> None:
    dataset = make_dataset(n=25)
    model = dataset.models[0]
    shuffled = replace(
        dataset,
        reads=tuple(rng.sample(dataset.reads, len(dataset.reads))),
        truth=dict(rng.sample(sorted(dataset.truth.items(), key=str), len(dataset.truth))),
        models=(replace(model, predictions=tuple(rng.sample(model.predictions, len(model.predictions)))),),
    )
    assert json.dumps(study_report(shuffled).to_json()) == json.dumps(study_report(dataset).to_json())


def test_exchanged_arms_flip_the_sign_of_the_difference(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    forward, backward = study_report(dataset), study_report(replace(dataset, arms=("AIDED", "UNAIDED")))
    for one, other in zip(forward.comparisons[:2], backward.comparisons[:2], strict=True):
        assert one.result.difference == -other.result.difference  # type: ignore[operator]
        assert one.result.p == other.result.p


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    truth=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=8),
    data=st.data(),
)
def test_json_of_any_study_holds_no_nan(truth: list[bool | None], data: st.DataObject) -> None:
    cases = [f"c{number}" for number in range(len(truth))]
    slots = [(reader, arm, case) for reader in ("r1", "r2") for arm in ("A", "B") for case in cases]
    read = data.draw(st.lists(st.sampled_from(slots), unique=True))
    reads = tuple(ReadRecord(*slot[:2], 1, slot[2], data.draw(st.integers(1, 5))) for slot in read)
    predicted = data.draw(st.lists(st.sampled_from(cases), unique=True))
    outputs = tuple(
        PredictionRecord(case, data.draw(st.floats(-3, 3)), None, is_positive=True) for case in predicted
    )
    model = ModelOutputs("m", "1", outputs)
    report = study_report(
        StudyDataset("t", reads, dict(zip(cases, truth, strict=True)), ("A", "B"), (model,))
    )
    text = json.dumps(report.to_json(), allow_nan=False)
    assert json.loads(text) == report.to_json()


def test_digest_changes_with_one_score_only(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    first = dataset.reads[0]
    other = replace(dataset, reads=(replace(first, score=first.score % 5 + 1), *dataset.reads[1:]))
    assert make_dataset().content_sha256() == dataset.content_sha256() != other.content_sha256()


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"truth": {}}, "no_cases", "no case"),
        ({"scale": (1, 3, 2)}, "scale_not_ascending", r"\[1, 3, 2\]"),
        ({"positive_from": 1}, "threshold_not_on_scale", "positive from 1"),
        ({"truth": {"c1": 1}}, "not_boolean", "the truth of case c1 is 1"),
        ({"arms": ("A", "A")}, "repeated", "arm A"),
        ({"reads": (ReadRecord("r", "A", 1, "c9", 3),)}, "unknown_case", "case c9 by r in A"),
        ({"reads": (ReadRecord("r", "B", 1, "c1", 3),)}, "unknown_arm", "case c1 by r in B"),
        ({"reads": (ReadRecord("r", "A", 1, "c1", 6),)}, "score_not_on_scale", "case c1 by r in A: score 6"),
        (
            {"reads": (ReadRecord("r", "A", 1, "c1", 3), ReadRecord("r", "A", 2, "c1", 4))},
            "repeated",
            "c1 by r in A",
        ),
        (
            {"models": (ModelOutputs("m", "1", (PredictionRecord("c9", 0.1, None, is_positive=True),)),)},
            "unknown_case",
            "c9",
        ),
        (
            {
                "models": (
                    ModelOutputs("m", "1", (PredictionRecord("c1", float("nan"), None, is_positive=True),)),
                )
            },
            "score_not_finite",
            "m for case c1",
        ),
        (
            {"models": (ModelOutputs("m", "1", (PredictionRecord("c1", 0.1, 1.5, is_positive=True),)),)},
            "probability_out_of_range",
            "m for case c1",
        ),
        (
            {"models": (ModelOutputs("m", "1", (PredictionRecord("c1", 0.1, None, is_positive=True),) * 2),)},
            "repeated",
            "m for case c1",
        ),
        (
            {"reads": (ReadRecord("m", "A", 1, "c1", 3),), "models": (ModelOutputs("m", "1", ()),)},
            "repeated",
            "reader or model m",
        ),
    ],
)
def test_an_inconsistent_dataset_is_refused_by_name(change: dict[str, Any], code: str, named: str) -> None:
    sound: dict[str, Any] = {"title": "t", "reads": (), "truth": {"c1": True}, "arms": ("A",)}
    with pytest.raises(AnalysisError, match=named) as refused:
        StudyDataset(**(sound | change))
    assert refused.value.code == code


def test_an_answer_off_its_scale_is_refused(make_dataset: MakeDataset) -> None:
    dataset = make_dataset()
    wrong = replace(dataset.reads[0], answers={"side": "middle"})
    with pytest.raises(AnalysisError, match="'middle' is no answer to side"):
        replace(dataset, reads=(wrong, *dataset.reads[1:]))


def test_a_study_without_a_rating_has_agreement_and_no_curves(make_dataset: MakeDataset) -> None:
    rated = make_dataset()
    reads = tuple(replace(read, score=None) for read in rated.reads)
    report = study_report(replace(rated, reads=reads, models=(), is_rated=False))
    assert (report.curves, report.comparisons) == ((), ())
    assert {table.question for table in report.agreement} == {"question:side"}
    with_rating = [table for table in study_report(rated).agreement if table.question == "question:side"]
    assert list(report.agreement) == with_rating
    assert {method.key for method in report.methods} == {"kappa_unweighted"}


def test_a_score_in_a_study_without_a_rating_is_refused_by_name(make_dataset: MakeDataset) -> None:
    with pytest.raises(AnalysisError, match="by reader1 in UNAIDED: a score, and the study has no rating"):
        replace(make_dataset(), is_rated=False)


def test_a_rating_that_was_left_open_leaves_its_case_out_of_the_curve(make_dataset: MakeDataset) -> None:
    rated = make_dataset()
    first = rated.reads[0]
    opened = tuple(replace(read, score=None) if read is first else read for read in rated.reads)
    without = tuple(read for read in rated.reads if read is not first)
    open_curve, missing_curve = (
        curve_of(study_report(replace(rated, reads=reads)), first.reader, first.arm)
        for reads in (opened, without)
    )
    assert open_curve == missing_curve
    assert first.case in [case.case for case in open_curve.dropped]
