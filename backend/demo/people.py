"""The accounts of the demonstration. They exist only where `make_demo` was run."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Permission

from backend.accounts.models import User
from backend.audit.services import record

PASSWORD = "reading-room-demo"  # noqa: S105  (shown to everybody by make run; the demonstration's own)


@dataclass(frozen=True)
class Person:
    username: str
    display_name: str
    is_operator: bool = False
    may_create_studies: bool = False
    can_sign_in: bool = True


PEOPLE = (
    Person("reader1", "Reader One"),
    Person("reader2", "Reader Two"),
    Person("adjudicator", "Study Adjudicator"),
    Person("coordinator", "Study Coordinator", may_create_studies=True),
    Person("statistician", "Study Statistician"),
    Person("auditor", "Study Auditor"),
    Person("operator", "Operator", is_operator=True),
    Person("simulated-a", "Simulated reader A", can_sign_in=False),
    Person("simulated-b", "Simulated reader B", can_sign_in=False),
)


def people_make(*, now: datetime) -> dict[str, User]:
    """Every account of the demonstration by user name; those that stand already are left as they are."""
    return {person.username: _make(person, now) for person in PEOPLE}


def _make(person: Person, now: datetime) -> User:
    found = User.objects.filter(username=person.username).first()
    if found is not None:
        return found
    user = User(
        username=person.username,
        display_name=person.display_name,
        is_staff=person.is_operator,
        is_superuser=person.is_operator,
    )
    if person.can_sign_in:
        user.set_password(PASSWORD)
    else:
        user.set_unusable_password()
    user.save()
    if person.may_create_studies:
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label="studies", codename="add_readerstudy")
        )
    record(event="account_made", by=None, at=now, subject=user, detail={"username": person.username})
    return user
