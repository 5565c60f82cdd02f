"""The figures of prediction models: the same bytes, the right words and colors, no crash on odd results."""

import io
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.analysis.calibration import calibration
from backend.analysis.clinical_impact import clinical_impact, roc_components
from backend.analysis.decision_curve import decision_curve, survival_decision_curve
from backend.analysis.methods_models import METHODS_MODELS
from backend.analysis.model_figures import (
    calibration_figure,
    components_figure,
    decision_figure,
    impact_figure,
)
from backend.analysis.nomogram import CategoricalTerm, Nomogram, NumericTerm, logistic_nomogram
from backend.analysis.nomogram_figure import nomogram_figure
from backend.analysis.reclassification import categorical_nri, continuous_nri, integrated_discrimination
from tests.analysis.model_cases import flags, numbers

AT = [0.1, 0.2, 0.4, 0.6]


def nomogram() -> Nomogram:
    terms = [
        NumericTerm("Tumor marker", 0.8, (0.0, 1.0, 2.0, 3.0)),
        CategoricalTerm("Stage", {"T2": 0.0, "T3": 0.4, "T4": 0.42}),
    ]
    made = logistic_nomogram(-2.0, terms, outcome="response")
    assert isinstance(made, Nomogram)
    return made


def figures(*, is_odd: bool = False) -> dict[str, Callable[..., bytes]]:
    truth, new = ([False, False], [0.0, 0.5]) if is_odd else (flags("y"), numbers("new"))
    drawn = calibration(truth, new)
    decision = decision_curve(truth, {"new": new}, thresholds=AT, resamples=50, seed=1)
    impact, components = clinical_impact(truth, new, thresholds=AT), roc_components(truth, new, thresholds=AT)

    def of(draw: Callable[..., bytes], *args: Any, **fixed: Any) -> Callable[..., bytes]:
        return lambda **options: draw(*args, title="Cohort $x_1$ <b>", **fixed, **options)

    return {
        "calibration": of(calibration_figure, drawn),
        "net_benefit": of(decision_figure, decision),
        "standardized": of(decision_figure, decision, measure="standardized"),
        "avoided": of(decision_figure, decision, measure="avoided"),
        "impact": of(impact_figure, impact),
        "components": of(components_figure, components),
        "nomogram": of(nomogram_figure, nomogram()),
    }


WORDS = {
    "calibration": ["Predicted probability", "10 groups of cases (95% Wilson CI)", "Perfect calibration"],
    "net_benefit": ["Net benefit", "new", "Treat all", "Treat none", "1:4"],
    "standardized": ["Standardized net benefit", "95% bootstrap bands, 50 samples, seed 1; n = 240"],
    "avoided": ["Net interventions avoided per 100 cases"],
    "impact": ["Called high risk, with the outcome", "Cases, of 1000", "95% Wilson bands; n = 240"],
    "components": ["Sensitivity (true-positive rate)", "False-positive rate"],
    "nomogram": ["Tumor marker", "T4", "Total points", "Linear predictor", "Probability of response"],
}


@pytest.mark.parametrize("kind", list(WORDS))
def test_svg_is_the_same_bytes_and_says_what_it_shows(kind: str) -> None:
    svg = figures()[kind]()
    assert svg == figures()[kind]()
    root = ET.fromstring(svg)  # noqa: S314 (made here)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    text = svg.decode()
    assert "<dc:date>" not in text
    assert "synthetic" not in text
    # Text is drawn as outlines; matplotlib leaves the words in a comment before each.
    for words in WORDS[kind]:
        assert f"<!-- {words} -->" in text
    titles = [title.text or "" for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any(title.endswith(": Cohort $x_1$ <b>") for title in titles)


@pytest.mark.parametrize("kind", ["calibration", "net_benefit", "nomogram"])
def test_png_is_the_same_bytes_and_synthetic_data_are_labeled(kind: str) -> None:
    draw = figures()[kind]
    png = draw(file_format="png", dpi=80)
    assert png == draw(file_format="png", dpi=80)
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    color = (0, 0, 0) if kind == "nomogram" else (0x00, 0x72, 0xB2)
    assert (pixels == color).all(axis=2).sum() > 50
    assert "synthetic demonstration data" in draw(is_synthetic=True).decode()


@pytest.mark.parametrize("kind", list(WORDS))
def test_results_without_an_estimate_are_drawn_without_it(kind: str) -> None:
    svg = figures(is_odd=True)[kind]()
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 (made here)
    if kind == "calibration":
        assert "Slope not estimable: no case has the outcome" in svg.decode()


def test_a_nomogram_prints_no_label_over_another() -> None:
    # T3 and T4 are 2 points apart of 240: the second label goes below its line.
    stage = nomogram().axes[1].ticks
    assert stage[2].points - stage[1].points < 1
    assert figures()["nomogram"]().decode().count("<!-- T") == 5  # T2 T3 T4, "Tumor marker", "Total points"


@pytest.mark.parametrize(("unit", "told"), [("months", "12 months"), ("", "12")])
def test_a_decision_curve_of_survival_says_the_unit_of_its_time(unit: str, told: str) -> None:
    new = numbers("new")
    times = [6.0 + 12.0 * math.sqrt(1.0 - value) for value in new]
    curve = survival_decision_curve(times, flags("y"), {"new": new}, at=12.0, thresholds=AT)
    svg = decision_figure(curve, title="OS", time_unit=unit).decode()
    assert f"<!-- No bootstrap; n = 240; event by time {told} -->" in svg


def test_every_method_that_a_result_names_has_its_text() -> None:
    keys = [method.key for method in METHODS_MODELS]
    assert len(keys) == len(set(keys))
    truth, old, new = flags("y"), numbers("old"), numbers("new")
    results = (
        calibration(truth, new),
        decision_curve(truth, {"new": new}, thresholds=AT),
        clinical_impact(truth, new),
        roc_components(truth, new),
        categorical_nri(truth, old, new, [0.3]),
        continuous_nri(truth, old, new),
        integrated_discrimination(truth, old, new),
        nomogram(),
    )
    assert {result.method for result in results} <= set(keys)
    assert all(method.references and method.text.endswith(".") for method in METHODS_MODELS)
