"""Distant metastasis after chemoradiotherapy: a deep-learning signature, a clinical model, a nomogram."""

from collections.abc import Sequence

import numpy as np

from backend.analysis.demo.drawing import (
    Flags,
    Floats,
    case_names,
    classes,
    columns_csv,
    dealt,
    log_odds,
    outcomes_csv,
    predictions_csv,
    probability,
    study_json,
    truth_csv,
)

PRIMARY, VALIDATION = 170, 65
POSITIVES = (42, 26)
CUT_OFF = 1.784
FOLLOWED = (36.5, 84.0)
LOST, LOST_BETWEEN = 0.15, (4.0, 36.0)


def larc_dm(seed: int) -> dict[str, str]:
    """Files of a synthetic dataset of 235 cases with models and follow-up, without readers."""
    rng = np.random.default_rng(seed)
    cases = [*case_names("P", PRIMARY), *case_names("V", VALIDATION)]
    n = len(cases)
    truth = np.concatenate([classes(rng, PRIMARY, POSITIVES[0]), classes(rng, VALIDATION, POSITIVES[1])])
    has_nodes = np.where(truth, rng.random(n) < 0.5, rng.random(n) < 0.25)
    is_t4 = np.where(truth, rng.random(n) < 0.35, rng.random(n) < 0.2)
    cea = np.exp(1.2 + 0.35 * truth + 0.8 * rng.standard_normal(n))
    signature = 1.45 * truth + rng.standard_normal(n)
    times, events = _times(rng, truth, signature)
    times = _lost_early(np.random.default_rng([seed, 1]), times, truth)
    return {
        "study.json": study_json(_design(), "larc-dm"),
        "truth.csv": truth_csv(dict(zip(cases, truth.tolist(), strict=True))),
        "predictions.csv": predictions_csv(_models(signature, has_nodes, is_t4, np.log(cea), rng), cases),
        "outcomes.csv": outcomes_csv({"DMFS": (times, events)}, cases),
        "cases.csv": columns_csv(cases, _columns(rng, truth, has_nodes, is_t4, cea)),
    }


def _design() -> dict[str, object]:
    return {
        "title": "Distant metastasis of locally advanced rectal cancer, deep-learning signature",
        "records": {
            "objective": "Whether a signature of the tumor tells distant metastasis after chemoradiotherapy",
            "data_collection": "retrospective",
            "reference_standard": "Distant metastasis in a follow-up of at least 36 months",
        },
        "positive_class": "distant metastasis",
        "analysis": {
            "cohort": "cohort",
            "development": ["primary"],
            "subgroups": ["response", "downstaged"],
            "reclassification": [["clinical", "nomogram"], ["signature", "nomogram"]],
            "risk_cutoffs": [0.2, 0.5],
            "partial_specificity": [0.8, 1],
            "partial_sensitivity": [0.8, 1],
            "bootstrap": ["differences", "bands"],
            "covariates": ["signature", "age", "sex", "cT", "CEA", "ypN"],
            "clinical": ["cT"],
            "nomogram": ["signature", "cT", "CEA", "ypN"],
            "reference_levels": {"ypN": "N0"},
            "labels": {
                "cohort": "Cohort",
                "age": "Age, years",
                "sex": "Sex",
                "cT": "Clinical T stage",
                "CEA": "CEA, ng/mL",
                "ypN": "ypN stage",
                "response": "Pathological response",
                "downstaged": "Downstaging",
                "adjuvant_chemotherapy": "Adjuvant chemotherapy",
                "distant_metastasis": "Distant metastasis",
            },
            "survival_groups": ["ypN", "response"],
            "strata": "cohort",
            "times": [12, 24, 36],
            "time_unit": "months",
            "event_probabilities": [
                {"endpoint": "DMFS", "models": ["signature", "clinical", "nomogram"], "by": 36}
            ],
            "tests": {"distant_metastasis": "yates", "adjuvant_chemotherapy": "fisher"},
        },
    }


def _times(rng: np.random.Generator, truth: Flags, signature: Floats) -> tuple[Floats, Flags]:
    """Every metastasis is seen within three years, the sooner the higher the signature; others later."""
    share = rng.random(len(truth)) ** np.exp(0.25 * (signature - signature.mean()))
    early = np.clip(36.0 * share, 0.5, 35.9)
    return np.where(truth, early, rng.uniform(*FOLLOWED, len(truth))), truth.copy()


def _lost_early(rng: np.random.Generator, times: Floats, truth: Flags) -> Floats:
    """Of the cases without metastasis some are lost before three years, so that censoring weighs cases unequally."""
    is_lost = ~truth & (rng.random(len(times)) < LOST)
    return np.where(is_lost, rng.uniform(*LOST_BETWEEN, len(times)), times)


def _models(
    signature: Floats, has_nodes: Flags, is_t4: Flags, log_cea: Floats, rng: np.random.Generator
) -> dict[str, tuple[Floats, Floats | None, float]]:
    prevalence = sum(POSITIVES) / (PRIMARY + VALIDATION)
    odds = log_odds(signature, 1.45, prevalence)
    clinical = -1.9 + 1.05 * has_nodes + 0.75 * is_t4 + 0.3 * log_cea
    clinical = clinical + 0.05 * rng.standard_normal(len(odds))
    combined = odds + clinical - clinical.mean()
    # Two networks' probabilities added, as the signature's sum of T2W and ADC: from 0 to 2.
    summed = 2.0 * probability(1.3 * odds + 2.2)
    return {
        "signature": (summed, probability(odds), CUT_OFF),
        "clinical": (clinical, probability(clinical), -0.8),
        "nomogram": (combined, probability(combined), -0.8),
    }


def _columns(
    rng: np.random.Generator, truth: Flags, has_nodes: Flags, is_t4: Flags, cea: Floats
) -> dict[str, Sequence[object]]:
    n = len(truth)
    is_pcr = np.where(truth, rng.random(n) < 0.12, rng.random(n) < 0.25) & ~has_nodes
    is_down = is_pcr | (rng.random(n) < np.where(truth, 0.4, 0.6))
    return {
        "cohort": ["primary"] * PRIMARY + ["external validation"] * VALIDATION,
        "age": [int(age) for age in np.clip(np.round(56 + 11 * rng.standard_normal(n)), 22, 85)],
        "sex": dealt(rng, {"male": 156, "female": 79}),
        "cT": ["T4" if one else "T3" for one in is_t4],
        "CEA": [round(float(one), 1) for one in cea],
        "ypN": ["N+" if one else "N0" for one in has_nodes],
        "response": ["pCR" if one else "non-pCR" for one in is_pcr],
        "downstaged": ["yes" if one else "no" for one in is_down],
        "adjuvant_chemotherapy": [*dealt(rng, {"yes": 160, "no": 10}), *dealt(rng, {"yes": 56, "no": 9})],
        "distant_metastasis": ["yes" if one else "no" for one in truth],
    }
