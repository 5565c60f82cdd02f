"""A consensus reading has curves, calls and paired comparisons, and changes nothing that is of the readers."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.formats.dataset_write import write_dataset
from backend.analysis.pipeline.exports import export_files
from backend.analysis.pipeline.report import report_content
from backend.analysis.pipeline.results import AnalysisResults, ExclusionCount
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of
from backend.analysis.study_flow import FlowReason
from backend.analysis.study_report import DroppedCase

Files = dict[str, str]
PANEL = "Panel"
OF_READERS = (
    "agreement",
    "intra_reader",
    "mrmc",
    "change_of_mind",
    "reading_time",
    "periods",
    "models",
    "table_one",
)


def with_consensus(files: Files, *, design: Mapping[str, Any] | None = None, more: str = "") -> Files:
    """The consensus calls what two of three readers call, in each arm, as a median of their scores."""
    scores: dict[tuple[str, str, str], list[int]] = {}
    for row in csv.DictReader(io.StringIO(files["reads.csv"])):
        scores.setdefault((row["arm"], row["session"], row["case"]), []).append(int(row["value"]))
    rows = [
        f"{PANEL},{arm},{session},{case},rating,{sorted(own)[1]}"
        for (arm, session, case), own in scores.items()
    ]
    study = {**json.loads(files["study.json"]), "consensus": [PANEL], **(design or {})}
    reads = files["reads.csv"] + "\n".join([*rows, ""]) + more
    return {**files, "study.json": json.dumps(study), "reads.csv": reads}


def as_only_reader(files: Files) -> Files:
    """The same consensus as if it were the one reader of a study."""
    header, *rows = with_consensus(files)["reads.csv"].splitlines()
    own = [row for row in rows if row.startswith(PANEL)]
    return {**files, "reads.csv": "\n".join([header, *own, ""])}


def items(results: AnalysisResults, section: str) -> dict[str, Any]:
    return {item.key: item.to_json() for item in results.section(section).items}


def test_what_is_of_the_readers_stays_as_it_was(small_files: Files) -> None:
    without = run_analysis(read_dataset(small_files))
    found = run_analysis(read_dataset(with_consensus(small_files)))
    for key in OF_READERS:
        assert found.section(key).to_json() == without.section(key).to_json(), key
    for key in ("roc", "operating_points"):
        before, after = items(without, key), items(found, key)
        assert {name: after[name] for name in before} == before
        assert {name for name in after if PANEL not in name} == set(before)
    flow = found.section("flow").item("flow").result
    others = tuple(one for one in flow.raters if one.kind != "consensus")
    assert replace(flow, raters=others) == without.section("flow").item("flow").result


def test_its_numbers_are_those_of_a_reader_who_said_the_same(small_files: Files) -> None:
    found = run_analysis(read_dataset(with_consensus(small_files)))
    alone = run_analysis(read_dataset(as_only_reader(small_files)))
    compared = 0
    for section in ("roc", "operating_points"):
        one, other = items(found, section), items(alone, section)
        for name in other:
            if f"{PANEL}, " in name and not name.startswith(("bootstrap", "partial", "band")):
                same = json.dumps(other[name]).replace('"reader"', '"consensus"')
                assert json.dumps(one[name]) == same, name
                compared += 1
    assert compared >= 20
    for key in (
        f"delong/{PANEL}, AIDED - {PANEL}, UNAIDED",
        f"delong/net - {PANEL}, AIDED",
        f"delong/{PANEL}, AIDED - R1, AIDED",
    ):
        assert key in items(found, "roc")
    assert f"mcnemar/net - {PANEL}, UNAIDED" in items(found, "operating_points")


def test_it_is_told_what_a_consensus_is(small_files: Files) -> None:
    inputs = read_dataset(with_consensus(small_files))
    results = run_analysis(inputs)
    told = {
        one.key for one in results.sections if any("is a consensus of readers" in t for t in one.warnings)
    }
    assert told == {"roc", "operating_points"}
    readings = results.section("flow").item("consensus").result
    assert [(one.name, one.arm, one.cases, one.rated, one.analyzed) for one in readings] == [
        (PANEL, "UNAIDED", 30, 30, 30),
        (PANEL, "AIDED", 30, 30, 30),
    ]
    content = report_content(results, inputs, {}, ())
    assert "A consensus of readers was taken as one reading a case" in content.methods.plain
    tables = [table for section in content.sections for table in section.tables]
    assert any(table.caption == "What was read in consensus" for table in tables)


def test_other_programs_get_the_readers_alone(small_files: Files) -> None:
    inputs = read_dataset(with_consensus(small_files))
    study = study_of(inputs, level=0.95, seed=1)
    files = export_files(run_analysis(inputs), inputs, study)
    for name in ("mrmcaov.csv", "reads-tidy.csv", "mapping.csv"):
        assert PANEL not in files[name].decode()
    assert "read in consensus is no reader's" in files["notes.csv"].decode()


def test_a_consensus_alone_is_a_study(small_files: Files) -> None:
    files = as_only_reader(small_files)
    files["study.json"] = json.dumps({**json.loads(files["study.json"]), "consensus": [PANEL]})
    inputs = read_dataset(files)
    assert inputs.study is not None
    assert (inputs.study.reads, inputs.study.is_rated) == ((), True)
    results = run_analysis(inputs)
    assert f"curve/{PANEL}, AIDED" in items(results, "roc")
    assert results.section("mrmc").state == "not_applicable"


def test_a_question_is_compared_with_its_reference_unless_the_panel_made_it(small_files: Files) -> None:
    design = {"questions": [{"key": "side", "label": "Side", "categories": ["left", "right", "both"]}]}
    more = f"{PANEL},AIDED,2,C01,side,left\n{PANEL},AIDED,2,C02,side,right\nR1,AIDED,2,C01,side,left\n"
    files = with_consensus(small_files, design=design, more=more)
    files["reference.csv"] = "case,question,value\nC01,side,left\nC02,side,left\n"
    key = f"reference/question:side/{PANEL}, AIDED"
    found = run_analysis(read_dataset(files)).section("agreement").item(key).result
    assert (found.n, found.accuracy.estimate) == (2, 0.5)
    files["study.json"] = json.dumps(
        {**json.loads(files["study.json"]), "origin": {"reference_source": "readers"}}
    )
    assert key not in items(run_analysis(read_dataset(files)), "agreement")


def test_exclusions_name_it_and_the_digest_knows_it(small_files: Files) -> None:
    files = with_consensus(small_files)
    files["exclusions.csv"] = f"case,reader,session,reason,set\nC01,{PANEL},1,a read behind it,per-protocol\n"
    inputs = read_dataset(files)
    kept = study_of(inputs, level=0.95, seed=1, analysis_set="per-protocol").study.consensus
    assert len(kept) == 59
    assert len(study_of(inputs, level=0.95, seed=1).study.consensus) == 60
    digests = [
        run_analysis(read_dataset(one)).provenance.dataset_sha256
        for one in (small_files, with_consensus(small_files), files)
    ]
    assert len(set(digests)) == 3


def test_an_excluded_reading_is_named_wherever_it_is_missed(small_files: Files) -> None:
    """In the areas, in the flow, and in the counts; the section per protocol has the consensus too."""
    files = with_consensus(small_files)
    files["exclusions.csv"] = f"case,reader,session,reason,set\nC01,{PANEL},1,a read behind it,per-protocol\n"
    inputs = read_dataset(files)
    results = run_analysis(inputs, analysis_set="per-protocol")
    lost = (DroppedCase("C01", f"no score by {PANEL}, UNAIDED"),)
    assert results.section("roc").item(f"curve/{PANEL}, UNAIDED").dropped == lost
    again = results.section("per_protocol")
    assert again.item(f"auc/{PANEL}, UNAIDED").dropped == lost
    assert again.item(f"auc/{PANEL}, AIDED").dropped == ()
    assert again.item(f"delong/net - {PANEL}, UNAIDED").dropped == lost
    assert any("is a consensus of readers" in text for text in again.warnings)
    raters = {one.label: one for one in results.section("flow").item("flow").result.raters}
    own = raters[f"{PANEL}, UNAIDED"]
    assert (own.cases, own.scored, own.analyzed) == (30, 30, 29)
    assert own.not_analyzed == (FlowReason("a read behind it", 1, ("C01",)),)
    assert raters[f"{PANEL}, AIDED"].analyzed == 30
    counts = results.provenance.exclusion_counts
    assert counts == (ExclusionCount("per-protocol", "a read behind it", "read", 1),)


def asking(files: Files, *of: str) -> Files:
    """Whoever is named answers a question and gives no rating."""
    question = {"key": "side", "label": "Side", "categories": [1, 2, 3, 4, 5]}
    header, *rows = files["reads.csv"].splitlines()
    asked = [row.replace(",rating,", ",side,") if row.startswith(of) else row for row in rows]
    study = {**json.loads(files["study.json"]), "questions": [question]}
    return {**files, "reads.csv": "\n".join([header, *asked, ""]), "study.json": json.dumps(study)}


def test_readers_who_only_answer_questions_lack_no_score_beside_a_rated_consensus(small_files: Files) -> None:
    inputs = read_dataset(asking(with_consensus(small_files), "R1", "R2", "R3"))
    results = run_analysis(inputs)
    assert [one.key for section in results.sections for one in section.failures] == []
    assert {key for key in items(results, "roc") if "R1" in key} == set()
    assert f"curve/{PANEL}, AIDED" in items(results, "roc")
    groups = results.section("flow").item("flow").result.groups
    assert [(one.read, one.not_analyzed, one.analyzed) for one in groups] == [(90, (), 90), (90, (), 90)]
    assert "Readers are positive" not in report_content(results, inputs, {}, ()).methods.plain
    assert any(key.startswith("fleiss/question:side") for key in items(results, "agreement"))
    assert not any("rating:" in key for key in items(results, "agreement"))


def test_a_consensus_on_questions_alone_has_no_curve_beside_rated_readers(small_files: Files) -> None:
    results = run_analysis(read_dataset(asking(with_consensus(small_files), PANEL)))
    assert [one.key for section in results.sections for one in section.failures] == []
    assert {key for key in items(results, "roc") if PANEL in key} == set()
    assert "curve/R1, AIDED" in items(results, "roc")


def test_an_arm_of_a_consensus_alone_is_no_arm_that_readers_read(small_files: Files) -> None:
    files = with_consensus(small_files)
    design = {**json.loads(files["study.json"]), "arms": ["UNAIDED", "AIDED", "MEETING"]}
    reads = files["reads.csv"].replace(f"{PANEL},UNAIDED,1,", f"{PANEL},MEETING,3,")
    inputs = read_dataset({**files, "study.json": json.dumps(design), "reads.csv": reads})
    content = report_content(run_analysis(inputs), inputs, {}, ())
    assert "read by 3 readers in 2 arms (UNAIDED and AIDED)." in content.methods.plain
    told = [item.text for checklist in content.checklists for item in checklist.items]
    assert any("Reading conditions: UNAIDED and AIDED." in text for text in told)
    assert not any("MEETING" in text for text in told)


def test_it_is_written_and_read_again(small_files: Files) -> None:
    study = read_dataset(with_consensus(small_files)).study
    assert study is not None
    again = read_dataset(write_dataset(study)).study
    assert again is not None
    assert again.consensus == study.consensus
    assert again.content_sha256() == study.content_sha256()


@pytest.mark.parametrize(
    ("design", "more", "code", "text"),
    [
        ({"readers": ["R1", "R2", "R3", PANEL]}, "", "repeated", "as a reader and as a consensus"),
        ({"consensus": [PANEL, "Board"]}, "", "no_reads", "the consensus Board"),
        ({"origin": {"truth_source": "readers"}}, "", "consensus_is_truth", "compared with itself"),
        ({}, f"{PANEL},AIDED,3,C01,rating,2\n", "repeated", "of case C01 in AIDED stands twice"),
        ({}, f"{PANEL},AIDED,2,C99,rating,2\n", "unknown_case", "row 242"),
        ({}, f"{PANEL},AIDED,3,C01,rating,9\n", "score_not_on_scale", "row 242"),
    ],
)
def test_what_is_wrong_is_refused(
    small_files: Files, design: dict[str, Any], more: str, code: str, text: str
) -> None:
    with pytest.raises(AnalysisError, match=text) as refused:
        read_dataset(with_consensus(small_files, design=design, more=more))
    assert refused.value.code == code


def test_measurements_of_a_consensus_are_passed_over_and_said(small_files: Files) -> None:
    found = read_dataset(with_consensus(small_files, more=f"{PANEL},AIDED,2,C01,short_axis,8.5\n"))
    assert found.notes == ("reads.csv: passed over of the consensus: short_axis",)
    assert found.answers == ()


def test_the_consensus_of_the_cervix_study_is_no_third_reader(
    demo_results: Callable[[str], AnalysisResults],
) -> None:
    results = demo_results("cervix-dlrc")
    panel = results.section("mrmc").item("panel/DLRC/SRA")
    assert tuple(one.reader for one in panel.result.readers) == ("Reader 1", "Reader 2")
    assert "mcnemar/DLRC - Consensus, SRA" in items(results, "operating_points")
    kappas = [item for item in results.section("agreement").items if item.key.startswith("fleiss/")]
    assert all(item.result.raters == ("Reader 1", "Reader 2") for item in kappas)
