"""The dataset in the formats of other programs, and what could not be written, with the reason."""

import json
from collections.abc import Callable, Sequence

import numpy as np

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_csv import DatasetFiles
from backend.analysis.formats.dataset_reads import FileReadKey
from backend.analysis.formats.imrmc import write_imrmc
from backend.analysis.formats.marks import Lesion, LocatedMark, MarkTable
from backend.analysis.formats.mrmcaov_csv import write_mrmcaov_csv
from backend.analysis.formats.ratings import RatingTable, ratings_of
from backend.analysis.formats.tidy_csv import Answer, TidyQuestion, TidyRead, tidy_files
from backend.analysis.pipeline.figures import slug
from backend.analysis.pipeline.free_response import free_response_of
from backend.analysis.pipeline.results import AnalysisResults
from backend.analysis.pipeline.study import Study

NO_READER = "what was read in consensus is no reader's and left out"
NO_STUDY = "the dataset holds the ratings of mrmc.csv alone"


def export_files(results: AnalysisResults, inputs: DatasetFiles, study: Study | None) -> dict[str, bytes]:
    """File name to bytes; ``notes.csv`` says what was left out or not written.

    Parameters
    ----------
    study
        The chosen analysis set; ``None`` where the dataset is ``mrmc.csv`` alone.
    """
    files: dict[str, bytes] = {}
    notes: list[list[Cell]] = []
    try:
        table = _ratings(inputs, study, notes)
    except AnalysisError as error:
        notes += [[name, error.text] for name in ("study.imrmc", "rjafroc.xlsx", "mrmcaov.csv")]
    else:
        _rating_files(files, notes, table, results.title)
    if study is not None and study.files.extras.marks:
        _free_response_files(files, notes, study)
    if study is None:
        notes.append(["reads-tidy.csv", NO_STUDY])
    elif not study.study.reads:
        notes.append(["reads-tidy.csv", "the dataset has no read"])
    else:
        tidy = tidy_files(_tidy_reads(study), _tidy_questions(study))
        files |= {name: text.encode() for name, text in tidy.items()}
    if study is not None and study.study.consensus:
        notes.append(["study.imrmc, rjafroc.xlsx, mrmcaov.csv, reads-tidy.csv", NO_READER])
    for section in results.sections:
        for item in section.items:
            if item.method == "nomogram" and not isinstance(item.result, NotEstimable):
                text = json.dumps(item.result.to_json(), sort_keys=True, ensure_ascii=False, indent=1)
                files[f"{slug(f'{section.key}-{item.key}')}.json"] = f"{text}\n".encode()
    files["notes.csv"] = csv_text(("file", "note"), notes).encode()
    return dict(sorted(files.items()))


def _ratings(inputs: DatasetFiles, study: Study | None, notes: list[list[Cell]]) -> RatingTable:
    if study is None:
        if inputs.mrmc is None:
            raise AnalysisError("no_cases", "the dataset has no rating")
        return inputs.mrmc
    table, left = ratings_of(study.study)
    reasons: dict[str, list[str]] = {}
    for one in left:
        reasons.setdefault(one.reason, []).append(one.what)
    notes += [["study.imrmc, rjafroc.xlsx, mrmcaov.csv", _left_out(own, why)] for why, own in reasons.items()]
    return table


def _left_out(what: Sequence[str], reason: str) -> str:
    """One line a reason, whatever it left out."""
    return f"{what[0]}: {reason}" if len(what) == 1 else f"{reason} ({len(what)}): {'; '.join(what)}"


def _rating_files(files: dict[str, bytes], notes: list[list[Cell]], table: RatingTable, title: str) -> None:
    from backend.analysis.formats.rjafroc_xlsx import write_roc_xlsx

    written = write_imrmc(table, title=title)
    files |= {"study.imrmc": written.text.encode(), "mapping.csv": written.mapping_csv.encode()}
    notes += [["study.imrmc", text] for text in written.warnings]
    files["mrmcaov.csv"] = write_mrmcaov_csv(table).encode()

    def workbook() -> bytes:
        return write_roc_xlsx(table).content

    _or_note(files, notes, "rjafroc.xlsx", workbook)


def _free_response_files(files: dict[str, bytes], notes: list[list[Cell]], study: Study) -> None:
    from backend.analysis.formats.rjafroc_xlsx import write_froc_xlsx

    try:
        table, told = mark_table(study)
        written = write_froc_xlsx(table)
    except AnalysisError as error:
        notes.append(["rjafroc-froc.xlsx", error.text])
        return
    files["rjafroc-froc.xlsx"] = written.content
    files["mapping-froc.csv"] = written.mapping_csv.encode()
    notes += [["rjafroc-froc.xlsx", text] for text in (*told, *written.warnings)]


def mark_table(study: Study) -> tuple[MarkTable, tuple[str, ...]]:
    """The marks of first reads as RJafroc takes them, and what it cannot hold.

    Raises
    ------
    AnalysisError
        ``not_crossed`` where a read is missing, and those of the marks' checks.
    """
    given = free_response_of(study)
    data = given.data()
    missing = np.argwhere(~data.read)
    if missing.size:
        i, j, k = missing[0]
        raise AnalysisError(
            "not_crossed",
            f"RJafroc takes fully crossed data only: {len(missing)} reads are missing, the first of case "
            f"{data.cases[k]} by {data.readers[j]} in {data.modalities[i]}",
        )
    highest: dict[tuple[str, str, str, str], LocatedMark] = {}
    false: list[LocatedMark] = []
    for one in given.marks:
        mark = LocatedMark(one.reader, one.modality, one.case, one.lesion, one.rating)
        if one.lesion is None:
            false.append(mark)
            continue
        key = (one.reader, one.modality, one.case, one.lesion)
        if key not in highest or highest[key].rating < mark.rating:
            highest[key] = mark
    told = (f"Of several marks on one lesion only the highest is there: {data.repeated} left out",)
    lesions = {
        case: tuple(Lesion(key, weight) for key, weight in given.cases[case].items()) for case in data.cases
    }
    arms = tuple(arm for arm in study.study.arms if arm in data.modalities)
    table = MarkTable(lesions, data.readers, arms, (*highest.values(), *false))
    return table, told if data.repeated else ()


def _or_note(files: dict[str, bytes], notes: list[list[Cell]], name: str, write: Callable[[], bytes]) -> None:
    try:
        files[name] = write()
    except AnalysisError as error:
        notes.append([name, error.text])


def _tidy_questions(study: Study) -> list[TidyQuestion]:
    design = study.files.design
    questions = []
    if study.study.is_rated:
        options = tuple((point, str(point)) for point in study.study.scale)
        questions.append(TidyQuestion(design.rating, "Rating", "code", "", options))
    for one in study.study.questions:
        codes = tuple((code if isinstance(code, int) else str(code), str(code)) for code in one.categories)
        questions.append(TidyQuestion(one.key, one.label, "code", "", codes))
    questions += [TidyQuestion(one.key, one.label, "number", one.unit) for one in design.measurements]
    known = {one.key for one in questions}
    others = sorted({answer.question for answer in study.files.answers} - known)
    return [*questions, *(TidyQuestion(key, key, "text") for key in others)]


def _tidy_reads(study: Study) -> list[TidyRead]:
    rating = study.files.design.rating
    numbers = {one.key for one in study.files.design.measurements}
    answers: dict[FileReadKey, dict[str, Answer]] = {}
    for read in (*study.study.reads, *study.files.repeats):
        own = answers.setdefault((read.reader, read.arm, read.session, read.case, read.is_repeat), {})
        if study.study.is_rated:
            own[rating] = read.score
        own |= read.answers
    for one in study.files.answers:
        given: Answer = (float(one.value) if one.question in numbers else one.value) if one.value else None
        answers.setdefault(one.read, {})[one.question] = given
    times = {
        (time.reader, time.arm, time.session, time.case, time.is_repeat): time
        for time in study.files.extras.times
    }
    return [
        TidyRead(
            *key[:4],
            own,
            is_repeat=key[4],
            position=times[key].position if key in times else None,
            active_s=times[key].seconds if key in times else None,
        )
        for key, own in sorted(answers.items())
    ]
