"""Agreement of a reader with themself: the pieces are those of the other modules, on the right reads."""

import math
from typing import Any

import pytest

from backend.analysis.agreement import cohen_kappa
from backend.analysis.bland_altman import BlandAltman
from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.icc import IccResult, icc
from backend.analysis.intra_reader import intra_reader_categories, intra_reader_measurements
from backend.analysis.multirater import MultiraterAgreement

FIRST = [1, 2, 3, 4, 5, 3, 2, 1, 4, 5]
SECOND = [1, 2, 4, 4, 5, 3, 1, 1, 4, 3]


def reads() -> dict[str, dict[str, list[int | None]]]:
    zoe: dict[str, list[int | None]] = {
        f"c{i}": [a, b] for i, (a, b) in enumerate(zip(FIRST, SECOND, strict=True))
    }
    zoe["c10"] = [3, None]
    return {"zoe": zoe, "ann": {"c0": [1, 1, 2], "c1": [2, 2, 2], "c2": [3, 3, 3]}}


def test_kappa_is_of_the_second_read_against_the_first() -> None:
    ann, zoe = intra_reader_categories(reads(), range(1, 6), "linear")
    assert (ann.reader, zoe.reader) == ("ann", "zoe")
    assert zoe.kappa == cohen_kappa(FIRST, SECOND, range(1, 6), "linear")
    assert (zoe.n, zoe.n_occasions, zoe.single_cases) == (10, 2, ("c10",))
    assert [(item.case, item.answers) for item in zoe.changed] == [
        ("c2", (3, 4)), ("c6", (2, 1)), ("c9", (5, 3)),
    ]  # fmt: skip
    assert isinstance(zoe.coefficients, MultiraterAgreement)
    assert zoe.coefficients.conger.estimate == pytest.approx(zoe.kappa.kappa)
    assert zoe.coefficients.raters == ("read 01", "read 02")


def test_a_third_read_counts_in_the_coefficients_of_many() -> None:
    ann = intra_reader_categories(reads(), range(1, 6))[0]
    assert ann.n_occasions == 3
    assert isinstance(ann.coefficients, MultiraterAgreement)
    # Of nine pairs of reads of one case, two differ.
    assert ann.coefficients.percent_agreement.estimate == pytest.approx(7 / 9)
    assert ann.kappa.kappa == 1.0
    assert [item.case for item in ann.changed] == ["c0"]


def measured() -> dict[str, dict[str, list[float | None]]]:
    return {
        "zoe": {f"c{i}": [float(a), b + 0.25] for i, (a, b) in enumerate(zip(FIRST, SECOND, strict=True))}
        | {"c10": [None, 4.0]}
    }


def test_measurements_give_icc_differences_and_repeatability() -> None:
    (zoe,) = intra_reader_measurements(measured())
    first: dict[str, float | None] = {f"c{i}": float(a) for i, a in enumerate(FIRST)}
    second: dict[str, float | None] = {f"c{i}": b + 0.25 for i, b in enumerate(SECOND)}
    assert isinstance(zoe.icc, IccResult)
    assert zoe.icc.forms == icc({"read 01": first, "read 02": second}).forms
    assert isinstance(zoe.bland_altman, BlandAltman)
    mean = sum(b + 0.25 - a for a, b in zip(FIRST, SECOND, strict=True)) / 10
    assert zoe.bland_altman.bias == pytest.approx(mean)
    squares = sum((b + 0.25 - a) ** 2 for a, b in zip(FIRST, SECOND, strict=True)) / 20
    assert zoe.repeatability.within_sd == pytest.approx(math.sqrt(squares))
    assert zoe.single_cases == ("c10",)


def test_nothing_read_twice_is_not_estimable() -> None:
    (ann,) = intra_reader_categories({"ann": {"x": [1], "y": [2, None]}}, [1, 2])
    assert ann.kappa.kappa == NotEstimable("no case was rated by both raters")
    assert ann.coefficients == NotEstimable("no case was read twice")
    (bob,) = intra_reader_measurements({"bob": {"x": [1.0]}})
    assert bob.icc == bob.bland_altman == NotEstimable("no case was read twice")
    assert bob.repeatability.n == 0
    ann.to_json()
    bob.to_json()


@pytest.mark.parametrize(
    ("answers", "code", "named"),
    [
        ([1, 9], "unknown_category", "ann, case x, read 2: 9"),
        ([math.nan, 1], "unknown_category", "read 1: nan"),
    ],
)
def test_a_wrong_answer_is_refused_by_name(answers: Any, code: str, named: str) -> None:
    with pytest.raises(AnalysisError, match=named) as refused:
        intra_reader_categories({"ann": {"x": answers}}, [1, 2])
    assert refused.value.code == code


def test_other_bad_input_is_refused() -> None:
    with pytest.raises(AnalysisError, match="ann, case x, read 2: the value is nan"):
        intra_reader_measurements({"ann": {"x": [1.0, math.nan]}})
    for call in (lambda: intra_reader_categories({}, [1, 2]), lambda: intra_reader_measurements({})):
        with pytest.raises(AnalysisError, match="no reader"):
            call()
