"""``.imrmc``, the input of iMRMC, which RJafroc reads too.

A free first line; four lines ``N0:``, ``N1:``, ``NR:``, ``NM:`` with the numbers of normal cases, diseased
cases, readers and modalities; ``BEGIN DATA:``; then ``reader,case,modality,score``. The truth of each case
is a row of its own, ``-1,<case>,truth,<0|1>``. All names are integers, because RJafroc accepts nothing else
(iMRMC would); the mapping table says whose they are. No line is empty: iMRMC stops at one.

RJafroc 2.1 stops at a file that is not fully crossed, iMRMC analyses it; the writer warns.

References
----------
iMRMC, https://github.com/DIDSR/iMRMC, InputFile.java. RJafroc 2.1.3, DfReadDataFile.
"""

import re
from dataclasses import dataclass

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import finite_number
from backend.analysis.formats.ratings import IntegerIds, RatingTable, integer_ids, table_of_rows
from backend.analysis.results import Result

_COUNT = re.compile(r"(N0|N1|NR|NM):(.*)", re.IGNORECASE)
# Both programs look for these in the header, iMRMC anywhere in a line.
_MEANT = re.compile(r"(N0|N1|NR|NM|BEGIN DATA|BEGIN SUMMARY)\s*:+", re.IGNORECASE)
_BEGIN = "BEGIN DATA:"


@dataclass(frozen=True, slots=True)
class ImrmcFile(Result):
    """The file's text, the table of names and integers, and what a program may stumble on."""

    text: str
    mapping_csv: str
    warnings: tuple[str, ...]


def write_imrmc(table: RatingTable, *, title: str) -> ImrmcFile:
    """The ratings as ``.imrmc``.

    Parameters
    ----------
    title
        The free first line. Line breaks become spaces, and a word that the programs take for a header line
        (``N1:``, ``BEGIN DATA:``) loses its colon.
    """
    ids = integer_ids(table)
    numbers = ids.case_numbers()
    n_positive = sum(table.truth.values())
    lines = [
        _free_line(title),
        f"N0: {len(table.truth) - n_positive}",
        f"N1: {n_positive}",
        f"NR: {len(ids.readers)}",
        f"NM: {len(ids.modalities)}",
        _BEGIN,
        *(f"-1,{numbers[case]},truth,{int(table.truth[case])}" for case in ids.cases),
    ]
    readers = {name: number for number, name in enumerate(ids.readers, start=1)}
    modalities = {name: number for number, name in enumerate(ids.modalities, start=1)}
    lines += [
        f"{readers[one.reader]},{numbers[one.case]},{modalities[one.modality]},{_score(one.rating)}"
        for one in table.ratings
    ]
    return ImrmcFile("\n".join(lines) + "\n", ids.mapping_csv(), _warnings(table))


def read_imrmc(text: str, *, file: str = "study.imrmc", ids: IntegerIds | None = None) -> RatingTable:
    """The ratings of an ``.imrmc`` file.

    Parameters
    ----------
    ids
        The table of names; without it the names are as they stand in the file.

    Raises
    ------
    AnalysisError
        ``begin_data_missing``, ``row_length``, ``truth_repeated``, ``truth_missing``, ``not_boolean``,
        ``count_mismatch`` (header against rows), ``unknown_id``, and those of :func:`table_of_rows`.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    begin = next((n for n, line in enumerate(lines) if line.strip().upper().startswith(_BEGIN)), None)
    if begin is None:
        raise AnalysisError("begin_data_missing", f"{file}: there is no line {_BEGIN}")
    truth: dict[str, bool] = {}
    scores: list[tuple[str, str, str, str, str]] = []
    for number, line in enumerate(lines[begin + 1 :], start=begin + 2):
        if not line.strip():
            continue
        where = f"{file}, row {number}"
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != 4 or not all(cells):
            raise AnalysisError("row_length", f"{where}: not reader,case,modality,score")
        reader, case, modality, score = cells
        if reader in ("-1", "truth"):
            _add_truth(truth, case, score, where)
        else:
            scores.append((where, reader, case, modality, score))
    names = _Names(ids, file)
    rows = []
    for where, reader, case, modality, score in scores:
        if case not in truth:
            raise AnalysisError("truth_missing", f"{where}: case {case} has no truth row")
        rating = finite_number(score, f"{where}: the score")
        rows.append(
            (
                where,
                names.of("reader", reader, where),
                names.of("modality", modality, where),
                names.of("case", case, where),
                truth[case],
                rating,
            )
        )
    table = table_of_rows(rows, modalities=ids.modalities if ids else ())
    _check_counts(lines[:begin], truth, table, file)
    return table


@dataclass(frozen=True, slots=True)
class _Names:
    ids: IntegerIds | None
    file: str

    def of(self, kind: str, cell: str, where: str) -> str:
        if self.ids is None:
            return cell
        names = {"reader": self.ids.readers, "modality": self.ids.modalities, "case": self.ids.cases}[kind]
        if not cell.isdecimal() or not 1 <= int(cell) <= len(names):
            raise AnalysisError("unknown_id", f"{where}: the mapping has no {kind} {cell}")
        return names[int(cell) - 1]


def _add_truth(truth: dict[str, bool], case: str, score: str, where: str) -> None:
    if case in truth:
        raise AnalysisError("truth_repeated", f"{where}: the truth of case {case} stands there twice")
    if score not in ("0", "1"):
        raise AnalysisError("not_boolean", f"{where}: the truth of case {case} is {score!r}, neither 0 nor 1")
    truth[case] = score == "1"


def _check_counts(header: list[str], truth: dict[str, bool], table: RatingTable, file: str) -> None:
    found = {
        "N0": list(truth.values()).count(False),
        "N1": list(truth.values()).count(True),
        "NR": len(table.readers),
        "NM": len({one.modality for one in table.ratings}),
    }
    for number, line in enumerate(header, start=1):
        match = _COUNT.match(line.strip())
        if match is None:
            continue
        name, said = match.group(1).upper(), match.group(2).strip()
        if said != str(found[name]):
            raise AnalysisError(
                "count_mismatch",
                f"{file}, row {number}: {name} is said to be {said}, the rows have {found[name]}",
            )


def _free_line(title: str) -> str:
    line = _MEANT.sub(r"\1", " ".join(title.split()))
    line = re.sub(r"BEGIN SUMMARY", "BEGIN-SUMMARY", line, flags=re.IGNORECASE)
    # RJafroc takes a bare "N0" for a count, iMRMC stops at a line of one character.
    is_mistaken = len(line) < 2 or line.upper() in ("N0", "N1", "NR", "NM")
    return f"Reader study {line}".strip() if is_mistaken else line


def _score(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _warnings(table: RatingTable) -> tuple[str, ...]:
    missing = table.missing()
    if not missing:
        return ()
    reader, modality, case = missing[0]
    told = (
        f"not fully crossed: {len(missing)} ratings are missing, the first of case {case} by {reader} in "
        f"{modality}; iMRMC reads the file, RJafroc does not"
    )
    return (told,)
