"""The flow adds up, and the diagram says every number of it."""

import pytest
from matplotlib.patches import Rectangle

from backend.analysis.errors import AnalysisError
from backend.analysis.flow_figure import draw_flow, flow_figure
from backend.analysis.study_dataset import ReadRecord, StudyDataset
from backend.analysis.study_flow import UNKNOWN_PLAN, FlowReason, StudyFlow, study_flow
from tests.analysis.figure_cases import study
from tests.analysis.figure_checks import all_words, assert_is_printable, made

DATA = study(readers=3, n=40)
EXCLUDED = [
    FlowReason("motion artifacts", 7),
    FlowReason("no histology within six weeks of the examination", 12),
]
PLAN = {("UNAIDED", 1): 120, ("AIDED", 2): 120}


def whole() -> StudyFlow:
    return study_flow(
        DATA,
        cases_excluded=EXCLUDED,
        readers_excluded=[FlowReason("withdrew", 1)],
        planned=PLAN,
        not_read={("UNAIDED", 1): [FlowReason("image did not load", 1)]},
    )


def test_every_step_adds_up_with_the_one_before() -> None:
    flow = whole()
    assert (flow.cases_enrolled, flow.cases_included, flow.readers_enrolled, flow.readers_included) == (
        59,
        40,
        4,
        3,
    )
    assert flow.positive + flow.negative + flow.without_truth == 40
    assert [(group.arm, group.session) for group in flow.groups] == list(PLAN)
    for group in flow.groups:
        assert group.planned is not None
        assert group.planned - sum(reason.n for reason in group.not_read) == group.read
        assert group.read - sum(reason.n for reason in group.not_analyzed) == group.analyzed
        assert group.read == sum(read.arm == group.arm for read in DATA.reads)
    assert flow.groups[0].not_read[0] == FlowReason("image did not load", 1)
    assert flow.groups[0].not_read[1].text == "no reason recorded"
    assert flow.groups[0].not_analyzed[0].text == "no reference standard"


def test_scores_left_open_are_not_analyzed() -> None:
    reads = (
        ReadRecord("r", "A", 1, "p", 3),
        ReadRecord("r", "A", 1, "n", None),
        ReadRecord("r", "A", 1, "u", None),
    )
    data = StudyDataset(title="T", reads=reads, truth={"p": True, "n": False, "u": None}, arms=("A",))
    group = study_flow(data).groups[0]
    assert group.not_analyzed == (
        FlowReason("no reference standard", 1, ("u (r)",)),
        FlowReason("no score given", 1, ("n (r)",)),
    )
    assert (group.read, group.analyzed, group.planned) == (3, 1, None)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"planned": {("AIDED", 2): 1}}, "flow_does_not_add_up"),
        ({"not_read": {("AIDED", 2): [FlowReason("ill", 1)]}}, "flow_does_not_add_up"),
        ({"planned": PLAN, "not_read": {("AIDED", 2): [FlowReason("ill", 90)]}}, "flow_does_not_add_up"),
        ({"planned": {("OTHER", 1): 5}}, "unknown_group"),
        ({"cases_excluded": [FlowReason("ill", -1)]}, "count_impossible"),
        ({"cases_excluded": [FlowReason("ill", 1), FlowReason("ill", 2)]}, "repeated"),
    ],
)
def test_a_flow_that_does_not_add_up_is_refused(options: dict[str, object], code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        study_flow(DATA, **options)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_the_diagram_says_every_number() -> None:
    flow = whole()
    figure = made(lambda: draw_flow(flow, "Flow"))
    assert_is_printable(figure)
    text = all_words(figure)
    for words in (
        "Cases enrolled: 59",
        "Cases excluded: 19",
        "– no histology within six weeks of the examination: 12",
        "Readers excluded: 1",
        "Included: 40 cases, 3 readers",
        f"Positive (metastatic node): {flow.positive}; negative: {flow.negative}; no reference standard: 1",
        "UNAIDED, session 1",
        "– image did not load: 1",
        f"Reads analyzed: {flow.groups[1].analyzed}",
    ):
        assert words in text
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 9
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert not one.get_bbox().overlaps(other.get_bbox())


def test_many_sessions_go_on_in_a_second_row() -> None:
    reads = tuple(
        ReadRecord(read.reader, read.arm, (read.session - 1) * 3 + i % 3 + 1, read.case, read.score)
        for i, read in enumerate(DATA.reads)
    )
    many = StudyDataset(title="T", reads=reads, truth=DATA.truth, arms=DATA.arms)
    figure = made(lambda: draw_flow(study_flow(many), "Six sessions"))
    assert_is_printable(figure)
    assert "AIDED, session 6" in all_words(figure)
    assert UNKNOWN_PLAN in all_words(figure)


def test_bytes_are_stable() -> None:
    assert flow_figure(whole(), title="T") == flow_figure(whole(), title="T")
    png = flow_figure(whole(), title="T", file_format="png", is_synthetic=True, dpi=60)
    assert png == flow_figure(whole(), title="T", file_format="png", is_synthetic=True, dpi=60)
    assert b"synthetic demonstration data" in flow_figure(whole(), title="T", is_synthetic=True)
