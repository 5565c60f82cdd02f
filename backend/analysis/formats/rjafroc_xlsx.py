"""RJafroc's workbook, for ROC and for FROC: sheets TRUTH, TP and FP, read with ``newExcelFileFormat = TRUE``.

- TRUTH: CaseID, LesionID, Weight, ReaderID, ModalityID, Paradigm. One row a lesion, and one with LesionID
  and Weight 0 for a case without; the weights of a case add up to 1. ReaderID and ModalityID list all of
  them in each row, with commas. Paradigm holds ``ROC`` or ``FROC`` in its first row and ``FCTRL`` in its
  second.
- TP: ReaderID, ModalityID, CaseID, LesionID, TP_Rating. FROC: marks that hit a lesion. ROC: the rating of
  each diseased case, as of its lesion 1.
- FP: ReaderID, ModalityID, CaseID, FP_Rating. FROC: all other marks. ROC: the rating of each normal case.

Cases and lesions are integers, normal cases first; readers and modalities are texts, their integers padded
with zeros: RJafroc labels them in the order of texts, in which 10 comes before 2. The mapping table says
whose they are. The same input gives the same bytes: no date is in the file.

References
----------
RJafroc 2.1.3, DfReadDataFile and the RJafroc quick start, "ROC data format", "FROC data format".
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import finite_number
from backend.analysis.formats.marks import Lesion, LocatedMark, MarkTable, mark_ids
from backend.analysis.formats.ratings import IntegerIds, Rating, RatingTable, integer_ids

TRUTH_COLUMNS = ("CaseID", "LesionID", "Weight", "ReaderID", "ModalityID", "Paradigm")
TP_COLUMNS = ("ReaderID", "ModalityID", "CaseID", "LesionID", "TP_Rating")
FP_COLUMNS = ("ReaderID", "ModalityID", "CaseID", "FP_Rating")
MAX_WORKBOOK_BYTES = 200_000_000
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 (a zip file's dates have no zone)
_Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class WorkbookFile:
    """The workbook's bytes, the table of names and integers, and what RJafroc may stumble on."""

    content: bytes
    mapping_csv: str
    warnings: tuple[str, ...]


def write_roc_xlsx(table: RatingTable) -> WorkbookFile:
    """The ratings as an ROC workbook.

    Raises
    ------
    AnalysisError
        ``not_crossed`` where a rating is missing, ``one_class`` without normal or without diseased cases:
        RJafroc takes neither.
    """
    missing = table.missing()
    if missing:
        reader, modality, case = missing[0]
        raise AnalysisError(
            "not_crossed",
            f"RJafroc takes fully crossed ROC data only: {len(missing)} ratings are missing, the first of "
            f"case {case} by {reader} in {modality}",
        )
    _check_classes(list(table.truth.values()))
    ids = integer_ids(table)
    names = _Padded(ids)
    truth = [
        (names.case(case), int(table.truth[case]), int(table.truth[case])) for case in _normal_first(table)
    ]
    tp = [
        (names.reader(one.reader), names.modality(one.modality), names.case(one.case), 1, one.rating)
        for one in table.ratings
        if table.truth[one.case]
    ]
    fp = [
        (names.reader(one.reader), names.modality(one.modality), names.case(one.case), one.rating)
        for one in table.ratings
        if not table.truth[one.case]
    ]
    return WorkbookFile(_content("ROC", truth, tp, fp, names), ids.mapping_csv(), ())


def write_froc_xlsx(table: MarkTable) -> WorkbookFile:
    """The marks as an FROC workbook.

    Raises
    ------
    AnalysisError
        ``one_class`` without normal or without diseased cases, ``no_marks`` where no mark hits a lesion, or
        none misses: RJafroc takes neither.
    """
    _check_classes([bool(lesions) for lesions in table.lesions.values()])
    ids = mark_ids(table)
    names = _Padded(ids)
    truth: list[tuple[int, int, float]] = []
    for case in sorted(ids.cases, key=lambda case: bool(table.lesions[case])):
        lesions = table.lesions[case]
        truth += [(names.case(case), n, one.weight) for n, one in enumerate(lesions, start=1)]
        truth += [] if lesions else [(names.case(case), 0, 0)]
    tp: list[Sequence[_Cell]] = []
    fp: list[Sequence[_Cell]] = []
    for mark in table.marks:
        who = (names.reader(mark.reader), names.modality(mark.modality), names.case(mark.case))
        if mark.lesion is None:
            fp.append((*who, mark.rating))
        else:
            keys = [lesion.key for lesion in table.lesions[mark.case]]
            tp.append((*who, keys.index(mark.lesion) + 1, mark.rating))
    if not tp or not fp:
        raise AnalysisError("no_marks", f"no mark {'misses' if tp else 'hits a lesion'}: RJafroc needs both")
    return WorkbookFile(_content("FROC", truth, tp, fp, names), ids.mapping_csv(), _told(table))


def read_rjafroc_xlsx(content: bytes, *, file: str = "study.xlsx") -> RatingTable | MarkTable:
    """The ratings of an ROC workbook or the marks of an FROC one, names as they stand in the sheets.

    Raises
    ------
    AnalysisError
        ``not_a_workbook``, ``sheet_missing``, ``column_missing``, ``paradigm_unknown``, ``unknown_case``,
        ``unknown_lesion``, ``repeated``, ``value_not_finite``: each names sheet and row.
    """
    sheets = _sheets(content, file)
    truth = _rows(sheets, ("TRUTH",), TRUTH_COLUMNS, file)
    tp = _rows(sheets, ("TP", "LL"), TP_COLUMNS, file)
    fp = _rows(sheets, ("FP", "NL"), FP_COLUMNS, file)
    if not truth:
        raise AnalysisError("no_cases", f"{file}, TRUTH has no case")
    paradigm = str(truth[0][1]["Paradigm"]).upper()
    if paradigm not in ("ROC", "FROC"):
        raise AnalysisError("paradigm_unknown", f"{file}, TRUTH: the paradigm is {paradigm}, not ROC or FROC")
    marks = _marks(tp, fp)
    table = MarkTable(_lesions(truth), _listed(truth, "ReaderID"), _listed(truth, "ModalityID"), tuple(marks))
    if paradigm == "FROC":
        return table
    ratings = tuple(Rating(one.reader, one.modality, one.case, one.rating) for one in table.marks)
    return RatingTable(
        {case: bool(lesions) for case, lesions in table.lesions.items()}, ratings, table.modalities
    )


class _Padded:
    """Integers for cases, texts of equal length for readers and modalities."""

    def __init__(self, ids: IntegerIds) -> None:
        self.readers = _padded(len(ids.readers))
        self.modalities = _padded(len(ids.modalities))
        self._reader = dict(zip(ids.readers, self.readers, strict=True))
        self._modality = dict(zip(ids.modalities, self.modalities, strict=True))
        self._case = ids.case_numbers()

    def reader(self, name: str) -> str:
        return self._reader[name]

    def modality(self, name: str) -> str:
        return self._modality[name]

    def case(self, name: str) -> int:
        return self._case[name]


def _padded(count: int) -> list[str]:
    return [str(number).zfill(len(str(count))) for number in range(1, count + 1)]


def _normal_first(table: RatingTable) -> list[str]:
    return sorted(table.cases, key=lambda case: table.truth[case])


def _check_classes(is_diseased: list[bool]) -> None:
    if all(is_diseased) or not any(is_diseased):
        lacking = "normal" if all(is_diseased) else "diseased"
        raise AnalysisError("one_class", f"there is no {lacking} case: RJafroc needs both")


def _told(table: MarkTable) -> tuple[str, ...]:
    """RJafroc takes readers and their labels from the marks, in the order of the sorted false marks."""
    first = table.modalities[0]
    silent = [name for name in table.readers if name not in {mark.reader for mark in table.marks}]
    told = [f"{name} has no mark at all: RJafroc 2.1 leaves the reader out or stops" for name in silent]
    false = {mark.reader for mark in table.marks if mark.lesion is None and mark.modality == first}
    late = [name for name in table.readers if name not in false and name not in silent]
    told += [
        f"{name} has no false mark in {first}: RJafroc 2.1 may label the readers in another order than it "
        "counts them; check its reader names"
        for name in late[:1]
    ]
    return tuple(told)


def _content(
    paradigm: str,
    truth: Iterable[tuple[int, int, float]],
    tp: Iterable[Sequence[_Cell]],
    fp: Iterable[Sequence[_Cell]],
    names: _Padded,
) -> bytes:
    readers, modalities = ",".join(names.readers), ",".join(names.modalities)
    said: list[str | None] = [paradigm, "FCTRL"]
    rows = [
        (*row, readers, modalities, said[number] if number < len(said) else None)
        for number, row in enumerate(truth)
    ]
    book = Workbook()
    book.remove(book.active)
    for name, columns, lines in (
        ("TRUTH", TRUTH_COLUMNS, rows),
        ("TP", TP_COLUMNS, tp),
        ("FP", FP_COLUMNS, fp),
    ):
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for line in lines:
            sheet.append([_plain(value) for value in line])
    book.properties.creator = "Reading Room"
    book.properties.created = _EPOCH
    saved = io.BytesIO()
    book.save(saved)
    return _undated(saved.getvalue())


def _plain(value: _Cell) -> _Cell:
    return int(value) if isinstance(value, float) and value == int(value) and abs(value) < 1e15 else value


def _undated(content: bytes) -> bytes:
    """The workbook packed again with fixed dates, which openpyxl takes from the clock."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(packed, "w") as made:
        for name in sorted(given.namelist()):
            entry = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            part = given.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            made.writestr(entry, part, compresslevel=6)
    return packed.getvalue()


def _sheets(content: bytes, file: str) -> dict[str, list[tuple[object, ...]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MAX_WORKBOOK_BYTES:
            raise AnalysisError("file_too_large", f"{file} unpacks to {size} bytes")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {sheet.title.upper(): list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        if isinstance(error, AnalysisError):
            raise
        raise AnalysisError("not_a_workbook", f"{file} is not an xlsx workbook ({error})") from error


def _rows(
    sheets: dict[str, list[tuple[object, ...]]], names: tuple[str, ...], columns: tuple[str, ...], file: str
) -> list[tuple[str, dict[str, object]]]:
    name = next((name for name in names if name in sheets), None)
    if name is None:
        raise AnalysisError("sheet_missing", f"{file}: the sheet {names[0]} is missing")
    lines = sheets[name]
    header = tuple(lines[0][: len(columns)]) if lines else ()
    if header != columns:
        raise AnalysisError("column_missing", f"{file}, {name}: the columns are not {', '.join(columns)}")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(columns, line, strict=False))
        if any(value is not None for value in cells.values()):
            found.append((f"{file}, {name}, row {number}", cells))
    return found


def _marks(
    tp: list[tuple[str, dict[str, object]]], fp: list[tuple[str, dict[str, object]]]
) -> Iterable[LocatedMark]:
    for rows, column in ((tp, "TP_Rating"), (fp, "FP_Rating")):
        for where, cells in rows:
            for name, value in cells.items():
                if value is None:
                    raise AnalysisError("cell_empty", f"{where}: {name} is empty")
            rating = finite_number(str(cells[column]), f"{where}: {column}")
            lesion = str(cells["LesionID"]) if rows is tp else None
            yield LocatedMark(
                str(cells["ReaderID"]), str(cells["ModalityID"]), str(cells["CaseID"]), lesion, rating
            )


def _lesions(truth: list[tuple[str, dict[str, object]]]) -> dict[str, tuple[Lesion, ...]]:
    lesions: dict[str, tuple[Lesion, ...]] = {}
    for where, cells in truth:
        case, key = str(cells["CaseID"]), str(cells["LesionID"])
        if case in lesions and (key == "0" or not lesions[case]):
            raise AnalysisError("truth_contradicts", f"{where}: case {case} has the other truth above")
        weight = finite_number(str(cells["Weight"]), f"{where}: Weight")
        own = lesions.get(case, ())
        lesions[case] = own if key == "0" else (*own, Lesion(key, weight))
    # Weights of 0 throughout mean equal ones.
    return {
        case: tuple(Lesion(one.key, 1 / len(own)) for one in own)
        if own and all(one.weight == 0 for one in own)
        else own
        for case, own in lesions.items()
    }


def _listed(truth: list[tuple[str, dict[str, object]]], column: str) -> tuple[str, ...]:
    where, first = truth[0]
    names = [name for name in re.split(r"[,\s]+", str(first[column])) if name]
    if not names or first[column] is None:
        raise AnalysisError("cell_empty", f"{where}: {column} is empty")
    return tuple(names)
