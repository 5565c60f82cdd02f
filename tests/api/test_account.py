"""Signing in and out."""

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import ScopedRateThrottle

from backend.accounts.models import User
from tests.factories.cases import person
from tests.factories.studies import Stage, study_in

from .observers import client_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def sign_in(client: Client, username: str = "ada", password: str = PASSWORD):
    body = {"username": username, "password": password}
    return client.post("/api/account/sign-in", body, content_type="application/json")


@pytest.fixture
def ada() -> User:
    return person("ada", password=PASSWORD)


def test_me_lists_own_memberships_with_the_phase() -> None:
    story = study_in(Stage.SESSION_1, cases=2)
    study_in(Stage.DESIGN, name="BETA", cases=2)
    assert client_of(story.people["reader1"]).get("/api/account/me").json() == {
        "username": story.people["reader1"].username,
        "display_name": story.people["reader1"].display_name,
        "memberships": [
            {"study": story.slug, "title": story.study.title, "role": "READER", "phase": "READING"}
        ],
        "is_operator": False,
        "may_create_studies": False,
    }


def test_me_without_a_display_name_is_the_user_name(ada) -> None:
    User.objects.filter(pk=ada.pk).update(display_name="")
    assert client_of(ada).get("/api/account/me").json()["display_name"] == "ada"


def test_sign_in_gives_me_and_a_session(ada) -> None:
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, answer.json()["username"]) == (200, "ada")
    assert client.get("/api/account/me").status_code == 200
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada", "wrong"), ("nobody", PASSWORD), ("ADA", PASSWORD), ("ada", PASSWORD + " ")],
)
def test_a_wrong_name_and_a_wrong_password_are_one_answer(ada, username, password) -> None:
    answer = sign_in(Client(), username, password)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "invalid_credentials",
        "text": "The user name or the password is not right.",
    }
    assert "sessionid" not in answer.cookies


def test_who_was_switched_off_cannot_sign_in(ada) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert sign_in(Client()).json()["code"] == "invalid_credentials"


def test_who_is_switched_off_is_signed_out_at_once(ada) -> None:
    client = client_of(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/api/account/me").status_code == 401


def test_fields_left_out_are_named() -> None:
    answer = Client().post("/api/account/sign-in", {}, content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"username", "password"})


def test_sign_in_takes_a_new_session(ada) -> None:
    """A session that somebody else planted in the browser does not become the signed-in one."""
    client = Client()
    sign_in(client)
    planted = client.cookies["sessionid"].value
    other = Client()
    other.cookies["sessionid"] = planted
    person("eve", password=PASSWORD)
    sign_in(other, "eve")
    assert other.cookies["sessionid"].value != planted


def test_sign_out_ends_the_session_for_every_holder_of_the_cookie(ada) -> None:
    client = Client()
    sign_in(client)
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert client.post("/api/account/sign-out").status_code == 204
    assert client.get("/api/account/me").status_code == 401
    assert copy.get("/api/account/me").status_code == 401


def test_attempts_are_counted(ada, monkeypatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"sign_in": "3/min"})
    cache.clear()
    client = Client()
    assert [sign_in(client, password="wrong").status_code for _ in range(3)] == [400, 400, 400]
    throttled = sign_in(client)
    assert (throttled.status_code, throttled.json()["code"]) == (429, "throttled")
    assert int(throttled.headers["Retry-After"]) > 0
    cache.clear()
    assert sign_in(client).status_code == 200


def test_the_password_comes_back_nowhere(ada) -> None:
    answer = sign_in(Client(), password="a very secret wrong one")
    assert b"very secret" not in answer.content
