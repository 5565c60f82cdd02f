"""The study designer: from a template to a protocol that is kept, checked, summed up, and filled with cases."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.models import AuditEvent
from backend.studies.models import ReaderStudy
from backend.studies.services import case_add, member_enroll, study_create
from backend.studies.templates import TEMPLATES
from backend.truth.services import truth_enter
from tests.factories.bare import make_case
from tests.factories.cases import person
from tests.factories.studies import START

from .observers import ask, client_of

pytestmark = pytest.mark.django_db
NUMBERS = ("C-0001", "C-0002", "C-0003")


@pytest.fixture
def coordinator() -> User:
    user = person("designer")
    user.user_permissions.add(Permission.objects.get(codename="add_readerstudy"))
    return user


def study_of(user: User, slug: str, *, template: str = "lpln-radiomics", cases: int = 0) -> ReaderStudy:
    study = study_create(slug=slug, title=slug.title(), template=template, by=user, now=START)
    member_enroll(study=study, user=user, role=Role.COORDINATOR, by=user, now=START)
    for number in NUMBERS[:cases]:
        case_add(study=study, case=make_case(number, center="C"), by=user, now=START)
    return study


def call(user: User, method: str, path: str, body: Any = None) -> Any:
    return ask(Client() if user is None else client_of(user), method, f"/api/desk/{path}", body)


def test_templates_are_the_four_studies_practice_and_blank_with_the_patterns(coordinator: User) -> None:
    shown = call(coordinator, "GET", "templates").json()
    assert [one["key"] for one in shown["templates"]] == list(TEMPLATES)
    assert {"fixed_order", "crossover", "sequential", "anchor_blocks"} <= {
        one["key"] for one in shown["patterns"]
    }


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_study_is_created_from_a_template_by_its_coordinator(coordinator: User, template: str) -> None:
    body = {"slug": "new-one", "title": "New one", "template": template, "options": {}}
    created = call(coordinator, "POST", "new-study", body)
    assert (created.status_code, created.json()) == (201, {"slug": "new-one", "title": "New one"})
    study = ReaderStudy.objects.get(slug="new-one")
    assert study.protocol == TEMPLATES[template]()
    assert [(one.user, one.role) for one in study.members.all()] == [(coordinator, "COORDINATOR")]


def test_options_of_a_template_are_its_own(coordinator: User) -> None:
    body = {"slug": "short", "title": "Short", "template": "lpln-radiomics", "options": {"washout_days": 14}}
    assert call(coordinator, "POST", "new-study", body).status_code == 201
    sessions = ReaderStudy.objects.get(slug="short").protocol["design"]["sessions"]
    assert [one["washout_days"] for one in sessions] == [0, 14]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"template": "none-such"}, "template"),
        ({"options": {"washout_days": -1}}, "washout_days"),
        ({"options": {"cases": 3}}, "cases"),
        ({"slug": "taken"}, "slug"),
        ({"slug": "analyses"}, "slug"),
        ({"slug": "not a slug"}, "slug"),
        ({"title": ""}, "title"),
    ],
)
def test_a_study_that_cannot_be_created_says_which_field(
    coordinator: User, changes: dict[str, Any], field: str
) -> None:
    study_of(coordinator, "taken")
    body = {"slug": "fresh", "title": "New", "template": "lpln-radiomics", "options": {}, **changes}
    refused = call(coordinator, "POST", "new-study", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])
    assert ReaderStudy.objects.count() == 1


def test_only_who_may_creates_a_study() -> None:
    body = {"slug": "new", "title": "New", "template": "blank"}
    refused = call(person("somebody"), "POST", "new-study", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert not ReaderStudy.objects.exists()


def test_the_protocol_is_kept_by_revision(coordinator: User) -> None:
    study_of(coordinator, "one")
    shown = call(coordinator, "GET", "studies/one/protocol").json()
    assert (shown["may_edit"], shown["revision"], shown["phase"]) == (True, 0, "DESIGN")
    document = {**shown["document"], "objective": "Another question"}
    body = {"revision": 0, "title": "Renamed", "document": document}
    saved = call(coordinator, "PUT", "studies/one/protocol", body)
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    stale = call(coordinator, "PUT", "studies/one/protocol", {**body, "title": "Lost"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_protocol")
    study = ReaderStudy.objects.get(slug="one")
    assert (study.title, study.protocol["objective"]) == ("Renamed", "Another question")
    assert AuditEvent.objects.filter(event="protocol_saved").count() == 1


def test_a_protocol_with_problems_is_kept_and_they_are_told(coordinator: User) -> None:
    study_of(coordinator, "one", cases=3)
    document = TEMPLATES["lpln-radiomics"]()
    document["design"]["sessions"][1]["plan"][0]["arms"] = ["unaided"]
    saved = call(coordinator, "PUT", "studies/one/protocol", {"revision": 0, "document": document}).json()
    told = {one["path"]: one for one in saved["problems"] if one["is_blocking"]}
    assert "Mark the session as a re-read" in told["design.sessions[1].plan[0].arms"]["text"]
    assert "readers" in told, "nobody reads this study yet"


@pytest.mark.parametrize(
    ("path", "edit"),
    [
        ("", lambda document: document.pop("design")),
        (
            "design.sessions[0].plan[0].arms",
            lambda d: d["design"]["sessions"][0]["plan"][0].update(arms=["x"]),
        ),
        ("design.sessions", lambda d: d["design"]["sessions"][1].update(ordinal=5)),
        ("design.sessions[1].washout_days", lambda d: d["design"]["sessions"][1].update(washout_days=-1)),
    ],
)
def test_a_protocol_whose_parts_do_not_hold_together_is_not_kept(
    coordinator: User, path: str, edit: Any
) -> None:
    study = study_of(coordinator, "one")
    document = TEMPLATES["lpln-radiomics"]()
    edit(document)
    refused = call(coordinator, "PUT", "studies/one/protocol", {"revision": 0, "document": document})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [path])
    study.refresh_from_db()
    assert (study.revision, study.protocol) == (0, TEMPLATES["lpln-radiomics"]())


@pytest.mark.parametrize("document", [None, [], 7, "text", {}, {"design": {"arms": "x"}}])
def test_the_summary_of_anything_is_an_answer(coordinator: User, document: Any) -> None:
    study_of(coordinator, "one")
    answer = call(coordinator, "POST", "studies/one/design/summary", {"document": document})
    assert answer.status_code == (400 if document is None else 200)
    if document is not None:
        assert answer.json()["summary"] is None
        assert answer.json()["problems"]


def test_the_summary_follows_document_pace_and_start(coordinator: User) -> None:
    study = study_of(coordinator, "one", cases=3)
    for name in ("r1", "r2"):
        member_enroll(study=study, user=person(name), role=Role.READER, by=coordinator, now=START)
    body = {
        "document": TEMPLATES["lpln-radiomics"](washout_days=30),
        "pace": {"minutes": 2.5},
        "start": "2026-01-05",
    }
    answer = call(coordinator, "POST", "studies/one/design/summary", body).json()["summary"]
    assert (answer["reads"], answer["minutes"]) == (2 * 2 * 3, 2 * 2 * 3 * 2.5)
    assert (answer["first_day"], answer["last_day"]) == ("2026-01-05", "2026-02-04")
    assert (answer["are_cases_assumed"], answer["are_readers_assumed"]) == (False, False)
    study.refresh_from_db()
    assert study.revision == 0, "a summary writes nothing"


def test_the_summary_forecasts_the_adjudication(coordinator: User) -> None:
    study_of(coordinator, "one", template="cervix-dlrc", cases=3)
    document = TEMPLATES["cervix-dlrc"]()
    body = {"document": document}
    forecast = call(coordinator, "POST", "studies/one/design/summary", body).json()["adjudication"]
    assert (forecast["panels"], forecast["items"]) == (3, 0.75)
    body["document"] = {**document, "adjudication": None}
    assert call(coordinator, "POST", "studies/one/design/summary", body).json()["adjudication"] is None


def test_a_pattern_rewrites_the_design_of_the_document_sent(coordinator: User) -> None:
    study_of(coordinator, "one")
    body = {
        "document": TEMPLATES["lpln-radiomics"](),
        "pattern": "crossover",
        "options": {"washout_days": 42},
    }
    given = call(coordinator, "POST", "studies/one/design/pattern", body).json()["document"]
    assert given["design"]["kind"] == "crossover"
    assert given["form"] == body["document"]["form"]
    for pattern, options in (
        ("none-such", {}),
        ("crossover", {"document": 1}),
        ("crossover", {"washout_days": -3}),
    ):
        refused = call(
            coordinator,
            "POST",
            "studies/one/design/pattern",
            {**body, "pattern": pattern, "options": options},
        )
        assert refused.status_code == 400


def test_cases_come_from_studies_that_the_same_person_coordinates(coordinator: User) -> None:
    study_of(coordinator, "old", cases=2)
    other = person("other")
    foreign = study_of(other, "foreign")
    case_add(study=foreign, case=make_case("F-0001", center="F"), by=other, now=START)
    study_of(coordinator, "one")
    rows = call(coordinator, "GET", "studies/one/design/candidates").json()
    assert rows == [{"number": number, "center": "C", "studies": ["old"]} for number in NUMBERS[:2]]
    body = {"numbers": ["C-0002"], "purpose": "TRAINING", "cohort": ""}
    added = call(coordinator, "POST", "studies/one/design/cases", body)
    assert [(one["number"], one["purpose"]) for one in added.json()] == [("C-0002", "TRAINING")]
    assert [one["number"] for one in call(coordinator, "GET", "studies/one/design/candidates").json()] == [
        "C-0001"
    ]
    refused = call(coordinator, "POST", "studies/one/design/cases", {"numbers": ["C-0001", "F-0001"]})
    assert (refused.status_code, refused.json()["fields"]) == (
        400,
        {"numbers": "F-0001 is not among the cases to choose from."},
    )
    assert len(call(coordinator, "GET", "studies/one/design/cases").json()) == 1, "none of them was added"


def test_a_study_that_begins_at_the_end_of_all_days_is_refused(coordinator: User) -> None:
    study = study_of(coordinator, "one")
    body = {"document": study.protocol, "start": "9999-12-31"}
    refused = call(coordinator, "POST", "studies/one/design/summary", body)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["start"])


def test_who_left_a_study_reaches_its_cases_no_more(coordinator: User) -> None:
    old = study_of(coordinator, "old", cases=2)
    study_of(coordinator, "one")
    assert len(call(coordinator, "GET", "studies/one/design/candidates").json()) == 2
    own = old.members.get(user=coordinator)
    own.withdrawn_at, own.withdrawn_by = START, coordinator
    own.save()
    assert call(coordinator, "GET", "studies/one/design/candidates").json() == []
    taken = call(coordinator, "POST", "studies/one/design/cases", {"numbers": ["C-0001"]})
    assert taken.status_code == 400


def test_a_case_is_changed_and_taken_out(coordinator: User) -> None:
    study_of(coordinator, "one", cases=2)
    path = "studies/one/design/cases/C-0001"
    told = [{"label": "MRI", "value": "after treatment"}]
    changed = call(coordinator, "PUT", path, {"cohort": "validation", "case_info": told}).json()
    assert (changed["cohort"], changed["case_info"]) == ("validation", told)
    assert call(coordinator, "PUT", "studies/one/design/cases/X-1", {"cohort": "a"}).status_code == 404
    assert call(coordinator, "DELETE", path).status_code == 204
    assert call(coordinator, "DELETE", path).status_code == 404
    assert [one["number"] for one in call(coordinator, "GET", "studies/one/design/cases").json()] == [
        "C-0002"
    ]


def test_a_case_with_a_reference_standard_stays(coordinator: User) -> None:
    study = study_of(coordinator, "one", cases=1)
    study_case = study.study_cases.get()
    truth_enter(study_case=study_case, is_positive=True, source="pathology", by=coordinator, now=START)
    refused = call(coordinator, "DELETE", "studies/one/design/cases/C-0001")
    assert (refused.status_code, refused.json()["code"]) == (409, "case_in_use")
    assert study.study_cases.count() == 1
    assert not AuditEvent.objects.filter(event="case_removed").exists()


def test_right_answers_of_a_training_case_fit_the_form(coordinator: User) -> None:
    study_of(coordinator, "one", cases=1)
    path = "studies/one/design/cases/C-0001"
    key = {"answers": {"rating": 5}, "text": "Look at the margin."}
    kept = call(coordinator, "PUT", path, {"purpose": "TRAINING", "training_key": key})
    assert (kept.status_code, kept.json()["training_key"]) == (200, key)
    for name, value in (("rating", 9), ("no_such_question", 1)):
        refused = call(coordinator, "PUT", path, {"training_key": {"answers": {name: value}}})
        assert (refused.status_code, list(refused.json()["fields"])) == (400, [f"training_key.{name}"])


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.AUDITOR])
def test_who_checks_the_study_reads_the_protocol_and_changes_nothing(coordinator: User, role: Role) -> None:
    study = study_of(coordinator, "one")
    member = person("checks")
    member_enroll(study=study, user=member, role=role, by=coordinator, now=START)
    shown = call(member, "GET", "studies/one/protocol")
    assert (shown.status_code, shown.json()["may_edit"]) == (200, False)
    body = {"revision": 0, "document": shown.json()["document"]}
    assert call(member, "PUT", "studies/one/protocol", body).status_code == 404
    assert call(member, "GET", "studies/one/design/candidates").status_code == 404
