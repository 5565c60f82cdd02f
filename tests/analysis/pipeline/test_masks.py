"""Measures of outlines taken elsewhere: read with complaints by row, and summarized by pair."""

import json
import statistics

import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.formats.dataset_csv import read_dataset
from backend.analysis.mask_values import MaskValue, mask_values
from backend.analysis.pipeline.outlines import SECOND_READS
from backend.analysis.pipeline.provenance import dataset_sha256
from backend.analysis.pipeline.run import run_analysis
from backend.analysis.pipeline.study import study_of

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


PLACES = """case,reader_a,reader_b,measure,value,question,arm,session_a,session_b
C01,R2,R1,volume_difference_ml,1.5,tumor,alone,2,1
C02,R1,R2,volume_difference_ml,0.5,tumor,alone,1,2
C01,R1,R2,volume_difference_ml,4.0,tumor,aided,3,3
C01,R1,R2,volume_difference_ml,9.0,node,alone,1,2
"""


def test_each_question_and_arm_is_summarized_by_itself(small_files: dict[str, str]) -> None:
    inputs = read_dataset({**small_files, "masks.csv": PLACES})
    assert not any("masks.csv" in note for note in inputs.notes)
    turned = next(
        one for one in inputs.extras.masks if (one.case, one.arm, one.value) == ("C01", "alone", -1.5)
    )
    assert (turned.reader_a, turned.session_a, turned.session_b) == ("R1", 1, 2)
    found = run_analysis(inputs).section("agreement")
    means = {
        item.key: item.result.overall.measures[0].mean for item in found.items if item.key.startswith("masks")
    }
    assert means == {"masks/node/alone": 9.0, "masks/tumor/aided": 4.0, "masks/tumor/alone": -0.5}


def test_an_outline_goes_with_the_read_of_its_session_alone(small_files: dict[str, str]) -> None:
    out = "case,reader,session,reason,set\nC01,R2,2,the washout was overridden,all\n"
    inputs = read_dataset({**small_files, "masks.csv": PLACES, "exclusions.csv": out})
    left = study_of(inputs, level=0.95, seed=1).files.extras.masks
    assert [(one.case, one.arm) for one in left] == [("C01", "aided"), ("C02", "alone")]


def numbered(files: dict[str, str], *masks: str, out: str = "") -> dict[str, str]:
    """An old dataset: R1 read C01 and C02 again within session 1, which its file names 101."""
    again = "".join(f"R1,UNAIDED,101,{case},rating,3\n" for case in ("C01", "C02"))
    header = "case,reader_a,reader_b,measure,value,question,arm,session_a,session_b"
    return {
        **files,
        "reads.csv": files["reads.csv"] + again,
        "masks.csv": "\n".join([header, *masks, ""]),
        "exclusions.csv": f"case,reader,session,reason,set\n{out}",
    }


def test_outlines_of_numbered_repeats_go_with_their_exclusion(small_files: dict[str, str]) -> None:
    rows = (
        "C01,R1,R2,dice,0.9,node,UNAIDED,1,1",
        "C01,R1,R2,dice,0.2,node,UNAIDED,101,1",
        "C02,R2,R1,dice,0.7,node,UNAIDED,1,101",
        "C03,R1,R2,dice,0.5,node,UNAIDED,1,1",
    )

    def left(out: str) -> list[float]:
        inputs = read_dataset(numbered(small_files, *rows, out=out))
        return sorted(one.value for one in study_of(inputs, level=0.95, seed=1).files.extras.masks)

    assert left("") == [0.2, 0.5, 0.7, 0.9]
    assert left("C01,R1,101,mouse fell,all\n") == [0.5, 0.7, 0.9]
    assert left("C01,R1,1,mouse fell,all\n") == [0.2, 0.5, 0.7]
    assert left("C01,R1,,mouse fell,all\nC02,R1,101,mouse fell,all\n") == [0.5]


def test_outlines_of_first_reads_alone_are_compared(small_files: dict[str, str]) -> None:
    """By hand, C01 and C03: the others are of a hidden repeat, and of a later session than the reader's read."""
    rows = (
        "C01,R1,R2,dice,0.9,node,UNAIDED,1,1",
        "C01,R1,R2,dice,0.2,node,UNAIDED,101,1",
        "C02,R2,R1,dice,0.7,node,UNAIDED,1,101",
        "C03,R1,R2,dice,0.5,node,UNAIDED,1,1",
        "C04,R1,net,dice,0.1,node,UNAIDED,7,",
        "C05,R1,net,dice,0.3,node,UNAIDED,1,",
    )
    found = run_analysis(read_dataset(numbered(small_files, *rows))).section("agreement")
    item = found.item("masks/node/UNAIDED")
    assert [(one.reader_a, one.reader_b, one.n_cases) for one in item.result.pairs] == [
        ("R1", "R2", 2),
        ("R1", "net", 1),
    ]
    assert item.result.pairs[0].measures[0].mean == pytest.approx(0.7)
    assert item.warnings[-1] == SECOND_READS.format(3)
    gone = run_analysis(read_dataset(numbered(small_files, *rows, out="C01,R1,1,late,all\n")))
    assert gone.section("agreement").item("masks/node/UNAIDED").result.pairs[0].measures[0].mean == 0.5


def test_where_all_outlines_are_of_second_reads_the_refusal_says_so(small_files: dict[str, str]) -> None:
    row = "C02,R2,R1,dice,0.7,node,UNAIDED,1,101"
    (failure,) = run_analysis(read_dataset(numbered(small_files, row))).section("agreement").failures
    assert (failure.key, failure.code) == ("masks/node/UNAIDED", "no_cases")
    assert failure.text == SECOND_READS.format(1)


def test_marks_of_numbered_repeats_are_checked_and_left_out(small_files: dict[str, str]) -> None:
    positive = [
        line.split(",")[0] for line in small_files["truth.csv"].splitlines()[1:] if line.endswith(",1")
    ]
    files = {
        **numbered(small_files),
        "lesions.csv": "\n".join(["case,lesion", *(f"{case},a" for case in positive), ""]),
        "marks.csv": "reader,arm,session,case,mark,lesion,rating\n"
        "R1,UNAIDED,1,C01,1,a,5\nR1,UNAIDED,101,C01,1,a,4\n",
    }
    del files["masks.csv"]
    assert [one.rating for one in read_dataset(files).extras.marks] == [5.0]
    with pytest.raises(AnalysisError) as refused:
        read_dataset({**files, "marks.csv": files["marks.csv"] + "R1,UNAIDED,101,C03,1,,4\n"})
    assert refused.value.code == "unknown_read"


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


def test_notes_of_the_dataset_stand_in_the_provenance_and_in_its_digest(small_files: dict[str, str]) -> None:
    design = json.loads(small_files.get("study.json", "{}"))
    told = {**small_files, "study.json": json.dumps({**design, "notes": ["Nobody is 12."]})}
    silent = {**small_files, "study.json": json.dumps({**design, "notes": []})}
    assert run_analysis(read_dataset(told)).provenance.notes[0] == "Nobody is 12."
    digests = [dataset_sha256(read_dataset(files)) for files in (small_files, silent, told)]
    assert digests[0] == digests[1] != digests[2]


def test_a_dataset_that_tells_no_places_keeps_its_digest(small_files: dict[str, str]) -> None:
    files = read_dataset({**small_files, "masks.csv": MASKS})
    empty = MASKS.replace("value\n", "value,question,arm,session_a,session_b\n", 1)
    lines = [f"{line},,,," if number else line for number, line in enumerate(empty.splitlines())]
    assert dataset_sha256(read_dataset({**small_files, "masks.csv": "\n".join(lines)})) == dataset_sha256(
        files
    )
