"""Templates and reading designs: each is whole, and rewrites only the design."""

from copy import deepcopy
from typing import Any

import pytest

from backend.studies.design import CaseFact, cells_of, plan_for
from backend.studies.design_checks import blocking, check_document
from backend.studies.design_facts import DesignFacts, ReaderFact, expected_members
from backend.studies.design_patterns import PATTERNS, PatternRefused, apply_pattern
from backend.studies.templates import CARDS, TEMPLATES

CASES = tuple(CaseFact(f"{center}-{number:02d}", center) for center in "ABC" for number in range(20))
FACTS = DesignFacts(
    cases=CASES,
    readers=(ReaderFact(),) * 12,
    model_ids=frozenset({"lpln-radiomics"}),
    adjudicators=1,
)
Document = dict[str, Any]


def plan(document: Document, ordinal: int, cell: int = 0) -> list[tuple[str, tuple[str, ...]]]:
    rows = plan_for(document, ordinal, cells_of(document)[cell])
    return [(row.case_set, row.arms) for row in rows]


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_template_has_no_problem_that_blocks(template: str) -> None:
    assert blocking(check_document(TEMPLATES[template](), FACTS)) == []


def test_every_template_has_a_card_and_takes_the_options_of_it() -> None:
    assert [card.key for card in CARDS] == list(TEMPLATES)
    for card in CARDS:
        defaults = {option.key: option.default for option in card.options}
        assert TEMPLATES[card.key](**defaults) == TEMPLATES[card.key]()


def test_lpln_reads_unaided_and_after_a_washout_with_the_score() -> None:
    document = TEMPLATES["lpln-radiomics"](washout_days=42)
    assert [arm["model_id"] for arm in document["design"]["arms"]] == ["", "lpln-radiomics"]
    assert [one["washout_days"] for one in document["design"]["sessions"]] == [0, 42]
    assert (plan(document, 1), plan(document, 2)) == ([("all", ("unaided",))], [("all", ("aided",))])
    assert document["analysis"] == {
        "reference": "truth",
        "rating_question": "rating",
        "positive_from": 4,
        "positive_class": "metastatic node",
        "plan": {"development": ["development"]},
    }


def test_lln_settles_status_region_and_diameter_class_by_consensus() -> None:
    adjudication = TEMPLATES["lln-segmentation"]()["adjudication"]
    assert adjudication["mode"] == "consensus"
    assert [(rule["question"], rule["when"]) for rule in adjudication["rules"]] == [
        ("status", "mismatch"),
        ("region", "mismatch"),
        ("diameter_class", "mismatch"),
    ]


def test_cervix_reads_thirty_random_cases_again_after_sixty_days() -> None:
    document = TEMPLATES["cervix-dlrc"]()
    again = document["design"]["sessions"][1]
    assert (again["washout_days"], again["is_reread"]) == (60, True)
    assert plan(document, 2) == [("reread", ("unaided",))]
    reread = document["design"]["case_sets"][-1]
    assert (reread["how"], reread["n"]) == ("random", 30)
    assert len(expected_members(reread, CASES)) == 30
    assert len(expected_members(reread, CASES[:7])) == 7, "all of them when there are fewer"


@pytest.mark.parametrize("pattern", list(PATTERNS))
@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_pattern_gives_a_sound_design_and_leaves_the_rest(template: str, pattern: str) -> None:
    before = TEMPLATES[template]()
    kept = deepcopy(before)
    after = apply_pattern(before, pattern)
    assert before == kept, "the document itself is not touched"
    rest = set(after) - {"design"}
    assert {key: after[key] for key in rest} == {key: before[key] for key in rest}
    assert blocking(check_document(after, FACTS)) == []


def test_a_crossover_changes_over() -> None:
    document = apply_pattern(TEMPLATES["lpln-radiomics"](), "crossover", washout_days=30)
    assert [plan(document, ordinal, cell) for cell in (0, 1) for ordinal in (1, 2)] == [
        [("all", ("unaided",))],
        [("all", ("aided",))],
        [("all", ("aided",))],
        [("all", ("unaided",))],
    ]


def test_a_sequential_reading_has_both_arms_in_one_session() -> None:
    document = apply_pattern(TEMPLATES["lpln-radiomics"](), "sequential")
    assert len(document["design"]["sessions"]) == 1
    assert plan(document, 1) == [("all", ("unaided", "aided"))]


def test_fully_crossed_is_a_latin_square_of_parts_arms_and_sessions() -> None:
    document = TEMPLATES["lpln-radiomics"]()
    document["design"]["arms"].append({"key": "third", "title": "Third", "model_id": "lpln-radiomics"})
    crossed = apply_pattern(document, "fully_crossed")
    for cell in range(3):
        by_part = {f"part{number}": [] for number in (1, 2, 3)}
        for ordinal in (1, 2, 3):
            rows = plan(crossed, ordinal, cell)
            assert sorted(arms[0] for _, arms in rows) == ["aided", "third", "unaided"]
            for part, arms in rows:
                by_part[part].append(arms[0])
        assert all(sorted(arms) == ["aided", "third", "unaided"] for arms in by_part.values())


def test_split_plots_nest_readers_or_cases() -> None:
    readers = apply_pattern(TEMPLATES["lpln-radiomics"](), "split_plot_readers")
    assert [plan(readers, 1, cell) for cell in (0, 1)] == [[("all", ("unaided",))], [("all", ("aided",))]]
    cases = apply_pattern(TEMPLATES["lpln-radiomics"](), "split_plot_cases", groups=3)
    sets = [plan(cases, 1, cell)[0][0] for cell in range(3)]
    assert sets == [plan(cases, 2, cell)[0][0] for cell in range(3)] == ["part1", "part2", "part3"]


def test_blocks_rotate_around_an_anchor() -> None:
    document = apply_pattern(TEMPLATES["lpln-radiomics"](), "anchor_blocks", blocks=3)
    sets = [[name for name, _ in plan(document, ordinal, cell)] for cell in range(3) for ordinal in (1, 2)]
    assert sets == [
        ["anchor", "block1"], ["anchor", "block2"],
        ["anchor", "block2"], ["anchor", "block3"],
        ["anchor", "block3"], ["anchor", "block1"],
    ]  # fmt: skip
    members = [expected_members(one, CASES) for one in document["design"]["case_sets"]]
    assert sum(map(len, members)) == len(frozenset().union(*members)) == len(CASES)


def test_a_reread_is_added_once_and_each_group_rereads_what_it_has_read() -> None:
    document = apply_pattern(TEMPLATES["lpln-radiomics"](), "split_plot_readers")
    again = apply_pattern(apply_pattern(document, "reread", cases=10), "reread", cases=20)
    assert [one["title"] for one in again["design"]["sessions"]] == ["Session 1", "Re-read"]
    assert [plan(again, 2, cell) for cell in (0, 1)] == [
        [("reread", ("unaided",))],
        [("reread", ("aided",))],
    ]
    assert again["design"]["case_sets"][-1]["n"] == 20


def test_what_a_new_design_has_no_longer_is_forgotten_elsewhere() -> None:
    document = TEMPLATES["lpln-radiomics"]()
    document["hidden_repeats"] = {"count": 3, "min_lag": 4, "sessions": [2]}
    document["adjudication"] = {**TEMPLATES["cervix-dlrc"]()["adjudication"], "arms": ["aided"]}
    single = apply_pattern(document, "single_arm")
    assert single["hidden_repeats"]["sessions"] == [1]
    assert single["adjudication"]["arms"] is None


@pytest.mark.parametrize(
    ("pattern", "options", "field"),
    [
        ("none_such", {}, "pattern"),
        ("crossover", {"groups": 2}, "groups"),
        ("crossover", {"washout_days": -1}, "washout_days"),
        ("crossover", {"washout_days": "28"}, "washout_days"),
        ("reread", {"cases": True}, "cases"),
        ("split_plot_cases", {"groups": 1}, "groups"),
    ],
)
def test_a_pattern_refuses_what_it_does_not_know(pattern: str, options: dict[str, Any], field: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        apply_pattern(TEMPLATES["blank"](), pattern, **options)
    assert refused.value.field == field
