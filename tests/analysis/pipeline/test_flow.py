"""The flow of the dataset: exclusions by set with their reasons, and numbers that add up."""

from collections.abc import Callable

from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.study_flow import FlowReason, StudyFlow

Results = Callable[[str], AnalysisResults]

EXCLUSIONS = """case,reader,session,reason,set
C01,,,no consent,all
C02,R1,1,read before training,all
C02,R2,1,read before training,all
C03,R1,2,software fault,per-protocol
C04,,,wrong sequence,per-protocol
"""


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
