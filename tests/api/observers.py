"""Who looks: everybody with a role in one of two studies, an operator, somebody without a role, and nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from backend.accounts.models import User
from tests.database import commit_in_place
from tests.factories.cases import person
from tests.factories.studies import DESK, READERS, Stage, StudyStory, study_in

PARTS = (*READERS, *DESK)
STRANGERS = ("operator", "nobody", "anonymous")


@dataclass
class TwoStudies:
    """Two studies at the same stage, with no person and no case in common, and three strangers to both."""

    alfa: StudyStory
    beta: StudyStory
    strangers: dict[str, User | None]

    def observers(self) -> dict[str, User | None]:
        """By column of the permission table: parts of the first study, `b_` parts of the second, strangers."""
        return {
            **self.alfa.people,
            **{f"b_{part}": user for part, user in self.beta.people.items()},
            **self.strangers,
        }

    @property
    def now(self) -> datetime:
        """An instant after all that happened, and like none of them."""
        return max(self.alfa.now, self.beta.now) + timedelta(minutes=1, microseconds=331)


def two_studies(
    stage: Stage, *, cases: int = 2, with_images: bool = True, both_with_images: bool = False
) -> TwoStudies:
    """Both at the stage; unless asked otherwise only the first has images.

    Both are adjudicated where session 1 is over: within it chance decides which cases two readers have read.
    """
    adjudicated = stage in (Stage.WASHOUT, Stage.SESSION_2, Stage.LOCKED)
    return TwoStudies(
        alfa=study_in(
            stage,
            name="ALFA",
            cases=cases,
            with_images=with_images,
            adjudicated=adjudicated,
            painted=with_images,
        ),
        beta=study_in(
            stage,
            name="BETA",
            cases=cases,
            with_images=both_with_images,
            adjudicated=adjudicated,
            painted=both_with_images,
        ),
        strangers={
            "operator": person("operator-user", is_operator=True),
            "nobody": person("nobody-user"),
            "anonymous": None,
        },
    )


def client_of(user: User | None, **options: Any) -> Client:
    client = Client(**options)
    if user is not None:
        client.force_login(user)
    return client


def ask(client: Client, method: str, url: str, body: Any = None) -> HttpResponse:
    """Each question finds what was written before it as if it had been committed."""
    commit_in_place(connection)
    if method == "GET":
        return client.get(url)
    return client.generic(method, url, _json(body), content_type="application/json")


def _json(body: Any) -> str:
    return "" if body is None else DjangoJSONEncoder().encode(body)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back, so that every question meets the same study.

    What waits for the commit is done before: done inside it would be taken back too, and done again each time.
    """
    commit_in_place(connection)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def at(now: datetime) -> time_machine.travel:
    """The views' clock, stopped."""
    return time_machine.travel(now, tick=False)
