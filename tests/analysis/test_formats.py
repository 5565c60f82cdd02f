"""Exchange formats: exact columns, round trips, the same bytes, refusals that name file and row."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.cells import as_written, csv_text, finite_number, inert, read_rows
from backend.analysis.formats.imrmc import read_imrmc, write_imrmc
from backend.analysis.formats.marks import Lesion, LocatedMark
from backend.analysis.formats.mrmcaov_csv import read_ratings_csv, write_mrmcaov_csv, write_ratings_csv
from backend.analysis.formats.ratings import (
    Rating,
    RatingTable,
    natural,
    ratings_of,
    read_mapping_csv,
)
from backend.analysis.formats.rjafroc_xlsx import (
    read_rjafroc_xlsx,
    write_roc_xlsx,
)
from backend.analysis.study_dataset import StudyDataset
from tests.analysis.format_cases import marks, ratings


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


numbers = st.just(0.0) | st.floats(1e-50, 1e50) | st.floats(-1e50, -1e-50)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(names, min_size=2, max_size=5, unique=True), numbers)
def test_any_names_and_any_number_come_back_from_csv_and_imrmc(found: list[str], rating: float) -> None:
    truth = {name: number == 0 for number, name in enumerate(found)}
    table = RatingTable(truth, tuple(Rating("R", "A", name, rating) for name in found), ("A",))
    assert read_ratings_csv(write_mrmcaov_csv(table), modality_column="treatment") == table
    made = write_imrmc(table, title="t")
    assert read_imrmc(made.text, ids=read_mapping_csv(made.mapping_csv)) == table


def test_names_sort_as_people_sort_them() -> None:
    assert sorted(["R10", "R2", "R1", "R02"], key=natural) == ["R1", "R02", "R2", "R10"]


def test_rows_are_numbered_past_empty_ones_and_a_mark_of_byte_order() -> None:
    with pytest.raises(AnalysisError, match="more than 10000 columns"):
        next(read_rows(",".join(map(str, range(10_001))) + "\n1\n", file="f.csv", required=()))
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
