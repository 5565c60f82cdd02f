"""The conduct of a study over the API: people, versions, deviations, unblinding, the protocol as PDF."""

import io
from typing import Any

import pypdf
import pytest

from backend.accounts.roles import Role
from backend.studies.models import Deviation, Randomisation, ReaderStudy, StudyMember
from backend.studies.services import member_enroll
from tests.factories.cases import person
from tests.factories.studies import Stage, StudyStory, lock, study_in

from .observers import ask, at, client_of

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


def desk(
    story: StudyStory, path: str, method: str = "GET", body: Any = None, part: str = "coordinator"
) -> Any:
    with at(story.now):
        return ask(client_of(story.people[part]), method, f"/api/desk/studies/{story.slug}{path}", body)


def story_in(stage: Stage) -> StudyStory:
    story = study_in(stage)
    story.people["coordinator"].set_password(PASSWORD)
    story.people["coordinator"].save()
    return story


def member(story: StudyStory, part: str) -> StudyMember:
    return story.study.members.get(user=story.people[part])


# -------------------------------------------------------------------------------------------------------------- freeze
def test_the_freeze_page_names_what_stands_in_its_way() -> None:
    story = story_in(Stage.DESIGN)
    analysis = {**story.study.protocol["analysis"], "positive_from": 9}
    ReaderStudy.objects.update(protocol={**story.study.protocol, "analysis": analysis})
    shown = desk(story, "/freeze").json()
    faults = [one for one in shown["problems"] if one["is_blocking"]]
    assert (shown["can_freeze"], shown["sha256"]) == (False, "")
    assert [one["path"] for one in faults] == ["analysis.positive_from"]
    refused = desk(story, "/freeze", "POST", {"password": PASSWORD, "sha256": "0" * 64})
    assert (refused.status_code, refused.json()["code"]) == (409, "protocol_faulty")
    assert refused.json()["problems"] == [{key: faults[0][key] for key in ("path", "text")}]


def test_an_unregistered_model_stands_in_the_way_in_words() -> None:
    story = story_in(Stage.DESIGN)
    design = story.study.protocol["design"]
    arms = [design["arms"][0], {**design["arms"][1], "model_id": "unheard-of"}]
    ReaderStudy.objects.update(protocol={**story.study.protocol, "design": {**design, "arms": arms}})
    shown = desk(story, "/freeze").json()
    assert shown["can_freeze"] is False
    assert any("unheard-of" in one["text"] for one in shown["problems"] if one["is_blocking"])


def test_balanced_orders_are_drawn_from_strata_that_nobody_is_shown() -> None:
    story = story_in(Stage.DESIGN)
    order = {**story.study.protocol["case_order"], "balance": "prevalence"}
    ReaderStudy.objects.update(protocol={**story.study.protocol, "case_order": order})
    shown = desk(story, "/freeze")
    frozen = desk(story, "/freeze", "POST", {"password": PASSWORD, "sha256": shown.json()["sha256"]})
    assert frozen.status_code == 200
    draws = Randomisation.objects.filter(study=story.study, kind="ORDER")
    assert all(sorted(draw.inputs["strata"].values()) == ["0", "1", "1"] for draw in draws)
    late = {"username": person("late").username, "role": "READER", "reason": "More power."}
    assert desk(story, "/members", "POST", late).status_code == 201
    assert draws.all().count() == 3 * 2
    for path in ("", "/freeze", "/versions", "/members", "/protocol", "/deviations", "/audit"):
        assert "strata" not in desk(story, path).content.decode().replace("The strata are", "")


def test_the_freeze_needs_the_password() -> None:
    story = story_in(Stage.DESIGN)
    sent = {"password": "guessed", "sha256": desk(story, "/freeze").json()["sha256"]}
    refused = desk(story, "/freeze", "POST", sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_password")
    assert desk(story, "/freeze", "POST", {}).status_code == 400


# ------------------------------------------------------------------------------------------------------------ document
@pytest.mark.parametrize("question", [{}, {"key": "a", "kind": "choice", "label": "A", "options": [1]}])
def test_a_draft_whose_form_is_in_the_making_says_so_instead_of_a_pdf(question: dict[str, Any]) -> None:
    story = story_in(Stage.DESIGN)
    document = {**story.study.protocol, "form": {"version": 1, "questions": [question]}}
    sent = {"document": document, "revision": story.study.revision}
    assert desk(story, "/protocol", "PUT", sent).status_code == 200
    answer = desk(story, "/protocol.pdf")
    assert (answer.status_code, answer.json()["code"]) == (409, "form_faulty")


def test_the_protocol_comes_as_pdf_in_every_version_and_phase() -> None:
    draft = desk(story_in(Stage.DESIGN), "/protocol.pdf", part="auditor")
    assert "DRAFT" in pypdf.PdfReader(io.BytesIO(draft.content)).pages[0].extract_text()
    story = study_in(Stage.SESSION_1, name="BETA")
    for query, status in (("", 200), ("?version=1", 200), ("?version=2", 404), ("?version=x", 404)):
        answer = desk(story, f"/protocol.pdf{query}", part="statistician")
        assert answer.status_code == status, query
    answer = desk(story, "/protocol.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{story.slug}-protocol-v1.pdf"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert story.study.protocol_sha256 in pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()


# ---------------------------------------------------------------------------------------------------------- amendments
def test_an_amendment_is_seen_before_it_is_signed_and_listed_after() -> None:
    story = story_in(Stage.SESSION_1)
    document = {**story.study.protocol, "instructions": "Look at every slice."}
    seen = desk(story, "/amendments/preview", "POST", {"document": document})
    change = {
        "path": "instructions",
        "old": story.study.protocol["instructions"],
        "new": "Look at every slice.",
    }
    assert (seen.status_code, seen.json()["version"], seen.json()["changes"]) == (200, 2, [change])
    assert story.refresh().study.protocol_version == 1, "to look changes nothing"
    sent = {"document": document, "version": 1, "reason": "A reader asked.", "password": PASSWORD}
    signed = desk(story, "/amendments", "POST", sent)
    assert (signed.status_code, signed.json()["sha256"]) == (201, seen.json()["sha256"])
    listed = desk(story, "/versions", part="auditor").json()
    assert [one["version"] for one in listed["versions"]] == [2, 1]
    newest = listed["versions"][0]
    assert (newest["reason"], newest["changes"], newest["sha256"]) == (
        "A reader asked.", [change], signed.json()["sha256"],
    )  # fmt: skip
    assert [one["name"] for one in newest["signatures"]] == [story.people["coordinator"].shown_name]
    assert listed["may_amend"] is False
    assert desk(story, "/versions").json()["may_amend"] is True
    again = desk(story, "/amendments", "POST", sent)
    assert (again.status_code, again.json()["code"]) == (409, "stale_protocol")


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({}, "nothing_amended"),
        ({"cases": []}, "not_amendable"),
        ({"form": {"version": 1, "questions": [None]}}, "protocol_faulty"),
        ({"form": {"version": 1, "questions": [{"key": 3, "options": "x"}]}}, "protocol_faulty"),
        ({"sittings": "none"}, "protocol_faulty"),
        ({"design": None}, "protocol_faulty"),
    ],
)
def test_odd_amendments_are_refused_in_words(edit: dict[str, Any], code: str) -> None:
    story = story_in(Stage.SESSION_1)
    answer = desk(story, "/amendments/preview", "POST", {"document": {**story.study.protocol, **edit}})
    assert (answer.status_code, answer.json()["code"]) == (409, code)


# -------------------------------------------------------------------------------------------------------------- people
def test_people_are_listed_and_enrolled_by_user_name() -> None:
    story = story_in(Stage.SESSION_1)
    person("somebody-new")
    sent = {"username": "somebody-new", "role": "READER", "group": "g1"}
    refused = desk(story, "/members", "POST", sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_missing")
    shown = desk(story, "/members", "POST", {**sent, "reason": "More power."})
    assert shown.status_code == 201
    rows = {one["username"]: one for one in shown.json()["members"]}
    new, first = rows["somebody-new"], rows[story.people["reader1"].username]
    assert (new["is_late"], new["group"], new["sequence"]) == (True, "g1", "s1")
    assert (first["is_late"], first["is_waiting"], first["withdrawn_at"]) == (False, False, None)
    assert [one["key"] for one in shown.json()["groups"]] == ["g1"]
    assert {"key": "s1", "title": "Without the model → With the radiomics score"} in shown.json()["sequences"]
    unknown = desk(story, "/members", "POST", {**sent, "username": "nobody-at-all"})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["username"])
    odd = desk(story, "/members", "POST", {**sent, "role": "KING"})
    assert odd.status_code == 400
    center = desk(story, "/members", "POST", {**sent, "role": "SITE_DATA_MANAGER", "center": "NOWHERE"})
    assert list(center.json()["fields"]) == ["center"]


def test_a_reader_who_left_finds_no_study_and_no_desk_either() -> None:
    story = story_in(Stage.SESSION_1)
    for part in ("reader1", "auditor"):
        body = {"reason": "Moved away."}
        assert desk(story, f"/members/{member(story, part).pk}/withdraw", "POST", body).status_code == 200
        with at(story.now):
            client = client_of(story.people[part])
            assert client.get("/api/account/me").json()["memberships"] == []
            assert client.get("/api/desk/studies").json() == []
            assert client.get(f"/api/reader/studies/{story.slug}/worklist").status_code == 404
            assert client.get(f"/api/desk/studies/{story.slug}").status_code == 404
    progress = desk(story, "/progress").json()["readers"]
    assert [one["is_withdrawn"] for one in progress] == [True, False]
    assert desk(story, "").json()["readers"] == 1


def test_a_reader_is_replaced_and_a_waiting_one_let_through() -> None:
    story = story_in(Stage.WASHOUT)
    person("successor")
    first, second = member(story, "reader1"), member(story, "reader2")
    waiting = {one["username"]: one["is_waiting"] for one in desk(story, "/members").json()["members"]}
    assert waiting[first.user.username] is True
    replaced = desk(
        story, f"/members/{second.pk}/replace", "POST", {"username": "successor", "reason": "Fell ill."}
    )
    assert replaced.status_code == 200
    story.clock.tick()
    opened = desk(story, f"/members/{first.pk}/override-washout", "POST", {"reason": "Leaves tomorrow."})
    rows = {one["username"]: one for one in opened.json()["members"]}
    assert (rows[first.user.username]["is_waiting"], rows["successor"]["is_late"]) == (False, True)
    listed = desk(story, "/deviations", part="auditor").json()
    assert [(one["number"], one["kind"]) for one in listed] == [
        (1, "READER_REPLACED"),
        (2, "WASHOUT_OVERRIDDEN"),
    ]


def test_a_deviation_tells_the_desk_no_case_of_an_order() -> None:
    story = story_in(Stage.WASHOUT)
    desk(story, f"/members/{member(story, 'reader1').pk}/override-washout", "POST", {"reason": "Leaves."})
    body = desk(story, "/deviations").content.decode()
    assert not [case.number for case in story.cases if case.number in body]


# ---------------------------------------------------------------------------------------------------------- unblinding
def unblind(story: StudyStory, **options: Any) -> Any:
    body = {
        "case": story.cases[0].number,
        "reason": "Fever of unknown origin.",
        "name": story.people["coordinator"].shown_name,
        "password": PASSWORD,
        **options,
    }
    return desk(story, "/unblind", "POST", body)


def test_one_case_is_unblinded_to_one_person() -> None:
    story = story_in(Stage.SESSION_2)
    number = story.cases[0].number
    assert desk(story, f"/unblind/{number}").status_code == 404
    shown = unblind(story)
    assert (shown.status_code, shown.json()["truth"]) == (201, True)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert len(shown.json()["reads"]) >= 2
    assert desk(story, f"/unblind/{number}").json() == shown.json()
    assert desk(story, "/unblind").json()["cases"] == [number]
    second = person("second")
    member_enroll(study=story.study, user=second, role=Role.COORDINATOR, by=None, now=story.clock.tick())
    story.people["second"] = second
    assert desk(story, f"/unblind/{number}", part="second").status_code == 404
    assert desk(story, "/unblind", part="second").json()["cases"] == []
    for other in story.cases[1:]:
        assert desk(story, f"/unblind/{other.number}").status_code == 404


@pytest.mark.parametrize(
    ("options", "code"),
    [({"password": "guessed"}, "wrong_password"), ({"name": "x"}, "wrong_name")],
)
def test_an_unblinding_is_deliberate(options: dict[str, str], code: str) -> None:
    story = story_in(Stage.SESSION_2)
    refused = unblind(story, **options)
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert not Deviation.objects.exists()


def test_the_lock_keeps_deviations_in_the_results() -> None:
    story = story_in(Stage.SESSION_2)
    unblind(story)
    lock(story, reason="Time is up.")
    provenance = desk(story, "/results").json()["provenance"]
    assert [one["kind"] for one in provenance["deviations"]] == ["CASE_UNBLINDED", "LOCKED_INCOMPLETE"]
    rows = desk(story, "/results/files/deviations.csv").content.decode().splitlines()
    assert len(rows) == 3
