"""Measures of outlines taken elsewhere: read with complaints by row, and summarized by pair."""

import statistics

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.mask_values import MaskValue, mask_values
from backend.analysis.pipeline.run import run_analysis

MASKS = """case,reader_a,reader_b,measure,value
C01,R1,R2,dice,0.9
C02,R2,R1,dice,0.7
C03,R1,R2,dice,0.5
C04,R1,R2,dice,
C01,net,R1,dice,0.4
C01,R2,R1,volume_difference_ml,1.5
C02,R1,R2,assd_mm,2.25
"""


def test_pairs_are_summarized_whatever_their_order(small_files: dict[str, str]) -> None:
    found = run_analysis(read_dataset({**small_files, "masks.csv": MASKS})).section("agreement").item("masks")
    both, model = found.result.pairs
    assert (both.reader_a, both.reader_b, both.n_cases) == ("R1", "R2", 3)
    dice = next(one for one in both.measures if one.measure == "dice")
    values = [0.5, 0.7, 0.9]
    assert (dice.n, dice.median, dice.minimum, dice.maximum) == (3, 0.7, 0.5, 0.9)
    assert dice.mean == pytest.approx(statistics.fmean(values), rel=1e-12)
    assert dice.sd == pytest.approx(statistics.stdev(values), rel=1e-12)
    volume = next(one for one in both.measures if one.measure == "volume_difference_ml")
    assert volume.mean == -1.5
    assert (model.reader_a, model.reader_b) == ("R1", "net")
    assert found.result.overall.n_cases == found.n == 3
    assert found.method == "mask_agreement"


def test_an_excluded_case_is_gone(small_files: dict[str, str]) -> None:
    out = "case,reader,session,reason,set\nC01,,,no consent,all\n"
    inputs = read_dataset({**small_files, "masks.csv": MASKS, "exclusions.csv": out})
    result = run_analysis(inputs).section("agreement").item("masks").result
    assert result.n == 2
    assert len(result.pairs) == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("C99,R1,R2,dice,0.5", "unknown_case"),
        ("C05,R1,R1,dice,0.5", "same_reader"),
        ("C05,R1,R2,overlap,0.5", "unknown_measure"),
        ("C05,R1,R2,dice,1.2", "value_impossible"),
        ("C05,R1,R2,assd_mm,-1", "value_impossible"),
        ("C05,R1,R2,dice,nan", "value_not_finite"),
        ("C01,R2,R1,dice,0.9", "repeated"),
    ],
)
def test_a_wrong_row_is_named(small_files: dict[str, str], row: str, code: str) -> None:
    with pytest.raises(AnalysisError) as refused:
        read_dataset({**small_files, "masks.csv": f"{MASKS}{row}\n"})
    assert refused.value.code == code
    assert refused.value.text.startswith("masks.csv")


def test_no_value_and_a_value_twice_are_refused() -> None:
    one = MaskValue("C01", "R1", "R2", "dice", 0.5)
    for values, code in (((), "no_cases"), ((one, one), "repeated")):
        with pytest.raises(AnalysisError) as refused:
            mask_values(values)
        assert refused.value.code == code
