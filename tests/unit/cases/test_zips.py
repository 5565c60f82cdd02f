import stat
import struct
import zipfile
from pathlib import Path

import pytest

from backend.cases.door import Findings, find_files
from backend.cases.zips import ZipLimits
from tests.factories.dicom_files import mr_slice, save


@pytest.fixture
def dicom(tmp_path: Path) -> bytes:
    return save(mr_slice(), tmp_path / "one.dcm").read_bytes()


def look(path: Path, limits: ZipLimits | None = None) -> Findings:
    return find_files([path], staging=path.parent / "staging", limits=limits)


def codes(findings: Findings) -> list[tuple[str, str]]:
    return [(refusal.path, refusal.code) for refusal in findings.refused]


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_members_are_found_and_shown_by_their_names(tmp_path: Path, dicom: bytes) -> None:
    archive = make_zip(tmp_path / "study.zip", {"a/1.dcm": dicom, "a/notes.txt": b"hello", "a/": b""})
    found = look(archive)
    assert [file.shown for file in found.files] == ["study.zip/a/1.dcm"]
    assert found.files[0].file.read_bytes() == dicom
    assert codes(found) == [("study.zip/a/notes.txt", "not_dicom")]


def test_a_zip_inside_a_zip_is_opened(tmp_path: Path, dicom: bytes) -> None:
    inner = make_zip(tmp_path / "inner.zip", {"1.dcm": dicom}).read_bytes()
    found = look(make_zip(tmp_path / "outer.zip", {"inner.zip": inner}))
    assert [file.shown for file in found.files] == ["outer.zip/inner.zip/1.dcm"]


def test_zips_nested_too_deep_are_refused(tmp_path: Path, dicom: bytes) -> None:
    content = dicom
    for level in range(4):
        content = make_zip(tmp_path / f"{level}.zip", {f"{level}": content}).read_bytes()
    found = look(tmp_path / "3.zip")
    assert not found.files
    assert [code for _, code in codes(found)] == ["zip_too_deep"]


def test_an_empty_zip_is_refused(tmp_path: Path) -> None:
    assert codes(look(make_zip(tmp_path / "empty.zip", {}))) == [("empty.zip", "empty_zip")]


def test_a_zip_of_folders_only_is_empty(tmp_path: Path) -> None:
    assert codes(look(make_zip(tmp_path / "folders.zip", {"a/": b"", "a/b/": b""}))) == [
        ("folders.zip", "empty_zip")
    ]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, dicom: bytes) -> None:
    archive = make_zip(tmp_path / "bomb.zip", {"1.dcm": dicom, "2.dcm": bytes(64 << 20)})
    found = look(archive)
    assert codes(found) == [("bomb.zip", "zip_bomb")]
    assert not found.files
    assert not [path for path in (tmp_path / "staging").rglob("*") if path.is_file()]


def test_a_bomb_whose_directory_lies_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "liar.zip", {"1.dcm": bytes(1 << 20)})
    content = bytearray(archive.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", 100)
    archive.write_bytes(content)
    assert codes(look(archive)) == [("liar.zip", "corrupt_zip")]


def test_overlapping_members_are_measured_by_the_archive_on_disk(tmp_path: Path) -> None:
    """Every directory entry points to one packed stream: small on disk, huge unpacked."""
    archive = make_zip(tmp_path / "overlap.zip", {"1.dcm": bytes(1 << 20)})
    content = archive.read_bytes()
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    directory = content[start:end] * 20
    tail = bytearray(content[end:])
    tail[8:10] = tail[10:12] = struct.pack("<H", 20)
    tail[12:16] = struct.pack("<I", len(directory))
    archive.write_bytes(content[:start] + directory + bytes(tail))
    assert codes(look(archive)) == [("overlap.zip", "zip_bomb")]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (ZipLimits(entries=2), "zip_bomb"),
        (ZipLimits(total_bytes=1000), "zip_bomb"),
    ],
)
def test_limits_hold(tmp_path: Path, dicom: bytes, limits: ZipLimits, code: str) -> None:
    archive = make_zip(tmp_path / "many.zip", {f"{number}.dcm": dicom for number in range(3)})
    assert codes(look(archive, limits)) == [("many.zip", code)]


def test_the_budget_is_one_for_all_archives(tmp_path: Path, dicom: bytes) -> None:
    for name in ("a.zip", "b.zip"):
        make_zip(tmp_path / "in" / name, {"1.dcm": dicom}) if (tmp_path / "in").mkdir(
            exist_ok=True
        ) is None else None
    found = look(tmp_path / "in", ZipLimits(total_bytes=len(dicom) + 100))
    assert [file.shown for file in found.files] == ["in/a.zip/1.dcm"]
    assert codes(found) == [("in/b.zip", "zip_bomb")]


def test_an_encrypted_zip_is_refused(tmp_path: Path, dicom: bytes) -> None:
    archive = make_zip(tmp_path / "locked.zip", {"1.dcm": dicom})
    content = bytearray(archive.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    archive.write_bytes(content)
    assert codes(look(archive)) == [("locked.zip", "encrypted_zip")]


@pytest.mark.parametrize("cut", [0.3, 0.7, 0.99])
def test_a_cut_zip_is_refused(tmp_path: Path, dicom: bytes, cut: float) -> None:
    archive = make_zip(tmp_path / "cut.zip", {"1.dcm": dicom, "2.dcm": dicom})
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content) * cut)])
    assert codes(look(archive)) == [("cut.zip", "corrupt_zip")]


def test_a_zip_with_a_garbled_member_gives_no_file(tmp_path: Path, dicom: bytes) -> None:
    archive = make_zip(tmp_path / "bad.zip", {"1.dcm": dicom, "2.dcm": dicom[::-1]})
    content = bytearray(archive.read_bytes())
    middle = content.index(b"PK\x03\x04", 10) + 60
    content[middle : middle + 8] = b"\xff" * 8
    archive.write_bytes(content)
    found = look(archive)
    assert not found.files
    assert codes(found) == [("bad.zip", "corrupt_zip")]


def test_a_file_named_zip_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(b"this is text")
    assert codes(look(path)) == [("no.zip", "corrupt_zip")]


@pytest.mark.parametrize(
    "name", ["../../evil.dcm", "/etc/evil.dcm", "a/../../evil.dcm", "C:/evil.dcm", "..\\evil.dcm"]
)
def test_names_that_point_outside_are_refused(tmp_path: Path, dicom: bytes, name: str) -> None:
    found = look(make_zip(tmp_path / "evil.zip", {name: dicom, "good.dcm": dicom}))
    assert [file.shown for file in found.files] == ["evil.zip/good.dcm"]
    assert [code for _, code in codes(found)] == ["unsafe_path"]
    written = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.parent for path in written} == {tmp_path, tmp_path / "staging" / "zip-0001"}


def test_links_inside_an_archive_are_not_followed(tmp_path: Path, dicom: bytes) -> None:
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("passwords.dcm")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("1.dcm", dicom)
    found = look(path)
    assert [file.shown for file in found.files] == ["links.zip/1.dcm"]
    assert [(skip.path, skip.code) for skip in found.skipped] == [
        ("links.zip/passwords.dcm", "symbolic_link")
    ]
