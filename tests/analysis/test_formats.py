"""Exchange formats: exact columns, round trips, the same bytes, refusals that name file and row."""

import csv
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import as_written, csv_text, finite_number, inert, read_rows
from backend.analysis.formats.imrmc import read_imrmc, write_imrmc
from backend.analysis.formats.marks import Lesion, LocatedMark, MarkTable, equal_weights, mark_ids
from backend.analysis.formats.mrmcaov_csv import read_ratings_csv, write_mrmcaov_csv, write_ratings_csv
from backend.analysis.formats.ratings import (
    Rating,
    RatingTable,
    integer_ids,
    natural,
    ratings_of,
    read_mapping_csv,
)
from backend.analysis.formats.rjafroc_xlsx import (
    FP_COLUMNS,
    TP_COLUMNS,
    TRUTH_COLUMNS,
    read_rjafroc_xlsx,
    write_froc_xlsx,
    write_roc_xlsx,
)
from backend.analysis.study_dataset import StudyDataset


def ratings(n_readers: int = 3, n_cases: int = 6, *, seed: int = 5) -> RatingTable:
    draw = random.Random(seed)
    cases = [f"Case-{number}" for number in range(1, n_cases + 1)]
    truth = {case: number % 2 == 0 for number, case in enumerate(cases)}
    rows = [
        Rating(f"R{reader}", modality, case, draw.choice([1.0, 2.0, 3.0, 4.5]))
        for reader in range(1, n_readers + 1)
        for modality in ("UNAIDED", "AIDED")
        for case in cases
    ]
    draw.shuffle(rows)
    return RatingTable(truth, tuple(rows), ("UNAIDED", "AIDED"))


def marks() -> MarkTable:
    lesions = {
        "N-1": (),
        "N-2": (),
        "P-1": equal_weights(("left", "right", "middle")),
        "P-2": (Lesion("a", 0.3), Lesion("b", 0.7)),
    }
    rows = (
        LocatedMark("R1", "UNAIDED", "P-1", "right", 4.0),
        LocatedMark("R1", "UNAIDED", "P-1", None, 2.0),
        LocatedMark("R1", "UNAIDED", "P-1", None, 1.5),
        LocatedMark("R2", "AIDED", "P-2", "b", 3.0),
        LocatedMark("R2", "UNAIDED", "N-2", None, 3.0),
    )
    return MarkTable(lesions, ("R1", "R2", "R3"), ("UNAIDED", "AIDED"), rows)


def test_imrmc_has_the_lines_that_both_programs_want() -> None:
    made = write_imrmc(ratings(2, 3), title="Two\nreaders")
    lines = made.text.split("\n")
    assert lines[:9] == [
        *("Two readers", "N0: 1", "N1: 2", "NR: 2", "NM: 2", "BEGIN DATA:"),
        *("-1,1,truth,1", "-1,2,truth,0", "-1,3,truth,1"),
    ]
    assert lines[-1] == ""
    assert "" not in lines[:-1]
    assert len(lines) == 6 + 3 + 12 + 1
    assert all(len(line.split(",")) == 4 for line in lines[6:-1])
    assert made.mapping_csv.splitlines()[:4] == [
        "kind,id,name",
        "reader,1,R1",
        "reader,2,R2",
        "modality,1,UNAIDED",
    ]
    assert made.warnings == ()


def test_imrmc_comes_back_with_its_names() -> None:
    table = ratings(12, 21)
    made = write_imrmc(table, title="Study")
    ids = read_mapping_csv(made.mapping_csv)
    assert ids == integer_ids(table)
    assert ids.readers[9] == "R10"
    assert read_imrmc(made.text, ids=ids) == table
    numbered = read_imrmc(made.text)
    assert numbered.readers == tuple(str(number) for number in range(1, 13))
    assert sorted(one.rating for one in numbered.ratings) == sorted(one.rating for one in table.ratings)


@pytest.mark.parametrize(
    "title", ["Nodes N1: yes", "n0:: x", "N0", "", "BEGIN DATA:", "Begin Summary of NR:NM:", "N1 : a", "x"]
)
def test_imrmc_title_cannot_be_taken_for_a_header_line(title: str) -> None:
    first, *rest = write_imrmc(ratings(), title=title).text.splitlines()
    for word in ("N0:", "N1:", "NR:", "NM:", "BEGIN DATA:", "BEGIN SUMMARY"):
        assert word not in first.upper()
    assert first.split(":")[0].strip() not in ("N0", "N1", "NR", "NM", "")
    assert len(first) > 1
    assert rest[0] == "N0: 3"


def test_imrmc_of_an_incomplete_study_warns() -> None:
    table = ratings()
    short = RatingTable(table.truth, table.ratings[1:], table.modalities)
    made = write_imrmc(short, title="Study")
    (told,) = made.warnings
    assert told.startswith(
        "not fully crossed: 1 ratings are missing, the first of case Case-1 by R1 in UNAIDED"
    )
    assert len(read_imrmc(made.text).ratings) == len(table.ratings) - 1


def test_imrmc_as_others_write_it_is_read() -> None:
    """Names that are no integers, 'truth' for the reader of truth, spaces, a free header of several lines."""
    text = "Front matter\nN0:1 \nmore\nBEGIN DATA:\ntruth,neg,truth,0\n-1, pos ,truth,1\n"
    text += "r1,neg,A,0.5\nr1,pos,A, 1e1\n\n"
    table = read_imrmc(text)
    assert table.truth == {"neg": False, "pos": True}
    assert [one.rating for one in table.ratings] == [0.5, 10.0]


@pytest.mark.parametrize(
    ("text", "code", "complaint"),
    [
        ("Title\nN0: 1\n", "begin_data_missing", "there is no line BEGIN DATA:"),
        ("T\nBEGIN DATA:\n-1,1,truth\n", "row_length", "s.imrmc, row 3"),
        ("T\nBEGIN DATA:\n-1,1,truth,2\n", "not_boolean", "row 3: the truth of case 1 is '2'"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n-1,1,truth,1\n", "truth_repeated", "row 4"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n1,2,1,3\n", "truth_missing", "row 4: case 2 has no truth row"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n1,1,1,NaN\n", "value_not_finite", "row 4: the score is 'NaN'"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n1,1,1,high\n", "not_number", "row 4: the score is 'high'"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n1,1,1,3\n1,1,1,3\n", "repeated", r"row 5: case 1 by 1 in 1 .*row 4"),
        ("T\nNR: 2\nBEGIN DATA:\n-1,1,truth,1\n1,1,1,3\n", "count_mismatch", "row 2: NR is said to be 2"),
        ("T\nBEGIN DATA:\n-1,1,truth,1\n", "no_cases", "no rating"),
    ],
)
def test_wrong_imrmc_is_refused_by_row(text: str, code: str, complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_imrmc(text, file="s.imrmc")
    assert caught.value.code == code


def test_imrmc_with_an_integer_that_the_mapping_lacks_is_refused() -> None:
    made = write_imrmc(ratings(2), title="Study")
    ids = replace(read_mapping_csv(made.mapping_csv), readers=("R1",))
    with pytest.raises(AnalysisError, match="the mapping has no reader 2"):
        read_imrmc(made.text, ids=ids)


def sheet_rows(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_roc_workbook_has_rjafrocs_sheets_and_columns() -> None:
    sheets = sheet_rows(write_roc_xlsx(ratings(2, 4)).content)
    assert list(sheets) == ["TRUTH", "TP", "FP"]
    assert [sheets[name][0] for name in sheets] == [TRUTH_COLUMNS, TP_COLUMNS, FP_COLUMNS]
    assert sheets["TRUTH"][1:] == [
        (2, 0, 0, "1,2", "1,2", "ROC"),
        (4, 0, 0, "1,2", "1,2", "FCTRL"),
        (1, 1, 1, "1,2", "1,2", None),
        (3, 1, 1, "1,2", "1,2", None),
    ]
    assert [row[:4] for row in sheets["TP"][1:3]] == [("1", "1", 1, 1), ("1", "1", 3, 1)]
    assert [row[:3] for row in sheets["FP"][1:3]] == [("1", "1", 2), ("1", "1", 4)]
    assert len(sheets["TP"]) == len(sheets["FP"]) == 1 + 2 * 2 * 2


def test_froc_workbook_has_a_row_a_lesion_and_a_row_a_mark() -> None:
    made = write_froc_xlsx(marks())
    sheets = sheet_rows(made.content)
    assert [row[:3] for row in sheets["TRUTH"][1:]] == [
        (1, 0, 0),
        (2, 0, 0),
        *((3, number, pytest.approx(1 / 3)) for number in (1, 2, 3)),
        *((4, 1, 0.3), (4, 2, 0.7)),
    ]
    assert [row[5] for row in sheets["TRUTH"][1:4]] == ["FROC", "FCTRL", None]
    assert sheets["TRUTH"][1][3:5] == ("1,2,3", "1,2")
    assert sheets["TP"][1:] == [("1", "1", 3, 2, 4), ("2", "2", 4, 2, 3)]
    assert sheets["FP"][1:] == [("1", "1", 3, 1.5), ("1", "1", 3, 2), ("2", "1", 2, 3)]
    assert made.warnings == ("R3 has no mark at all: RJafroc 2.1 leaves the reader out or stops",)
    late = replace(marks(), marks=tuple(mark for mark in marks().marks if mark.case != "N-2"))
    assert write_froc_xlsx(late).warnings[1].startswith("R2 has no false mark in UNAIDED")


def test_workbook_is_the_same_bytes_and_holds_no_date_of_its_making() -> None:
    table = ratings()
    turned = RatingTable(dict(reversed(list(table.truth.items()))), table.ratings[::-1], table.modalities)
    content = write_roc_xlsx(table).content
    assert content == write_roc_xlsx(turned).content
    assert write_froc_xlsx(marks()).content == write_froc_xlsx(marks()).content
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = parts.read("docProps/core.xml").decode()
    assert core.count("1980-01-01T00:00:00Z") == 2


def test_workbooks_come_back() -> None:
    table = ratings(11, 8)
    made = write_roc_xlsx(table)
    back = read_rjafroc_xlsx(made.content)
    ids = read_mapping_csv(made.mapping_csv)
    assert isinstance(back, RatingTable)
    assert back.readers[0] == "01"
    assert [
        Rating(
            ids.readers[int(one.reader) - 1],
            ids.modalities[int(one.modality) - 1],
            ids.cases[int(one.case) - 1],
            one.rating,
        )
        for one in back.ratings
    ] == list(table.ratings)
    froc = read_rjafroc_xlsx(write_froc_xlsx(marks()).content)
    assert isinstance(froc, MarkTable)
    assert froc.readers == ("1", "2", "3")
    assert len(froc.marks) == len(marks().marks)
    assert [len(own) for own in froc.lesions.values()] == [0, 0, 3, 2]
    assert mark_ids(marks()).cases == ("N-1", "N-2", "P-1", "P-2")


def test_what_rjafroc_cannot_take_is_refused() -> None:
    table = ratings()
    with pytest.raises(AnalysisError, match="1 ratings are missing, the first of case Case-1 by R1"):
        write_roc_xlsx(RatingTable(table.truth, table.ratings[1:], table.modalities))
    with pytest.raises(AnalysisError, match="there is no normal case"):
        write_roc_xlsx(RatingTable(dict.fromkeys(table.truth, True), table.ratings, table.modalities))
    with pytest.raises(AnalysisError, match="there is no diseased case"):
        write_froc_xlsx(MarkTable({"N-1": ()}, ("R1",), ("A",), ()))
    with pytest.raises(AnalysisError, match="no mark misses"):
        write_froc_xlsx(replace(marks(), marks=marks().marks[:1]))
    with pytest.raises(AnalysisError, match="no mark hits a lesion"):
        write_froc_xlsx(replace(marks(), marks=()))


def workbook(**sheets: list[tuple[object, ...]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


GOOD: dict[str, list[tuple[object, ...]]] = {
    "TRUTH": [TRUTH_COLUMNS, (1, 0, 0, "1", "1", "ROC"), (2, 1, 0, "1", "1", "FCTRL")],
    "TP": [TP_COLUMNS, ("1", "1", 2, 1, 5)],
    "FP": [FP_COLUMNS, ("1", "1", 1, 2)],
}


def test_a_workbook_of_another_hand_is_read() -> None:
    others = {"TRUTH": GOOD["TRUTH"], "LL": GOOD["TP"], "NL": GOOD["FP"]}
    table = read_rjafroc_xlsx(workbook(**others))
    assert isinstance(table, RatingTable)
    assert table.truth == {"1": False, "2": True}
    assert [(one.case, one.rating) for one in table.ratings] == [("1", 2.0), ("2", 5.0)]


@pytest.mark.parametrize(
    ("sheets", "code", "complaint"),
    [
        ({"FP": None}, "sheet_missing", "the sheet FP is missing"),
        ({"TP": [FP_COLUMNS]}, "column_missing", "TP: the columns are not ReaderID"),
        ({"TRUTH": [TRUTH_COLUMNS]}, "no_cases", "TRUTH has no case"),
        ({"TRUTH": [TRUTH_COLUMNS, (1, 0, 0, "1", "1", "LROC")]}, "paradigm_unknown", "LROC"),
        ({"TP": [TP_COLUMNS, ("1", "1", 2, 1, None)]}, "cell_empty", "TP, row 2: TP_Rating is empty"),
        ({"TP": [TP_COLUMNS, ("1", "1", 2, 1, "x")]}, "not_number", "TP, row 2: TP_Rating is 'x'"),
        ({"TP": [TP_COLUMNS, ("1", "1", 2, 3, 4)]}, "unknown_lesion", "the case has no lesion 3"),
        ({"TP": [TP_COLUMNS, ("9", "1", 2, 1, 4)]}, "unknown_reader", "by 9 in 1: the reader"),
        ({"TP": [TP_COLUMNS, ("1", "9", 2, 1, 4)]}, "unknown_arm", "by 1 in 9: the modality"),
        ({"TP": [TP_COLUMNS, ("1", "1", 7, 1, 4)]}, "unknown_case", "case 7"),
        ({"TP": [TP_COLUMNS, *[("1", "1", 2, 1, 4)] * 2]}, "repeated", "lesion 1 is hit more than once"),
        (
            {"TRUTH": [*GOOD["TRUTH"], (1, 1, 0, "1", "1", None)]},
            "truth_contradicts",
            "TRUTH, row 4: case 1 has the other truth above",
        ),
        ({"TRUTH": [TRUTH_COLUMNS, (1, 0, 0, None, "1", "ROC")]}, "cell_empty", "ReaderID is empty"),
        (
            {"TRUTH": [*GOOD["TRUTH"][:2], (2, 1, 0.4, "1", "1", "FCTRL")]},
            "weight_impossible",
            "case 2 do not add up to 1",
        ),
    ],
)
def test_a_wrong_workbook_is_refused_by_sheet_and_row(
    sheets: dict[str, list[tuple[object, ...]] | None], code: str, complaint: str
) -> None:
    content = workbook(**{name: rows for name, rows in {**GOOD, **sheets}.items() if rows is not None})
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_rjafroc_xlsx(content, file="s.xlsx")
    assert caught.value.code == code


def test_what_is_no_workbook_is_refused() -> None:
    for content in (b"reader,case\n", b""):
        with pytest.raises(AnalysisError, match=r"study.xlsx is not an xlsx workbook"):
            read_rjafroc_xlsx(content)


def test_mrmcaov_csv_has_its_columns_and_comes_back() -> None:
    table = ratings()
    text = write_mrmcaov_csv(table)
    assert text.splitlines()[:2] == [
        "reader,treatment,case,truth,rating",
        f"R1,UNAIDED,Case-1,1,{table.ratings[0].rating}",
    ]
    back = read_ratings_csv(text, modality_column="treatment")
    assert (back.truth, set(back.ratings)) == (table.truth, set(table.ratings))
    own = write_ratings_csv(table, modality_column="modality")
    assert own.splitlines()[0] == "reader,modality,case,truth,rating"
    assert set(read_ratings_csv(own).ratings) == set(table.ratings)


MRMC = "reader,modality,case,truth,rating\n"


@pytest.mark.parametrize(
    ("text", "code", "complaint"),
    [
        ("", "file_empty", "mrmc.csv is empty"),
        (MRMC, "no_cases", "no rating"),
        ("reader,case,truth,rating\n", "column_missing", "the column modality is missing"),
        ("reader,modality,case,truth,rating,truth\n", "column_repeated", "truth stands there twice"),
        (MRMC + "R1,A,1,1\n", "row_length", "row 2: 4 cells under 5 columns"),
        (MRMC + "R1,A,1,1,3\n,A,1,1,3\n", "cell_empty", "row 3: reader is empty"),
        (MRMC + "R1,A,1,2,3\n", "not_boolean", "row 2: truth is '2'"),
        (MRMC + "R1,A,1,1,nan\n", "value_not_finite", "row 2: rating is 'nan'"),
        (MRMC + "R1,A,1,1,1e999\n", "value_not_finite", "row 2: rating is '1e999'"),
        (MRMC + "R1,A,1,1,1_0\n", "not_number", "row 2: rating is '1_0'"),
        (MRMC + "R1,A,1,1,3\nR1,A,1,1,4\n", "repeated", r"row 3: case 1 by R1 in A .*row 2"),
        (MRMC + "R1,A,1,1,3\nR2,A,1,0,4\n", "truth_contradicts", "row 3: case 1 has the other truth"),
        (MRMC + 'R1,A,1,1,"3\n', "not_csv", "not CSV"),
    ],
)
def test_wrong_ratings_are_refused_by_row(text: str, code: str, complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint) as caught:
        read_ratings_csv(text)
    assert caught.value.code == code


def test_ratings_of_a_study_name_what_is_left_out(make_dataset: Callable[..., StudyDataset]) -> None:
    dataset = make_dataset()
    table, left = ratings_of(dataset)
    kept = {(one.reader, one.modality, one.case): one.rating for one in table.ratings}
    for read in dataset.reads:
        key = (read.reader, read.arm, read.case)
        if dataset.truth[read.case] is not None:
            assert kept[key] == read.score
        else:
            assert key not in kept
    assert {one.reason for one in left} == {"the case has no reference standard"}
    unread = replace(dataset, truth={**dataset.truth, "Z-1": True})
    assert "case Z-1" in [one.what for one in ratings_of(unread)[1]]
    silent = replace(dataset.reads[0], score=None)
    left = ratings_of(replace(dataset, reads=(silent, *dataset.reads[1:])))[1]
    assert "the read has no score" in {one.reason for one in left}
    assert table.modalities == ("UNAIDED", "AIDED")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ratings": ()}, "no_cases"),
        ({"truth": {}}, "unknown_case"),
        ({"modalities": ("UNAIDED",)}, "unknown_arm"),
        ({"ratings": ratings().ratings * 2}, "repeated"),
        ({"ratings": (replace(ratings().ratings[0], rating=float("nan")),)}, "score_not_finite"),
        ({"truth": {**ratings().truth, "X": True}}, "case_not_rated"),
    ],
)
def test_a_table_of_ratings_is_valid_by_construction(change: dict[str, object], code: str) -> None:
    table = ratings()
    with pytest.raises(AnalysisError) as caught:
        replace(table, **change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lesions": {}}, "no_cases"),
        ({"lesions": {**marks().lesions, "P-2": (Lesion("a", 0.5), Lesion("a", 0.5))}}, "repeated"),
        ({"lesions": {**marks().lesions, "P-2": (Lesion("a", -1.0), Lesion("b", 2.0))}}, "weight_impossible"),
        ({"marks": (LocatedMark("R1", "AIDED", "N-1", None, float("inf")),)}, "score_not_finite"),
    ],
)
def test_a_table_of_marks_is_valid_by_construction(change: dict[str, object], code: str) -> None:
    table = marks()
    with pytest.raises(AnalysisError) as caught:
        replace(table, **change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind,id,name\nroom,1,R1\n", "'room' is no kind"),
        ("kind,id,name\nreader,2,R1\n", "the integer should be 1"),
        ("kind,id,name\nreader,1,R1\nreader,2,R1\n", "row 3: R1 stands there twice"),
    ],
)
def test_a_wrong_mapping_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(AnalysisError, match=complaint):
        read_mapping_csv(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_stays_text_and_comes_back(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert as_written(inert(text)) == text
    row = next(csv.DictReader(io.StringIO(csv_text(("name",), [(text,)]), newline="")))
    assert row["name"] == f"'{text}"


def test_names_that_run_are_inert_in_every_csv() -> None:
    table = RatingTable(
        {"=c": True, "d": False}, (Rating("@r", "-m", "=c", -1.0), Rating("@r", "-m", "d", 1.0)), ("-m",)
    )
    text = write_mrmcaov_csv(table)
    assert text.splitlines()[1] == "'@r,'-m,'=c,1,-1.0"
    assert read_ratings_csv(text, modality_column="treatment") == table
    assert "reader,1,'@r" in write_imrmc(table, title="t").mapping_csv


names = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=6
).filter(lambda name: not name.startswith("'") and not name.startswith("\ufeff"))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(names, min_size=2, max_size=5, unique=True), st.floats(allow_nan=False, allow_infinity=False))
def test_any_names_and_any_number_come_back_from_csv_and_imrmc(found: list[str], rating: float) -> None:
    truth = {name: number == 0 for number, name in enumerate(found)}
    table = RatingTable(truth, tuple(Rating("R", "A", name, rating) for name in found), ("A",))
    assert read_ratings_csv(write_mrmcaov_csv(table), modality_column="treatment") == table
    made = write_imrmc(table, title="t")
    assert read_imrmc(made.text, ids=read_mapping_csv(made.mapping_csv)) == table


def test_names_sort_as_people_sort_them() -> None:
    assert sorted(["R10", "R2", "R1", "R02"], key=natural) == ["R1", "R02", "R2", "R10"]


def test_rows_are_numbered_past_empty_ones_and_a_mark_of_byte_order() -> None:
    rows = list(read_rows("\ufeffa,b\n\n1, 2 \n", file="f.csv", required=("a",)))
    assert [(row.where, row.cells) for row in rows] == [("f.csv, row 3", {"a": "1", "b": "2"})]
    with pytest.raises(AnalysisError, match=r"f.csv, row 3: b is 2.5, not a whole number"):
        next(read_rows("a,b\n\n1,2.5\n", file="f.csv", required=("a",))).whole("b")
    assert finite_number("-1.5e2", "x") == -150.0


def test_real_reader_data_come_back_from_every_format(shared_data: Path) -> None:
    """Dataset 14 of RJafroc (Federica): 2 modalities, 4 readers, 200 cases."""
    text = (shared_data / "tables/multireader/rjafroc_dataset14_FEDERICA_roc.csv").read_text()
    table = read_ratings_csv(text, file="federica")
    assert (len(table.modalities), len(table.readers), len(table.cases)) == (2, 4, 200)
    assert sum(table.truth.values()) == 100
    made = write_imrmc(table, title="Federica")
    assert read_imrmc(made.text, ids=read_mapping_csv(made.mapping_csv)) == table
    back = read_rjafroc_xlsx(write_roc_xlsx(table).content)
    assert isinstance(back, RatingTable)
    assert [one.rating for one in back.ratings] == [one.rating for one in table.ratings]


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_roc_xlsx(ratings()).content
    monkeypatch.setattr("backend.analysis.formats.rjafroc_xlsx.MAX_WORKBOOK_BYTES", 1000)
    with pytest.raises(AnalysisError, match=r"study.xlsx unpacks to \d+ bytes"):
        read_rjafroc_xlsx(content)
