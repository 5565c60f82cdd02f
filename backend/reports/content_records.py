"""What the protocol and the way the platform reads say of a study, for the reporting checklists. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.analysis.formats.study_records import ModelRecord, StudyRecords
from backend.studies.dates import holds_date
from backend.studies.statements import stated, with_dates

from .dataset_reads import arms_of_content

BLINDED = "Readers were shown neither the reference standard nor the answers of other readers"
UNBLINDED = ", but where a read was unblinded, which the deviations name"
OUTPUT = ", and the output of the model only in the arms named so"
ORDER = (
    "For each reader and session a program drew an order of the cases of its own, from a seed that is stored"
)
BALANCED = ", with positive cases spread evenly"
DEIDENTIFIED = "Images were de-identified before they were stored"


def records_content(protocol: Mapping[str, Any]) -> dict[str, Any]:
    """The part that the frozen document holds: what the results' readers may know of the protocol."""
    sessions = protocol["design"]["sessions"]
    objective = protocol["objective"]
    later = [one["washout_days"] for one in sessions if one["ordinal"] > 1]
    statements = stated(protocol)
    kept = {key: text for key, text in statements.items() if key not in with_dates(statements)}
    return {
        # A date could tell when somebody was examined.
        "objective": "" if holds_date(objective) else objective,
        "washout_days": min(later, default=None),
        "balance": protocol["case_order"]["balance"],
        "sees_case_info": protocol["sees_case_info"],
        # A protocol without them leaves the document as it was before there were any.
        **({"statements": kept} if kept else {}),
    }


def card_content(card: Mapping[str, Any]) -> dict[str, Any]:
    """What a model's card says of the model, at the freeze; a text that may hold a date stays out.

    Its title is none of it: it names the model and does not say of what kind it is.
    """
    masks = [one["title"] for one in card.get("mask_roles", [])]
    told = {
        "inputs": ", ".join([*card["sequence_roles"], *masks]),
        "output": ", ".join(card.get("outputs", [])),
        "development": card.get("training_data", ""),
    }
    return {key: text for key, text in told.items() if text and not holds_date(text)}


def records_of(content: Mapping[str, Any]) -> StudyRecords:
    """The records of a frozen document; an older one has none of its protocol."""
    own = content.get("records")
    if own is None:
        return StudyRecords()
    has_model = any(arm.get("model_id") for arm in arms_of_content(content))
    is_unblinded = any(read.get("is_unblinded") for read in content["reads"])
    return StudyRecords(
        objective=own["objective"].strip(),
        washout_days=own["washout_days"],
        randomisation=ORDER + (BALANCED if own["balance"] == "prevalence" else ""),
        reader_blinding=BLINDED + (OUTPUT if has_model else "") + (UNBLINDED if is_unblinded else ""),
        clinical_information=_information(content),
        is_independent=True,
        deidentification=DEIDENTIFIED,
        models=tuple(_models(content)),
        **own.get("statements", {}),
    )


def _information(content: Mapping[str, Any]) -> str:
    if not content["records"]["sees_case_info"]:
        return "Readers were given no clinical information"
    labels = sorted({label for one in content.get("cases", []) for label in one["information"]})
    return f"Readers were told: {', '.join(labels)}" if labels else ""


def _models(content: Mapping[str, Any]) -> Iterator[ModelRecord]:
    for model in content["models"]:
        limits = {one["cut_off"] for one in model["predictions"]} - {None}
        threshold = f"a score of {limits.pop():g} or more" if len(limits) == 1 else ""
        card = model.get("card", {})
        yield ModelRecord(model["id"], weights_sha256=model["digest"], threshold=threshold, **card)
