"""The flow of the dataset: exclusions by set with their reasons, and numbers that add up."""

import json
from collections.abc import Callable

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.flow_figure import draw_flow
from backend.analysis.formats.dataset_csv import DatasetFiles, read_dataset
from backend.analysis.pipeline.flow import flow as flow_section
from backend.analysis.pipeline.report_tables_flow import flow_tables
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import Study, study_of
from backend.analysis.study_flow import UNKNOWN_PLAN, FlowReason, StudyFlow
from tests.analysis.figure_checks import all_words, made

Results = Callable[[str], AnalysisResults]

EXCLUSIONS = """case,reader,session,reason,set
C01,,,no consent,all
C02,R1,1,read before training,all
C02,R2,1,read before training,all
C03,R1,2,software fault,per-protocol
C04,,,wrong sequence,per-protocol
"""


def _flow(study: Study) -> StudyFlow:
    found = flow_section(study).item("flow").result
    assert isinstance(found, StudyFlow)
    return found


def flow_of(results: AnalysisResults) -> StudyFlow:
    found = results.section("flow").item("flow").result
    assert isinstance(found, StudyFlow)
    return found


def test_exclusions_stand_where_they_left_the_flow(small_files: dict[str, str]) -> None:
    inputs = read_dataset({**small_files, "exclusions.csv": EXCLUSIONS})
    flow = flow_of(run_analysis(inputs))
    assert (flow.cases_enrolled, flow.cases_included) == (30, 29)
    assert flow.cases_excluded == (FlowReason("no consent", 1, ("C01",)),)
    assert flow.readers_enrolled == flow.readers_included == 3
    before, after = flow.groups
    assert (before.arm, before.read, before.analyzed) == ("UNAIDED", 87, 85)
    assert before.not_analyzed == (FlowReason("read before training", 2, ("C02 (R1)", "C02 (R2)")),)
    assert (after.arm, after.read, after.analyzed) == ("AIDED", 87, 87)
    strict = flow_of(run_analysis(inputs, analysis_set="per-protocol"))
    assert strict.cases_excluded == (
        FlowReason("no consent", 1, ("C01",)),
        FlowReason("wrong sequence", 1, ("C04",)),
    )
    assert [(group.read, group.analyzed) for group in strict.groups] == [(84, 82), (84, 83)]
    assert strict.groups[1].not_analyzed == (FlowReason("software fault", 1, ("C03 (R1)",)),)


def test_reads_that_came_back_are_said_and_not_counted(demo_results: Results) -> None:
    flow = flow_of(demo_results("lpln-radiomics"))
    assert [group.read for group in flow.groups] == [200, 200]
    assert flow.warnings[-1] == "Re-reads of cases in a later session are not counted: 40."


def test_who_left_is_enrolled_and_excluded(small_files: dict[str, str]) -> None:
    gone = [f"C{n:02d},R2,{session},the reader left,all" for n in range(1, 31) for session in (1, 2)]
    rows = "\n".join(["case,reader,session,reason,set", *gone, ""])
    flow = flow_of(run_analysis(read_dataset({**small_files, "exclusions.csv": rows})))
    assert (flow.readers_enrolled, flow.readers_included) == (3, 2)
    assert flow.readers_excluded == (FlowReason("the reader left", 1, ("R2",)),)


HEADER = "reader,arm,session,case,reason"


def assigned(files: dict[str, str], more: str = "", *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """All reads of the files as planned, without the rows that begin so, and more rows."""
    rows = {",".join(row.split(",")[:4]) + "," for row in files["reads.csv"].splitlines()[1:]}
    kept = sorted(row for row in rows if not row.startswith(but))
    return {**files, "assigned.csv": "\n".join([HEADER, *kept, ""]) + more}


def test_with_a_plan_every_step_adds_up(small_files: dict[str, str]) -> None:
    gone = ("R3,AIDED,2,C01,", "R3,AIDED,2,C02,", "R3,AIDED,2,C03,")
    kept = [row for row in small_files["reads.csv"].splitlines() if not row.startswith(gone)]
    files = {**small_files, "reads.csv": "\n".join([*kept, ""])}
    # A re-read in session 3 is planned and no part of the flow; one read was put off to session 4.
    late = {**files, "reads.csv": files["reads.csv"] + "R3,AIDED,4,C03,rating,2\nR1,UNAIDED,3,C05,rating,2\n"}
    plan = "R3,AIDED,2,C01,ill\nR3,AIDED,2,C02,\nR3,AIDED,2,C03,\nR2,UNAIDED,3,C07,\n"
    flow = _flow(study_of(read_dataset(assigned(late, plan)), level=0.95, seed=1))
    counted = {(one.arm, one.session): (one.planned, one.read, one.analyzed) for one in flow.groups}
    assert counted == {("UNAIDED", 1): (90, 90, 90), ("AIDED", 2): (89, 87, 87), ("AIDED", 4): (1, 1, 1)}
    missed = next(one.not_read for one in flow.groups if one.session == 2)
    assert missed == (FlowReason("ill", 1), FlowReason("no reason recorded", 1))
    assert UNKNOWN_PLAN not in flow.warnings


def test_a_planned_reader_who_read_nothing_is_enrolled(small_files: dict[str, str]) -> None:
    plan = "R4,UNAIDED,1,C01,ill\nR4,UNAIDED,1,C02,ill\n"
    flow = _flow(study_of(read_dataset(assigned(small_files, plan)), level=0.95, seed=1))
    assert (flow.groups[0].planned, flow.groups[0].read) == (92, 90)
    assert (flow.readers_enrolled, flow.readers_included) == (4, 3)
    assert flow.readers_excluded == (FlowReason("no committed read", 1, ("R4",)),)


def test_cases_cohorts_models_and_consensus_stand_in_the_flow(small_files: dict[str, str]) -> None:
    more = "".join(f"E{n:02d},{n % 2}\n" for n in range(1, 6))
    outputs = "net,1,E01,0.5,0.5,1\nnet,1,E02,0.5,0.5,1\n"
    cohorts = "case,cohort\n" + "".join(f"C{n:02d},new\n" for n in range(1, 31))
    cohorts += "".join(f"E{n:02d},{'old' if n < 5 else ''}\n" for n in range(1, 6))
    design = {
        "arms": ["UNAIDED", "AIDED"],
        "consensus": ["Panel"],
        "analysis": {"cohort": "cohort", "development": ["old"]},
    }
    files = {
        "study.json": json.dumps(design),
        "truth.csv": small_files["truth.csv"].replace("C30,0", "C30,") + more,
        "reads.csv": small_files["reads.csv"] + "Panel,AIDED,2,C01,rating,4\nPanel,AIDED,2,C30,rating,4\n",
        "predictions.csv": small_files["predictions.csv"] + outputs,
        "cases.csv": cohorts,
    }
    flow = _flow(study_of(read_dataset(files), level=0.95, seed=1))
    assert [(one.label, one.cases, one.positive, one.without_truth, one.read) for one in flow.cohorts] == [
        ("old", 4, 2, 0, 0),
        ("new", 30, 10, 1, 30),
        ("no cohort", 1, 1, 0, 0),
    ]
    assert sum(one.cases for one in flow.cohorts) == flow.cases_included
    assert (flow.cases_read, flow.cases_not_read) == (30, (FlowReason("read by nobody", 5),))
    assert [(one.kind, one.label, one.cases, one.scored, one.analyzed) for one in flow.raters] == [
        ("consensus", "Panel, AIDED", 2, 2, 1),
        ("model", "net", 35, 32, 31),
    ]
    planned = assigned(
        {**files, "reads.csv": small_files["reads.csv"], "study.json": "{}"}, "R1,AIDED,2,E01,\n"
    )
    told = _flow(study_of(read_dataset(planned), level=0.95, seed=1)).cases_not_read
    assert told == (FlowReason("assigned to no reader", 4), FlowReason("assigned and not read", 1))


def test_models_alone_have_no_readers_in_the_diagram(demo_dataset: Callable[[str], DatasetFiles]) -> None:
    study = study_of(demo_dataset("larc-dm"), level=0.95, seed=1)
    flow = _flow(study)
    words = all_words(made(lambda: draw_flow(flow, "Models")))
    assert "Readers" not in words
    assert UNKNOWN_PLAN not in words
    [tabled] = flow_tables("flow", flow_section(study).items, 0.95)
    assert not any("Readers" in row[0] for row in tabled.table.rows)
    for cohort in flow.cohorts:
        assert f"{cohort.label}: {cohort.cases} ({cohort.positive} positive)" in words
    for rater in flow.raters:
        assert f"Model {rater.label}" in words.replace("\n", " ")
        assert f"Cases analyzed: {rater.analyzed}" in words


@pytest.mark.parametrize(
    ("more", "but", "code", "text"),
    [
        ("", ("R1,AIDED,2,C04,",), "not_assigned", "case C04 by R1 in AIDED, session 2"),
        ("R1,AIDED,2,C04,\n", (), "repeated", "row 182"),
        ("R1,AIDED,2,C99,\n", (), "unknown_case", "row 182"),
        ("R1,AIDED,2,C04,ill\n", ("R1,AIDED,2,C04,",), "reason_of_a_read", "the read was made"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(
    small_files: dict[str, str], more: str, but: tuple[str, ...], code: str, text: str
) -> None:
    with pytest.raises(AnalysisError, match=text) as refused:
        read_dataset(assigned(small_files, more, but=but))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("exclusions", "scored", "lost"),
    [
        ("C01,Panel,2,left the panel,all\nC02,Panel,2,left the panel,all\n", 2, ("C01", "C02")),
        ("C01,,,no consent,all\nC02,,,no consent,all\n", 0, ()),
    ],
)
def test_a_consensus_of_which_nothing_stays_is_told_with_its_exclusions(
    small_files: dict[str, str], exclusions: str, scored: int, lost: tuple[str, ...]
) -> None:
    files = {
        **small_files,
        "study.json": json.dumps({"arms": ["UNAIDED", "AIDED"], "consensus": ["Panel"]}),
        "reads.csv": small_files["reads.csv"] + "Panel,AIDED,2,C01,rating,4\nPanel,AIDED,2,C02,rating,2\n",
        "exclusions.csv": "case,reader,session,reason,set\n" + exclusions,
    }
    study = study_of(read_dataset(files), level=0.95, seed=1)
    [told] = [one for one in _flow(study).raters if one.kind == "consensus"]
    reasons = (FlowReason("left the panel", len(lost), lost),) if lost else ()
    assert (told.label, told.cases, told.scored, told.analyzed) == ("Panel, AIDED", scored, scored, 0)
    assert told.not_analyzed == reasons
    # What is computed of consensus readings has none of it.
    assert study.consensus() == []
