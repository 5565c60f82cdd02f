"""Does this lateral pelvic lymph node hold metastasis: two readers, without and with a radiomics score."""

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
    rated,
    study_json,
    truth_csv,
)
from backend.analysis.formats.cells import Cell, csv_text
from backend.analysis.formats.dataset_extras import EXCLUSIONS

DEVELOPMENT, VALIDATION, READ = 190, 146, 100
SEPARATION = 1.3
CUT_OFF = -0.47
READERS = {"Reader 1": (0.95, 0.45), "Reader 2": (0.7, 0.6)}
CUTS = (-0.5, 0.15, 0.8, 1.4)
REPEATED = 20


def lpln_radiomics(seed: int) -> dict[str, str]:
    """Files of a synthetic dataset of 336 cases, 100 of them read twice by two readers."""
    rng = np.random.default_rng(seed)
    cases = [*case_names("D", DEVELOPMENT), *case_names("V", VALIDATION)]
    read_truth = classes(rng, READ, 31)
    truth = np.concatenate((classes(rng, DEVELOPMENT, 65), read_truth, classes(rng, VALIDATION - READ, 17)))
    latent = SEPARATION * truth + rng.standard_normal(len(cases))
    clinical = 0.85 * (latent - SEPARATION * truth) + 0.527 * rng.standard_normal(len(cases))
    scores = {
        "radiomics": log_odds(latent, SEPARATION, 0.336),
        "clinical-radiomics": log_odds(1.4 * truth + clinical, 1.4, 0.336),
    }
    drawn = 5.5 + 1.6 * truth.astype(np.float64) + 1.7 * rng.standard_normal(len(cases))
    short_axis = np.round(np.clip(drawn, 2.5, 20.0), 1).astype(np.float64)
    return {
        "study.json": study_json(_design(), "lpln-radiomics"),
        "truth.csv": truth_csv(dict(zip(cases, truth.tolist(), strict=True))),
        "predictions.csv": predictions_csv(
            {name: (odds, probability(odds), CUT_OFF) for name, odds in scores.items()}, cases
        ),
        "cases.csv": columns_csv(cases, _columns(rng, short_axis)),
        "reads.csv": _reads(
            rng,
            cases[DEVELOPMENT : DEVELOPMENT + READ],
            read_truth,
            latent[DEVELOPMENT : DEVELOPMENT + READ],
            short_axis[DEVELOPMENT : DEVELOPMENT + READ],
        ),
        "exclusions.csv": csv_text(
            EXCLUSIONS,
            [
                [
                    "V-007",
                    "Reader 1",
                    2,
                    "read 12 days after the first session, 14 were required",
                    "per-protocol",
                ],
                [
                    "V-031",
                    "Reader 2",
                    2,
                    "read 12 days after the first session, 14 were required",
                    "per-protocol",
                ],
            ],
        ),
    }


def _design() -> dict[str, object]:
    return {
        "title": "Lateral pelvic lymph nodes, readers and radiomics",
        "positive_class": "metastatic node",
        "readers": list(READERS),
        "arms": ["UNAIDED", "AIDED"],
        "scale": {"from": 1, "to": 5},
        "positive_from": 4,
        "records": {
            "objective": "Whether readers tell metastatic lateral pelvic lymph nodes better with a radiomics score",
            "data_collection": "retrospective",
            "washout_days": 14,
            "reader_blinding": "Readers were blinded to pathology",
            "clinical_information": "Readers were told whether the examination was made before or after treatment",
            "reference_standard": "Pathology of the dissected nodes, one index node a patient",
            "readers": [
                {"name": name, "years_experience": years, "specialty": "radiology"}
                for name, years in zip(READERS, (16, 10), strict=True)
            ],
        },
        "questions": [
            {"key": "side", "label": "Side", "categories": ["left", "right"]},
            {"key": "margin", "label": "Margin", "categories": ["smooth", "ill-defined or spiculated"]},
        ],
        "measurements": [{"key": "short_axis", "label": "Short axis", "unit": "mm"}],
        "analysis": {
            "cohort": "cohort",
            "development": ["development"],
            "shown_model": "radiomics",
            "margin": 0.1,
            "prevalences": [0.3],
            "risk_cutoffs": [0.2, 0.5],
            "reclassification": [["radiomics", "clinical-radiomics"]],
            "subgroups": ["neoadjuvant"],
            "predictors": ["radiomics", "sex", "neoadjuvant"],
            "tests": {"sex": "fisher", "dissection": "fisher"},
            "labels": {
                "cohort": "Cohort",
                "institution": "Institution",
                "sex": "Sex",
                "age": "Age, years",
                "dissection": "Dissection",
                "T_stage": "T stage",
                "N_stage": "N stage",
                "neoadjuvant": "Neoadjuvant therapy",
                "short_axis_mm": "Short axis, mm",
            },
        },
    }


def _columns(rng: np.random.Generator, short_axis: Floats) -> dict[str, Sequence[object]]:
    n = DEVELOPMENT + VALIDATION

    def both(first: dict[str, int], second: dict[str, int]) -> Sequence[object]:
        return [*dealt(rng, first), *dealt(rng, second)]

    return {
        "cohort": ["development"] * DEVELOPMENT + ["validation"] * VALIDATION,
        "institution": [*dealt(rng, {"A": 105, "B": 85}), *(["C"] * VALIDATION)],
        "sex": both({"male": 114, "female": 76}, {"male": 85, "female": 61}),
        "age": [int(age) for age in np.clip(np.round(60 + 10 * rng.standard_normal(n)), 25, 88)],
        "dissection": both({"unilateral": 137, "bilateral": 53}, {"unilateral": 116, "bilateral": 30}),
        "T_stage": both(
            {"T0/Tis": 17, "T1": 7, "T2": 27, "T3": 121, "T4": 18},
            {"T0/Tis": 10, "T1": 5, "T2": 31, "T3": 83, "T4": 17},
        ),
        "N_stage": both({"N0": 79, "N1": 68, "N2": 43}, {"N0": 72, "N1": 46, "N2": 28}),
        "neoadjuvant": both({"yes": 140, "no": 50}, {"yes": 98, "no": 48}),
        "short_axis_mm": short_axis.tolist(),
    }


def _reads(
    rng: np.random.Generator, cases: list[str], truth: Flags, model: Floats, short_axis: Floats
) -> str:
    table = ReadTable(rng)
    sides = dealt(rng, {"left": 52, "right": 48})
    shared = rng.standard_normal(len(cases))
    for reader, (skill, trust) in READERS.items():
        unaided = skill * truth + 0.6 * shared + 0.8 * rng.standard_normal(len(cases))
        again = unaided + 0.35 * rng.standard_normal(len(cases))
        aided = 0.62 * again + trust * model
        for arm, session, latent, n, seconds in (
            ("UNAIDED", 1, unaided, len(cases), 62.0),
            ("AIDED", 2, aided, len(cases), 51.0),
            ("UNAIDED", 3, again, REPEATED, 55.0),
        ):
            ratings = rated(latent, CUTS)
            measured = np.round(short_axis + 0.5 * rng.standard_normal(len(cases)), 1)
            answers: dict[str, list[tuple[str, Cell]]] = {}
            for index in range(n):
                side = sides[index] if rng.random() < 0.93 else ("left", "right")[int(rng.random() < 0.5)]
                is_irregular = latent[index] + 0.7 * rng.standard_normal() > 0.9
                answers[cases[index]] = [
                    ("rating", ratings[index]),
                    ("side", side),
                    ("margin", "ill-defined or spiculated" if is_irregular else "smooth"),
                    ("short_axis", float(max(1.0, measured[index]))),
                ]
            table.session(reader, arm, session, answers, seconds)
    return table.text()
