"""Telling what a series is: b-value, role, a safe title. The sender's words are read, never kept."""

import re
from dataclasses import dataclass

from pydicom.dataset import Dataset

from .dicom_tags import GE_PARAMETERS, PHILIPS_IMAGING, SIEMENS_HEADER
from .values import UNREADABLE, numbers, quiet, text, texts

T2_ECHO_TIME_MS = 60.0
T1_ECHO_TIME_MS = 30.0
T1_REPETITION_TIME_MS = 1200.0
SHORTEST_T2_REPETITION_MS = 1500.0
# GE stores b + 1e9 for some sequences.
GE_B_VALUE_MODULUS = 100_000
B_IN_SEQUENCE_NAME = re.compile(r"ep_b(\d{1,5})(?:t|#|$)")

WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("LOCALIZER", re.compile(r"localiz|localis|scout|survey|3[ _-]?plane|\bloc\b")),
    ("ADC", re.compile(r"(?<!e)adc(?![a-z])|apparent.diffusion")),
    ("DWI", re.compile(r"dwi|diff|trace|calc_?bval|\bb[ _=-]?\d{2,4}\b")),
    (
        "OTHER",
        re.compile(r"flair|stir|t2 ?(?:\*|star)|swi|(?<![a-z])pd(?![a-z])|mrcp|angio|\btof\b|subtract"),
    ),
    ("T1", re.compile(r"(?<![a-z])t1(?![0-9])|vibe|lava|thrive|mprage|flash")),
    ("T2W", re.compile(r"(?<![a-z])t2(?![0-9*])|haste|ssfse|ss_fse|sshtse")),
)
"""What a description says, the first match counting: an ADC map of a diffusion series is an ADC map."""


@dataclass(frozen=True, slots=True)
class SequenceKind:
    """Role of a series, and what makes it special."""

    role: str
    b_value: float | None
    is_localizer: bool


def b_value_of(dataset: Dataset) -> float | None:
    """The diffusion b-value in s/mm²: the standard's, else the vendor's, else the sequence name's."""
    standard = numbers(dataset, "DiffusionBValue", 1)
    if standard is not None:
        return standard[0]
    private = _private_b_value(dataset)
    if private is not None:
        return private
    named = B_IN_SEQUENCE_NAME.search(text(dataset, "SequenceName").lower())
    return float(named.group(1)) if named else None


def _private_b_value(dataset: Dataset) -> float | None:
    for group, owner, element in (
        (0x0019, SIEMENS_HEADER, 0x0C),
        (0x0043, GE_PARAMETERS, 0x39),
        (0x2001, PHILIPS_IMAGING, 0x03),
    ):
        try:
            with quiet():
                value = dataset.private_block(group, owner)[element].value
            number = _first_number(value)
        except UNREADABLE:
            continue
        if number is not None and number >= 0:
            return number % GE_B_VALUE_MODULUS if owner == GE_PARAMETERS else number
    return None


def _first_number(value: object) -> float | None:
    """The first of the numbers that vendors write as text, bytes, number or list of them."""
    if isinstance(value, bytes):
        value = value.decode("ascii", errors="replace")
    if isinstance(value, str):
        value = value.strip(" \0").split("\\")[0]
    elif isinstance(value, list | tuple) or type(value).__name__ == "MultiValue":
        value = next(iter(value), None)  # type: ignore[call-overload]  # pydicom's MultiValue is a sequence
    try:
        return float(value)  # type: ignore[arg-type]  # anything that is no number raises
    except (TypeError, ValueError):
        return None


def kind_of(dataset: Dataset) -> SequenceKind:
    """What a series is, from image type, description and acquisition numbers, in this order."""
    modality = text(dataset, "Modality").upper()
    image_type = [value.upper() for value in texts(dataset, "ImageType")]
    words = _said(dataset)
    is_localizer = "LOCALIZER" in image_type or words == "LOCALIZER"
    if modality != "MR":
        role = "CT" if modality == "CT" and not is_localizer else "OTHER"
        return SequenceKind(role=role, b_value=None, is_localizer=is_localizer)
    b_value = b_value_of(dataset)
    if is_localizer:
        role = "OTHER"
    elif "ADC" in image_type or words == "ADC":
        role, b_value = "ADC", None
    elif "DIFFUSION" in image_type or "TRACEW" in image_type or words == "DWI":
        role = "DWI"
    elif words is not None:
        role = words
    else:
        role = _measured(dataset, b_value)
    return SequenceKind(role=role, b_value=b_value if role == "DWI" else None, is_localizer=is_localizer)


def _said(dataset: Dataset) -> str | None:
    for keyword in ("SeriesDescription", "ProtocolName"):
        said = text(dataset, keyword).lower()
        for role, pattern in WORDS:
            if pattern.search(said.replace("_", " ")) or pattern.search(said):
                return role
    return None


def _measured(dataset: Dataset, b_value: float | None) -> str:
    sequence = {value.upper() for value in texts(dataset, "ScanningSequence")}
    echo, repetition = numbers(dataset, "EchoTime", 1), numbers(dataset, "RepetitionTime", 1)
    if b_value is not None and "EP" in sequence:
        return "DWI"
    if echo is None or repetition is None or "IR" in sequence or "EP" in sequence:
        return "OTHER"
    if "SE" in sequence and echo[0] >= T2_ECHO_TIME_MS and repetition[0] >= SHORTEST_T2_REPETITION_MS:
        return "T2W"
    if echo[0] < T1_ECHO_TIME_MS and repetition[0] < T1_REPETITION_TIME_MS:
        return "T1"
    return "OTHER"


def title_of(kind: SequenceKind, modality: str, plane: str) -> str:
    """A short title made of our own words, e.g. "DWI b800 axial"."""
    words = [modality if kind.role == "OTHER" else kind.role]
    if kind.is_localizer:
        words = ["Localizer"]
    if kind.b_value is not None:
        words.append(f"b{kind.b_value:.0f}")
    if plane != "unknown":
        words.append(plane)
    return " ".join(words)
