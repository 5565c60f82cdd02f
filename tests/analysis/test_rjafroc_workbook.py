"""The workbooks of RJafroc: their sheets, what comes back of them, what is refused by sheet and row."""

import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.marks import MarkTable, mark_ids
from backend.analysis.formats.ratings import (
    Rating,
    RatingTable,
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
from tests.analysis.format_cases import marks, ratings


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


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_roc_xlsx(ratings()).content
    monkeypatch.setattr("backend.analysis.formats.rjafroc_xlsx.MAX_WORKBOOK_BYTES", 1000)
    with pytest.raises(AnalysisError, match=r"study.xlsx unpacks to \d+ bytes"):
        read_rjafroc_xlsx(content)
