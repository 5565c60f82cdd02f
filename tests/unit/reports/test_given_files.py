"""Files as they were sent: texts by known names, and nothing of an archive that lies about itself."""

import io
import zipfile

import pytest

from backend.analysis.errors import AnalysisError
from backend.reports.given_files import MOST_ENTRIES, checked_json, given_texts
from tests.factories.analysis import upload

KNOWN = ("truth.csv", "cases.csv", "study.json")
MOST = 1_000_000
TRUTH = "case,truth\nC1,1\n"


def taken(*uploads, most=MOST):
    return given_texts(uploads, known=KNOWN, most_bytes=most)


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, body in entries:
            archive.writestr(name, body)
    return upload("all.zip", buffer.getvalue())


def refused(*uploads, most=MOST):
    with pytest.raises(AnalysisError) as caught:
        taken(*uploads, most=most)
    return caught.value


def test_files_are_texts_by_their_names():
    assert taken(upload("truth.csv", TRUTH), upload("study.json", "{}")) == {
        "truth.csv": TRUTH,
        "study.json": "{}",
    }


@pytest.mark.parametrize("folder", ["", "dataset/", "a/b/"])
def test_a_zip_stands_for_its_files(folder):
    entries = [
        (f"{folder}truth.csv", TRUTH),
        (f"{folder}cases.csv", "case\n"),
        ("__MACOSX/._truth.csv", b"\x00"),
    ]
    assert taken(zipped([*entries, (f"{folder}.DS_Store", b"\x00")])) == {
        "truth.csv": TRUTH,
        "cases.csv": "case\n",
    }


@pytest.mark.parametrize(
    "name", ["../truth.csv", "/truth.csv", "a/../../truth.csv", "..\\truth.csv", "C:\\truth.csv"]
)
def test_an_entry_outside_of_its_folder_is_refused(name):
    assert refused(zipped([(name, TRUTH)])).code == "not_zip"


def test_an_archive_is_unpacked_no_further_than_the_limit():
    bomb = zipped([("truth.csv", b"0" * 5 * MOST)])
    assert bomb.size < MOST / 10
    assert refused(bomb).code == "too_large"
    assert refused(zipped([("truth.csv", b"0" * 600_000), ("cases.csv", b"0" * 600_000)])).code == "too_large"


def test_an_entry_that_lies_about_its_size_is_damaged_or_too_large():
    honest = zipped([("truth.csv", b"0" * 5 * MOST)]).read()
    size = (5 * MOST).to_bytes(4, "little")
    assert honest.count(size) == 2
    assert refused(upload("all.zip", honest.replace(size, (10).to_bytes(4, "little")))).code == "not_zip"


@pytest.mark.parametrize("most", [10, len(TRUTH) - 1])
def test_files_are_together_no_larger_than_the_limit(most):
    assert refused(upload("truth.csv", TRUTH), most=most).code == "too_large"
    assert taken(upload("truth.csv", TRUTH), most=len(TRUTH))


def test_a_zip_of_many_entries_is_not_read():
    entries = [(f"{number}.csv", b"") for number in range(MOST_ENTRIES + 1)]
    assert refused(zipped(entries)).text == f"the zip has more than {MOST_ENTRIES} entries"


@pytest.mark.parametrize(
    ("uploads", "code"),
    [
        ([], "no_file"),
        ([upload("reads.csv", "a")], "unknown_file"),
        ([upload("TRUTH.CSV", "a")], "unknown_file"),
        ([upload("truth.csv", TRUTH), upload("truth.csv", TRUTH)], "repeated"),
        ([upload("all.zip", b"no zip at all")], "not_zip"),
        ([upload("all.zip", b"")], "not_zip"),
        ([zipped([]), upload("truth.csv", TRUTH)], "not_zip"),
        ([zipped([])], "no_file"),
        ([zipped([("a/truth.csv", TRUTH), ("b/cases.csv", "case\n")])], "not_zip"),
        ([zipped([("truth.csv", TRUTH)], zipfile.ZIP_BZIP2)], "not_zip"),
        ([upload("truth.csv", "case,truth\nC\x001,1\n")], "not_text"),
        ([upload("study.json", "{")], "not_json"),
        ([upload("study.json", "[" * 100_000)], "not_json"),
        ([upload("study.json", '{"title": "\\ud800"}')], "not_text"),
        ([upload("study.json", '{"title": "a\\u0000b"}')], "not_text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_taken_is_refused(uploads, code):
    for one in uploads:
        one.seek(0)
    assert refused(*uploads).code == code


def test_what_is_not_utf8_is_named_by_file_and_row():
    error = refused(upload("truth.csv", b"case,truth\nC1,1\nC\xe4,1\n"))
    assert error.text == "truth.csv, row 3: not UTF-8 (byte 17)"


def test_an_encrypted_entry_is_refused():
    body = bytearray(zipped([("truth.csv", TRUTH)]).read())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + offset] |= 1
    assert refused(upload("all.zip", bytes(body))).text == "truth.csv of the zip is encrypted"


def test_json_with_a_byte_order_mark_is_json():
    assert checked_json("plan.json", '\ufeff{"times": [1]}') == {"times": [1]}


def test_an_entry_without_a_name_is_refused():
    sound = io.BytesIO()
    with zipfile.ZipFile(sound, "w") as archive:
        archive.writestr("truth.csv", TRUTH)
    nameless = upload("all.zip", sound.getvalue().replace(b"truth.csv", b"\0ruth.csv"))
    assert "an entry without a name" in refused(nameless).text
