import errno
import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions as rest
from rest_framework import serializers

from backend.audit.errors import InvalidInput, NotFound, RuleBroken
from backend.config.exceptions import exception_handler

NOT_FOUND = {"code": "not_found", "text": "Not found."}


def test_a_broken_rule_is_a_conflict_with_its_code() -> None:
    answer = exception_handler(RuleBroken("washout_running", "Wait.", opens_at="2026-03-30"), {})
    assert (answer.status_code, answer.data) == (
        409,
        {"code": "washout_running", "text": "Wait.", "opens_at": "2026-03-30"},
    )


@pytest.mark.parametrize("error", [NotFound(), Http404("a name"), rest.NotFound("a name")])
def test_whatever_is_not_there_has_one_body(error) -> None:
    answer = exception_handler(error, {})
    assert (answer.status_code, answer.data) == (404, NOT_FOUND)


def test_invalid_input_names_its_fields() -> None:
    answer = exception_handler(InvalidInput("No.", {"rating": "Too high."}), {})
    assert (answer.status_code, answer.data) == (
        400,
        {"code": "invalid", "text": "No.", "fields": {"rating": "Too high."}},
    )


def test_nested_problems_of_a_serializer_become_one_text_a_field() -> None:
    class Inner(serializers.Serializer):
        number = serializers.IntegerField()

    class Outer(serializers.Serializer):
        inner = Inner()
        words = serializers.ListField(child=serializers.IntegerField())

    given = Outer(data={"inner": {"number": "x"}, "words": ["y"]})
    assert not given.is_valid()
    answer = exception_handler(rest.ValidationError(given.errors), {})
    assert answer.data["fields"] == {
        "inner": "A valid integer is required.",
        "words": "A valid integer is required.",
    }


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (rest.NotAuthenticated(), 401, "not_signed_in"),
        (rest.PermissionDenied(), 403, "forbidden"),
        (rest.Throttled(wait=7), 429, "throttled"),
        (rest.MethodNotAllowed("PATCH"), 405, "bad_request"),
        (rest.ParseError("broken"), 400, "bad_request"),
    ],
)
def test_the_frameworks_errors_have_code_and_text(error, status, code) -> None:
    answer = exception_handler(error, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert answer.data.keys() == {"code", "text"}
    json.dumps(answer.data)


def test_an_error_of_the_program_is_no_response() -> None:
    assert exception_handler(ZeroDivisionError(), {}) is None


def test_a_file_that_finds_no_room_says_so_in_plain_words() -> None:
    with (
        pytest.raises(OSError, match="No space left") as full,
        Path("/dev/full").open("wb", buffering=0) as device,
    ):
        device.write(b"stroke")
    answer = exception_handler(full.value, {})
    assert (answer.status_code, answer.data["code"]) == (507, "disk_full")
    assert "disk is full" in answer.data["text"]


def test_a_database_that_finds_no_room_says_so_in_plain_words() -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE strokes (data BLOB)")
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError) as sqlite:
            database.execute("INSERT INTO strokes VALUES (zeroblob(100000))")
    database.close()
    for cause in (sqlite.value, psycopg.errors.DiskFull("could not extend file")):
        error = OperationalError(str(cause))
        error.__cause__ = cause
        assert exception_handler(error, {}).status_code == 507


def test_other_faults_of_disk_and_database_stay_errors_of_the_server() -> None:
    assert exception_handler(OSError(errno.EIO, "input/output error"), {}) is None
    locked = OperationalError("database is locked")
    locked.__cause__ = sqlite3.OperationalError("database is locked")
    assert exception_handler(locked, {}) is None
