"""Find, place and size lateral lymph nodes, and what they mean for survival: three readers and a model."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from backend.analysis.demo.drawing import (
    Flags,
    Floats,
    ReadTable,
    case_names,
    classes,
    columns_csv,
    dealt,
    followed,
    outcomes_csv,
    predictions_csv,
    probability,
    study_json,
    truth_csv,
)
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_extras import MASKS, MODEL_ANSWERS, REFERENCE
from backend.analysis.formats.dataset_marks import LESIONS, MARKS

CASES, POSITIVE = 480, 61
HITS, FALSE_ALARMS = 45, 44
REGIONS = ("none", "external iliac", "obturator", "internal iliac")
DIAMETERS = ("below 5 mm", "5 to 7 mm", "7 mm and above")
LIMITS = (5.0, 7.0)
READERS = {"Junior": (0.1, 0.22), "Mid-level": (0.07, 0.15), "Senior": (0.04, 0.08)}
MODEL = "nnU-Net"
# So many positive and negative cases came back to each reader as hidden repeats.
REPEATED = (15, 25)


def lln_segmentation(seed: int) -> dict[str, str]:
    """Files of a synthetic dataset of 480 cases read by three readers and a model, with follow-up."""
    rng = np.random.default_rng(seed)
    cases = case_names("N", CASES)
    truth = classes(rng, CASES, POSITIVE)
    size = np.clip(np.where(truth, 8.2, 4.4) + 1.3 * rng.standard_normal(CASES), 2.0, 16.0)
    region = [
        REGIONS[0] if not is_positive else REGIONS[1 + int(rng.choice(3, p=[0.15, 0.6, 0.25]))]
        for is_positive in truth
    ]
    model_calls = _model_calls(rng, truth)
    model_size = np.clip(size + 0.9 * rng.standard_normal(CASES), 2.0, None)
    model_region = [_seen_region(rng, region[i], bool(model_calls[i]), 0.1) for i in range(CASES)]
    score = (
        np.where(model_calls, 0.6, -0.6)
        + 0.1 * (model_size - 5)
        + 0.2 * np.abs(rng.standard_normal(CASES)) * np.where(model_calls, 1, -1)
    )
    score = np.where(model_calls, np.maximum(score, 0.05), np.minimum(score, -0.05))
    answers = [
        [MODEL, case, question, value]
        for i, case in enumerate(cases)
        for question, value in (("region", model_region[i]), ("diameter", _class(model_size[i])))
    ]
    reads, calls = _reads(rng, np.random.default_rng([seed, 3]), cases, truth, region, size)
    lesions, marks = _marks(np.random.default_rng([seed, 1]), cases, truth, calls)
    return {
        "study.json": study_json(_design(), "lln-segmentation"),
        "truth.csv": truth_csv(dict(zip(cases, truth.tolist(), strict=True))),
        "predictions.csv": predictions_csv({MODEL: (score, probability(2.2 * score - 0.8), 0.0)}, cases),
        "model-answers.csv": csv_text(MODEL_ANSWERS, answers),
        "reference.csv": csv_text(
            REFERENCE,
            [
                [case, question, value]
                for i, case in enumerate(cases)
                for question, value in (("region", region[i]), ("diameter", _class(size[i])))
            ],
        ),
        "reads.csv": reads,
        "lesions.csv": lesions,
        "marks.csv": marks,
        "masks.csv": _outlines(np.random.default_rng([seed, 2]), np.array(cases)[truth].tolist()),
        "outcomes.csv": outcomes_csv(_outcomes(rng, truth, size), cases),
        "cases.csv": columns_csv(cases, _columns(rng, region, size)),
    }


def _design() -> dict[str, object]:
    return {
        "title": "Lateral lymph nodes, three readers and a segmentation model",
        "positive_class": "positive lateral node",
        "readers": list(READERS),
        "arms": ["INDEPENDENT"],
        "records": {
            "objective": "How well readers and a segmentation model find, place and size lateral lymph nodes",
            "data_collection": "retrospective",
            "is_independent": True,
            "reader_blinding": "Readers were blinded to each other's answers and to the outcome",
            "reference_standard": "Consensus of radiologists",
        },
        "rating": "status",
        "scale": [0, 1],
        "positive_from": 1,
        "questions": [
            {"key": "region", "label": "Region of the positive node", "categories": list(REGIONS)},
            {"key": "diameter", "label": "Short-axis diameter", "categories": list(DIAMETERS)},
        ],
        "measurements": [{"key": "short_axis", "label": "Largest short axis", "unit": "mm"}],
        "analysis": {
            "cohort": "center",
            "survival_groups": ["region", "diameter"],
            "ordered": {"diameter": list(DIAMETERS)},
            "strata": "neoadjuvant",
            "subgroups": ["neoadjuvant"],
            "covariates": ["age", "sex", "T_stage", "CEA", "lateral_node", "diameter"],
            "clinical": ["lateral_node"],
            "labels": {
                "center": "Center",
                "age": "Age, years",
                "sex": "Sex",
                "T_stage": "T stage",
                "CEA": "CEA, ng/mL",
                "neoadjuvant": "Neoadjuvant therapy",
                "lateral_node": "Lateral lymph node",
                "region": "Region of the positive node",
                "diameter": "Short-axis diameter",
            },
            "times": [12, 36, 60],
            "time_unit": "months",
        },
    }


def _model_calls(rng: np.random.Generator, truth: Flags) -> Flags:
    """As many hits and false alarms as the paper counts."""
    calls = np.zeros(CASES, dtype=np.bool_)
    calls[rng.choice(np.flatnonzero(truth), HITS, replace=False)] = True
    calls[rng.choice(np.flatnonzero(~truth), FALSE_ALARMS, replace=False)] = True
    return calls


def _class(size: float) -> str:
    return DIAMETERS[int(np.searchsorted(LIMITS, size, side="right"))]


def _seen_region(rng: np.random.Generator, region: str, is_called: bool, error: float) -> str:  # noqa: FBT001
    if not is_called:
        return REGIONS[0]
    if region == REGIONS[0] or rng.random() < error:
        return REGIONS[1 + int(rng.integers(3))]
    return region


def _reads(
    rng: np.random.Generator,
    again: np.random.Generator,
    cases: list[str],
    truth: Flags,
    region: list[str],
    size: Floats,
) -> tuple[str, dict[str, Flags]]:
    """``reads.csv``, and each reader's calls; the hidden repeats are drawn by a generator of their own."""
    table = ReadTable(rng)
    called: dict[str, Flags] = {}
    for reader, (false_alarm, miss) in READERS.items():
        calls = np.where(truth, rng.random(CASES) > miss, rng.random(CASES) < false_alarm)
        called[reader] = calls
        seen = np.round(np.clip(size + (2 * miss + 0.4) * rng.standard_normal(CASES), 1.5, None), 1)
        answers: dict[str, list[tuple[str, Cell]]] = {
            case: [
                ("status", int(calls[i])),
                ("region", _seen_region(rng, region[i], bool(calls[i]), miss)),
                ("diameter", _class(seen[i])),
                ("short_axis", float(seen[i])),
            ]
            for i, case in enumerate(cases)
        }
        table.session(reader, "INDEPENDENT", 1, answers, 95.0)
        repeated = np.concatenate(
            [
                again.choice(np.flatnonzero(one), n, replace=False)
                for one, n in zip((truth, ~truth), REPEATED, strict=True)
            ]
        )
        seen_again = {cases[i]: _seen_again(again, dict(answers[cases[i]]), miss) for i in repeated}
        table.repeats(again, reader, "INDEPENDENT", 1, seen_again, 80.0, first=CASES + 1)
    return table.text(), called


def _seen_again(rng: np.random.Generator, before: dict[str, Cell], error: float) -> list[tuple[str, Cell]]:
    """The answers to a case that came back: a reader who errs more often also changes more often."""
    is_called = bool(before["status"]) ^ bool(rng.random() < error / 2)
    size = round(max(1.5, float(str(before["short_axis"])) + 0.4 * rng.standard_normal()), 1)
    return [
        ("status", int(is_called)),
        ("region", _seen_region(rng, str(before["region"]), is_called, error / 2)),
        ("diameter", _class(size)),
        ("short_axis", size),
    ]


def _marks(
    rng: np.random.Generator, cases: list[str], truth: Flags, calls: dict[str, Flags]
) -> tuple[str, str]:
    """``lesions.csv`` and ``marks.csv``: who calls a case positive marks a node or more in it, and is so sure."""
    counts = np.where(truth, 1 + (rng.random(CASES) < 0.3), 0)
    rows: list[list[Cell]] = []
    for reader, (false_alarm, miss) in READERS.items():
        for i in np.flatnonzero(calls[reader]):
            hits = [f"L{n + 1}" for n in range(counts[i]) if rng.random() > miss]
            places = [*hits, *([""] if not hits or rng.random() < false_alarm else [])]
            for n, lesion in enumerate(places, start=1):
                sure = int(np.clip(round(rng.normal(75 if lesion else 45, 18)), 1, 100))
                rows.append([reader, "INDEPENDENT", 1, cases[i], n, lesion, sure])
    lesions = [[case, f"L{n + 1}"] for i, case in enumerate(cases) for n in range(counts[i])]
    return csv_text(LESIONS, lesions), csv_text((*MARKS[:-1], "lesion", "rating"), rows)


def _outlines(rng: np.random.Generator, cases: list[str]) -> str:
    """``masks.csv``: how the regions drawn by each two of readers and model compare in the positive cases."""
    spread = {**{reader: miss for reader, (_, miss) in READERS.items()}, MODEL: 0.1}
    rows: list[list[Cell]] = []
    for a, b in combinations(spread, 2):
        for case in cases:
            dice = float(rng.beta(30, 30 * (0.1 + spread[a] + spread[b])))
            distance = float((1 - dice) * rng.uniform(2.5, 4.5))
            values = {
                "dice": dice,
                "jaccard": dice / (2 - dice),
                "assd_mm": distance,
                "hausdorff95_mm": distance * float(rng.uniform(2.5, 4.0)),
                "volume_difference_ml": float(0.4 * rng.standard_normal()),
            }
            rows += [[case, a, b, measure, round(value, 4)] for measure, value in values.items()]
    return csv_text(MASKS, rows)


def _outcomes(rng: np.random.Generator, truth: Flags, size: Floats) -> dict[str, tuple[Floats, Flags]]:
    risk = np.exp(0.9 * truth + 0.12 * (size - 5))
    return {
        "DFS": followed(rng, 0.0042 * risk, months=(24, 84)),
        "OS": followed(rng, 0.0022 * risk, months=(30, 84)),
    }


def _columns(rng: np.random.Generator, region: list[str], size: Floats) -> dict[str, Sequence[object]]:
    return {
        "center": dealt(rng, {"D": 270, "E": 210}),
        "age": [int(age) for age in np.clip(np.round(61 + 11 * rng.standard_normal(CASES)), 24, 90)],
        "sex": dealt(rng, {"male": 301, "female": 179}),
        "T_stage": dealt(rng, {"T2": 82, "T3": 290, "T4": 108}),
        "CEA": [round(float(value), 1) for value in np.exp(1.3 + 0.8 * rng.standard_normal(CASES))],
        "neoadjuvant": dealt(rng, {"yes": 310, "no": 170}),
        "lateral_node": ["negative" if one == REGIONS[0] else "positive" for one in region],
        "region": list(region),
        "diameter": [_class(one) for one in size],
    }
