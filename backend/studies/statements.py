"""What a protocol says of the study for its report, beside what the design itself tells (`statements`). Pure.

Each statement is a phrase or sentence that can stand in an article. They fill the reporting checklists after the
lock, under the keys of :class:`~backend.analysis.formats.study_records.StudyRecords`; no result is computed from them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .dates import holds_date

LONGEST = 2_000
COLLECTION = "data_collection"
COLLECTIONS = {
    "prospective": "prospective: collected for this study",
    "retrospective": "retrospective: they existed before this study",
}
# Texts by key, in the order in which they are entered and printed.
STATEMENTS = {
    "eligibility": "Inclusion and exclusion criteria",
    "setting": "Setting, centers and period",
    "sampling": "How cases were sampled",
    "acquisition": "How the images were acquired",
    "devices": "Devices",
    "reader_experience": "Experience of the readers",
    "reader_sampling": "How readers were chosen, and whom they stand for",
    "reference_standard": "Reference standard",
    "reference_rationale": "Why this reference standard",
    "annotators": "Who set the reference standard",
    "reference_blinding": "What those who set it did not know",
    "sample_size": "Sample size and its reason",
    "registration": "Registration",
    "protocol_place": "Where the protocol can be read",
    "ethics": "Ethical approval",
    "funding": "Funding and the funders' role",
    "interests": "Conflicts of interest",
    "patient_involvement": "Involvement of patients and the public",
    "data_availability": "Availability of the data",
    "code_availability": "Availability of code and models",
}


def stated(document: Mapping[str, Any]) -> dict[str, str]:
    """The statements that are made, without space around them; none of a protocol from before there were any."""
    own = document.get("statements") or {}
    texts = {key: str(own.get(key, "")).strip() for key in (COLLECTION, *STATEMENTS)}
    return {key: text for key, text in texts.items() if text}


def with_dates(statements: Mapping[str, str]) -> frozenset[str]:
    """Keys of statements that may hold a date: those stay out of the frozen dataset."""
    return frozenset(key for key, text in statements.items() if holds_date(text))


def statement_lines(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The statements as rows of label and text."""
    for key, text in stated(document).items():
        yield ("Data", COLLECTIONS[text]) if key == COLLECTION else (STATEMENTS[key], text)
