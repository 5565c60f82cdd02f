"""Pelvic node metastasis from the primary cervical tumor: five centers, three models, standardized reads."""

from collections.abc import Sequence

import numpy as np

from backend.analysis.demo.drawing import (
    Flags,
    Floats,
    ReadTable,
    case_names,
    classes,
    columns_csv,
    dealt,
    log_odds,
    predictions_csv,
    probability,
    study_json,
    truth_csv,
)
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_extras import FEATURES

TRAINING, INTERNAL = 481, 204
EXTERNAL = {"B": 207, "C": 97, "D": 85, "E": 21}
POSITIVES = (149, 63, 127)
SENSITIVITY, SPECIFICITY = 0.4, 0.95
READERS, CONSENSUS = ("Reader 1", "Reader 2"), "Consensus"
DRAWN, N_FEATURES = 30, 12


def cervix_dlrc(seed: int) -> dict[str, str]:
    """Files of a synthetic dataset of 1,095 cases; the 410 external ones are read."""
    rng = np.random.default_rng(seed)
    external = sum(EXTERNAL.values())
    sizes = (TRAINING, INTERNAL, external)
    cases = [name for prefix, n in zip("TIX", sizes, strict=True) for name in case_names(prefix, n)]
    truth = np.concatenate([classes(rng, n, n1) for n, n1 in zip(sizes, POSITIVES, strict=True)])
    has_large_node = np.where(truth, rng.random(len(cases)) < 0.35, rng.random(len(cases)) < 0.05)
    models = _models(rng, truth, has_large_node)
    start = TRAINING + INTERNAL
    return {
        "study.json": study_json(_design(), "cervix-dlrc"),
        "truth.csv": truth_csv(dict(zip(cases, truth.tolist(), strict=True))),
        "predictions.csv": predictions_csv(models, cases),
        "reads.csv": _reads(rng, cases[start:], truth[start:], has_large_node[start:]),
        "cases.csv": columns_csv(cases, _columns(rng, truth, has_large_node)),
        "features.csv": _features(rng, cases[:DRAWN]),
    }


def _design() -> dict[str, object]:
    return {
        "title": "Pelvic node metastasis of cervical cancer, deep learning and radiomics",
        "positive_class": "node metastasis",
        "readers": list(READERS),
        "consensus": [CONSENSUS],
        "arms": ["SRA"],
        "records": {
            "objective": "Whether the primary tumor tells pelvic node metastasis of cervical cancer",
            "data_collection": "retrospective",
            "reference_standard": "Pathology of the dissected nodes",
            "readers": [
                {"name": name, "years_experience": years, "specialty": "radiology"}
                for name, years in zip(READERS, (5, 11), strict=True)
            ],
        },
        "scale": [0, 1],
        "positive_from": 1,
        "questions": [
            {"key": "necrosis", "label": "Central necrosis", "categories": ["no", "yes"]},
        ],
        "analysis": {
            "cohort": "cohort",
            "development": ["training"],
            "table": ["age", "FIGO", "family_history", "short_axis", "c_LNM"],
            "subgroups": ["short_axis", "center"],
            "prevalences": [0.3],
            "risk_cutoffs": [0.2, 0.4],
            "reclassification": [["radiomics", "DLRC"], ["deep learning", "DLRC"]],
            "predictors": ["radiomics", "deep learning", "c_LNM"],
            "tests": {"family_history": "yates"},
            "labels": {
                "cohort": "Cohort",
                "center": "Center",
                "age": "Age, years",
                "FIGO": "FIGO stage",
                "family_history": "Family history",
                "short_axis": "Short axis",
                "c_LNM": "Clinical LNM",
            },
        },
    }


def _models(
    rng: np.random.Generator, truth: Flags, has_large_node: Flags
) -> dict[str, tuple[Floats, Floats | None, float]]:
    n = len(truth)
    prevalence = sum(POSITIVES) / n
    shared = rng.standard_normal(n)
    radiomics = 0.95 * truth + 0.6 * shared + 0.8 * rng.standard_normal(n)
    deep = 1.05 * truth + 0.6 * shared + 0.8 * rng.standard_normal(n)
    odds = {
        "radiomics": log_odds(radiomics, 0.95, prevalence),
        "deep learning": log_odds(deep, 1.05, prevalence),
    }
    combined = 0.52 * radiomics + 0.62 * deep + 1.1 * has_large_node
    odds["DLRC"] = 1.05 * combined - 1.75
    return {name: (own, probability(own), -0.45) for name, own in odds.items()}


def _columns(rng: np.random.Generator, truth: Flags, has_large_node: Flags) -> dict[str, Sequence[object]]:
    external = sum(EXTERNAL.values())
    n = len(truth)
    history = np.empty(n, dtype=object)
    training = np.arange(n) < TRAINING
    history[training & ~truth] = dealt(rng, {"no": 290, "yes": 42})
    history[training & truth] = dealt(rng, {"no": 129, "yes": 20})
    history[~training] = dealt(rng, {"no": n - TRAINING - 76, "yes": 76})
    cohorts = ["training"] * TRAINING + ["internal validation"] * INTERNAL
    return {
        "cohort": [*cohorts, *(["external validation"] * external)],
        "center": [*(["A"] * (TRAINING + INTERNAL)), *dealt(rng, EXTERNAL)],
        "age": [int(age) for age in np.clip(np.round(50 + 10 * rng.standard_normal(n)), 22, 80)],
        "FIGO": dealt(rng, {"IB": 700, "IIA": n - 700}),
        "family_history": history.tolist(),
        "short_axis": ["10 mm and above" if one else "below 10 mm" for one in has_large_node],
        "c_LNM": [int(one) for one in has_large_node],
    }


def _reads(rng: np.random.Generator, cases: list[str], truth: Flags, has_large_node: Flags) -> str:
    table = ReadTable(rng)
    n = len(cases)
    seen = np.where(truth, rng.random(n) < SENSITIVITY, rng.random(n) > SPECIFICITY) | (
        has_large_node & (rng.random(n) < 0.5)
    )
    for reader, slip in zip((*READERS, CONSENSUS), (0.08, 0.05, 0.0), strict=True):
        calls = seen ^ (rng.random(n) < slip)
        answers: dict[str, list[tuple[str, Cell]]] = {
            case: [
                ("rating", int(calls[i])),
                ("necrosis", "yes" if calls[i] and rng.random() < 0.4 else "no"),
            ]
            for i, case in enumerate(cases)
        }
        table.session(reader, "SRA", 1, answers, 70.0)
    return table.text()


def _features(rng: np.random.Generator, cases: list[str]) -> str:
    """Two readers draw thirty tumors, the first one twice; the later a feature, the less it is reproduced."""
    rows: list[list[Cell]] = []
    for number in range(N_FEATURES):
        noise = 0.15 + 0.12 * number
        value = rng.standard_normal(len(cases))
        for reader, session in (("Reader 1", 1), ("Reader 1", 2), ("Reader 2", 1)):
            drawn = value + noise * rng.standard_normal(len(cases))
            rows += [
                [reader, session, case, f"feature_{number + 1:02d}", round(float(one), 6)]
                for case, one in zip(cases, drawn, strict=True)
            ]
    return csv_text(FEATURES, rows)
