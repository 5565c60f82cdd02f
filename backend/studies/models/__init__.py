"""The rows of a study. One name for each, imported from here."""

from .reading import (
    Assignment,
    Randomisation,
    ReadingSession,
    StudySession,
    Unblinding,
    WashoutOverride,
)
from .study import Deviation, ProtocolVersion, ReaderStudy, Signature
from .taking_part import StudyCase, StudyMember

__all__ = [
    "Assignment",
    "Deviation",
    "ProtocolVersion",
    "Randomisation",
    "ReaderStudy",
    "ReadingSession",
    "Signature",
    "StudyCase",
    "StudyMember",
    "StudySession",
    "Unblinding",
    "WashoutOverride",
]
