"""Preferences of the viewer over HTTP: one's own, whoever asks."""

import json

import pytest
from django.test import Client

from backend.accounts.models import User
from backend.accounts.preferences import no_preferences
from tests.factories.cases import person

from .observers import client_of

pytestmark = pytest.mark.django_db
URL = "/api/account/viewer-preferences"


def put(user: User, body: object):
    return client_of(user).put(URL, json.dumps(body), content_type="application/json")


def test_everybody_has_preferences_of_their_own() -> None:
    ada, bob = person("ada"), person("bob")
    mine = {**no_preferences(), "keys": {"invert": ["Y"]}, "windows": {"T2W": {"low": 2, "high": 98}}}
    assert client_of(ada).get(URL).json() == no_preferences()
    answer = put(ada, mine)
    assert (answer.status_code, answer.json()) == (200, mine)
    assert client_of(ada).get(URL).json() == mine
    assert client_of(bob).get(URL).json() == no_preferences()


def test_what_is_refused_says_where_and_changes_nothing() -> None:
    ada = person("ada")
    put(ada, {"lines": False})
    answer = put(ada, {"windows": {"C-0001": {"low": 2, "high": 98}}})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert list(answer.json()["fields"]) == ["windows"]
    assert client_of(ada).get(URL).json()["lines"] is False


def test_nobody_has_none() -> None:
    assert Client().get(URL).status_code == 401
