"""What an amendment may change, what it changes, and that it never reaches back."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.audit.errors import RuleBroken
from backend.audit.models import AuditEvent
from backend.desk_api.design_bodies import facts_of_study
from backend.reads.access import access_read, protocol_of
from backend.reports.content import study_content
from backend.studies.amendments import Change, changes_between, check_amendment, next_document
from backend.studies.conduct import member_withdraw
from backend.studies.models import ProtocolVersion, Signature
from backend.studies.protocols import canonical_json, sha256_of
from backend.studies.signing import AMEND_MEANING, protocol_amend
from backend.studies.templates import TEMPLATES
from tests.factories.engine import adjudicated_study
from tests.factories.studies import Stage, StudyStory, study_in

PASSWORD = "a-long-enough-password"


@pytest.fixture
def old() -> dict[str, Any]:
    return {
        **TEMPLATES["lpln-radiomics"](washout_days=28),
        "training": {"pass_mark": 0.8, "max_attempts": 3, "questions": ["rating"], "tolerance": {}},
        "models": {"lpln-radiomics": {"semver": "1.0.0", "digest": "d" * 64, "cut_off": -0.47}},
        "cases": ["A-0001", "A-0002"],
        "readers": 2,
    }


def changed(document: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    edited = copy.deepcopy(document)
    place: Any = edited
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return edited


AMENDABLE = [
    (("objective",), "Another question", "objective"),
    (("instructions",), "Do it so", "instructions"),
    (("design", "sessions", 1, "washout_days"), 42, "design.sessions[2].washout_days"),
    (("sittings", "max_cases"), 40, "sittings.max_cases"),
    (("training", "pass_mark"), 0.7, "training.pass_mark"),
    (("training", "max_attempts"), 5, "training.max_attempts"),
    (("signature",), True, "signature"),
    (("hanging", "linked"), False, "hanging.linked"),
    (("form", "questions", 0, "help"), "Look again.", "form.questions[side_region].help"),
    (("analysis", "plan", "development"), ["training"], "analysis.plan.development"),
    (("adjudication",), {"mode": "majority", "arms": None, "rules": []}, "adjudication"),
]
FIXED = [
    (("template",), "blank", "template"),
    (("format",), 3, "format"),
    (("design", "kind"), "crossover", "design.kind"),
    (("design", "arms", 1, "model_id"), "", "design.arms[aided].model_id"),
    (("design", "reader_groups"), [], "design.reader_groups"),
    (("design", "sequences", 0, "title"), "x", "design.sequences[s1].title"),
    (("design", "case_sets", 0, "how"), "list", "design.case_sets[all].how"),
    (("design", "sessions", 0, "title"), "x", "design.sessions[1].title"),
    (("design", "sessions", 0, "plan"), [], "design.sessions[1].plan"),
    (("washout", "count_from"), "session", "washout.count_from"),
    (("case_order", "balance"), "prevalence", "case_order.balance"),
    (("hidden_repeats",), {"count": 2, "min_lag": 3, "sessions": [1]}, "hidden_repeats"),
    (("training", "questions"), [], "training.questions"),
    (("sees_case_info",), False, "sees_case_info"),
    (("primary_role",), "DWI", "primary_role"),
    (("analysis", "positive_from"), 3, "analysis.positive_from"),
    (("models", "lpln-radiomics", "cut_off"), 0.0, "models.lpln-radiomics.cut_off"),
    (("cases",), ["A-0001"], "cases"),
    (("readers",), 3, "readers"),
]


@pytest.mark.parametrize(("path", "to", "named"), AMENDABLE, ids=[named for _, _, named in AMENDABLE])
def test_an_amendable_part_is_named_with_what_stood_there(
    old: dict[str, Any], path: tuple[Any, ...], to: Any, named: str
) -> None:
    before: Any = old
    for step in path:
        before = before[step]
    assert check_amendment(old, changed(old, *path, to=to)) == [Change(named, before, to)]


@pytest.mark.parametrize(("path", "to", "named"), FIXED, ids=[named for _, _, named in FIXED])
def test_what_the_freeze_fixed_is_refused_by_its_path(
    old: dict[str, Any], path: tuple[Any, ...], to: Any, named: str
) -> None:
    with pytest.raises(RuleBroken, match="not_amendable") as caught:
        check_amendment(old, changed(old, *path, to=to))
    assert caught.value.extra["path"].startswith(named)


def test_every_part_of_a_protocol_is_either_amendable_or_fixed(old: dict[str, Any]) -> None:
    said = {path[0] for path, _, _ in (*AMENDABLE, *FIXED)}
    assert set(old) == said


def test_taking_a_part_away_or_adding_one_is_refused(old: dict[str, Any]) -> None:
    without = {key: value for key, value in old.items() if key != "analysis"}
    for edited in (without, {**old, "secret": 1}):
        with pytest.raises(RuleBroken, match="not_amendable"):
            check_amendment(old, edited)


def test_true_is_not_one(old: dict[str, Any]) -> None:
    assert list(changes_between({"signature": True}, {"signature": 1})) == [Change("signature", True, 1)]


def test_the_form_counts_its_version_only_when_a_question_changed(old: dict[str, Any]) -> None:
    assert next_document(old, changed(old, "form", "version", to=9)) == old
    edited = next_document(old, changed(old, "form", "questions", 0, "label", to="Where?"))
    assert edited["form"]["version"] == old["form"]["version"] + 1


def test_what_is_not_changed_keeps_its_letters(old: dict[str, Any]) -> None:
    """A browser sends every number anew: 1.0 comes back as 1."""
    exact = changed(old, "training", "pass_mark", to=1.0)
    sent = json.loads(json.dumps(changed(exact, "training", "pass_mark", to=1)))
    assert canonical_json(next_document(exact, sent)) == canonical_json(exact)
    assert next_document(exact, changed(exact, "signature", to=1))["signature"] == 1


def test_questions_added_and_moved_are_named(old: dict[str, Any]) -> None:
    questions = old["form"]["questions"]
    added = {"key": "quality", "kind": "yes_no", "label": "Readable?", "help": "", "required": True}
    edited = changed(old, "form", "questions", to=[added, questions[1], questions[0], *questions[2:]])
    paths = [change.path for change in check_amendment(old, edited)]
    assert paths == ["form.questions[quality]", "form.questions.order"]


def test_a_question_that_may_have_been_answered_is_hidden_and_not_taken_away(old: dict[str, Any]) -> None:
    """Its answers would drop out of the exports, and an item of adjudication could ask for it no more."""
    questions = old["form"]["questions"]
    with pytest.raises(RuleBroken, match="not_amendable") as caught:
        check_amendment(old, changed(old, "form", "questions", to=questions[:-1]))
    assert caught.value.extra["path"] == "form.questions[comment]"
    hidden = changed(old, "form", "questions", len(questions) - 1, "show_if", to="false")
    assert [one.path for one in check_amendment(old, hidden)] == ["form.questions[comment].show_if"]


def test_verdicts_that_were_given_stay_in_the_consensus(old: dict[str, Any]) -> None:
    plan = {"mode": "majority", "arms": None, "rules": []}
    before = changed(old, "adjudication", to=plan)
    for edited in (
        changed(old, "adjudication", to=None),
        changed(before, "adjudication", "arms", to=["aided"]),
    ):
        with pytest.raises(RuleBroken, match="not_amendable") as caught:
            check_amendment(before, edited)
        assert caught.value.extra["path"].startswith("adjudication")
    narrow = changed(before, "adjudication", "arms", to=["aided"])
    assert [one.path for one in check_amendment(narrow, before)] == ["adjudication.arms"]


def rating_at(document: dict[str, Any]) -> int:
    return next(place for place, one in enumerate(document["form"]["questions"]) if one["key"] == "rating")


def test_the_rating_keeps_its_scale_and_its_place_in_the_analysis(old: dict[str, Any]) -> None:
    place = rating_at(old)
    options = old["form"]["questions"][place]["options"]
    longer = changed(old, "form", "questions", place, "options", to=[*options, {"value": 6, "label": "!"}])
    shorter = changed(old, "form", "questions", place, "options", to=options[:-1])
    gone = changed(
        old, "form", "questions", to=[one for one in old["form"]["questions"] if one["key"] != "rating"]
    )
    hidden = changed(old, "form", "questions", place, "show_if", to="false")
    for edited in (longer, shorter, gone, hidden):
        with pytest.raises(RuleBroken, match="not_amendable") as caught:
            check_amendment(old, edited)
        assert caught.value.extra["path"].startswith("form.questions[rating]")
    reworded = changed(old, "form", "questions", place, "options", 0, "label", to="Surely benign")
    assert [one.path for one in check_amendment(old, reworded)] == ["form.questions[rating].options[1].label"]


def test_a_question_keeps_its_kind_and_the_answers_that_were_given(old: dict[str, Any]) -> None:
    other_kind = changed(old, "form", "questions", 0, "kind", to="choice")
    fewer = changed(old, "form", "questions", 0, "options", to=old["form"]["questions"][0]["options"][1:])
    for edited in (other_kind, fewer):
        with pytest.raises(RuleBroken, match="side_region"):
            check_amendment(old, edited)


NODE = {
    "key": "node_mask",
    "kind": "mask",
    "label": "The node",
    "help": "",
    "required": False,
    "drawn_by": "voxels",
    "labels": [{"key": "node", "label": "Node"}, {"key": "vessel", "label": "Vessel"}],
    "statuses": [{"key": "sure", "label": "Sure"}, {"key": "unsure", "label": "Unsure"}],
}


def with_node(old: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return changed(old, "form", "questions", to=[*old["form"]["questions"], {**NODE, **changes}])


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"drawn_by": "outline"}, "node_mask].drawn_by"),
        ({"labels": NODE["labels"][:1]}, "node_mask].labels[vessel]"),
        ({"labels": []}, "node_mask].labels[node]"),
        ({"statuses": NODE["statuses"][1:]}, "node_mask].statuses[sure]"),
    ],
)
def test_a_mask_keeps_the_way_it_is_drawn_and_the_words_of_its_segments(
    old: dict[str, Any], changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(RuleBroken, match="not_amendable") as caught:
        check_amendment(with_node(old), with_node(old, **changes))
    assert caught.value.extra["path"] == f"form.questions[{path}"


def test_a_mask_may_have_more_words_and_say_what_held_unsaid(old: dict[str, Any]) -> None:
    more = [*NODE["labels"], {"key": "artery", "label": "Artery"}]
    paths = [one.path for one in check_amendment(with_node(old), with_node(old, labels=more))]
    assert paths == ["form.questions[node_mask].labels[artery]"]
    unsaid = with_node(old)
    del unsaid["form"]["questions"][-1]["drawn_by"]
    said = with_node(old, drawn_by="outline")
    assert [one.path for one in check_amendment(unsaid, said)] == ["form.questions[node_mask].drawn_by"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abk"), inner, max_size=3),
    max_leaves=8,
)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(one=values, other=values)
def test_no_change_is_named_exactly_when_the_documents_are_the_same_text(one: Any, other: Any) -> None:
    wrapped, other_wrapped = {"root": one}, {"root": other}
    same = canonical_json(wrapped) == canonical_json(other_wrapped)
    assert (list(changes_between(wrapped, other_wrapped)) == []) == same


# -------------------------------------------------------------------------------------------------------- the service
@pytest.fixture
def story(db: None) -> StudyStory:
    story = study_in(Stage.SESSION_1)
    coordinator = story.people["coordinator"]
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return story


def amend(story: StudyStory, document: dict[str, Any], **options: Any) -> ProtocolVersion:
    given = {
        "study_id": story.study.pk,
        "document": document,
        "version": 1,
        "reason": "The ethics committee asked for it.",
        "facts": facts_of_study(story.study),
        "password": PASSWORD,
        "by": story.people["coordinator"],
        "now": story.clock.tick(),
        **options,
    }
    return protocol_amend(**given)


def test_an_amendment_is_numbered_reasoned_signed_and_holds_from_then_on(story: StudyStory) -> None:
    first = story.study.versions.get()
    before = access_read(by=story.people["reader1"], read_id=story.begin_draft("reader1").pk)
    edited = changed(story.study.protocol, "form", "questions", 0, "help", to="Look again.")
    row = amend(story, edited)
    story.refresh()
    assert (row.version, story.study.protocol_version) == (2, 2)
    assert story.study.protocol_sha256 == row.sha256 == sha256_of(json.loads(row.document))
    assert row.changes == [
        {"path": "form.questions[side_region].help", "old": first.content["form"]["questions"][0]["help"],
         "new": "Look again."},
        {"path": "form.version", "old": 1, "new": 2},
    ]  # fmt: skip
    signature = Signature.objects.get(subject_type="studies.protocolversion", subject_id=str(row.pk))
    assert (signature.meaning, signature.document_sha256) == (AMEND_MEANING, row.sha256)
    assert {"protocol_amended", "signed"} <= set(AuditEvent.objects.values_list("event", flat=True))
    before.refresh_from_db()
    assert protocol_of(before) == first.content, "an open draft keeps the version under which it was opened"
    story.submit(before, story.answers_of(before))
    after = access_read(by=story.people["reader1"], read_id=story.open_next("reader1").pk)
    assert after.protocol_version == 2
    assert protocol_of(after)["form"]["questions"][0]["help"] == "Look again."


def test_an_amended_plan_is_told_by_the_frozen_data_with_its_version(story: StudyStory) -> None:
    assert study_content(story.study)["plan_amendments"] == []
    amend(story, changed(story.study.protocol, "objective", to="Another question"))
    story.refresh()
    edited = changed(story.study.protocol, "analysis", "plan", to={"margin": 0.1, "prevalences": [0.3]})
    amend(story, edited, version=2)
    content = study_content(story.refresh().study)
    assert content["plan"] == {"margin": 0.1, "prevalences": [0.3]}
    (told,) = content["plan_amendments"]
    assert told == {
        "version": 3,
        "paths": ["analysis.plan.development", "analysis.plan.margin", "analysis.plan.prevalences"],
    }


def test_a_longer_washout_holds_for_the_cases_opened_from_then_on(story: StudyStory) -> None:
    amend(story, changed(story.study.protocol, "design", "sessions", 1, "washout_days", to=40))
    story.refresh()
    story.read_cases("reader1", 2)
    story.clock.pass_washout()
    with pytest.raises(RuleBroken, match="washout_running"):
        story.open_next("reader1")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"password": "guessed"}, "wrong_password"),
        ({"reason": "  "}, "reason_missing"),
        ({"version": 7}, "stale_protocol"),
    ],
)
def test_a_refused_amendment_leaves_nothing(story: StudyStory, options: dict[str, Any], code: str) -> None:
    edited = changed(story.study.protocol, "objective", to="Another")
    with pytest.raises(RuleBroken, match=code):
        amend(story, edited, **options)
    assert ProtocolVersion.objects.count() == 1
    assert not Signature.objects.exists()
    assert story.refresh().study.protocol_version == 1


def test_an_amendment_that_changes_nothing_or_breaks_the_protocol_is_refused(story: StudyStory) -> None:
    with pytest.raises(RuleBroken, match="nothing_amended"):
        amend(story, story.study.protocol)
    broken = changed(story.study.protocol, "sittings", "break_minutes", to="soon")
    with pytest.raises(RuleBroken, match="protocol_faulty") as caught:
        amend(story, broken)
    assert caught.value.extra["problems"][0]["path"].startswith("sittings")


def test_a_reader_who_left_stands_in_the_way_of_no_other_amendment(db: None) -> None:
    """With one reader left nothing can be discordant any more; that is no fault of the words that are amended."""
    story = adjudicated_study("ALFA", PASSWORD)
    member_withdraw(
        member_id=story.study.members.get(user=story.people["reader2"]).pk,
        study=story.study,
        reason="The reader left the hospital.",
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    edited = changed(story.study.protocol, "instructions", to="Slowly.")
    assert amend(story, edited).version == 2
    story.refresh()
    rules = [{"question": "no_such_question", "when": "mismatch"}]
    broken = changed(story.study.protocol, "adjudication", "rules", to=rules)
    with pytest.raises(RuleBroken, match="protocol_faulty"):
        amend(story, broken, version=2)


def test_the_title_is_amended_with_its_reason(story: StudyStory) -> None:
    row = amend(story, story.study.protocol, title="A better title")
    assert row.changes == [{"path": "title", "old": "Study ALFA title", "new": "A better title"}]
    assert story.refresh().study.title == "A better title"


def test_a_study_is_amended_only_while_it_is_read(db: None) -> None:
    for stage in (Stage.DESIGN, Stage.LOCKED):
        story = study_in(stage, name=stage.name[:4])
        coordinator = story.people["coordinator"]
        coordinator.set_password(PASSWORD)
        with pytest.raises(RuleBroken, match="study_not_reading"):
            amend(story, {**story.study.protocol, "objective": "x"}, by=coordinator)
