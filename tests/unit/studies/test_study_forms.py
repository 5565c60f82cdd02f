"""The rules of the four studies, as the papers state them, against the forms that ask for them."""

from typing import Any

import pytest

from backend.studies import study_forms
from backend.studies.forms import check_answers
from backend.studies.study_forms import cervix_sra_form, larc_delineation_form, lln_form


def answers(form: dict[str, Any], **given: Any) -> dict[str, Any]:
    checked = check_answers(form, given, complete=False)
    assert checked.errors == {}
    return checked.answers


def side(name: str, short: float | None, *features: bool, region: str = "obturator") -> dict[str, Any]:
    if short is None:
        return {f"{name}_node": False}
    border, signal = features or (False, False)
    return {
        f"{name}_node": True,
        f"{name}_region": f"{name}_{region}",
        f"{name}_short_axis_mm": short,
        f"{name}_irregular_border": border,
        f"{name}_heterogeneous_signal": signal,
    }


@pytest.mark.parametrize(
    ("short", "border", "signal", "is_positive"),
    [
        (7, False, False, True),
        (6.9, False, False, False),
        (6.9, True, False, False),
        (6.9, False, True, False),
        (6.9, True, True, True),
        (1, True, True, True),
    ],
)
def test_a_lateral_node_is_positive_by_its_size_or_by_both_features(
    short: float, border: bool, signal: bool, is_positive: bool
) -> None:
    """STUDIES 2: short axis of at least 7 mm, or smaller with at least two malignant features."""
    found = answers(lln_form(), **side("left", short, border, signal), right_node=False)
    assert found["left_positive"] is is_positive
    assert found["right_positive"] is False
    assert found["status"] is is_positive
    assert found["region"] == ("left_obturator" if is_positive else "none")


@pytest.mark.parametrize(
    ("left", "right", "region", "largest", "diameter_class"),
    [
        (None, None, "none", None, "none"),
        (4.9, None, "none", 4.9, "under_5"),
        (5, None, "none", 5, "from_5_to_7"),
        (None, 6.9, "none", 6.9, "from_5_to_7"),
        (None, 7, "right_obturator", 7, "from_7"),
        (8, 9, "right_obturator", 9, "from_7"),
        (9, 8, "left_obturator", 9, "from_7"),
        (8, 8, "left_obturator", 8, "from_7"),
        (6, 8, "right_obturator", 8, "from_7"),
        (8, 6, "left_obturator", 8, "from_7"),
    ],
)
def test_the_case_takes_region_and_size_from_its_nodes(
    left: float | None, right: float | None, region: str, largest: float | None, diameter_class: str
) -> None:
    found = answers(lln_form(), **side("left", left), **side("right", right))
    assert (found["region"], found["largest_short_axis_mm"], found["diameter_class"]) == (
        region,
        largest,
        diameter_class,
    )


def test_the_region_is_that_of_the_positive_node_though_the_other_is_larger() -> None:
    found = answers(lln_form(), **side("left", 6.5), **side("right", 5, True, True, region="external_iliac"))
    assert found["region"] == "right_external_iliac"
    assert found["largest_short_axis_mm"] == 6.5


def test_a_side_without_a_node_asks_nothing_more() -> None:
    checked = check_answers(lln_form(), {"left_node": False, "right_node": False}, complete=True)
    assert checked.errors == {}
    assert checked.answers["status"] is False
    assert {key for key in checked.hidden if key.startswith("left_")} == {
        "left_region",
        "left_short_axis_mm",
        "left_irregular_border",
        "left_heterogeneous_signal",
    }


def test_a_node_must_be_placed_measured_and_judged() -> None:
    errors = check_answers(lln_form(), {"left_node": True, "right_node": False}, complete=True).errors
    assert sorted(errors) == [
        "left_heterogeneous_signal",
        "left_irregular_border",
        "left_region",
        "left_short_axis_mm",
    ]


@pytest.mark.parametrize(
    ("short", "long", "necrosis", "is_positive", "c_lnm"),
    [
        (10, 30, False, True, True),
        (9.9, 20, False, False, False),
        (8, 9.9, False, True, False),
        (8, 10, False, False, False),
        (8.04, 10, False, True, False),
        (7.9, 8, False, False, False),
        (3, 9, True, True, False),
    ],
)
def test_the_standardized_assessment_follows_its_three_rules(
    short: float, long: float, necrosis: bool, is_positive: bool, c_lnm: bool
) -> None:
    """STUDIES 3: short axis of at least 10 mm, or necrosis, or at least 8 mm with a ratio above 0.8 (exactly)."""
    found = answers(
        cervix_sra_form(),
        node_visible=True,
        short_axis_mm=short,
        long_axis_mm=long,
        central_necrosis=necrosis,
    )
    assert found["sra_positive"] is is_positive
    assert found["c_lnm"] is c_lnm
    assert found["ratio"] == pytest.approx(short / long, abs=0.0051)


def test_a_patient_without_a_node_to_measure_is_negative() -> None:
    checked = check_answers(cervix_sra_form(), {"node_visible": False}, complete=True)
    assert checked.errors == {}
    assert (checked.answers["sra_positive"], checked.answers["c_lnm"]) == (False, False)


def test_the_tumor_is_drawn_where_it_is_visible() -> None:
    given = {"tumour_visible": True, "image_quality": 4, "confidence": 5}
    assert list(check_answers(larc_delineation_form(), given, complete=True).errors) == ["tumour"]
    unseen = check_answers(larc_delineation_form(), {**given, "tumour_visible": False}, complete=True)
    assert unseen.errors == {}
    assert unseen.answers["volume_ml"] is None


def test_the_volume_of_the_tumor_is_rounded_to_tenths() -> None:
    contour = {
        "sop_uid": "2.25.1",
        "frame_of_reference_uid": "2.25.2",
        "points_mm": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
    }
    checked = check_answers(
        larc_delineation_form(),
        {"tumour_visible": True, "tumour": {"contours": [contour]}},
        complete=False,
        computed={"tumour_volume_ml": 12.349, "tumour_slices": 9},
    )
    assert checked.answers["volume_ml"] == 12.3


@pytest.mark.parametrize("make", [study_forms.practice_form, study_forms.blank_form])
def test_practice_and_blank_ask_for_a_rating_of_five_points(make: Any) -> None:
    form = make()
    rating = next(question for question in form["questions"] if question["key"] == "rating")
    assert [option["value"] for option in rating["options"]] == [1, 2, 3, 4, 5]
    assert list(check_answers(form, {}, complete=True).errors) == ["rating"]


def test_no_two_forms_share_a_question() -> None:
    """A coordinator's change to one form must not reach another."""
    first, second = study_forms.lpln_form(), study_forms.lpln_form()
    for one, other in zip(first["questions"], second["questions"], strict=True):
        assert one == other
        assert one is not other
        assert one.get("options", one) is not other.get("options", other)
