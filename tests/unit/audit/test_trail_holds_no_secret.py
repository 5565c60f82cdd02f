"""The trail is read by people who are blind to answers, scores and truth: none of its words may hold one."""

import json

import pytest

from backend.audit.models import AuditEvent
from tests.factories.studies import Stage, aid_numbers, lock, study_in

# Event -> the only keys that its detail may have. A new event or key takes its line here.
KEYS = {
    "aid_disclosed": {"model", "semver", "digest"},
    "case_added": {"case"},
    "case_imported": {"series", "images"},
    "dataset_frozen": {"sha256"},
    "draft_saved": {"revision"},
    "inference_finished": {"case", "model", "attempt"},
    "inference_requested": {"case", "model", "attempt"},
    "inference_started": {"case", "model", "attempt"},
    "mask_added": {"role", "voxels"},
    "member_enrolled": {"role"},
    "model_registered": {"model", "semver", "digest"},
    "protocol_frozen": {"version", "sha256"},
    "read_opened": set(),
    "read_submitted": set(),
    "results_computed": {"dataset", "versions"},
    "session_locked": set(),
    "session_opened": set(),
    "study_created": {"template"},
    "study_locked": {"reason"},
    "truth_entered": {"case", "version"},
}


@pytest.mark.django_db
def test_the_events_of_a_whole_study_hold_the_listed_keys_only() -> None:
    story = lock(study_in(Stage.SESSION_2, cases=2, with_images=True), reason="Drafts are left.")
    found: dict[str, set[str]] = {}
    for event in AuditEvent.objects.all():
        found.setdefault(event.event, set()).update(event.detail)
    assert found == KEYS
    text = json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))
    secrets = [*story.words.values(), "TRUTHALFA", "PAT0"]
    secrets += [repr(number) for rank in range(2) for number in aid_numbers("ALFA", rank)]
    assert [secret for secret in secrets if secret in text] == []
