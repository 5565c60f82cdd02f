"""What the plan asks of curves by resampling is there where asked for, and equals the functions called by hand."""

import json
from dataclasses import replace

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.dataset_design import read_design, write_design
from backend.analysis.partial_auc import partial_auc, partial_auc_paired
from backend.analysis.pipeline.curves import roc
from backend.analysis.pipeline.figures import figure_files
from backend.analysis.pipeline.report_figures import read_index
from backend.analysis.pipeline.report_tables import section_tables
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.roc_bootstrap import bootstrap_band, bootstrap_difference

PLAN = {
    "partial_specificity": [0.7, 0.9],
    "partial_sensitivity": [0.8, 1],
    "bootstrap": ["differences", "bands"],
}
ASKED = {
    "partial_sensitivity",
    "partial_pair_specificity",
    "partial_pair_sensitivity",
    "bootstrap_pair",
    "band",
}


def planned(files: dict[str, str], plan: dict[str, object]) -> Study:
    design = {**json.loads(files["study.json"]), "analysis": plan}
    return study_of(read_dataset({**files, "study.json": json.dumps(design)}), level=0.9, seed=7)


def test_they_equal_the_functions_called_by_hand(small_files: dict[str, str]) -> None:
    study = planned(small_files, PLAN)
    section = roc(study)
    net, reader = study.models()[0], next(one for one in study.readers() if one.label == "R1, AIDED")
    cases = study.known
    truth = study.truths(cases)
    own, other = ([one.scores[case] for case in cases] for one in (net, reader))

    def seed(key: str) -> int:
        return study.seed_of(key)

    pair = "net - R1, AIDED"
    band = section.item("band/net")
    assert band.result == bootstrap_band(
        truth, own, specificities=[n / 20 for n in range(21)], seed=seed("band/net"), level=0.9
    )
    assert (band.method, band.n, band.seed) == ("roc_band_bootstrap", 30, seed("band/net"))
    key = f"bootstrap_pair/{pair}"
    assert section.item(key).result.result == bootstrap_difference(
        truth, own, other, seed=seed(key), level=0.9
    )
    assert section.item(key).result.result.difference == pytest.approx(
        section.item(f"delong/{pair}").result.result.difference
    )
    assert section.item("partial_sensitivity/net").result == partial_auc(
        truth, own, low=0.8, high=1.0, focus="sensitivity", seed=seed("partial_sensitivity/net"), level=0.9
    )
    assert section.item("partial/net").result == partial_auc(
        truth, own, low=0.7, high=0.9, seed=seed("partial/net"), level=0.9
    )
    for focus, low, high in (("specificity", 0.7, 0.9), ("sensitivity", 0.8, 1.0)):
        key = f"partial_pair_{focus}/{pair}"
        found = section.item(key)
        assert found.result.result == partial_auc_paired(
            truth, own, other, low=low, high=high, focus=focus, seed=seed(key), level=0.9
        )
        name = "partial" if focus == "specificity" else "partial_sensitivity"
        areas = [section.item(f"{name}/{label}").result.area for label in ("net", "R1, AIDED")]
        assert found.result.result.difference == pytest.approx(areas[0] - areas[1], abs=1e-12)
        assert found.method == "partial_auc_difference"
    shown = {one for part in section_tables(section, 0.9) for tabled in part.tables for one in tabled.items}
    assert {one.key for one in section.items if one.key.split("/")[0] in ASKED} <= shown


def test_a_band_is_drawn_with_the_curve_of_its_name(small_files: dict[str, str]) -> None:
    design = {**json.loads(small_files["study.json"]), "analysis": {"bootstrap": ["bands"]}}
    inputs = read_dataset({**small_files, "study.json": json.dumps(design)})
    results = run_analysis(inputs)
    taken = {"band/net", "curve/net"}
    sections = tuple(
        replace(one, items=tuple(item for item in one.items if item.key in taken)) for one in results.sections
    )
    files = figure_files(replace(results, sections=sections), inputs.study, ["svg"])
    svg = files["roc-band-net.svg"].decode()
    assert "net: pointwise band of the ROC curve" in svg
    assert "bootstrap" in svg
    rows = {row.name: row for row in read_index(files)}
    assert rows["roc-band-net"].item == "band/net"
    assert rows["roc-band-net"].not_drawn == ""


def test_they_are_not_there_unasked(small_files: dict[str, str]) -> None:
    section = roc(planned(small_files, {}))
    assert not ASKED & {one.key.split("/")[0] for one in section.items}
    partial = section.item("partial/net").result
    assert (partial.focus, partial.low, partial.high) == ("specificity", 0.8, 1.0)


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        (
            {"partial_sensitivity": [0.9]},
            "partial_sensitivity of analysis is not a low and a higher end from 0 to 1",
        ),
        ({"partial_specificity": [0.9, 0.8]}, "partial_specificity of analysis is not"),
        ({"partial_specificity": [0.5, 1.5]}, "partial_specificity of analysis is not"),
        ({"bootstrap": ["curves"]}, "bootstrap of analysis is not a list of differences and bands"),
    ],
)
def test_a_wrong_plan_is_refused(plan: dict[str, object], complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint):
        read_design(json.dumps({"analysis": plan}))


def test_the_plan_comes_back() -> None:
    design = read_design(json.dumps({"analysis": PLAN}))
    assert read_design(write_design(design)) == design
    assert design.analysis.partial_sensitivity == (0.8, 1.0)
