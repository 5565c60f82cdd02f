"""Who may ask what: a literal table of route, method and stage by person, over two studies.

Every question is about the first study (and the first reader's read in it). `b_` are the people of the second
study: most leaks go sideways.
"""

import uuid
from typing import Any

import pytest
from django.test import Client

from backend.adjudication.item_states import ItemStatus
from backend.adjudication.models import AdjudicationItem
from backend.reads.models import Read
from tests.factories.analysis import ended, ended_of, given_from_outside
from tests.factories.studies import Stage, StudyStory

from .observers import PARTS, TwoStudies, ask, at, client_of, two_studies, undone
from .routes import METHODS, WITHOUT_DATA, all_routes, data_routes

COLUMNS = (
    "reader1", "reader2", "coordinator", "statistician", "auditor", "site", "adjudicator",
    "b_reader1", "b_coordinator", "b_statistician", "b_auditor", "operator", "nobody", "anonymous",
)  # fmt: skip

# route, method, stage or *      reader1
#                                    reader2
#                                        coordinator
#                                            statistician
#                                                auditor
#                                                    site
#                                                        adjudicator
#                                                            b_reader1
#                                                                b_coordinator
#                                                                    b_statistician
#                                                                        b_auditor
#                                                                            operator
#                                                                                nobody
#                                                                                    anonymous
TABLE = """
account:me          GET  *          200 200 200 200 200 200 200 200 200 200 200 200 200 401
account:sign-in     POST *          400 400 400 400 400 400 400 400 400 400 400 400 400 400
account:sign-out    POST *          204 204 204 204 204 204 204 204 204 204 204 204 204 401
account:viewer-preferences GET *    200 200 200 200 200 200 200 200 200 200 200 200 200 401
account:viewer-preferences PUT *    400 400 400 400 400 400 400 400 400 400 400 400 400 401

reader:worklist     GET  *          200 200 404 404 404 404 404 404 404 404 404 404 404 401
reader:next         POST design     409 409 404 404 404 404 404 404 404 404 404 404 404 401
reader:next         POST session-1  200 200 404 404 404 404 404 404 404 404 404 404 404 401
reader:next         POST washout    409 409 404 404 404 404 404 404 404 404 404 404 404 401
reader:next         POST session-2  200 200 404 404 404 404 404 404 404 404 404 404 404 401
reader:next         POST locked     409 409 404 404 404 404 404 404 404 404 404 404 404 401
reader:upcoming     GET  *          200 200 404 404 404 404 404 404 404 404 404 404 404 401
reader:read         GET  design     404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:read         GET  *          200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:metadata     GET  session-1  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:metadata     GET  session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:metadata     GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:frame        GET  session-1  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:frame        GET  session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:frame        GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:draft        PUT  design     404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:draft        PUT  session-1  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:draft        PUT  session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:draft        PUT  *          409 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:submit       POST design     404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:submit       POST session-1  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:submit       POST session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:submit       POST *          409 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:feedback     GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:sign         POST *          409 409 404 404 404 404 404 404 404 404 404 404 404 401
reader:correction-request POST design     404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:correction-request POST washout    200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:correction-request POST *          409 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:correction   POST design     404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:correction   POST *          409 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:aid          GET  session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:aid          GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:aid-overlay  GET  session-2  200 404 404 404 404 404 404 404 404 404 404 404 404 401
reader:aid-overlay  GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401

adjudicator:studies GET  *          200 200 200 200 200 200 200 200 200 200 200 200 200 401
adjudicator:worklist GET *          404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:next    POST washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:next    POST session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:next    POST *          404 404 404 404 404 404 409 404 404 404 404 404 404 401
adjudicator:item    GET  washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:item    GET  session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:item    GET  locked     404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:item    GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
adjudicator:metadata GET washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:metadata GET session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:metadata GET *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
adjudicator:frame   GET  washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:frame   GET  session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:frame   GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
adjudicator:draft   PUT  washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:draft   PUT  session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:draft   PUT  locked     404 404 404 404 404 404 409 404 404 404 404 404 404 401
adjudicator:draft   PUT  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
adjudicator:settle  POST washout    404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:settle  POST session-2  404 404 404 404 404 404 200 404 404 404 404 404 404 401
adjudicator:settle  POST locked     404 404 404 404 404 404 409 404 404 404 404 404 404 401
adjudicator:settle  POST *          404 404 404 404 404 404 404 404 404 404 404 404 404 401

desk:studies        GET  *          200 200 200 200 200 200 200 200 200 200 200 200 200 401
desk:templates      GET  *          200 200 200 200 200 200 200 200 200 200 200 200 200 401
desk:new-study      POST *          403 403 403 403 403 403 403 403 403 403 403 400 403 401
desk:protocol       GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:protocol       PUT  *          404 404 400 404 404 404 404 404 404 404 404 404 404 401
desk:design-summary POST *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:design-pattern POST *          404 404 400 404 404 404 404 404 404 404 404 404 404 401
desk:design-candidates GET *       404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:design-cases   GET  *          404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:design-cases   POST *          404 404 400 404 404 404 404 404 404 404 404 404 404 401
desk:design-case    PUT  design     404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:design-case    PUT  *          404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:design-case    DELETE *        404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:study          GET  *          404 404 200 200 200 200 404 404 404 404 404 404 404 401
desk:progress       GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:cases          GET  *          404 404 200 200 200 200 404 404 404 404 404 404 404 401
desk:jobs           GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:predictions    POST locked     404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:predictions    POST *          404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:freeze         GET  *          404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:freeze         POST *          404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:protocol-pdf   GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:versions       GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:amendments     POST *          404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:amendment-preview POST *       404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:members        GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:members        POST *          404 404 400 404 404 404 404 404 404 404 404 404 404 401
desk:member-withdraw POST locked    404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:member-withdraw POST *         404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:member-replace POST *          404 404 400 404 404 404 404 404 404 404 404 404 404 401
desk:member-override-washout POST washout 404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:member-override-washout POST * 404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:deviations     GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:lock-request   POST design     404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:lock-request   POST locked     404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:lock-request   POST *          404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:lock-withdraw  POST *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:lock-confirm   POST *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:unblind        GET  *          404 404 200 404 404 404 404 404 404 404 404 404 404 401
desk:unblind        POST *          404 404 409 404 404 404 404 404 404 404 404 404 404 401
desk:unblinded-case GET  *          404 404 404 404 404 404 404 404 404 404 404 404 404 401
desk:results        GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:results        GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:result-file    GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:result-file    GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis       GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:analysis       GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis       POST locked     404 404 201 201 404 404 404 404 404 404 404 404 404 401
desk:analysis       POST *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis-report GET locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:analysis-report GET *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis-results GET locked    404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:analysis-results GET *         404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis-files GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:analysis-files GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:analysis-file  GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:analysis-file  GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:supplements    GET  locked     404 404 200 200 404 404 404 404 404 404 404 404 404 401
desk:supplements    GET  *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:supplements    POST locked     404 404 400 400 404 404 404 404 404 404 404 404 404 401
desk:supplements    POST *          404 404 409 409 404 404 404 404 404 404 404 404 404 401
desk:outside-datasets GET *         200 200 200 200 200 200 200 200 200 200 200 200 200 401
desk:outside-datasets POST *        403 403 400 400 403 403 403 403 400 400 403 400 403 401
desk:outside-dataset GET *          404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:outside-dataset DELETE *       404 404 404 204 404 404 404 404 404 404 404 404 404 401
desk:outside-analysis GET *         404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:outside-analysis POST *        404 404 404 201 404 404 404 404 404 404 404 404 404 401
desk:outside-report GET *           404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:outside-results GET *          404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:outside-files  GET  *          404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:outside-file   GET  *          404 404 404 200 404 404 404 404 404 404 404 404 404 401
desk:reopenings     GET  *          404 404 200 200 200 404 404 404 404 404 404 404 404 401
desk:reopening-grant POST *         404 404 404 404 404 404 404 404 404 404 404 404 404 401
desk:reopening-refuse POST *        404 404 404 404 404 404 404 404 404 404 404 404 404 401
desk:audit          GET  *          404 404 200 404 200 404 404 404 404 404 404 404 404 401
desk:audit-verification GET  *          404 404 200 404 200 404 404 404 404 404 404 404 404 401
desk:audit-export   GET  *          404 404 200 404 200 404 404 404 404 404 404 404 404 401
"""

Expected = dict[str, int]


def rows() -> dict[tuple[str, str, str], Expected]:
    table = {}
    for line in TABLE.strip().splitlines():
        if line.strip():
            route, method, stage, *codes = line.split()
            table[(route, method, stage)] = dict(zip(COLUMNS, map(int, codes), strict=True))
    return table


def expected_at(stage: Stage) -> dict[tuple[str, str], Expected]:
    """The table at one stage: a line for the stage comes before a line for every stage."""
    word = stage.value.replace(" ", "-")
    table = rows()
    return {
        (route, method): table.get((route, method, word)) or table[(route, method, "*")]
        for route, method, _ in table
    }


def body_for(read: Read | None) -> dict[str, Any]:
    """One body that every writing route takes for what it knows of it."""
    return {
        "username": "somebody",
        "password": "not the password",
        "revision": read.draft_revision if read else 0,
        "idempotency_key": uuid.UUID(int=7),
        "answers": {
            "side_region": "left_obturator",
            "short_axis_mm": 6.5,
            "criterion_heterogeneous": True,
            "criterion_margin": False,
            "rating": 4,
        },
        "measurements": [],
        "timing": {},
        "reason": "The table asks.",
        "decision": "The table decides.",
        "role": "AUDITOR",
        "sha256": "0" * 64,
        "document": {},
        "version": 1,
        "case": "X-0001",
        "name": "Somebody",
        "analysis_set": "as-read",
        "level": 0.95,
        "seed": 1,
    }


def opened_item(story: StudyStory) -> uuid.UUID | None:
    items = AdjudicationItem.objects.filter(study=story.study, status=ItemStatus.OPEN)
    return items.values_list("pk", flat=True).first()


def body_of(route: str, read: Read | None) -> dict[str, Any]:
    """An item takes answers to its own questions alone, and no draft of it was saved."""
    if not route.startswith("adjudicator:"):
        return body_for(read)
    return {**body_for(read), "revision": 0, "answers": {"short_axis_mm": 6.5}}


def addresses(world: TwoStudies) -> tuple[Read | None, dict[str, str]]:
    """The address of every route, about the first study and its first reader's latest read."""
    reads = Read.objects.filter(reader=world.alfa.people["reader1"]).order_by("-opened_at")
    read = reads.first()
    values = {
        "slug": world.alfa.slug,
        "read_id": read.pk if read else uuid.UUID(int=5),
        "index": 0,
        "frame": 1,
        "overlay": "influence",
        "ordinal": 1,
        "reopening_id": uuid.UUID(int=6),
        "item_id": opened_item(world.alfa) or uuid.UUID(int=8),
        "member_id": world.alfa.study.members.get(user=world.alfa.people["reader2"]).pk,
        "number": world.alfa.cases[0].number,
        "name": "results.json",
        "run_id": ended_of(world.alfa) or uuid.UUID(int=10),
        "path": "results.json",
    }
    dataset = given_from_outside(world.alfa.people["statistician"], world.now)
    of_outside = {"dataset_id": dataset.pk, "run_id": ended(dataset, world.now), "path": "results.json"}
    return read, {
        route.name: route.url(**(of_outside if "dataset_id" in route.parameters else values))
        for route in data_routes()
    }


def test_the_table_names_every_route_and_method() -> None:
    listed = {(route, method) for route, method, _ in rows()}
    assert listed == {(route.name, method) for route in data_routes() for method in route.methods}, (
        "a new route or method takes its lines in the table: who may ask it, at which stage, of which study"
    )


def test_routes_without_data_are_those_listed() -> None:
    assert {route.name for route in all_routes()} - {route.name for route in data_routes()} == WITHOUT_DATA


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(Stage), ids=str)
def test_everybody_gets_what_the_table_says(stage: Stage) -> None:
    world = two_studies(stage)
    read, urls = addresses(world)
    wrong = []
    with at(world.now):
        for column in COLUMNS:
            user = world.observers()[column]
            client = client_of(user)
            for (route, method), expected in expected_at(stage).items():
                with undone():
                    asking = client_of(user) if route == "account:sign-out" else client
                    answer = ask(asking, method, urls[route], body_of(route, read))
                if answer.status_code != expected[column]:
                    wrong.append(f"{column} {method} {route}: {answer.status_code}, not {expected[column]}")
    assert wrong == []


@pytest.mark.django_db
def test_a_method_that_no_view_answers_is_refused() -> None:
    world = two_studies(Stage.SESSION_1, with_images=False)
    read, urls = addresses(world)
    for part in ("reader1", "coordinator", "nobody"):
        client = client_of(world.observers()[part])
        for route in data_routes():
            for method in set(METHODS) - set(route.methods):
                answer = ask(client, method, urls[route.name], body_for(read))
                assert answer.status_code == 405, f"{part} {method} {route.name}"


@pytest.mark.django_db
def test_who_has_not_signed_in_learns_nothing_but_that() -> None:
    world = two_studies(Stage.SESSION_1, with_images=False)
    _, urls = addresses(world)
    for route in data_routes():
        if route.name == "account:sign-in":
            continue
        for method in METHODS:
            answer = ask(Client(), method, urls[route.name])
            assert answer.status_code == 401, f"{method} {route.name}"
            assert answer.json() == {"code": "not_signed_in", "text": "Please sign in."}


@pytest.mark.django_db
@pytest.mark.parametrize("part", [*PARTS, "operator", "nobody"])
def test_forbidden_is_missing_to_the_last_byte(part: str) -> None:
    """A foreign object and one that never was give one answer: status, body and headers."""
    world = two_studies(Stage.SESSION_2, with_images=False)
    foreign = Read.objects.filter(reader=world.beta.people["reader1"]).first()
    both = {"index": 0, "frame": 1, "ordinal": 1, "reopening_id": uuid.UUID(int=6)}
    item = opened_item(world.beta)
    theirs = world.beta.study.members.get(user=world.beta.people["reader1"])
    there = {**both, "member_id": theirs.pk, "number": world.beta.cases[0].number}
    there = {
        **there,
        "slug": world.beta.slug,
        "read_id": foreign.pk,
        "item_id": item,
        "name": "reads.csv",
        "overlay": "region",
        "run_id": uuid.UUID(int=10),
        "dataset_id": given_from_outside(world.beta.people["statistician"], world.now).pk,
        "path": "results.json",
    }
    missing = {
        **both,
        "member_id": uuid.UUID(int=4),
        "number": "X-9999",
        "slug": "no-such-study",
        "read_id": uuid.UUID(int=9),
        "item_id": uuid.UUID(int=8),
        "name": "x",
        "overlay": "x",
        "run_id": uuid.UUID(int=12),
        "dataset_id": uuid.UUID(int=14),
        "path": "x",
    }
    client = client_of(world.observers()[part])
    for route in data_routes():
        if not route.parameters:
            continue
        for method in route.methods:
            answers = [ask(client, method, route.url(**one), body_for(None)) for one in (there, missing)]
            assert [answer.status_code for answer in answers] == [404, 404], f"{method} {route.name}"
            assert answers[0].content == answers[1].content == b'{"code":"not_found","text":"Not found."}'
            assert _headers(answers[0]) == _headers(answers[1])


def _headers(answer: Any) -> dict[str, str]:
    # The policy carries a nonce of its own in every response.
    return {name: value for name, value in answer.headers.items() if name != "Content-Security-Policy"}


@pytest.mark.django_db
def test_an_unknown_address_of_the_api_is_not_found_as_json() -> None:
    answer = Client().get("/api/reader/studies")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
