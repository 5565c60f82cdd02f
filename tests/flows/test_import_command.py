"""`manage.py import_cases`: its report, its exit status, and the study it fills."""

import json
import zipfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.audit.models import AuditEvent
from backend.cases.models import Case
from backend.studies.models import ReaderStudy
from tests.factories.cases import center, person
from tests.factories.dicom_files import write_series
from tests.factories.storage import assert_files_and_rows_agree, media, stored_files

__all__ = ["media"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def study() -> ReaderStudy:
    center("A")
    return ReaderStudy.objects.create(slug="nodes", title="Nodes", template="blank", created_at=NOW)


def run(*paths: Path, **options: Any) -> tuple[int, str, str]:
    """Exit status, output and error stream."""
    out, err = StringIO(), StringIO()
    given = {"study": "nodes", "center": "A", **options}
    try:
        call_command("import_cases", *paths, stdout=out, stderr=err, **given)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_everything_in_is_status_0(tmp_path: Path, study: ReaderStudy, media: Path) -> None:
    write_series(tmp_path / "sent")
    status, out, _ = run(tmp_path / "sent", as_json=True)
    assert status == 0
    report = json.loads(out)
    assert set(report) == {"accepted", "refused", "skipped"}
    assert [item["case"] for item in report["accepted"]] == ["A-0001"]
    assert [row.case.number for row in study.study_cases.all()] == ["A-0001"]
    assert_files_and_rows_agree(media)


def test_something_refused_is_status_1_and_the_rest_goes_in(tmp_path: Path) -> None:
    write_series(tmp_path / "sent")
    (tmp_path / "sent" / "notes.txt").write_text("hello")
    status, out, _ = run(tmp_path / "sent", as_json=True)
    report = json.loads(out)
    assert status == 1
    assert len(report["accepted"]) == 1
    [refusal] = report["refused"]
    assert (refusal["path"], refusal["code"]) == ("sent/notes.txt", "not_dicom")
    assert refusal["reason"]


def make_text(path: Path) -> None:
    path.write_text("hello")


def make_empty_zip(path: Path) -> None:
    zipfile.ZipFile(path, "w").close()


def make_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.dcm", bytes(128) + b"DICM" + bytes(50 << 20))


def make_truncated(path: Path) -> None:
    files = write_series(path)
    files[1].write_bytes(files[1].read_bytes()[:-100])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (make_text, "not_dicom"),
        (make_empty_zip, "empty_zip"),
        (make_bomb, "zip_bomb"),
        (make_truncated, "truncated"),
    ],
)
def test_broken_input_is_refused_and_leaves_nothing(
    tmp_path: Path, media: Path, study: ReaderStudy, make: Any, code: str
) -> None:
    make(tmp_path / "broken")
    status, out, _ = run(tmp_path / "broken", as_json=True)
    assert status == 1
    assert [refusal["code"] for refusal in json.loads(out)["refused"]] == [code]
    assert not Case.objects.exists()
    assert not study.study_cases.exists()
    assert not AuditEvent.objects.exists()
    assert stored_files(media) == set()


def test_nothing_there_is_status_2(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path / "gone")[0] == 2
    assert run(tmp_path / "empty")[0] == 2


@pytest.mark.parametrize("option", ["study", "center", "by"])
def test_an_unknown_name_is_status_2(tmp_path: Path, option: str) -> None:
    write_series(tmp_path / "sent")
    with pytest.raises(CommandError, match="nobody") as caught:
        run(tmp_path / "sent", **{option: "nobody"})
    assert caught.value.returncode == 2
    assert not Case.objects.exists()


def test_importing_again_is_status_0_and_says_so(tmp_path: Path, study: ReaderStudy) -> None:
    write_series(tmp_path / "sent")
    run(tmp_path / "sent")
    status, out, _ = run(tmp_path / "sent", as_json=True)
    assert status == 0
    assert [skip["code"] for skip in json.loads(out)["skipped"]] == ["already_imported"]
    assert study.study_cases.count() == 1


def test_a_case_of_another_study_is_read_in_this_one_too(tmp_path: Path, study: ReaderStudy) -> None:
    other = ReaderStudy.objects.create(slug="other", title="Other", template="blank", created_at=NOW)
    write_series(tmp_path / "sent")
    run(tmp_path / "sent")
    run(tmp_path / "sent", study="other")
    assert study.study_cases.get().case == other.study_cases.get().case


def test_a_frozen_study_takes_nothing(tmp_path: Path, study: ReaderStudy, media: Path) -> None:
    write_series(tmp_path / "one")
    run(tmp_path / "one")
    ReaderStudy.objects.update(phase="READING", frozen_at=NOW, protocol_sha256="a" * 64)
    files = stored_files(media)
    write_series(tmp_path / "two", series="1.2.3.2")
    write_series(tmp_path / "new", patient="P2", study="1.9", series="1.9.1")
    for folder in ("two", "new"):
        status, out, _ = run(tmp_path / folder, as_json=True)
        assert status == 1
        assert [(item["path"], item["code"]) for item in json.loads(out)["refused"]] == [
            (folder, "protocol_frozen")
        ]
    assert Case.objects.count() == 1
    assert stored_files(media) == files


def test_people_get_a_table_and_progress_goes_elsewhere(tmp_path: Path) -> None:
    write_series(tmp_path / "sent")
    (tmp_path / "sent" / "bad\x1b[31m.txt").write_text("hello")
    _, out, err = run(tmp_path / "sent")
    lines = out.splitlines()
    assert lines[0] == "Accepted: 1"
    assert lines[1].split() == ["CASE", "SERIES", "MODALITY", "ROLE", "IMAGES"]
    assert lines[2].split() == ["A-0001", "T2W", "axial", "MR", "T2W", "5"]
    assert "sent/bad?[31m.txt" in out
    assert "Decoding images: 5 of 5" in err


def test_the_trail_bears_the_name_of_who_imports(tmp_path: Path) -> None:
    person("ann")
    write_series(tmp_path / "sent")
    run(tmp_path / "sent", by="ann")
    assert set(AuditEvent.objects.values_list("actor_name", flat=True)) == {"ann"}
    assert Case.objects.get().created_by.username == "ann"
