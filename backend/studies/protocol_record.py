"""What the protocol's document for the ethics file is made of: the versions with who signed them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.audit.errors import NotFound, RuleBroken

from .form_checks import check_form
from .models import ProtocolVersion, ReaderStudy
from .protocols import canonical_json, sha256_of
from .session_states import StudyPhase
from .signing import signatures_of


@dataclass(frozen=True)
class SignedBy:
    """Who signed, in which words, when, and the digest that was signed."""

    name: str
    meaning: str
    signed_at: datetime
    document_sha256: str


@dataclass(frozen=True)
class VersionRecord:
    """One version of the protocol: its text and digest, why it came into force, what it changed, who signed it."""

    version: int
    document: str
    sha256: str
    effective_at: datetime | None
    reason: str
    changes: list[dict[str, Any]]
    signatures: list[SignedBy]

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.document)
        return content


@dataclass(frozen=True)
class ProtocolRecord:
    """A study's protocol in one version, with every version up to it; a draft has no digest that anybody signed."""

    title: str
    slug: str
    is_draft: bool
    shown: VersionRecord
    versions: list[VersionRecord]


def versions_of(study: ReaderStudy) -> list[VersionRecord]:
    """The frozen versions, the first first."""
    return [_frozen(one) for one in study.versions.order_by("version")]


def protocol_record(study: ReaderStudy, version: int | None = None) -> ProtocolRecord:
    """The version asked for, else the one in force; before the freeze the draft.

    Raises
    ------
    NotFound
        When there is no such version.
    RuleBroken
        `form_faulty`, for a draft whose form is still in the making: it cannot be written out yet.
    """
    if study.phase == StudyPhase.DESIGN:
        if version is not None:
            raise NotFound
        faults = check_form(study.protocol["form"])
        if faults:
            raise RuleBroken("form_faulty", f"The form has faults; mend them first: {faults[0]['text']}")
        draft = _draft(study.protocol, study.protocol_version)
        return ProtocolRecord(study.title, study.slug, is_draft=True, shown=draft, versions=[])
    versions = versions_of(study)
    asked = version or study.protocol_version
    shown = next((one for one in versions if one.version == asked), None)
    if shown is None:
        raise NotFound
    until = [one for one in versions if one.version <= asked]
    return ProtocolRecord(study.title, study.slug, is_draft=False, shown=shown, versions=until)


def _draft(protocol: Mapping[str, Any], version: int) -> VersionRecord:
    return VersionRecord(
        version=version,
        document=canonical_json(protocol),
        sha256=sha256_of(protocol),
        effective_at=None,
        reason="",
        changes=[],
        signatures=[],
    )


def _frozen(one: ProtocolVersion) -> VersionRecord:
    return VersionRecord(
        version=one.version,
        document=one.document,
        sha256=one.sha256,
        effective_at=one.effective_at,
        reason=one.reason,
        changes=one.changes,
        signatures=[
            SignedBy(
                name=signature.signed_by.shown_name,
                meaning=signature.meaning,
                signed_at=signature.signed_at,
                document_sha256=signature.document_sha256,
            )
            for signature in signatures_of(one)
        ],
    )
