"""Preferences of the viewer hold habits, and have no room for anything of a case."""

from typing import Any

import pytest
from django.utils import timezone

from backend.accounts.models import User, ViewerPreferences
from backend.accounts.preferences import (
    MAX_BYTES,
    ROLE_WITH_UNIT,
    ROLES,
    no_preferences,
    preferences_of,
    preferences_save,
)
from backend.audit.errors import InvalidInput
from backend.audit.models import AuditEvent
from backend.cases.models import SeriesRole
from tests.factories.cases import person

pytestmark = pytest.mark.django_db
WHOLE: dict[str, Any] = {
    "keys": {"tool.window": ["W", "Shift+W"], "image.next": ["ArrowDown", "Ctrl+J"], "invert": []},
    "remember_windows": True,
    "windows": {"T2W": {"low": 1.5, "high": 99}, "CT": {"center": -600, "width": 1500}},
    "linked": True,
    "lines": False,
    "drags": {"middle": "window", "right": "pan"},
    "layouts": {
        "T2W,ADC": {"rows": 2, "columns": 1},
        "T2W,T2W:sagittal/*,T2W:coronal": {"rows": 1, "columns": 3},
        "T2W@axial,T2W@sagittal,T2W@coronal/*@axial,T2W:acquired,OTHER@sagittal": {"rows": 1, "columns": 1},
    },
}


def save(document: object, by: User | None = None) -> dict[str, Any]:
    return preferences_save(document=document, by=by or person("ada"), now=timezone.now())


def test_the_roles_are_those_of_series() -> None:
    assert {*ROLES, ROLE_WITH_UNIT} == set(SeriesRole.values)


def test_what_is_kept_is_found_again_and_what_is_not_named_is_the_default() -> None:
    ada = person("ada")
    assert preferences_of(ada) == no_preferences()
    assert preferences_save(document=WHOLE, by=ada, now=timezone.now()) == WHOLE
    assert preferences_of(ada) == WHOLE
    assert preferences_of(person("bob")) == no_preferences()
    preferences_save(document={"linked": False}, by=ada, now=timezone.now())
    assert preferences_of(ada) == {**no_preferences(), "linked": False}
    assert ViewerPreferences.objects.count() == 1


def test_nothing_of_it_stands_in_the_audit_trail() -> None:
    save(WHOLE)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], ""),
        ("keys", ""),
        (None, ""),
        ({"case": "C-0001"}, ""),
        ({"keys": {"C-0001 Meyer": ["W"]}}, "keys"),
        ({"keys": {"invert": ["a note of mine"]}}, "keys.invert.0"),
        ({"keys": {"invert": ["W\n"]}}, "keys.invert.0"),
        ({"keys": {"invert": ["\0"]}}, "keys.invert.0"),
        ({"keys": {"invert": ["\ud800"]}}, "keys.invert.0"),
        ({"keys": {"invert": ["W"] * 7}}, "keys.invert"),
        ({"keys": {"invert": "W"}}, "keys.invert"),
        ({"windows": {"C-0001": {"low": 1, "high": 2}}}, "windows"),
        ({"windows": {"T2W": {"center": 300, "width": 600}}}, "windows.T2W"),
        ({"windows": {"CT": {"low": 1, "high": 99}}}, "windows.CT"),
        ({"windows": {"T2W": {"low": 60, "high": 40}}}, "windows.T2W"),
        ({"windows": {"CT": {"center": 0, "width": 0}}}, "windows.CT.width"),
        ({"windows": {"CT": {"center": float("nan"), "width": 1}}}, ""),
        ({"layouts": {"LPLN-01": {"rows": 1, "columns": 1}}}, "layouts"),
        ({"layouts": {"T2W@acquired": {"rows": 1, "columns": 1}}}, "layouts"),
        ({"layouts": {"T2W:axial@axial": {"rows": 1, "columns": 1}}}, "layouts"),
        ({"layouts": {"T2W": {"rows": 3, "columns": 1}}}, "layouts.T2W.rows"),
        ({"layouts": {"T2W": {"rows": 1, "columns": 1, "case": "x"}}}, "layouts.T2W"),
        ({"linked": "yes"}, "linked"),
        ({"remember_windows": None}, "remember_windows"),
        ({"drags": {"middle": "pan"}}, "drags"),
        ({"drags": {"middle": "pan", "right": "scroll"}}, "drags.right"),
    ],
)
def test_what_is_no_habit_is_refused_at_its_place(document: object, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(document)
    assert place in refused.value.fields
    assert not ViewerPreferences.objects.exists()


def test_a_document_has_an_end() -> None:
    ada = person("ada")
    keys = {f"action{number}": ["ArrowDown", "Ctrl+Shift+ArrowLeft"] for number in range(200)}
    assert save({"keys": keys}, ada)["keys"] == keys
    full = {name: ["Ctrl+Shift+MediaTrackPrevious"] * 6 for name in keys}
    with pytest.raises(InvalidInput) as refused:
        save({"keys": full}, ada)
    assert f"at most {MAX_BYTES}" in refused.value.fields[""]
