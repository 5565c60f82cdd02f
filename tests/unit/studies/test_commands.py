from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from backend.accounts.models import Center, User
from backend.audit.models import AuditEvent
from backend.studies.models import ReaderStudy, StudyMember
from backend.studies.services import study_create

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_create_center_makes_a_center_with_its_audit_event() -> None:
    call_command("create_center", "NORTH", "--name", "Northern hospital", stdout=StringIO())
    assert Center.objects.get(code="NORTH").name == "Northern hospital"
    assert AuditEvent.objects.get(event="center_made").detail == {"code": "NORTH"}


def test_create_center_refuses_a_code_that_is_taken() -> None:
    Center.objects.create(code="NORTH", name="Northern hospital")
    with pytest.raises(CommandError, match="already exists"):
        call_command("create_center", "NORTH", "--name", "Another", stdout=StringIO())


def test_create_study_takes_the_template_and_the_washout() -> None:
    call_command("create_study", "nodes", "--title", "Nodes", "--washout-days", "14", stdout=StringIO())
    study = ReaderStudy.objects.get(slug="nodes")
    sessions = study.protocol["design"]["sessions"]
    assert [session["washout_days"] for session in sessions] == [0, 14]
    assert [row["arms"] for session in sessions for row in session["plan"]] == [["unaided"], ["aided"]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nodes", "--title", "Nodes", "--by", "nobody"], "no user 'nobody'"),
        (["nodes", "--title", "Nodes", "--washout-days", "-1"], "zero days or more"),
        (["two words", "--title", "Nodes"], "valid “slug”"),
    ],
)
def test_create_study_says_what_it_cannot_use(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_study", *arguments, stdout=StringIO())
    assert not ReaderStudy.objects.exists()


def test_enroll_member_gives_the_role_and_refuses_one_that_would_unblind() -> None:
    user = User.objects.create(username="reader")
    study_create(slug="nodes", title="Nodes", template="lpln-radiomics", by=None, now=NOW)
    call_command("enroll_member", "reader", "--study", "nodes", "--role", "READER", stdout=StringIO())
    assert StudyMember.objects.get(user=user).role == "READER"
    with pytest.raises(CommandError, match="no other role"):
        call_command(
            "enroll_member", "reader", "--study", "nodes", "--role", "COORDINATOR", stdout=StringIO()
        )
    assert StudyMember.objects.filter(user=user).count() == 1


def test_add_mask_says_when_the_case_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no case 'A-0001'"):
        call_command("add_mask", "A-0001", str(tmp_path / "mask.npz"), stdout=StringIO())
