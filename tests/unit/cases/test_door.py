from pathlib import Path

import pytest

from backend.cases.door import find_files, looks_like_dicom
from tests.factories.dicom_files import mr_slice, save


def test_a_folder_is_walked_in_order_and_every_file_is_accounted_for(tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    save(mr_slice(0), sent / "b" / "no-extension")
    save(mr_slice(1), sent / "a" / "image.txt")
    (sent / "readme.md").write_text("hello")
    (sent / "notes.txt").write_text("hello")
    (sent / "empty.dcm").write_bytes(b"")
    (sent / ".hidden").write_text("x")
    (sent / "__MACOSX").mkdir()
    (sent / "__MACOSX" / "._1.dcm").write_text("x")
    (sent / "Thumbs.db").write_text("x")
    save(mr_slice(2), sent / "DICOMDIR")
    (sent / "link.dcm").symlink_to(sent / "b" / "no-extension")
    (sent / "loop").symlink_to(sent)
    found = find_files([sent], staging=tmp_path / "staging")
    assert [file.shown for file in found.files] == ["sent/a/image.txt", "sent/b/no-extension"]
    assert {(item.path, item.code) for item in found.refused} == {
        ("sent/notes.txt", "not_dicom"),
        ("sent/empty.dcm", "empty_file"),
    }
    assert {(item.path, item.code) for item in found.skipped} == {
        ("sent/.hidden", "hidden_file"),
        ("sent/readme.md", "companion_file"),
        ("sent/__MACOSX/._1.dcm", "system_file"),
        ("sent/Thumbs.db", "system_file"),
        ("sent/DICOMDIR", "dicomdir"),
        ("sent/link.dcm", "symbolic_link"),
        ("sent/loop", "symbolic_link"),
    }


def test_a_named_file_is_taken_whatever_its_name_or_link(tmp_path: Path) -> None:
    save(mr_slice(), tmp_path / ".hidden.dcm")
    (tmp_path / "link").symlink_to(tmp_path / ".hidden.dcm")
    found = find_files([tmp_path / ".hidden.dcm", tmp_path / "link"], staging=tmp_path / "staging")
    assert len(found.files) == 2


def test_missing_paths_and_empty_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = find_files([tmp_path / "gone", tmp_path / "empty"], staging=tmp_path / "staging")
    assert [(item.path, item.code) for item in found.refused] == [
        ("gone", "not_found"),
        ("empty", "empty_folder"),
    ]


@pytest.mark.parametrize(
    ("head", "is_dicom"),
    [
        (bytes(128) + b"DICM", True),
        (b"junk" * 32 + b"DICM", True),
        (b"\x08\x00\x05\x00CS\x0a\x00ISO_IR 100", True),
        (b"\x02\x00\x00\x00UL\x04\x00\x00\x00\x00\x00", True),
        (b"\x08\x00\x08\x00\x16\x00\x00\x00ORIGINAL\\PRIMARY", True),
        (b"\x08\x00\x08\x00\xff\xff\xff\x7fORIGINAL", False),
        (b"hello, this is a text file and nothing else", False),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", False),
        (b"\x89PNG\r\n\x1a\n", False),
        (b"", False),
        (b"\x08\x00", False),
    ],
)
def test_dicom_is_known_by_its_first_bytes(head: bytes, *, is_dicom: bool) -> None:
    assert looks_like_dicom(head, size=5000) is is_dicom
