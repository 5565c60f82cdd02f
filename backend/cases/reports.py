"""What an import says of every file and series: accepted, refused or skipped, by code and reason."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a data manager should know, without naming a file: it is stored with the series."""

    code: str
    reason: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class PathFinding:
    """A finding on one path, as the person gave it. Shown to that person, never stored or logged."""

    path: str
    code: str
    reason: str

    def to_json(self) -> dict[str, str]:
        return {"path": self.path, "code": self.code, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class AcceptedSeries:
    case: str
    series: str
    modality: str
    role: str
    instances: int
    warnings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "case": self.case,
            "series": self.series,
            "modality": self.modality,
            "role": self.role,
            "instances": self.instances,
            "warnings": [warning.to_json() for warning in self.warnings],
        }


@dataclass(slots=True)
class ImportReport:
    """The outcome of one import."""

    accepted: list[AcceptedSeries] = field(default_factory=list)
    refused: list[PathFinding] = field(default_factory=list)
    skipped: list[PathFinding] = field(default_factory=list)

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "accepted": [series.to_json() for series in self.accepted],
            "refused": [refusal.to_json() for refusal in self.refused],
            "skipped": [skip.to_json() for skip in self.skipped],
        }


class Refused(Exception):
    """A file or a series cannot go in; the code is stable, the reason is for a data manager."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
