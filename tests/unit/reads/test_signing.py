"""The signature at the end of a session: by its reader, with the password, over the digest of the answers."""

import hashlib
import json

import pytest

from backend.audit.errors import NotFound, RuleBroken
from backend.audit.models import AuditEvent
from backend.reads.access import sitting_of
from backend.reads.models import Read
from backend.reads.signing import session_document, session_sign
from backend.studies.models import ReadingSession, Signature
from backend.studies.session_states import NextStatus, SessionStatus
from tests.factories.flow import PASSWORD, commit, flow_story, train
from tests.factories.studies import StudyStory, lock

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> StudyStory:
    """Both cases of the first session are read by the first reader."""
    story = flow_story(cases=2, signature=True)
    commit(story)
    commit(story)
    return story


def session_of(story: StudyStory, ordinal: int = 1, part: str = "reader1") -> ReadingSession:
    return story.people[part].memberships.get().reading_sessions.get(session__ordinal=ordinal)


def sign(
    story: StudyStory, *, part: str = "reader1", ordinal: int = 1, password: str = PASSWORD
) -> Signature:
    return session_sign(
        slug=story.slug, ordinal=ordinal, password=password, by=story.people[part], now=story.clock.tick()
    )


def test_a_session_that_is_read_waits_for_its_signature(story: StudyStory) -> None:
    session = session_of(story)
    assert (session.status, session.locked_at) == (SessionStatus.READ, None)
    assert sitting_of(session.member).next_turn(story.now).status is NextStatus.TO_SIGN
    story.clock.pass_washout()
    with pytest.raises(RuleBroken, match="session_to_sign"):
        story.open_next("reader1")
    sign(story)
    assert session_of(story).status == SessionStatus.LOCKED
    assert story.open_next("reader1").assignment.reading_session.session.ordinal == 2


def test_a_signature_holds_meaning_person_instant_and_the_digest_of_the_answers(story: StudyStory) -> None:
    signature = sign(story)
    assert signature.signed_by == story.people["reader1"]
    assert signature.signed_at == story.now
    assert signature.meaning == (
        "I have read these 2 cases of Session 1 myself, according to version 1 of the protocol, and the submitted "
        "answers are mine."
    )
    document = session_document(session_of(story))
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert signature.document_sha256 == hashlib.sha256(text.encode()).hexdigest()
    reads = Read.objects.filter(reader=story.people["reader1"]).order_by("assignment__position")
    assert [(row["id"], row["position"], row["answers"]["rating"]) for row in document["reads"]] == [
        (str(read.pk), read.assignment.position, 3) for read in reads
    ]


def test_a_wrong_password_signs_nothing(story: StudyStory) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(RuleBroken, match="wrong_password"):
        sign(story, password="another-long-password")
    assert session_of(story).status == SessionStatus.READ
    assert not Signature.objects.exists()
    assert AuditEvent.objects.count() == before


def test_signed_twice_is_signed_once(story: StudyStory) -> None:
    assert sign(story) == sign(story)
    assert Signature.objects.count() == 1
    assert AuditEvent.objects.filter(event="session_locked").count() == 1


def test_a_session_with_cases_left_is_not_signed() -> None:
    story = flow_story(cases=2, signature=True)
    commit(story)
    with pytest.raises(RuleBroken, match="session_not_read"):
        sign(story)


def test_nobody_signs_for_another(story: StudyStory) -> None:
    with pytest.raises(RuleBroken, match="session_not_read"):
        sign(story, part="reader2")
    with pytest.raises(NotFound):
        session_sign(
            slug=story.slug, ordinal=1, password=PASSWORD, by=story.people["coordinator"], now=story.now
        )
    with pytest.raises(NotFound):
        sign(story, ordinal=7)


def test_after_the_lock_nothing_is_signed(story: StudyStory) -> None:
    lock(story, reason="The study ends early.")
    with pytest.raises(RuleBroken, match="study_not_reading"):
        sign(story)


def test_a_training_is_not_signed() -> None:
    story = flow_story(cases=2, training_cases=1, signature=True)
    train(story)
    assert session_of(story, 0).status == SessionStatus.LOCKED
    with pytest.raises(RuleBroken, match="session_not_read"):
        sign(story, ordinal=0)


def test_without_a_signature_in_the_protocol_the_last_read_locks_the_session() -> None:
    story = flow_story(cases=2)
    commit(story)
    commit(story)
    assert session_of(story).status == SessionStatus.LOCKED
