"""One tidy table of a study, its data dictionary, and the lines of R and Python that load it.

One row a read and question, the label of an answer beside its code. The first seven columns are those of
``reads.csv``, so that the table is itself an input of ``python -m backend.analysis``. A text that a
spreadsheet would run as a formula is led by an apostrophe; the snippets take it away again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast, get_args

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import Cell, csv_text, read_rows
from backend.analysis.results import Result

Answer: TypeAlias = str | int | float | bool | Sequence[str | int] | None
Kind: TypeAlias = Literal["code", "codes", "number", "text", "boolean"]
_KINDS: tuple[str, ...] = get_args(Kind)

READ_COLUMNS: tuple[tuple[str, Kind, str], ...] = (
    ("reader", "text", "The reader"),
    ("arm", "text", "The reading condition"),
    ("session", "number", "The reading session, counted from 1"),
    ("case", "text", "The case"),
    ("question", "text", "The key of the question; the dictionary lists them"),
    ("value", "text", "The answer as it is stored: a code, a number, a text; empty where left open"),
    ("repeat", "number", "1 where the case came back within the session (a hidden repeat), otherwise 0"),
    ("label", "text", "The answer as the reader saw it; of several, separated by '; '"),
    ("position", "number", "Place of the case in the reader's own order within the session"),
    ("active_s", "number", "Seconds the reader worked on the case"),
    ("wall_s", "number", "Seconds from opening the case to submitting it"),
    ("clicks", "number", "Clicks and key strokes during the read"),
    ("disclosed_model", "text", "The model whose output the reader saw, empty when none"),
    ("disclosed_value", "number", "The value shown to the reader, empty when none"),
)


@dataclass(frozen=True, slots=True)
class TidyQuestion(Result):
    """A question of the form; ``options`` are code and label of each answer.

    ``kind`` is ``code`` for one of them, ``codes`` for a list of them, which the table holds as JSON.
    """

    key: str
    label: str
    kind: Kind
    unit: str = ""
    options: tuple[tuple[str | int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TidyRead(Result):
    """A read with its answers by question key; a list where a question takes several codes."""

    reader: str
    arm: str
    session: int
    case: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    position: int | None = None
    active_s: float | None = None
    wall_s: float | None = None
    clicks: int | None = None
    disclosed_model: str | None = None
    disclosed_value: float | None = None
    is_repeat: bool = False


def tidy_csv(reads: Sequence[TidyRead], questions: Sequence[TidyQuestion]) -> str:
    """The table, sorted by reader, session, arm and case, questions in the order of the form.

    Raises
    ------
    AnalysisError
        ``unknown_question``, ``unknown_category``, ``repeated``, ``no_cases``: naming read and question.
    """
    _check(reads, questions)
    ordered = sorted(reads, key=lambda read: (read.reader, read.session, read.arm, read.case, read.is_repeat))
    rows: list[list[Cell]] = []
    for read in ordered:
        after: list[Cell] = [read.position, read.active_s, read.wall_s, read.clicks]
        after += [read.disclosed_model, read.disclosed_value]
        for question in questions:
            answer = read.answers.get(question.key)
            before: list[Cell] = [read.reader, read.arm, read.session, read.case, question.key]
            given: list[Cell] = [_code(answer), int(read.is_repeat), _label(read, question, answer)]
            rows.append([*before, *given, *after])
    return csv_text([name for name, _, _ in READ_COLUMNS], rows)


def data_dictionary_csv(questions: Sequence[TidyQuestion]) -> str:
    """What every column and question holds: one row a column, one a question, one a code of a question."""
    header = ("scope", "name", "kind", "unit", "code", "label")
    rows: list[list[Cell]] = [["column", name, kind, "", None, text] for name, kind, text in READ_COLUMNS]
    for question in questions:
        rows.append(["question", question.key, question.kind, question.unit, None, question.label])
        rows += [["code", question.key, question.kind, "", code, label] for code, label in question.options]
    return csv_text(header, rows)


def read_data_dictionary(text: str, *, file: str = "data-dictionary.csv") -> tuple[TidyQuestion, ...]:
    """The questions of a data dictionary; codes come back as texts.

    Raises
    ------
    AnalysisError
        ``unknown_question``, ``unknown_kind``, and those of reading a CSV file.
    """
    questions: dict[str, TidyQuestion] = {}
    for row in read_rows(text, file=file, required=("scope", "name", "kind", "unit", "code", "label")):
        name, kind = row.text("name"), row.text("kind")
        if kind not in _KINDS:
            raise AnalysisError("unknown_kind", f"{row.where}: {kind!r} is no kind of question")
        if row.cells["scope"] == "question":
            questions[name] = TidyQuestion(name, row.cells["label"], cast(Kind, kind), row.cells["unit"])
        elif row.cells["scope"] == "code":
            if name not in questions:
                raise AnalysisError(
                    "unknown_question", f"{row.where}: a code of {name}, which has no row above"
                )
            known = questions[name]
            option = (row.text("code"), row.cells["label"])
            questions[name] = TidyQuestion(
                name, known.label, known.kind, known.unit, (*known.options, option)
            )
    return tuple(questions.values())


def _check(reads: Sequence[TidyRead], questions: Sequence[TidyQuestion]) -> None:
    if not reads:
        raise AnalysisError("no_cases", "there is no read to export")
    keys = {question.key for question in questions}
    if len(keys) != len(questions):
        raise AnalysisError("repeated", "a question stands in the form more than once")
    seen: set[tuple[str, str, int, str, bool]] = set()
    for read in reads:
        where = f"the read of case {read.case} by {read.reader} in {read.arm}, session {read.session}"
        key = (read.reader, read.arm, read.session, read.case, read.is_repeat)
        if key in seen:
            raise AnalysisError("repeated", f"{where} stands there more than once")
        seen.add(key)
        unknown = sorted(set(read.answers) - keys)
        if unknown:
            raise AnalysisError("unknown_question", f"{where} answers {unknown[0]}, no question of the form")


def _code(answer: Answer) -> Cell:
    if isinstance(answer, (list, tuple)):
        return json.dumps(list(answer), ensure_ascii=False)
    return answer  # type: ignore[return-value]


def _label(read: TidyRead, question: TidyQuestion, answer: Answer) -> Cell:
    if answer is None:
        return None
    if question.kind == "boolean" and isinstance(answer, bool):
        return "yes" if answer else "no"
    if question.kind not in ("code", "codes"):
        return None
    labels = {str(code): label for code, label in question.options}
    codes = answer if isinstance(answer, (list, tuple)) else [answer]
    for code in codes:
        if str(code) not in labels:
            raise AnalysisError(
                "unknown_category",
                f"the read of case {read.case} by {read.reader} in {read.arm}: {code!r} is no answer to "
                f"{question.key}",
            )
    return "; ".join(labels[str(code)] for code in codes)


R_SNIPPET = r"""# Loads the tidy table of reads and its data dictionary. Base R; run in the folder of the files.
as_written <- function(x) sub("^'(?=[=+@\t\r-])", "", x, perl = TRUE)
table_of <- function(file) {
  found <- read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8", check.names = FALSE)
  found[] <- lapply(found, as_written)
  found
}
dictionary <- table_of("data-dictionary.csv")
reads <- table_of("reads-tidy.csv")
for (name in dictionary$name[dictionary$scope == "column" & dictionary$kind == "number"]) {
  reads[[name]] <- as.numeric(reads[[name]])
}

# The answers to one question: numbers as numbers, codes as a factor with its labels.
answers_to <- function(key) {
  own <- reads[reads$question == key, ]
  kind <- dictionary$kind[dictionary$scope == "question" & dictionary$name == key]
  codes <- dictionary[dictionary$scope == "code" & dictionary$name == key, ]
  if (kind == "number") own$value <- as.numeric(own$value)
  if (kind == "boolean") own$value <- own$value == "true"
  if (kind == "code") own$value <- factor(own$value, levels = codes$code, labels = codes$label)
  own
}
"""

PYTHON_SNIPPET = r'''"""Loads the tidy table of reads and its dictionary. Needs pandas; run in the files' folder."""

import pandas as pd


def table_of(file):
    found = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")
    return found.apply(lambda column: column.str.replace(r"^'(?=[=+@\t\r-])", "", regex=True))


dictionary = table_of("data-dictionary.csv")
reads = table_of("reads-tidy.csv")
for name in dictionary.loc[(dictionary.scope == "column") & (dictionary.kind == "number"), "name"]:
    reads[name] = pd.to_numeric(reads[name])


def answers_to(key):
    """The answers to one question: numbers as numbers, codes as a categorical with its labels."""
    own = reads[reads.question == key].copy()
    kind = dictionary.loc[(dictionary.scope == "question") & (dictionary.name == key), "kind"].iloc[0]
    codes = dictionary[(dictionary.scope == "code") & (dictionary.name == key)]
    if kind == "number":
        own["value"] = pd.to_numeric(own["value"])
    elif kind == "boolean":
        own["value"] = own["value"].map({"true": True, "false": False})
    elif kind == "code":
        labels = dict(zip(codes.code, codes.label))
        own["value"] = own["value"].map(labels).astype(pd.CategoricalDtype(list(codes.label)))
    return own
'''


def tidy_files(reads: Sequence[TidyRead], questions: Sequence[TidyQuestion]) -> dict[str, str]:
    """File name to text: the tidy table, its dictionary, and what loads them."""
    return {
        "reads-tidy.csv": tidy_csv(reads, questions),
        "data-dictionary.csv": data_dictionary_csv(questions),
        "load.R": R_SNIPPET,
        "load.py": PYTHON_SNIPPET,
    }
