"""Signatures: the password given again, what was signed, and the freeze that stands or falls with one."""

import io
from typing import Any

import pypdf
import pytest

from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.desk_api.design_bodies import facts_of_study
from backend.predictions.selectors import models_for_freeze
from backend.studies.models import Randomisation, ReaderStudy, Signature
from backend.studies.protocol_pdf import protocol_pdf
from backend.studies.protocol_record import protocol_record
from backend.studies.protocols import sha256_of
from backend.studies.services import frozen_document, protocol_save
from backend.studies.signing import (
    FREEZE_MEANING,
    protocol_amend,
    signature_add,
    signatures_of,
    study_sign_and_freeze,
)
from tests.factories.studies import Stage, StudyStory, study_in

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture
def story() -> StudyStory:
    story = study_in(Stage.DESIGN)
    coordinator = story.people["coordinator"]
    coordinator.set_password(PASSWORD)
    coordinator.save()
    return story


def seen(story: StudyStory) -> str:
    return sha256_of(frozen_document(story.study, models_for_freeze(story.study)))


def sign_and_freeze(story: StudyStory, **options: Any) -> ReaderStudy:
    given = {
        "study_id": story.study.pk,
        "models": models_for_freeze(story.study),
        "facts": facts_of_study(story.study),
        "seen_sha256": seen(story),
        "password": PASSWORD,
        "by": story.people["coordinator"],
        "now": story.clock.tick(),
        **options,
    }
    return study_sign_and_freeze(**given)


def test_the_freeze_is_signed_under_the_digest_that_was_seen(story: StudyStory) -> None:
    expected = seen(story)
    study = sign_and_freeze(story)
    (signature,) = signatures_of(study.versions.get())
    assert study.phase == "READING"
    assert signature.document_sha256 == study.protocol_sha256 == expected
    assert (signature.meaning, signature.signed_by) == (FREEZE_MEANING, story.people["coordinator"])
    event = AuditEvent.objects.get(event="signed")
    assert event.detail == {
        "meaning": FREEZE_MEANING,
        "subject": "studies.protocolversion",
        "sha256": expected,
    }


def test_what_was_not_seen_is_not_signed(story: StudyStory) -> None:
    before = seen(story)
    protocol_save(
        study_id=story.study.pk,
        document={**story.study.protocol, "objective": "Another"},
        revision=0,
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    story.refresh()
    with pytest.raises(RuleBroken, match="stale_protocol"):
        sign_and_freeze(story, seen_sha256=before)
    assert story.refresh().study.phase == "DESIGN"


@pytest.mark.parametrize("password", ["", "guessed", PASSWORD.upper()])
def test_a_wrong_password_freezes_and_signs_nothing(story: StudyStory, password: str) -> None:
    with pytest.raises(RuleBroken, match="wrong_password"):
        sign_and_freeze(story, password=password)
    assert story.refresh().study.phase == "DESIGN"
    assert not Signature.objects.exists()
    assert not Randomisation.objects.exists()


def test_a_faulty_protocol_is_not_frozen_and_says_where(story: StudyStory) -> None:
    analysis = {**story.study.protocol["analysis"], "positive_from": 9}
    ReaderStudy.objects.filter(pk=story.study.pk).update(
        protocol={**story.study.protocol, "analysis": analysis}
    )
    story.refresh()
    with pytest.raises(RuleBroken, match="protocol_faulty") as caught:
        sign_and_freeze(story)
    assert [one["path"] for one in caught.value.extra["problems"]] == ["analysis.positive_from"]


def test_a_study_is_frozen_once(story: StudyStory) -> None:
    sign_and_freeze(story)
    with pytest.raises(RuleBroken, match="study_phase"):
        sign_and_freeze(story)
    assert Signature.objects.count() == 1


def test_a_signature_and_its_subject_never_change(story: StudyStory) -> None:
    study = sign_and_freeze(story)
    (signature,) = signatures_of(study.versions.get())
    with pytest.raises(TypeError):
        signature.save()
    with pytest.raises(TypeError):
        signature.delete()


def test_a_signature_can_be_put_under_any_row(story: StudyStory) -> None:
    signature = signature_add(
        study=story.study,
        by=story.people["coordinator"],
        password=PASSWORD,
        meaning="I have seen this case.",
        subject=story.study_case(story.cases[0]),
        document_sha256="a" * 64,
        now=story.clock.tick(),
    )
    assert signatures_of(story.study_case(story.cases[0])) == [signature]
    assert signatures_of(story.study_case(story.cases[1])) == []


# ---------------------------------------------------------------------------------------------------- the document
def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_document_of_a_frozen_protocol_holds_all_of_it(story: StudyStory) -> None:
    study = sign_and_freeze(story)
    protocol_amend(
        study_id=study.pk,
        document={**study.protocol, "objective": "Is 골반 <b>better</b> & Ωλ Привет?"},
        version=1,
        reason="Said more clearly.",
        facts=facts_of_study(study),
        password=PASSWORD,
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    study = ReaderStudy.objects.get()
    record = protocol_record(study)
    text = pages(protocol_pdf(record))
    whole = words(" ".join(text))
    name = story.people["coordinator"].shown_name
    for said in (
        study.title, study.protocol_sha256, FREEZE_MEANING, f"Signed by {name}", "Said more clearly.",
        "Is 골반 <b>better</b> & Ωλ Привет?", "With the radiomics score", "d" * 16, "Signatures for the ethics file",
    ):  # fmt: skip
        assert words(said) in whole, said
    for question in study.protocol["form"]["questions"]:
        assert words(question["label"]) in whole
    assert "DRAFT" not in whole
    appendix = "".join(text[-6:]).replace("\n", "").replace(" ", "")
    start = '{"adjudication":'
    assert study.versions.get(version=2).document.replace(" ", "")[:400] in appendix[appendix.index(start) :]


def test_a_draft_says_so_on_every_page_and_is_signed_by_nobody(story: StudyStory) -> None:
    text = pages(protocol_pdf(protocol_record(story.study)))
    assert len(text) > 1
    assert all("DRAFT" in page for page in text)
    assert "Signed by" not in " ".join(text)


def test_the_same_version_gives_the_same_bytes(story: StudyStory) -> None:
    study = sign_and_freeze(story)
    assert protocol_pdf(protocol_record(study)) == protocol_pdf(protocol_record(study, 1))


def test_its_letters_are_in_the_document(story: StudyStory) -> None:
    reader = pypdf.PdfReader(io.BytesIO(protocol_pdf(protocol_record(story.study))))
    fonts = {
        font["/BaseFont"]: font
        for page in reader.pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }
    dejavu = [font for name, font in fonts.items() if "DejaVu" in name]
    assert len(dejavu) >= 3
    assert all("/FontFile2" in font["/FontDescriptor"] for font in dejavu)


def test_there_is_no_document_of_a_version_that_does_not_exist(story: StudyStory) -> None:
    with pytest.raises(NotFound):
        protocol_record(story.study, 1)
    study = sign_and_freeze(story)
    for version in (2, 99):
        with pytest.raises(NotFound):
            protocol_record(study, version)
