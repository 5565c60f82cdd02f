"""The trail is read by people who are blind to answers, scores and truth: none of its words may hold one."""

import ast
import json

import pytest

from backend.audit.models import AuditEvent
from tests.architecture.layers import ROOT
from tests.factories.analysis import analyzed
from tests.factories.studies import Stage, aid_numbers, lock, study_in

# Event -> the only keys that its detail, old and new may have. A new event or key takes its line here.
KEYS = {
    "account_made": {"username"},
    "aid_disclosed": {"model", "semver", "digest"},
    "analysis_asked": {"dataset", "set", "level", "seed", "supplement"},
    "analysis_done": {"dataset", "set", "files", "versions", "supplement"},
    "analysis_failed": {"dataset", "set", "reason", "supplement"},
    "case_added": {"case"},
    "case_changed": {"case", "fields"},
    "case_extended": {"series", "images"},
    "case_imported": {"series", "images"},
    "case_removed": {"case"},
    "case_unblinded": {"case"},
    "center_made": {"code"},
    "correction_granted": {"status"},
    "correction_refused": {"status"},
    "correction_requested": set(),
    "dataset_frozen": {"sha256"},
    "deviation_recorded": {"kind"},
    "draft_saved": {"revision"},
    "inference_attempt_failed": {"case", "model", "attempt", "reason"},
    "inference_cancelled": {"case", "model", "attempt"},
    "inference_failed": {"case", "model", "attempt", "reason"},
    "inference_finished": {"case", "model", "attempt"},
    "inference_requested": {"case", "model", "attempt"},
    "inference_requeued": {"case", "model", "attempt"},
    "inference_started": {"case", "model", "attempt"},
    "item_draft_saved": {"revision"},
    "item_opened": set(),
    "item_raised": set(),
    "item_settled": set(),
    "item_voided": set(),
    "lock_requested": set(),
    "lock_withdrawn": set(),
    "mask_added": {"role", "voxels"},
    "member_enrolled": {"role", "is_late"},
    "member_removed": {"role"},
    "member_withdrawn": {"role", "sessions_voided"},
    "model_card_updated": {"model", "semver", "digest", "parts"},
    "model_registered": {"model", "semver", "digest"},
    "outside_dataset_given": {"sha256", "demonstration"},
    "outside_dataset_deleted": {"sha256", "runs"},
    "protocol_amended": {"version", "sha256", "paths"},
    "protocol_frozen": {"phase", "version", "sha256"},
    "protocol_saved": {"revision", "sha256"},
    "read_corrected": {"read", "correction"},
    "read_opened": {"session", "position", "step"},
    "read_submitted": {"session", "position", "step"},
    "masks_exported": {"files", "segments"},
    "results_computed": {"dataset", "versions"},
    "session_locked": {"session", "attempt"},
    "session_opened": {"session", "attempt"},
    "session_read": {"session", "attempt"},
    "signed": {"meaning", "subject", "sha256"},
    "study_created": {"template"},
    "study_locked": {"phase"},
    "supplement_added": {"number", "sha256", "files", "plan"},
    "training_drawn_again": {"attempt"},
    "truth_entered": {"case", "version"},
    "washout_overridden": {"session", "position"},
}
# What a call names by more than a literal: a function's own parameter, or one of two.
NAMED_ELSEWHERE = {
    "analysis_asked",
    "analysis_done",
    "analysis_failed",
    "case_extended",
    "case_imported",
    "case_added",
    "case_changed",
    "case_removed",
    "correction_granted",
    "correction_refused",
    "inference_attempt_failed",
    "inference_cancelled",
    "inference_finished",
    "inference_requested",
    "inference_requeued",
    "inference_started",
}


def events_in(source: str) -> set[str]:
    """The events that a module records under a literal name."""
    return {
        word.value.value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for word in call.keywords
        if word.arg == "event" and isinstance(word.value, ast.Constant)
    }


def test_every_event_of_the_product_has_its_line() -> None:
    modules = [path.read_text() for path in sorted((ROOT / "backend").rglob("*.py"))]
    assert set().union(*map(events_in, modules)) | NAMED_ELSEWHERE == KEYS.keys()


@pytest.mark.django_db
def test_the_events_of_a_whole_study_hold_the_listed_keys_only() -> None:
    story = lock(study_in(Stage.SESSION_2, cases=2, with_images=True), reason="Drafts are left.")
    analyzed(story)
    found: dict[str, set[str]] = {}
    for event in AuditEvent.objects.all():
        for part in (event.detail, event.old or {}, event.new or {}):
            found.setdefault(event.event, set()).update(part)
    assert {name: keys - KEYS[name] for name, keys in found.items() if keys - KEYS[name]} == {}
    assert {
        "read_submitted",
        "aid_disclosed",
        "truth_entered",
        "study_locked",
        "analysis_done",
    } <= found.keys()
    text = json.dumps(list(AuditEvent.objects.values_list("detail", "old", "new", "reason")))
    secrets = [*story.words.values(), "TRUTHALFA", "PAT0"]
    secrets += [repr(number) for rank in range(2) for number in aid_numbers("ALFA", rank)]
    assert [secret for secret in secrets if secret in text] == []
