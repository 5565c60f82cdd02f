"""The pipeline as a whole: the same bytes whatever the order, what does not apply, what the data refuse."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.obuchowski_rockette import obuchowski_rockette
from backend.analysis.mrmc.ratings import RatingRecord, mrmc_data
from backend.analysis.pipeline.output import results_json
from backend.analysis.pipeline.provenance import dataset_sha256
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import SECTION_TITLES, run_analysis
from backend.analysis.study_report import study_report

Results = Callable[[str], AnalysisResults]

EXCLUSIONS = "case,reader,session,reason,set\n"


def shuffled(text: str) -> str:
    header, *rows = text.splitlines()
    random.Random(3).shuffle(rows)
    return "\n".join([header, *rows, ""])


def test_the_order_of_rows_changes_no_bit(small_files: dict[str, str]) -> None:
    turned = {name: shuffled(text) if name.endswith(".csv") else text for name, text in small_files.items()}
    here, there = run_analysis(read_dataset(small_files)), run_analysis(read_dataset(turned))
    assert results_json(here) == results_json(there)


def test_sections_stand_in_their_order_and_say_why_they_do_not_apply(small_files: dict[str, str]) -> None:
    results = run_analysis(read_dataset(small_files))
    assert {one.key: one.title for one in results.sections} == SECTION_TITLES
    assert [one.key for one in results.sections] == list(SECTION_TITLES)
    states = {one.key: one.state for one in results.sections}
    assert states == {
        **dict.fromkeys(SECTION_TITLES, "done"),
        **dict.fromkeys(
            (
                "intra_reader",
                "features",
                "free_response",
                "reading_time",
                "survival",
                "table_one",
                "per_protocol",
            ),
            "not_applicable",
        ),
    }
    for section in results.sections:
        assert (section.not_applicable is None) == (section.state != "not_applicable")
    reason = results.section("survival").not_applicable
    assert reason is not None
    assert reason.reason == "the dataset has no follow-up (outcomes.csv)"


def test_curves_and_comparisons_are_those_of_the_study_report(small_files: dict[str, str]) -> None:
    inputs = read_dataset(small_files)
    assert inputs.study is not None
    report, roc = study_report(inputs.study), run_analysis(inputs).section("roc")
    for curve in report.curves:
        found = roc.item(f"curve/{curve.curve.label}").result
        assert (found.auc, found.roc, found.youden) == (curve.auc, curve.roc, curve.youden)
    for pair in report.comparisons:
        assert roc.item(f"delong/{pair.a.label} - {pair.b.label}").result.result == pair.result


def test_the_later_arm_is_compared_with_the_earlier(small_files: dict[str, str]) -> None:
    section = run_analysis(read_dataset(small_files)).section("mrmc")
    difference = section.item("or_jackknife/AUC").result.random_readers_random_cases.differences[0]
    assert (difference.modality_a, difference.modality_b) == ("AIDED", "UNAIDED")


def test_ratings_alone_run_curves_and_the_multi_reader_analysis() -> None:
    ratings = {
        (reader, modality, case): (5 * case + 3 * place + 4 * (modality == "B")) % 7 + 2 * (case % 2)
        for place, reader in enumerate(("R1", "R2", "R3"))
        for modality in ("A", "B")
        for case in range(12)
    }
    lines = [f"{r},{m},{case},{case % 2},{value}" for (r, m, case), value in ratings.items()]
    text = "\n".join(["reader,modality,case,truth,rating", *lines, ""])
    results = run_analysis(read_dataset({"mrmc.csv": text}))
    done = [one.key for one in results.sections if one.state != "not_applicable"]
    assert done == ["roc", "mrmc"]
    records = [RatingRecord(r, m, str(c), bool(c % 2), float(v)) for (r, m, c), v in ratings.items()]
    expected = obuchowski_rockette(estimate_cells(mrmc_data(records)))
    found = results.section("mrmc").item("or_jackknife/AUC").result
    assert found.random_readers_random_cases == expected.random_readers_random_cases


def test_exclusions_leave_out_cases_and_reads_by_set(small_files: dict[str, str]) -> None:
    rows = (
        "C02,,,motion,all\nC05,R1,2,washout too short,per-protocol\nC07,,,second primary tumor,per-protocol\n"
    )
    inputs = read_dataset({**small_files, "exclusions.csv": EXCLUSIONS + rows})
    as_read = run_analysis(inputs)
    sets = {one.name: one for one in as_read.provenance.sets}
    assert (sets["as-read"].cases, sets["as-read"].reads) == (29, 174)
    assert (sets["per-protocol"].cases, sets["per-protocol"].reads) == (28, 167)
    assert [one.reason for one in as_read.provenance.exclusions] == [
        "motion",
        "washout too short",
        "second primary tumor",
    ]
    per_protocol = run_analysis(inputs, analysis_set="per-protocol")
    own = as_read.section("per_protocol").item("auc/R1, AIDED")
    assert own.n == 27
    assert as_read.section("roc").item("curve/R1, AIDED").n == 29
    assert own.result == per_protocol.section("roc").item("curve/R1, AIDED").result.auc
    removed = [line for line in small_files["truth.csv"].splitlines() if not line.startswith("C02,")]
    without = {
        name: "\n".join(line for line in text.splitlines() if "C02" not in line) + "\n"
        for name, text in small_files.items()
    }
    assert len(removed) == 30
    assert run_analysis(read_dataset(without)).section("roc") == as_read.section("roc")


def test_a_refused_result_leaves_the_others(small_files: dict[str, str]) -> None:
    design = json.loads(small_files["study.json"])
    design["analysis"] = {"subgroups": ["hospital"], "reclassification": [["net", "web"]]}
    results = run_analysis(read_dataset({**small_files, "study.json": json.dumps(design)}))
    failures = {(section.key, one.key): one.code for section in results.sections for one in section.failures}
    assert failures[("roc", "groups/hospital")] == "unknown_column"
    assert failures[("models", "nri/net to web")] == "unknown_model"
    assert results.section("roc").item("curve/net").n == 30
    assert results.section("models").state == "done"


@pytest.mark.parametrize("truth", ["0", "1"])
def test_one_class_is_not_estimable_and_stops_nothing(small_files: dict[str, str], truth: str) -> None:
    rows = [f"{line.split(',')[0]},{truth}" for line in small_files["truth.csv"].splitlines()[1:]]
    text = "\n".join(["case,truth", *rows, ""])
    results = run_analysis(read_dataset({**small_files, "truth.csv": text}))
    curve = json.loads(results_json(results))["sections"][list(SECTION_TITLES).index("roc")]["items"][0]
    assert "not_estimable" in curve["result"]["auc"]["auc"]
    assert results.section("agreement").state == "done"


@pytest.mark.parametrize("rating", ["1", "5"])
def test_constant_readers_stop_nothing(small_files: dict[str, str], rating: str) -> None:
    rows = [",".join([*line.split(",")[:-1], rating]) for line in small_files["reads.csv"].splitlines()[1:]]
    text = "\n".join(["reader,arm,session,case,question,value", *rows, ""])
    results = run_analysis(read_dataset({**small_files, "reads.csv": text}))
    assert results.section("roc").item("curve/R1, AIDED").result.auc.auc == 0.5
    assert b"NaN" not in results_json(results)


def test_one_reader_one_arm_and_missing_reads_stop_nothing(small_files: dict[str, str]) -> None:
    lines = small_files["reads.csv"].splitlines()
    one = "\n".join([lines[0], *(line for line in lines if line.startswith("R1,UNAIDED")), ""])
    gaps = "\n".join([line for number, line in enumerate(lines) if number % 7 != 3] + [""])
    for text in (one, gaps):
        results = run_analysis(read_dataset({**small_files, "reads.csv": text}))
        assert results.section("roc").state == "done"
        assert results.section("mrmc").state in ("done", "failed")
        assert b"Infinity" not in results_json(results)


def test_all_cases_censored_and_no_follow_up_stop_nothing(small_files: dict[str, str]) -> None:
    rows = "".join(f"C{n:02d},OS,{n}.5,0\n" for n in range(1, 31))
    results = run_analysis(read_dataset({**small_files, "outcomes.csv": "case,endpoint,time,event\n" + rows}))
    section = results.section("survival")
    assert section.state == "done"
    assert any("censored" in text for text in section.item("kaplan_meier/OS").warnings)


def test_a_seed_and_level_are_kept_and_checked(small_files: dict[str, str]) -> None:
    inputs = read_dataset(small_files)
    first, second = run_analysis(inputs, seed=1), run_analysis(inputs, seed=2)
    assert (first.seed, second.seed) == (1, 2)
    seeds = [one.section("roc").item("bootstrap/net").seed for one in (first, second)]
    assert seeds[0] != seeds[1]
    undrawn, again = (
        [item for item in one.section("mrmc").items if item.seed is None] for one in (first, second)
    )
    assert undrawn == again
    drawn = [one.section("mrmc").item("or_bootstrap/AUC").seed for one in (first, second)]
    assert drawn[0] != drawn[1]
    with pytest.raises(AnalysisError, match="confidence level"):
        run_analysis(inputs, level=1.0)
    with pytest.raises(AnalysisError, match="the seed must be 0 or more"):
        run_analysis(inputs, seed=-1)


def test_nothing_left_is_refused(small_files: dict[str, str]) -> None:
    rows = "".join(f"C{n:02d},,,withdrawn,all\n" for n in range(1, 31))
    inputs = read_dataset({**small_files, "exclusions.csv": EXCLUSIONS + rows})
    with pytest.raises(AnalysisError, match="has no case"):
        run_analysis(inputs)


def test_an_empty_per_protocol_set_stops_nothing(small_files: dict[str, str]) -> None:
    rows = "".join(f"C{n:02d},,,late,per-protocol\n" for n in range(1, 31))
    inputs = read_dataset({**small_files, "exclusions.csv": f"case,reader,session,reason,set\n{rows}"})
    results = run_analysis(inputs)
    assert [(one.name, one.cases, one.reads) for one in results.provenance.sets] == [
        ("as-read", 30, 180),
        ("per-protocol", 0, 0),
    ]
    assert [one.code for one in results.section("per_protocol").failures] == ["no_cases"]
    assert results.section("roc").item("curve/net").n == 30
    with pytest.raises(AnalysisError, match="has no case"):
        run_analysis(inputs, analysis_set="per-protocol")


def test_what_a_dataset_does_not_have_leaves_its_digest_as_it_was(small_files: dict[str, str]) -> None:
    """The digest of these files from before reference levels and a primary comparison could be declared."""
    digest = "2b793113c6e1309e7d6264f3c8d626af210a823d15cbee5a7cfe9a87a9644948"
    inputs = read_dataset(small_files)
    assert dataset_sha256(inputs) == digest
    plan = inputs.design.analysis
    for other in (
        replace(plan, positive_answers={"side": "left"}),
        replace(plan, reference_levels={"stage": "T2"}),
        replace(plan, labels={"net": "Network"}),
        replace(plan, primary=("mrmc/or_jackknife/AUC",)),
        replace(plan, fisher_below=0.0),
        replace(plan, compare_means="student"),
        replace(plan, margin_sensitivity=0.1),
    ):
        assert dataset_sha256(replace(inputs, design=replace(inputs.design, analysis=other))) != digest


def test_provenance_repeats_what_the_dataset_states(small_files: dict[str, str]) -> None:
    design = json.loads(small_files["study.json"])
    design["origin"] = {"protocol_sha256": "ab" * 32, "truth_version": "3", "dataset_version": "2"}
    found = run_analysis(read_dataset({**small_files, "study.json": json.dumps(design)})).provenance
    assert (found.protocol_sha256, found.truth_version, found.dataset_version) == ("ab" * 32, "3", "2")
    assert {"python", "numpy", "scipy"} <= set(found.versions)
    plain = run_analysis(read_dataset(small_files)).provenance
    assert plain.dataset_sha256 != found.dataset_sha256
