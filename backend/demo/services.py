"""The demonstration as a whole, step by step; what stands already is not made again."""

from datetime import datetime

from django.db import transaction

from inference.phantom import Size

from . import studies
from .cases import Say, phantom_cases, real_case
from .people import people_make
from .predictions import predictions_make


def demo_make(*, per_center: int, size: Size, now: datetime, say: Say) -> None:
    """Accounts, cases, predictions and studies of the demonstration."""
    with transaction.atomic():
        people = people_make(now=now)
    coordinator = people["coordinator"]
    cases = phantom_cases(per_center=per_center, size=size, by=coordinator, now=now, say=say)
    predictions_make([demo.case for demo in cases], by=coordinator, now=now, say=say)
    # Two studies of the same people share no case: the results of the one would tell the truth of the other.
    split = round(len(cases) * studies.FINISHED_SHARE)
    finished, active = cases[:split], cases[split:]
    studies.active_study(active, people, now=now)
    say("study in its washout")
    studies.finished_study(finished, people, now=now)
    say("finished study with results")
    studies.setup_study(people, now=now)
    say("study in design, ready for an import")
    real = real_case(by=coordinator, now=now, say=say)
    if real is not None:
        studies.practice_study(real, people, now=now)
        say("practice on a real MR series")
