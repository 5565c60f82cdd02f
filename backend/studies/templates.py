"""The protocols that a study can begin with: the four published studies, practice, and a blank one. Pure.

A template is a whole protocol document of format 2; `design_patterns` rewrites its reading design.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .design_patterns import (
    AIDED,
    UNAIDED,
    Document,
    PatternOption,
    apply_pattern,
    days_option,
    new_arm,
    new_design,
    new_session,
)
from .randomisation import ALGORITHM, ALGORITHM_VERSION
from .study_forms import (
    blank_form,
    cervix_sra_form,
    larc_delineation_form,
    lln_form,
    lpln_form,
    practice_form,
)

FORMAT = 2
WASHOUT_RULE = (
    "Washout days are periods of 24 hours in UTC. They count per reader and case from the reader's own last "
    "committed read of the case; no time zone and no change of clocks shortens them."
)
ORDER_RULE = (
    "Random per reader and session. In a later session a case's rank moves by at least a quarter of the number "
    "of cases on average, and no three cases that followed each other follow each other again."
)

NO_RATING: Mapping[str, Any] = {
    "rating_question": None,
    "positive_from": None,
    "positive_class": "",
    "reference": "truth",
}


@dataclass(frozen=True)
class TemplateCard:
    """What a coordinator is told of a template before choosing it."""

    key: str
    title: str
    summary: str
    reference: str
    options: tuple[PatternOption, ...] = ()


CARDS: tuple[TemplateCard, ...] = (
    TemplateCard(
        "lpln-radiomics",
        "Lateral pelvic lymph node: is it metastatic?",
        "Readers rate one index node on five points, first alone and then, after a washout, with a radiomics "
        "score.",
        "Yoo et al., Sci Rep 2025; 15. doi 10.1038/s41598-025-99029-1",
        (days_option(),),
    ),
    TemplateCard(
        "lln-segmentation",
        "Lateral lymph nodes: find, place and size them",
        "Three readers state status, region and short axis of the nodes on both sides; every discrepancy goes to a "
        "consensus meeting.",
        "Qiao et al., Front Oncol 2025; 15:1681939",
    ),
    TemplateCard(
        "cervix-dlrc",
        "Cervical cancer: standardized assessment of pelvic nodes",
        "Two readers measure the nodes, a senior settles what they disagree on; a random subset is read again after "
        "two months.",
        "Bao et al., five centers, 1,095 patients",
        (
            PatternOption("reread_cases", "Cases read again", 30, 1, 10_000),
            PatternOption("reread_days", "Days before the re-read", 60, 0, 730),
        ),
    ),
    TemplateCard(
        "larc-dm",
        "Rectal cancer: delineate the tumor",
        "Two readers draw the tumor slice by slice; their regions are compared by overlap.",
        "Liu et al., EBioMedicine 2021. doi 10.1016/j.ebiom.2021.103442",
    ),
    TemplateCard(
        "practice",
        "Practice",
        "One session on image quality, to get to know the reading room. No model, no reference standard.",
        "",
    ),
    TemplateCard(
        "blank",
        "Blank",
        "One arm, one session and a form with a single question: everything else is yours to design.",
        "",
    ),
)


def lpln_radiomics(*, washout_days: int = 28) -> Document:
    """A lateral pelvic lymph node read unaided and then with the radiomics score.

    References
    ----------
    Yoo et al., Sci Rep 15 (2025), doi 10.1038/s41598-025-99029-1.
    """
    document = _document(
        "lpln-radiomics",
        objective=(
            "Do radiologists tell metastatic from benign lateral pelvic lymph nodes better with the radiomics score "
            "than without it?"
        ),
        instructions=(
            "Pick the lateral pelvic lymph node that is most likely malignant, say where it lies, measure it, "
            "judge the three criteria, and rate malignancy on five points."
        ),
        form=lpln_form(),
        hanging=_beside_t2w("ADC"),
        arms=[
            new_arm(UNAIDED, "Without the model"),
            new_arm(AIDED, "With the radiomics score", model_id="lpln-radiomics"),
        ],
        analysis={
            "rating_question": "rating",
            "positive_from": 4,
            "positive_class": "metastatic node",
            "reference": "truth",
            "plan": {"development": ["development"]},
        },
    )
    return apply_pattern(document, "fixed_order", washout_days=washout_days)


def lln_segmentation() -> Document:
    """Status, region and size of lateral lymph nodes by three readers, with a consensus of what differs.

    References
    ----------
    Qiao et al., Front Oncol 15:1681939 (2025).
    """
    return _document(
        "lln-segmentation",
        objective=(
            "How well do readers agree on presence, region and size of suspicious lateral pelvic lymph nodes, and what "
            "is their consensus?"
        ),
        instructions=(
            "Look at every region on both sides. Say whether a suspicious node is present, where the largest one lies, "
            "measure it, and judge its malignant features."
        ),
        form=lln_form(),
        hanging=_beside_t2w("DWI"),
        analysis={
            "rating_question": "status",
            "positive_from": None,
            "positive_class": "positive node",
            "reference": "consensus",
            "plan": {"survival_groups": ["region", "diameter_class"], "time_unit": "months"},
        },
        adjudication=_adjudication("consensus", ["status", "region", "diameter_class"]),
    )


def cervix_dlrc(*, reread_cases: int = 30, reread_days: int = 60) -> Document:
    """The standardized radiological assessment by two readers, a third for what differs, and a re-read.

    References
    ----------
    Bao et al., five centers, 1,095 patients with cervical cancer.
    """
    document = _document(
        "cervix-dlrc",
        objective=(
            "How accurate and how reproducible is the standardized radiological assessment of pelvic lymph nodes in "
            "cervical cancer?"
        ),
        instructions=(
            "Find the largest pelvic lymph node, measure its long and short axis, and say whether it shows central "
            "necrosis. The assessment follows from your answers."
        ),
        form=cervix_sra_form(),
        hanging=_beside_t2w("DWI"),
        analysis={
            "rating_question": "sra_positive",
            "positive_from": None,
            "positive_class": "pelvic node metastasis",
            "reference": "truth",
            "plan": {
                "development": ["training"],
                "subgroups": ["short_axis"],
                "predictors": ["radiomics", "deep learning", "c_LNM"],
            },
        },
        adjudication=_adjudication("third_reader", ["sra_positive"]),
    )
    return apply_pattern(document, "reread", cases=reread_cases, washout_days=reread_days)


def larc_dm() -> Document:
    """The tumor drawn slice by slice by two readers.

    References
    ----------
    Liu et al., EBioMedicine (2021), doi 10.1016/j.ebiom.2021.103442.
    """
    return _document(
        "larc-dm",
        objective=(
            "How closely do two readers agree when they delineate a locally advanced rectal tumor slice by slice?"
        ),
        instructions=(
            "Draw the outline of the tumor on every slice that shows it. Leave out the lumen, gas and the mesorectal "
            "fat."
        ),
        form=larc_delineation_form(),
        hanging=_beside_t2w("DWI"),
        analysis={
            **NO_RATING,
            "plan": {
                "development": ["primary"],
                "subgroups": ["pCR", "downstaged"],
                "reclassification": [["clinical", "nomogram"]],
                "covariates": ["DL-prob", "cT", "CEA", "ypN"],
                "times": [12, 24, 36],
                "time_unit": "months",
            },
        },
    )


def practice() -> Document:
    """One unaided session on image quality; no model, no reference standard."""
    document = _document(
        "practice",
        objective="To get to know the reading room.",
        instructions="Try the tools: scroll, set the window, measure something, and rate the image quality.",
        form=practice_form(),
        primary_role="OTHER",
    )
    document["design"]["sessions"][0]["title"] = "Practice"
    return document


def blank() -> Document:
    """One arm, one session, one question."""
    return _document("blank", objective="", instructions="", form=blank_form())


TEMPLATES: dict[str, Callable[..., Document]] = {
    "lpln-radiomics": lpln_radiomics,
    "lln-segmentation": lln_segmentation,
    "cervix-dlrc": cervix_dlrc,
    "larc-dm": larc_dm,
    "practice": practice,
    "blank": blank,
}


def _document(
    template: str,
    *,
    objective: str,
    instructions: str,
    form: Mapping[str, Any],
    arms: Sequence[dict[str, Any]] | None = None,
    analysis: Mapping[str, Any] | None = None,
    adjudication: Mapping[str, Any] | None = None,
    primary_role: str = "T2W",
    hanging: Mapping[str, Any] | None = None,
) -> Document:
    """A document with a single arm or the given ones, read by everybody in one session."""
    own_arms = list(arms) if arms else [new_arm(UNAIDED, "Without a model")]
    return {
        "format": FORMAT,
        "template": template,
        "objective": objective,
        "instructions": instructions,
        "design": new_design("single_arm", arms=own_arms, sessions=[new_session(1, own_arms[:1])]),
        "case_order": {
            "rule": ORDER_RULE,
            "algorithm": ALGORITHM,
            "algorithm_version": ALGORITHM_VERSION,
            "balance": None,
        },
        "washout": {"count_from": "read", "rule": WASHOUT_RULE},
        "hidden_repeats": None,
        "training": None,
        "sittings": {"max_cases": None, "max_minutes": None, "break_minutes": 15},
        "signature": False,
        "sees_case_info": True,
        "form": deepcopy(dict(form)),
        "primary_role": primary_role,
        "hanging": dict(hanging) if hanging else None,
        "analysis": deepcopy(dict(analysis or NO_RATING)),
        "adjudication": dict(adjudication) if adjudication else None,
    }


def _beside_t2w(role: str) -> dict[str, Any]:
    """T2W with another sequence beside it that follows it; the T2W alone where a case has no other."""
    panes = [
        {"role": one, "kind": "stack", "plane": None, "start": None, "window": None} for one in ("T2W", role)
    ]
    return {"rows": 1, "columns": 2, "panes": panes, "linked": True}


def _adjudication(mode: str, questions: Sequence[str]) -> dict[str, Any]:
    """An item for every case on which the readers differ in one of the questions."""
    return {
        "mode": mode,
        "arms": None,
        "rules": [{"question": question, "when": "mismatch"} for question in questions],
        "expected_discordance": 0.25,
        "minutes_per_item": 4,
    }
