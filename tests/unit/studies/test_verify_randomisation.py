"""The record of the draws: complete, checked without a database, and one altered value is found where it stands."""

import copy
import hashlib
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.accounts.roles import Role
from backend.predictions.selectors import models_for_freeze
from backend.studies.conduct import reader_enroll_late, reader_replace
from backend.studies.design_patterns import apply_pattern
from backend.studies.models import Assignment, Randomisation, ReaderStudy
from backend.studies.randomisation import draw_allocation, draw_order, draw_parts
from backend.studies.randomisation_check import check_randomisation
from backend.studies.randomisation_file import randomisation_document
from backend.studies.services import study_freeze
from backend.truth.selectors import strata_of
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, study_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def frozen_story(
    cases: int = 8, pattern: str = "", options: dict[str, int] | None = None, **protocol: Any
) -> StudyStory:
    """A study of two readers; `pattern` lays out its design, else it keeps the fixed order."""
    story = study_in(Stage.DESIGN, cases=cases)
    laid_out = (
        apply_pattern(story.study.protocol, pattern, **(options or {})) if pattern else story.study.protocol
    )
    ReaderStudy.objects.update(protocol={**laid_out, **protocol})
    study_freeze(
        study_id=story.study.pk,
        models=models_for_freeze(story.study),
        strata=strata_of(story.study),
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    return story.refresh()


@pytest.fixture
def story() -> StudyStory:
    """A crossover of balanced orders with repeats; a reader enrolled late, and one replaced."""
    story = frozen_story(
        pattern="crossover",
        case_order={
            "rule": "", "algorithm": "sha256-sort", "algorithm_version": 2, "balance": "prevalence"
        },
        hidden_repeats={"count": 2, "min_lag": 3, "sessions": [1, 2]},
    )  # fmt: skip
    strata, by = strata_of(story.study), story.people["coordinator"]
    reader_enroll_late(
        study=story.study, user=person("late"), reason="More power.", strata=strata, by=by,
        now=story.clock.tick(),
    )  # fmt: skip
    reader_replace(
        study=story.study,
        member_id=story.study.members.get(user=story.people["reader2"], role=Role.READER).pk,
        user=person("successor"),
        reason="Moved away.",
        strata=strata,
        by=by,
        now=story.clock.tick(),
    )
    return story


@pytest.fixture
def document(story: StudyStory) -> dict[str, Any]:
    return json.loads(json.dumps(randomisation_document(story.study)))


def found(document: dict[str, Any]) -> list[str]:
    return [f"{fault.subject}: {fault.text}" for fault in check_randomisation(document)]


def place_of(document: dict[str, Any], kind: str) -> int:
    return next(place for place, draw in enumerate(document["draws"]) if draw["kind"] == kind)


def order_with_previous(document: dict[str, Any]) -> int:
    return next(
        place
        for place, draw in enumerate(document["draws"])
        if draw["kind"] == "ORDER" and draw["inputs"]["previous"]
    )


def test_what_the_product_drew_is_as_recorded(document: dict[str, Any]) -> None:
    assert found(document) == []
    kinds = [draw["kind"] for draw in document["draws"]]
    assert (kinds.count("ORDER"), kinds.count("ALLOCATION")) == (4 * 2, 3), (
        "the successor takes a place, undrawn"
    )
    assert len(document["assignments"]) == 4 * 2 * (8 + 2)


@pytest.mark.parametrize("part", ["seed", "drawn", "inputs", "sha256", "algorithm_version"])
def test_an_altered_draw_is_found_and_named(document: dict[str, Any], part: str) -> None:
    place = order_with_previous(document)
    draw = document["draws"][place]
    if part == "drawn":
        draw["drawn"][3], draw["drawn"][4] = draw["drawn"][4], draw["drawn"][3]
    elif part == "inputs":
        draw["inputs"]["previous"][:2] = draw["inputs"]["previous"][1::-1]
    elif part == "algorithm_version":
        draw[part] = 1
    else:
        draw[part] = "0" * 64
    faults = found(document)
    assert faults
    assert {fault.split(": ")[0] for fault in faults} == {f"ORDER {draw['subject']}"}
    if part == "drawn":
        assert any("from place 4 on" in fault for fault in faults)


def test_a_draw_altered_with_its_digest_is_found_all_the_same(document: dict[str, Any]) -> None:
    """Somebody who knows how digests are made prefers another order and writes a matching record."""
    draw = document["draws"][order_with_previous(document)]
    inputs = draw["inputs"]
    other = draw_order(
        inputs["cases"], seed="chosen", previous=inputs["previous"], strata=inputs["strata"],
        repeats=inputs["repeats"], min_lag=inputs["min_lag"],
    )  # fmt: skip
    draw.update(seed="chosen", drawn=other.drawn, sha256=other.sha256)
    assert any("rows that are read are not those drawn" in fault for fault in found(document))


@pytest.mark.parametrize("part", ["case", "alias", "repeats", "position"])
def test_an_altered_row_is_found_and_named(document: dict[str, Any], part: str) -> None:
    row = document["assignments"][5]
    # The seed is of no test's making: the row may be a repeat of the first place already.
    another_place = 2 if row["repeats"] == 1 else 1
    row[part] = {"case": "another", "alias": "ZZ-999", "repeats": another_place, "position": 99}[part]
    assert {fault.split(": ")[0] for fault in found(document)} == {f"ORDER {row['session']}"}


def test_a_reader_moved_to_another_place_is_found(document: dict[str, Any]) -> None:
    draw = document["draws"][place_of(document, "ALLOCATION")]
    next(one for one in document["members"] if one["id"] == draw["subject"])["cell"] = "g9/s9"
    name = f"ALLOCATION {draw['subject']}"
    assert {
        f"{name}: The reader stands in g9/s9, not in {draw['drawn']}.",
        f"{name}: The plan has no place g9/s9.",
    } <= {*found(document)}


def test_a_session_without_a_draw_and_a_draw_without_a_session_are_found(document: dict[str, Any]) -> None:
    lost = copy.deepcopy(document)
    draw = lost["draws"].pop(order_with_previous(lost))
    assert f"ORDER {draw['subject']}: The session has no record of its draw." in found(lost)
    document["sessions"] = [one for one in document["sessions"] if one["id"] != draw["subject"]]
    assert any("belongs to no session" in fault for fault in found(document))


def test_an_altered_protocol_is_found(document: dict[str, Any]) -> None:
    document["protocol"]["document"] += " "
    assert found(document) == ["protocol: The digest is not that of the document."]


# ------------------------------------------------------------------------------------------------ against the plan
def reader_in_another_cell(document: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A reader whose place was drawn, and the place of another reader."""
    drawn = {draw["subject"]: draw["drawn"] for draw in document["draws"] if draw["kind"] == "ALLOCATION"}
    one = next(member for member in document["members"] if member["id"] in drawn)
    return one, next(cell for cell in drawn.values() if cell != one["cell"])


def test_an_altered_arm_is_found_at_its_case(document: dict[str, Any]) -> None:
    row = document["assignments"][5]
    number = next(case["number"] for case in document["cases"] if case["id"] == row["case"])
    planned, row["arms"] = row["arms"], ["another"]
    assert found(document) == [
        (
            f"ORDER {row['session']}: Place {row['position']}, case {number}, is read in another"
            f" and not in {', then '.join(planned)}."
        )
    ]


def test_a_case_that_the_plan_does_not_have_is_found_though_draw_and_rows_agree(
    document: dict[str, Any],
) -> None:
    """Somebody puts a case of another study into an order, draws it again and writes the rows to match."""
    place = order_with_previous(document)
    draw = document["draws"][place]
    lost = draw["inputs"]["cases"][0]
    number = next(case["number"] for case in document["cases"] if case["id"] == lost)

    def other(value: Any) -> Any:
        return json.loads(json.dumps(value).replace(lost, "foreign"))

    inputs = other(draw["inputs"])
    again = draw_order(
        inputs["cases"], seed=draw["seed"], strata=inputs["strata"], previous=inputs["previous"],
        repeats=inputs["repeats"], min_lag=inputs["min_lag"],
    )  # fmt: skip
    draw.update(inputs=json.loads(json.dumps(again.inputs)), drawn=again.drawn, sha256=again.sha256)
    arms = {row["case"]: row["arms"] for row in document["assignments"] if row["session"] == draw["subject"]}
    document["assignments"] = [row for row in document["assignments"] if row["session"] != draw["subject"]] + [
        {"session": draw["subject"], "position": position, "case": case, "alias": alias, "repeats": repeats,
         "arms": arms[lost if case == "foreign" else case]}
        for position, (case, alias, repeats) in enumerate(again.drawn, start=1)
    ]  # fmt: skip
    faults = found(document)
    assert f"ORDER {draw['subject']}: Case {number} of the plan is missing." in faults
    assert any("case foreign, is not in the plan of this session" in fault for fault in faults)


def test_a_reader_moved_to_another_real_place_is_found_in_every_order(document: dict[str, Any]) -> None:
    member, other = reader_in_another_cell(document)
    member["cell"] = other
    subjects = {fault.split(": ")[0] for fault in found(document)}
    own = {f"ORDER {one['id']}" for one in document["sessions"] if one["member"] == member["id"]}
    assert own | {f"ALLOCATION {member['id']}"} == subjects


def test_a_place_that_nobody_drew_is_found_unless_it_was_taken_over(document: dict[str, Any]) -> None:
    successor = next(one for one in document["members"] if one["replaces"])
    before = next(one for one in document["members"] if one["id"] == successor["replaces"])
    assert before["cell"] == successor["cell"]
    left, before["withdrawn_at"] = before["withdrawn_at"], None
    assert (
        f"ALLOCATION {successor['id']}: The reader replaces {before['id']}, who did not leave the place"
        f" {successor['cell']}."
    ) in found(document)
    before["withdrawn_at"], successor["replaces"] = left, None
    assert found(document) == [
        f"ALLOCATION {successor['id']}: The reader's place was neither drawn nor taken over from a reader who left."
    ]


def test_a_draw_of_a_place_that_counted_the_readers_wrongly_is_found(document: dict[str, Any]) -> None:
    """The late reader's draw, made again from counts in which one place has a reader more than it had."""
    draw = [one for one in document["draws"] if one["kind"] == "ALLOCATION"][-1]
    counts = draw["inputs"]["cells"]
    (other,) = (cell for cell in counts if cell != draw["drawn"])
    stood = counts[other]
    again = draw_allocation(draw["subject"], cells={**counts, other: stood + 1}, seed=draw["seed"])
    draw.update(inputs=again.inputs, drawn=again.drawn, sha256=again.sha256)
    assert (
        f"ALLOCATION {draw['subject']}: It was drawn with {stood + 1} readers in {other}, where {stood} stood."
        in (found(document))
    )


def test_a_session_that_the_plan_has_and_the_reader_has_not_is_found(document: dict[str, Any]) -> None:
    gone = next(one for one in document["sessions"] if one["ordinal"] == 2)
    document["sessions"].remove(gone)
    assert f"READER {gone['member']}: Session 2 of the plan is missing or there twice." in found(document)


@pytest.mark.parametrize("part", ["count", "min_lag", "balance"])
def test_orders_drawn_with_other_repeats_or_balance_than_planned_are_found(
    document: dict[str, Any], part: str
) -> None:
    plan = json.loads(document["protocol"]["document"])
    if part == "balance":
        plan["case_order"]["balance"] = "none"
    else:
        plan["hidden_repeats"][part] += 1
    replace_protocol(document, plan)
    said = "balanced where the plan is not" if part == "balance" else "not drawn with the"
    faults = found(document)
    assert len(faults) == 4 * 2
    assert all(said in fault for fault in faults)


@pytest.mark.parametrize(
    ("pattern", "options"),
    [
        ("fixed_order", {}),
        ("sequential", {}),
        ("fully_crossed", {}),
        ("reread", {"cases": 4}),
        ("split_plot_readers", {}),
        ("split_plot_cases", {"groups": 2}),
        ("anchor_blocks", {"blocks": 2}),
    ],
)
def test_what_was_drawn_for_every_kind_of_design_follows_its_plan(
    pattern: str, options: dict[str, int]
) -> None:
    story = frozen_story(pattern=pattern, options=options)
    document = json.loads(json.dumps(randomisation_document(story.study)))
    assert found(document) == []
    assert len(document["draws"]) > 2


def test_a_reader_who_was_placed_in_a_group_by_hand_counts_for_those_dealt_after() -> None:
    story = study_in(Stage.DESIGN, cases=8)
    laid_out = apply_pattern(story.study.protocol, "split_plot_readers")
    ReaderStudy.objects.update(protocol=laid_out)
    last = story.study.members.filter(role=Role.READER).order_by("enrolled_at").last()
    assert last is not None
    story.study.members.filter(pk=last.pk).update(group="g1")
    study_freeze(
        study_id=story.study.pk, models=models_for_freeze(story.study), by=story.people["coordinator"],
        now=story.clock.tick(),
    )  # fmt: skip
    document = json.loads(json.dumps(randomisation_document(story.study)))
    counts = {
        draw["subject"] == str(last.pk): draw["inputs"]["cells"]
        for draw in document["draws"]
        if draw["kind"] == "ALLOCATION"
    }
    assert (len(counts[True]), sorted(counts[False].values())) == (1, [0, 1])
    assert found(document) == []


def test_case_sets_are_followed_from_their_records() -> None:
    """Two halves dealt by chance and a subset: who reads what follows from the records of those draws."""
    story = frozen_story(cases=8)
    document = json.loads(json.dumps(randomisation_document(story.study)))
    plan = json.loads(document["protocol"]["document"])
    whole = plan["design"]["case_sets"][0]
    own = [case["id"] for case in document["cases"]]
    plan["design"]["case_sets"][0] = {"key": whole["key"], "title": "Half", "how": "part", "of": 2, "part": 1}
    replace_protocol(document, plan)
    assert "CASE_SET parts of 2: The case set has no record of its draw." in found(document)
    draw = draw_parts(own, of=2, seed="chosen")
    record = {**json.loads(json.dumps(draw.record)), "subject": "parts of 2", "sha256": draw.sha256,
              "created_at": document["draws"][0]["created_at"]}  # fmt: skip
    document["draws"].append(record)
    surplus = {case["number"] for case in document["cases"] if case["id"] in draw.drawn[1]}
    faults = found(document)
    assert {text for text in faults if "not in the plan of this session" not in text} == set()
    assert {fault.split("case ")[1].split(",")[0] for fault in faults} == surplus
    fewer = draw_parts(own[1:], of=2, seed="chosen")
    record.update(json.loads(json.dumps(fewer.record)), sha256=fewer.sha256)
    assert any("not drawn from the cases" in fault for fault in found(document))
    record["subject"] = "parts of 3"
    assert "CASE_SET parts of 3: The draw belongs to no case set of the plan." in found(document)


def replace_protocol(document: dict[str, Any], plan: dict[str, Any]) -> None:
    text = json.dumps(plan)
    document["protocol"].update(document=text, sha256=hashlib.sha256(text.encode()).hexdigest())


# ------------------------------------------------------------------------------- the rules, on orders made by hand
def rules(drawn: list[list[Any]], **inputs: Any) -> list[str]:
    given = {
        "cases": sorted({row[0] for row in drawn}), "previous": None, "strata": None, "repeats": 0, "min_lag": 0,
        **inputs,
    }  # fmt: skip
    draw = {
        "kind": "ORDER", "subject": "s", "seed": "x", "algorithm": "by hand", "algorithm_version": 0,
        "inputs": given, "drawn": drawn, "sha256": "",
    }  # fmt: skip
    protocol = {"document": None, "sha256": None}
    document = {
        "format": 2, "study": "s", "protocol": protocol, "cases": [], "members": [], "sessions": [],
        "assignments": [], "draws": [draw],
    }  # fmt: skip
    expected = ("The digest", "It cannot be drawn", "The draw belongs", "There is no frozen protocol")
    return [fault.text for fault in check_randomisation(document) if not fault.text.startswith(expected)]


def order_of(cases: str) -> list[list[Any]]:
    return [[case, f"alias {place}", None] for place, case in enumerate(cases)]


def test_an_order_too_close_to_the_one_before_is_found() -> None:
    assert rules(order_of("abcdefgh"), previous=list("efghabcd")) == [
        "Three cases follow each other as before, from place 1 on.",
        "Three cases follow each other as before, from place 2 on.",
        "Three cases follow each other as before, from place 5 on.",
        "Three cases follow each other as before, from place 6 on.",
    ]
    assert rules(order_of("badcfehg"), previous=list("abcdefgh")) == [
        "Ranks move by 1.00 on average, less than a quarter of 8 cases."
    ]
    assert rules(order_of("abcde"), previous=list("abcde")) == [], "too few to be far apart"


def test_repeats_that_come_too_early_or_repeat_something_else_are_found() -> None:
    drawn = [*order_of("abcd"), ["a", "again", 1]]
    assert rules(drawn, repeats=1, min_lag=3) == []
    assert rules(drawn, repeats=1, min_lag=4) == ["Place 5 repeats place 1 after 3 other cases, not 4."]
    assert rules(drawn, repeats=2, min_lag=3) == ["It has 1 hidden repeats and not 2."]
    drawn[4][2] = 2
    assert rules(drawn, repeats=1, min_lag=1) == ["Place 5 repeats place 2, which holds another case."]


def test_a_stratum_that_comes_all_at_once_is_found() -> None:
    """60 cases, one half diseased: k - k/2 reaches 1 + (12 + 2)/2 = 8 with the first 16, and not before."""
    cases = [f"{number:02d}" for number in range(60)]
    strata = {case: "1" if case < "30" else "0" for case in cases}
    drawn = [[case, f"alias {case}", None] for case in cases]
    assert rules(drawn, strata=strata) == [
        "A stratum is not spread evenly over the first 16 cases.",
        "A stratum is not spread evenly over the first 16 cases.",
    ]
    alternating = [row for pair in zip(drawn[:30], drawn[30:], strict=True) for row in pair]
    assert rules(alternating, strata=strata) == []


def test_an_alias_given_twice_or_a_case_lost_is_found() -> None:
    drawn = order_of("abc")
    drawn[1][1] = drawn[0][1]
    assert rules(drawn) == ["Two places have the same alias."]
    assert rules(order_of("abb"), cases=["a", "b", "c"]) == ["The order does not hold every case once."]


# ----------------------------------------------------------------------------------------------------- the commands
def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_randomisation", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def test_the_command_says_what_it_checked_and_ends_with_its_finding(
    story: StudyStory, tmp_path: Path
) -> None:
    file = tmp_path / "draws.json"
    out = StringIO()
    call_command("export_randomisation", "--study", story.slug, "--out", str(file), stdout=out)
    assert "operator alone" in out.getvalue()
    assert file.stat().st_mode & 0o077 == 0
    assert verify("--study", story.slug) == verify("--file", str(file))
    assert verify("--file", str(file)) == (0, f"11 draws of {story.slug} are as recorded.\n")
    document = json.loads(file.read_text())
    row = document["assignments"][7]
    row["alias"] = "ZZ-999"
    file.write_text(json.dumps(document))
    code, said = verify("--file", str(file))
    assert code == 1
    assert f"ORDER {row['session']}: The rows that are read are not those drawn from place" in said
    for wrong in ("[]", "{}", "not json", '{"format": 2, "draws": 3}'):
        file.write_text(wrong)
        assert verify("--file", str(file))[0] == 2
    assert verify("--file", str(tmp_path / "missing.json"))[0] == 2
    assert verify("--study", "nobodys")[0] == 2


def test_an_export_never_overwrites(story: StudyStory, tmp_path: Path) -> None:
    (tmp_path / "draws.json").write_text("mine")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_randomisation", "--study", story.slug, "--out", str(tmp_path / "draws.json"))
    assert (tmp_path / "draws.json").read_text() == "mine"


def test_a_file_is_checked_without_a_database(document: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "draws.json").write_text(json.dumps(document))
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "postgres://nobody:none@127.0.0.1:9/none",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.dev",
    }
    command = [sys.executable, "manage.py", "verify_randomisation", "--file", str(tmp_path / "draws.json")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_change_in_the_database_is_found(story: StudyStory) -> None:
    """The database refuses the change; a copy of it that somebody altered is found out."""
    assignments = Assignment.objects.filter(reading_session__member__study=story.study)
    document = randomisation_document(story.study)
    assert len(document["assignments"]) == assignments.count()
    assert len(document["draws"]) == Randomisation.objects.filter(study=story.study).count()
