"""The sweep finds a leak when a filter is taken away: each filter here is one that nothing else stands behind."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from backend.adjudication import access as adjudication_access
from backend.adjudication.models import AdjudicationItem
from backend.audit.errors import NotFound
from backend.cases import deid
from backend.predictions import release
from backend.predictions.models import ModelVersion, PredictionOverlay
from backend.reads import access, image_presentation
from backend.reads.models import Read
from backend.reports.content import study_content
from backend.reports.selectors import study_results
from backend.studies.access import access_membership
from backend.studies.blinding import Kind, may_see
from backend.studies.models import StudyMember
from tests.factories.studies import Stage

from .canaries import Sweep, sweep
from .observers import TwoStudies, two_studies
from .routes import data_routes

pytestmark = pytest.mark.django_db


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, original: Any, replacement: Any) -> None:
    """Put the replacement wherever the product holds the original, under whatever name it was imported."""
    data_routes()  # Views that are not loaded yet would take the replacement in and keep it.
    places = [
        (module, name)
        for path, module in list(sys.modules.items())
        if path.startswith("backend.")
        for name, value in list(vars(module).items())
        if value is original
    ]
    assert places
    for module, name in places:
        monkeypatch.setattr(module, name, replacement)


def found_in(world: TwoStudies, parts: list[str], kind: Kind | None) -> Sweep:
    """The sweep, which must have found a forbidden canary of the kind."""
    found = sweep(world, parts)
    assert any(one.canary.kind is kind and not one.is_allowed for one in found.sightings), found.leaks[:5]
    return found


def any_read(*, by: Any, read_id: Any, for_update: bool = False) -> Read:
    read = Read.objects.filter(pk=read_id).first()
    if read is None:
        raise NotFound
    return read


def test_a_door_to_reads_that_asks_nobody_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1)
    replace_everywhere(monkeypatch, access.access_read, any_read)
    found = found_in(world, ["reader2"], Kind.OTHER_RATING)
    assert not found.seen("reader2", Kind.AI_OUTPUT)
    # A mask begins as every gzip in base64 does.
    assert any(one.canary.text.startswith("H4sI") and not one.is_allowed for one in found.sightings)


def test_an_aid_that_outlives_its_read_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_2)
    replace_everywhere(monkeypatch, access.access_open_read, access.access_read)
    monkeypatch.setattr(release, "is_released", lambda **_: True)
    monkeypatch.setattr(release, "study_version", first_version)
    found_in(world, ["reader1"], Kind.AI_OUTPUT)


def first_version(study: Any, model_id: str) -> ModelVersion:
    return ModelVersion.objects.get()


def test_an_aid_in_the_unaided_arm_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1)
    monkeypatch.setattr(release, "is_released", lambda **_: True)
    monkeypatch.setattr(release, "study_version", first_version)
    found_in(world, ["reader1"], Kind.AI_OUTPUT)


def test_an_overlay_that_asks_no_protocol_is_noticed(monkeypatch) -> None:
    """Its voxels are packed, and seen all the same."""
    world = two_studies(Stage.SESSION_1)

    def careless(*, read: Read, by: Any, name: str) -> bytes:
        case = read.assignment.study_case.case
        return bytes(PredictionOverlay.objects.get(prediction__case=case, name="influence").data)

    replace_everywhere(monkeypatch, release.overlay_for, careless)
    found = found_in(world, ["reader1"], Kind.AI_OUTPUT)
    leaked = {one.canary.text for one in found.sightings if not one.is_allowed}
    assert any(text.startswith("AIDALFA") for text in leaked)


def test_a_membership_that_nobody_checks_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1, with_images=False)

    def anybody(*, by: Any, slug: str, roles: Any, for_update: bool = False) -> StudyMember:
        return StudyMember.objects.filter(role__in=list(roles)).order_by("study__slug").first()

    replace_everywhere(monkeypatch, access_membership, anybody)
    found_in(world, ["nobody"], Kind.CASE_NUMBER)


def test_results_before_the_lock_are_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1, with_images=False)
    replace_everywhere(monkeypatch, study_results, lambda study: study_content(study))
    found_in(world, ["coordinator"], Kind.OTHER_RATING)


def test_results_for_every_role_are_noticed(monkeypatch) -> None:
    world = two_studies(Stage.LOCKED, cases=3, with_images=False)
    monkeypatch.setattr("backend.desk_api.views.RESULTS", ("AUDITOR",))
    found_in(world, ["auditor"], Kind.RESULTS)


def test_identifiers_that_are_the_same_in_every_read_are_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1)
    monkeypatch.setattr(image_presentation, "_renamed", lambda scope, metadata: metadata)
    found_in(world, ["reader1"], Kind.CASE_NUMBER)


def test_a_center_that_sees_the_other_centers_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.SESSION_1, with_images=False)
    monkeypatch.setattr("backend.desk_api.presentation.may_see", lambda *_, **__: True)
    found_in(world, ["site"], Kind.CASE_NUMBER)


def test_an_audit_event_with_a_score_is_noticed(monkeypatch) -> None:
    record = release.record

    def telling(*, detail: Any, subject: Any, **rest: Any) -> Any:
        return record(detail={**detail, "shown": subject.shown["score"]}, subject=subject, **rest)

    monkeypatch.setattr(release, "record", telling)
    found_in(two_studies(Stage.SESSION_2, with_images=False), ["auditor"], Kind.AI_OUTPUT)


def test_a_name_that_passes_the_door_is_noticed(monkeypatch) -> None:
    made = deid.deidentified

    def careless(source: Any, identity: Any, pseudonymizer: Any) -> Any:
        kept = made(source, identity, pseudonymizer)
        kept.SeriesInstanceUID = source.SeriesInstanceUID
        return kept

    replace_everywhere(monkeypatch, deid.deidentified, careless)
    monkeypatch.setattr(image_presentation, "UID_TAGS", ())
    found_in(two_studies(Stage.SESSION_1), ["reader1"], Kind.CASE_IDENTITY)


def test_a_table_that_forbids_more_makes_the_sweep_fail(monkeypatch) -> None:
    """The sweep asks the table of blinding: what it no longer allows is a leak at once."""

    def stricter(kind: Kind, role: Any, phase: Any, *, own: bool) -> bool:
        return kind is not Kind.STUDY_PROGRESS and may_see(kind, role, phase, own=own)

    monkeypatch.setattr("tests.api.canaries.may_see", stricter)
    found_in(two_studies(Stage.SESSION_1, with_images=False), ["coordinator"], Kind.STUDY_PROGRESS)


def any_item(*, by: Any, item_id: Any, for_update: bool = False) -> AdjudicationItem:
    item = AdjudicationItem.objects.filter(pk=item_id).first()
    if item is None:
        raise NotFound
    return item


def test_a_door_to_items_that_asks_nobody_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.WASHOUT)
    replace_everywhere(monkeypatch, adjudication_access.access_item, any_item)
    found_in(world, ["reader1"], Kind.OTHER_RATING)


def test_free_text_in_an_item_is_noticed(monkeypatch) -> None:
    world = two_studies(Stage.WASHOUT)
    shown = adjudication_access.originals_of

    def with_comments(item: AdjudicationItem) -> list[Any]:
        reads = adjudication_access.original_reads(item)
        answers = adjudication_access.effective_answers(reads)
        return [replace(one, answers=answers[read.pk]) for one, read in zip(shown(item), reads, strict=True)]

    replace_everywhere(monkeypatch, adjudication_access.originals_of, with_comments)
    found_in(world, ["adjudicator"], Kind.OTHER_RATING)
