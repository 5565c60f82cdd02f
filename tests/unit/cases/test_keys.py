import stat
from datetime import date
from pathlib import Path

import pytest

from backend.cases.keys import Pseudonymizer, load_key


@pytest.fixture
def pseudonymizer() -> Pseudonymizer:
    return Pseudonymizer(bytes(32))


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "deid.key"
    key = load_key(path)
    assert len(key) == 32
    assert load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert load_key(tmp_path / "other" / "deid.key") != key


@pytest.mark.parametrize("content", ["", "abcd", "no key at all"])
def test_a_damaged_key_stops_the_import(tmp_path: Path, content: str) -> None:
    path = tmp_path / "deid.key"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"."):
        load_key(path)


def test_uids_are_replaced_consistently(pseudonymizer: Pseudonymizer) -> None:
    made = pseudonymizer.uid("1.2.3")
    assert made == pseudonymizer.uid("1.2.3")
    assert made.startswith("2.25.")
    assert len(made) <= 64
    others = {
        pseudonymizer.uid("1.2.4"),
        pseudonymizer.uid("1.2.3", "part"),
        Pseudonymizer(b"x" * 32).uid("1.2.3"),
    }
    assert len(others | {made}) == 4


def test_a_patient_has_one_pseudonym_per_center(pseudonymizer: Pseudonymizer) -> None:
    def of(center: str, patient: str, study: str) -> str:
        return pseudonymizer.patient(center_code=center, patient_id=patient, study_uid=study)

    assert of("A", "17", "1.2") == of("A", "17", "1.3")
    assert of("A", "17", "1.2") != of("B", "17", "1.2")
    assert of("A", "17", "1.2") != of("A1", "7", "1.2")
    # Nobody's ID is no ID: two anonymous examinations are two patients.
    assert of("A", "", "1.2") != of("A", "", "1.3")


def days(value: str) -> int:
    return date(int(value[:4]), int(value[4:6]), int(value[6:])).toordinal()


def test_dates_move_per_patient_and_keep_their_intervals(pseudonymizer: Pseudonymizer) -> None:
    first = pseudonymizer.shifted_date("20200131", patient="a")
    second = pseudonymizer.shifted_date("20200310", patient="a")
    assert days(second) - days(first) == 39
    assert 1 <= days("20200131") - days(first) <= 3650
    assert pseudonymizer.shifted_date("20200131", patient="b") != first


@pytest.mark.parametrize("value", ["", "2020", "20201331", "yesterday", "18500101"])
def test_what_is_no_date_becomes_none(pseudonymizer: Pseudonymizer, value: str) -> None:
    assert pseudonymizer.shifted_date(value, patient="a") == ""
