"""Every fault of a protocol is told at its place, and a sound one has none."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.studies.design import CaseFact
from backend.studies.design_checks import blocking, check_document, structure_problems
from backend.studies.design_facts import DesignFacts, ReaderFact, TrainingFact
from backend.studies.design_overlap import may_share
from backend.studies.design_patterns import apply_pattern
from backend.studies.templates import TEMPLATES

CASES = tuple(
    CaseFact(f"{center}-{number:02d}", center, "old" if number < 5 else "new")
    for center in "AB"
    for number in range(20)
)
FACTS = DesignFacts(
    cases=CASES,
    readers=(ReaderFact(),) * 4,
    model_ids=frozenset({"lpln-radiomics"}),
    training=(TrainingFact("T-1", frozenset({"rating"})),),
    adjudicators=1,
)
Document = dict[str, Any]
Edit = Callable[[Document], object]
ROW = {"group": "*", "sequence": "*", "case_set": "all", "arms": ["unaided"]}
TRAINING = {"pass_mark": 0.8, "max_attempts": 3, "questions": ["rating"], "tolerance": {}}
ADJUDICATION = {
    "mode": "third_reader",
    "arms": None,
    "rules": [{"question": "rating", "when": "difference", "more_than": 1}],
    "expected_discordance": 0.25,
    "minutes_per_item": 4,
}


def lpln() -> Document:
    """A sound protocol of two sessions, with a training."""
    return {**TEMPLATES["lpln-radiomics"](), "training": deepcopy(TRAINING)}


def session(document: Document, ordinal: int = 1) -> Document:
    found: Document = document["design"]["sessions"][ordinal - 1]
    return found


def put(*path: Any, value: Any) -> Edit:
    """An edit that sets what stands at the path."""

    def edit(document: Document) -> None:
        target: Any = document
        for part in path[:-1]:
            target = target[part]
        target[path[-1]] = value

    return edit


def told(document: Document, facts: DesignFacts = FACTS) -> list[tuple[str, str]]:
    return [(one.path, one.text) for one in check_document(document, facts)]


def test_a_sound_protocol_has_advice_at_most() -> None:
    assert blocking(check_document(lpln(), FACTS)) == []


@pytest.mark.parametrize("odd", ["a\0b", "\ud800", float("inf"), {"\udc00": 1}])
def test_what_no_database_can_keep_is_no_protocol(odd: Any) -> None:
    for path in (("objective",), ("form", "questions", 0, "help"), ("adjudication",)):
        document = lpln()
        put(*path, value=odd)(document)
        assert [one.path for one in structure_problems(document)] == [""]


def test_no_arm_goes_by_the_name_of_the_training() -> None:
    """Its model would be withheld as it is in training."""
    document = lpln()
    document["design"]["arms"][1]["key"] = "training"
    for one in document["design"]["sessions"]:
        for row in one["plan"]:
            row["arms"] = ["training" if arm == "aided" else arm for arm in row["arms"]]
    assert [one.path for one in blocking(check_document(document, FACTS))] == ["design.arms[1].key"]


def test_a_consensus_that_is_the_reference_standard_is_adjudicated_in_the_first_arm() -> None:
    document = lpln()
    document["analysis"] = {**document["analysis"], "reference": "consensus"}
    document["adjudication"] = {**ADJUDICATION, "arms": ["aided"]}
    assert "analysis.reference" in [one.path for one in blocking(check_document(document, FACTS))]
    document["adjudication"] = {**ADJUDICATION, "arms": ["aided", "unaided"]}
    assert blocking(check_document(document, FACTS)) == []


SETS = ("design", "case_sets")
FIRST_ROW = ("design", "sessions", 0, "plan", 0)
STRUCTURE: list[tuple[str, str, Edit]] = [
    ("", "Something is missing here: form.", lambda d: d.pop("form")),
    ("format", "not one of the possible values", put("format", value=1)),
    ("objective", "of the wrong kind", put("objective", value=None)),
    ("design.sessions", "At least one is needed", put("design", "sessions", value=[])),
    ("design.sessions", "without a gap", lambda d: session(d, 2).update(ordinal=3)),
    ("design.sessions[1].washout_days", "at least 0", lambda d: session(d, 2).update(washout_days=-1)),
    ("design.sessions[1].washout_days", "wrong kind", lambda d: session(d, 2).update(washout_days=2.5)),
    (
        "design.case_sets[1].key",
        "has the key all already",
        lambda d: d["design"]["case_sets"].append({"key": "all", "title": "Again", "how": "all"}),
    ),
    ("design.arms[0].key", "no spaces", put("design", "arms", 0, "key", value="my arm")),
    ("design.sessions[0].plan[0].arms", "no arm x", put(*FIRST_ROW, "arms", value=["x"])),
    ("design.sessions[0].plan[0].arms", "stands here twice", put(*FIRST_ROW, "arms", value=["a", "a"])),
    ("design.sessions[0].plan[0].group", "no group of readers x", put(*FIRST_ROW, "group", value="x")),
    ("design.sessions[0].plan[0].sequence", "no sequence x", put(*FIRST_ROW, "sequence", value="x")),
    ("design.sessions[0].plan[0].case_set", "no case set x", put(*FIRST_ROW, "case_set", value="x")),
    ("design.case_sets[0]", "missing here: n", put(*SETS, 0, "how", value="random")),
    (
        "hidden_repeats.count",
        "at least 1",
        put("hidden_repeats", value={"count": 0, "min_lag": 1, "sessions": []}),
    ),
    ("sittings.max_cases", "wrong kind", put("sittings", "max_cases", value="many")),
    ("training.pass_mark", "at most 1", put("training", "pass_mark", value=80)),
]


@pytest.mark.parametrize(("path", "text", "edit"), STRUCTURE)
def test_a_broken_structure_is_told_alone(path: str, text: str, edit: Edit) -> None:
    document = lpln()
    edit(document)
    found = structure_problems(document)
    assert [one.path for one in found] == [path]
    assert text in found[0].text
    assert check_document(document, FACTS) == found
    assert all(one.is_blocking for one in found)


def repeats(count: int, lag: int, *sessions: int) -> Edit:
    return put("hidden_repeats", value={"count": count, "min_lag": lag, "sessions": list(sessions)})


def more_sets(*sets: Document) -> Edit:
    return lambda d: d["design"]["case_sets"].extend(
        {"key": f"x{i}", "title": f"X{i}", **one} for i, one in enumerate(sets)
    )


def two_rows(first: Document, second: Document) -> Edit:
    def edit(document: Document) -> None:
        more_sets(first, second)(document)
        session(document)["plan"] = [{**ROW, "case_set": "x0"}, {**ROW, "case_set": "x1"}]

    return edit


BLOCKING: list[tuple[str, str, Edit]] = [
    ("case_order.algorithm", "another algorithm", put("case_order", "algorithm_version", value=1)),
    ("design.arms[0].title", "no title", put("design", "arms", 0, "title", value=" ")),
    ("design.sessions[0].plan", "nobody reads anything", lambda d: session(d).update(plan=[])),
    ("design.case_sets[1]", "holds no case", more_sets({"how": "list", "cases": []})),
    (
        "design.case_sets[1].cases",
        "no case of these: Z-1",
        more_sets({"how": "list", "cases": ["Z-1", "A-01"]}),
    ),
    (
        "design.case_sets[1].centers",
        "no case of these: Z",
        more_sets({"how": "center", "centers": ["Z", "A"]}),
    ),
    (
        "design.case_sets[1].cohorts",
        "no case of these: z",
        more_sets({"how": "cohort", "cohorts": ["z", "old"]}),
    ),
    ("design.case_sets[1].part", "no part 3 of 2", more_sets({"how": "part", "of": 2, "part": 3})),
    (
        "design.sessions[0].plan[1].case_set",
        "can hold the same case",
        two_rows({"how": "center", "centers": ["A"]}, {"how": "cohort", "cohorts": ["old"]}),
    ),
    (
        "design.sessions[0].plan[1].case_set",
        "can hold the same case",
        two_rows({"how": "part", "of": 2, "part": 1}, {"how": "part", "of": 3, "part": 2}),
    ),
    (
        "design.sessions[1].plan[0].arms",
        "Mark the session as a re-read",
        put("design", "sessions", 1, "plan", 0, "arms", value=["unaided"]),
    ),
    (
        "design.arms[1].model_id",
        "No model gpt is registered",
        put("design", "arms", 1, "model_id", value="gpt"),
    ),
    ("hidden_repeats.sessions[0]", "no session 4", repeats(2, 3, 4)),
    ("hidden_repeats", "5 repeats after 36 other cases do not fit into the 40", repeats(5, 36, 1)),
    ("training.questions[0]", "no question none_such", put("training", "questions", value=["none_such"])),
    ("training.questions[0]", "cannot be marked as right", put("training", "questions", value=["comment"])),
    (
        "training",
        "right answer to side_region is missing for T-1",
        put("training", "questions", value=["side_region"]),
    ),
    (
        "training.tolerance.rating",
        "no question that is answered by a number",
        put("training", "tolerance", value={"rating": 1}),
    ),
    ("analysis.rating_question", "no question gone", put("analysis", "rating_question", value="gone")),
    (
        "analysis.rating_question",
        "neither an ordinal scale",
        put("analysis", "rating_question", value="comment"),
    ),
    ("analysis.positive_from", "from which point", put("analysis", "positive_from", value=None)),
    ("analysis.positive_from", "no point 9", put("analysis", "positive_from", value=9)),
    ("analysis.positive_from", "every rating would be positive", put("analysis", "positive_from", value=1)),
    (
        "analysis.positive_from",
        "needs no limit",
        put("analysis", "rating_question", value="criterion_margin"),
    ),
    (
        "adjudication.rules[0]",
        "no question",
        put("adjudication", value={**ADJUDICATION, "rules": [{"question": "x", "when": "mismatch"}]}),
    ),
    ("form.questions[0].kind", "Question 1", put("form", "questions", 0, "kind", value="riddle")),
]


@pytest.mark.parametrize(("path", "text", "edit"), BLOCKING)
def test_a_fault_blocks_and_is_told_at_its_place(path: str, text: str, edit: Edit) -> None:
    document = lpln()
    edit(document)
    assert structure_problems(document) == [], "it can be kept all the same"
    found = blocking(check_document(document, FACTS))
    assert [one.path for one in found] == [path], found
    assert text in found[0].text


ADVICE: list[tuple[str, str, Edit]] = [
    ("objective", "does not say what", put("objective", value=" ")),
    ("instructions", "no instructions", put("instructions", value="")),
    ("analysis.rating_question", "no ROC analysis", put("analysis", "rating_question", value=None)),
    ("analysis.positive_class", "in words", put("analysis", "positive_class", value="")),
    ("hidden_repeats", "cannot be measured", put("hidden_repeats", value=None)),
    ("design.sessions[1].washout_days", "less than 14 days", lambda d: session(d, 2).update(washout_days=13)),
    ("design.sessions[1].washout_days", "without a washout", lambda d: session(d, 2).update(washout_days=0)),
    ("design.sessions[0].washout_days", "has no effect", lambda d: session(d, 1).update(washout_days=3)),
    ("design.arms[1].model_id", "both show no model", put("design", "arms", 1, "model_id", value="")),
    (
        "design.arms[2]",
        "No session reads in the arm C",
        lambda d: d["design"]["arms"].append({"key": "c", "title": "C", "model_id": "lpln-radiomics"}),
    ),
    ("design.case_sets[1].n", "holds all of them", more_sets({"how": "random", "n": 41})),
    (
        "sittings.break_minutes",
        "no break follows",
        put("sittings", value={"max_cases": 9, "max_minutes": None, "break_minutes": 0}),
    ),
]


@pytest.mark.parametrize(("path", "text", "edit"), ADVICE)
def test_advice_does_not_block(path: str, text: str, edit: Edit) -> None:
    document = lpln()
    edit(document)
    found = check_document(document, FACTS)
    assert blocking(found) == []
    assert [one.path for one in found if text in one.text] == [path]


@pytest.mark.parametrize(
    ("changes", "path", "text", "is_blocking"),
    [
        ({"cases": ()}, "cases", "no cases yet", True),
        ({"readers": ()}, "readers", "no readers yet", True),
        ({"readers": (ReaderFact("g9"),) * 2}, "readers", "the group g9, which is not in this design", True),
        ({"readers": (ReaderFact(),)}, "readers", "no agreement between readers", False),
        ({"training": ()}, "training", "no training cases", True),
    ],
)
def test_what_the_study_lacks_is_told(
    changes: dict[str, Any], path: str, text: str, is_blocking: bool
) -> None:
    facts = DesignFacts(**{**FACTS.__dict__, **changes})
    found = [one for one in check_document(lpln(), facts) if one.path == path and text in one.text]
    assert [one.is_blocking for one in found] == [is_blocking]


def test_adjudication_needs_an_adjudicator_and_two_readers_of_a_case() -> None:
    document = {**apply_pattern(lpln(), "split_plot_cases"), "adjudication": ADJUDICATION}
    assert not any(path.startswith("adjudication") for path, _ in told(document))
    alone = DesignFacts(**{**FACTS.__dict__, "readers": (ReaderFact(),) * 2, "adjudicators": 0})
    words = [text for path, text in told(document, alone) if path.startswith("adjudication")]
    assert words == [
        "40 cases are read by one reader only in the arm unaided; nothing can be discordant there.",
        "40 cases are read by one reader only in the arm aided; nothing can be discordant there.",
        "The study has no adjudicator yet.",
    ]


def test_empty_cells_and_idle_readers_are_told() -> None:
    document = apply_pattern(lpln(), "crossover")
    session(document, 2)["plan"].pop()
    found = told(document)
    idle = "All readers, With the radiomics score → Without the model"
    assert ("design.sessions[1].plan", f"In Session 2 these readers read nothing: {idle}.") in found
    one = DesignFacts(**{**FACTS.__dict__, "readers": (ReaderFact(),)})
    assert any("2 places (group and sequence) and only 1 readers" in text for _, text in told(document, one))


def test_a_reread_of_what_was_never_read_is_told() -> None:
    document = apply_pattern(apply_pattern(lpln(), "split_plot_cases"), "reread", cases=10)
    found = [text for path, text in told(document) if path == "design.sessions[2].plan[0].case_set"]
    assert found == [
        "Read again can hold cases that a reader has not read before in this arm, so they would not be read again."
    ]


SHARE = [
    ({"how": "part", "of": 3, "part": 1}, {"how": "part", "of": 3, "part": 2}, False, False),
    ({"how": "part", "of": 3, "part": 1}, {"how": "part", "of": 2, "part": 2}, True, True),
    ({"how": "all"}, {"how": "list", "cases": ["A-01"]}, True, True),
    ({"how": "random", "n": 1}, {"how": "random", "n": 1}, True, True),
    ({"how": "list", "cases": ["A-01"]}, {"how": "list", "cases": ["A-02"]}, False, False),
    ({"how": "list", "cases": ["A-01"]}, {"how": "center", "centers": ["A"]}, True, False),
    ({"how": "center", "centers": ["A"]}, {"how": "center", "centers": ["B"]}, False, False),
    ({"how": "center", "centers": ["A"]}, {"how": "cohort", "cohorts": ["old"]}, True, False),
]


@pytest.mark.parametrize(("one", "other", "with_cases", "without"), SHARE)
def test_which_sets_may_share_a_case(one: Document, other: Document, with_cases: bool, without: bool) -> None:
    assert may_share(one, other, CASES) is may_share(other, one, CASES) is with_cases
    assert may_share(one, other, ()) is may_share(other, one, ()) is without


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_put_anywhere_is_answered(data: st.DataObject) -> None:
    """A value of any kind at any place of the document: the checks answer, and never fall over."""
    document: Any = lpln()
    target = document
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(target[key], dict | list) and target[key] and data.draw(st.booleans()):
            target = target[key]
            continue
        target[key] = data.draw(JSON)
        break
    found = check_document(document, FACTS)
    assert all(one.text.endswith(".") for one in found)


def test_a_protocol_may_name_the_tools_that_it_has() -> None:
    document = lpln()
    for tools in (None, [], ["length", "probe"]):
        assert blocking(check_document({**document, "tools": tools}, FACTS)) == []
    (fault,) = structure_problems({**document, "tools": ["length", "scalpel"]})
    assert fault.path == "tools[1]"
