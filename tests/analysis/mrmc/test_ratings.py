"""The dataset of a reader study: designs recognized, gaps named, every inconsistency refused by its row."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from backend.analysis.errors import AnalysisError
from backend.analysis.mrmc.covariance import estimate_cells
from backend.analysis.mrmc.ratings import MrmcData, RatingRecord, mrmc_data, mrmc_from_array
from backend.analysis.mrmc.readers import ReaderLeftOut, left_out_readers, left_out_text


def crossed(n_cases: int = 6) -> list[RatingRecord]:
    """Two modalities, two readers, half of the cases diseased."""
    return [
        RatingRecord(reader, modality, f"c{case}", case % 2 == 0, float(case + len(reader)))
        for modality in ("m1", "m2")
        for reader in ("r1", "r2")
        for case in range(n_cases)
    ]


def of_mask(mask: np.ndarray[Any, Any]) -> MrmcData:
    """A study with reads where the mask says, ratings 1, 2, 3 ..."""
    ratings = np.arange(mask.size, dtype=float).reshape(mask.shape)
    return mrmc_from_array(np.where(mask, ratings, np.nan), [k % 2 == 0 for k in range(mask.shape[2])])


def masks() -> dict[str, np.ndarray[Any, Any]]:
    """One mask a design: two modalities, six readers, twelve cases."""
    full = np.ones((2, 6, 12), dtype=bool)
    first_readers = (np.arange(6) < 3)[None, :, None]
    first_cases = (np.arange(12) < 6)[None, None, :]
    first_modality = np.array([True, False])[:, None, None]
    own = np.arange(6)[None, :, None] == np.arange(12)[None, None, :] // 2
    odd_reader = (np.arange(6) % 2 == 0)[None, :, None]
    return {
        "fully_crossed": full,
        "readers_nested": full & (first_readers == first_modality),
        "cases_nested": full & (first_cases == first_modality),
        "both_nested": full & (first_readers == first_modality) & (first_cases == first_modality),
        "cases_nested_in_readers": full & own,
        "split_plot": full & (first_readers == first_cases),
        "split_plot_readers_nested": full & (first_readers == first_cases) & (odd_reader == first_modality),
    }


@pytest.mark.parametrize("name", list(masks()))
def test_recognizes_the_design_and_keeps_it_with_gaps(name: str) -> None:
    mask = masks()[name]
    complete = of_mask(mask)
    assert complete.design.name == name
    assert complete.missing == ()
    # A read whose case, reader and modality stand in other reads too, so that the gap is not the design's.
    gap = tuple(np.argwhere(mask)[1])
    mask = mask.copy()
    mask[gap] = False
    if not mask.any(axis=(0, 1)).all():
        return
    data = of_mask(mask)
    assert data.design.name == name
    assert [(m.modality, m.reader, m.case) for m in data.missing] == [
        (data.modalities[gap[0]], data.readers[gap[1]], data.cases[gap[2]])
    ]


def test_order_of_records_changes_nothing() -> None:
    records = crossed()
    shuffled = random.Random(4).sample(records, len(records))
    one, other = mrmc_data(records), mrmc_data(shuffled)
    assert (one.modalities, one.readers, one.cases) == (other.modalities, other.readers, other.cases)
    assert one.ratings.tobytes() == other.ratings.tobytes()


def test_declared_modalities_keep_their_order_and_none_is_a_missing_read() -> None:
    records = crossed()
    records[3] = replace(records[3], rating=None)
    data = mrmc_data(records, modalities=("m2", "m1"))
    assert data.modalities == ("m2", "m1")
    assert [(m.modality, m.reader, m.case) for m in data.missing] == [("m1", "r1", "c3")]
    assert data.only(("m1",)).modalities == ("m1",)
    assert data.only_readers(("r2",)).missing == ()


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"reader": ""}, "empty_name", "row 3"),
        ({"reader": "r9"}, "unknown_reader", "row 3"),
        ({"modality": "m9"}, "unknown_modality", "row 3"),
        ({"case": "c9"}, "unknown_case", "row 3"),
        ({"truth": 1}, "not_boolean", "row 3"),
        ({"truth": True}, "truth_disagrees", "row 3"),
        ({"rating": "high"}, "rating_not_a_number", "row 3"),
        ({"rating": True}, "rating_not_a_number", "row 3"),
        ({"rating": float("nan")}, "rating_not_finite", "row 3"),
        ({"rating": float("inf")}, "rating_not_finite", "row 3"),
        ({"rating": 101.0}, "rating_out_of_scale", "row 3"),
        ({"case": "c1"}, "duplicate_read", "row 3"),
    ],
)
def test_refuses_by_row(change: dict[str, Any], code: str, said: str) -> None:
    records = crossed()
    records[3] = replace(records[3], **change)
    declared = {f"c{case}": case % 2 == 0 for case in range(6)}
    with pytest.raises(AnalysisError, match=said) as raised:
        mrmc_data(records, modalities=("m1", "m2"), readers=("r1", "r2"), cases=declared, scale=(0, 100))
    assert raised.value.code == code


def test_refuses_what_has_no_read() -> None:
    with pytest.raises(AnalysisError) as raised:
        mrmc_data([])
    assert raised.value.code == "no_records"
    with pytest.raises(AnalysisError, match="r3") as raised:
        mrmc_data(crossed(), readers=("r1", "r2", "r3"))
    assert raised.value.code == "nothing_read"
    with pytest.raises(AnalysisError) as raised:
        mrmc_data(crossed(), readers=("r1", "r2", "r2"))
    assert raised.value.code == "name_repeated"


def test_a_pattern_of_no_design_is_kept_and_refused_by_an_analysis_of_variance() -> None:
    partly = masks()["fully_crossed"].copy()
    partly[1, 0] = False
    data = of_mask(partly)
    assert data.design.name == "irregular"
    assert data.missing == ()
    with pytest.raises(AnalysisError, match="reader 1 has no read under modality 2") as raised:
        estimate_cells(data)
    assert raised.value.code == "design_unknown"
    both = masks()["cases_nested"] & (np.arange(6)[None, :, None] % 2 == np.arange(12)[None, None, :] % 2)
    with pytest.raises(AnalysisError) as raised:
        estimate_cells(of_mask(both))
    assert raised.value.code == "design_unknown"


def test_without_the_readers_left_out_the_rest_is_the_design_it_is() -> None:
    for name, mask in masks().items():
        partly = mask.copy()
        if partly.shape[0] < 2 or name not in ("fully_crossed", "split_plot"):
            continue
        partly[1, 0] = False
        data = of_mask(partly)
        left = left_out_readers(
            data.read, data.truth, data.design, modalities=data.modalities, readers=data.readers
        )
        assert left == (ReaderLeftOut("1", "no read under 2"),)
        assert left_out_text(left) == "Readers left out: 1 (no read under 2)."
        assert data.only_readers(data.readers[1:]).design.name == name


def test_a_nested_reader_lacks_nothing_and_one_without_a_class_is_left_out() -> None:
    data = of_mask(masks()["readers_nested"])
    axes = {"modalities": data.modalities, "readers": data.readers}
    assert left_out_readers(data.read, data.truth, data.design, **axes) == ()
    crossed_mask = masks()["fully_crossed"].copy()
    plain = of_mask(crossed_mask)
    crossed_mask[0, 1] &= ~plain.truth
    data = of_mask(crossed_mask)
    axes = {"modalities": data.modalities, "readers": data.readers}
    assert left_out_readers(data.read, data.truth, data.design, **axes) == (
        ReaderLeftOut("2", "no read of a positive case under 1"),
    )


def test_a_class_that_no_case_has_is_asked_of_nobody() -> None:
    mask = masks()["fully_crossed"].copy()
    mask[1, 2] = False
    for truth, name in ((np.ones(12, dtype=bool), "positive"), (np.zeros(12, dtype=bool), "negative")):
        data = mrmc_from_array(np.where(mask, 1.0, np.nan), truth.tolist())
        left = left_out_readers(
            data.read, data.truth, data.design, modalities=data.modalities, readers=data.readers
        )
        assert left == (ReaderLeftOut("3", "no read under 2"),), name
