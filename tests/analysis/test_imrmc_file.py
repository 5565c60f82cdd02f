"""The input file of iMRMC: its lines, what comes back of it, what is refused by row."""

from dataclasses import replace

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.imrmc import read_imrmc, write_imrmc
from backend.analysis.formats.ratings import (
    RatingTable,
    integer_ids,
    read_mapping_csv,
)
from tests.analysis.format_cases import ratings


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
