"""One sign for every comparison of a model with readers: model minus reader."""

import json
import math

import pytest

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.curves import comparisons, roc
from backend.analysis.pipeline.multireader import mrmc
from backend.analysis.pipeline.operating import operating
from backend.analysis.pipeline.report import OPENINGS
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.study_report import study_report


@pytest.fixture
def study(small_files: dict[str, str]) -> Study:
    return study_of(read_dataset(small_files), level=0.95, seed=1)


def test_the_mean_over_readers_is_the_difference_from_the_panel(study: Study) -> None:
    areas, panels = roc(study), mrmc(study)
    for arm in ("UNAIDED", "AIDED"):
        own = [areas.item(f"delong/net - {reader}, {arm}").result.result for reader in ("R1", "R2", "R3")]
        assert all(one.difference == pytest.approx(one.auc_a - one.auc_b, abs=1e-12) for one in own)
        panel = panels.item(f"panel/net/{arm}").result
        assert math.fsum(one.difference for one in own) / 3 == pytest.approx(panel.difference, abs=1e-12)
        assert abs(panel.difference) > 0.01


def test_calls_and_the_summary_of_the_lock_have_the_same_sign(study: Study) -> None:
    pair = operating(study).item("mcnemar/net - R1, AIDED").result.accuracy
    assert pair.difference == pytest.approx(pair.a.estimate - pair.b.estimate)
    net = next(one for one in study.models() if one.label == "net")
    right = sum(net.calls[case] == study.is_positive(case) for case in study.known) / len(study.known)
    assert pair.a.estimate == pytest.approx(right)
    against = [one for one in study_report(study.study).comparisons if one.kind == "reader_vs_model"]
    assert {(one.a.kind, one.b.kind) for one in against} == {("model", "reader")}


def test_arms_are_later_minus_earlier_and_models_come_before_readers(study: Study) -> None:
    kinds = {(a.curve.kind, b.curve.kind) for a, b in comparisons(study)}
    assert kinds == {("reader", "reader"), ("model", "reader")}
    arms = [(a.curve.arm, b.curve.arm) for a, b in comparisons(study) if a.curve.name == b.curve.name]
    assert set(arms) == {("AIDED", "UNAIDED")}
    assert "the model minus the reader" in OPENINGS["roc"]


def test_curves_within_a_subgroup_have_the_signs_of_all_cases(small_files: dict[str, str]) -> None:
    design = {"arms": ["CT", "MRI"], "title": "Small study", "analysis": {"subgroups": ["part"]}}
    arms = {"UNAIDED": "CT", "AIDED": "MRI"}
    files = small_files | {"study.json": json.dumps(design)}
    for was, named in arms.items():
        files["reads.csv"] = files["reads.csv"].replace(f",{was},", f",{named},")
    files["predictions.csv"] += files["predictions.csv"].partition("\n")[2].replace("net,", "zoo,")
    files["cases.csv"] = "\n".join(["case,part", *(f"C{n:02d},one" for n in range(1, 31)), ""])
    section = roc(study_of(read_dataset(files), level=0.95, seed=1))
    within = {(one.level_a, one.level_b): one for one in section.item("within/part").result.comparisons}
    whole = [item for item in section.items if item.key.startswith("delong/")]
    assert {"R1, MRI - R1, CT", "net - R1, CT", "net - zoo", "R1, CT - R2, CT"} <= {
        item.title for item in whole
    }
    for item in whole:
        first, second = item.title.split(" - ")
        assert within[first, second].difference == item.result.result.difference
    assert all("MRI" in a or "MRI" not in b for a, b in within if "net" not in a and "zoo" not in a)
