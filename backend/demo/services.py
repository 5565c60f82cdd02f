"""The demonstration as a whole, step by step; what stands already is not made again."""

from datetime import datetime

from django.db import transaction

from inference.phantom import Size

from . import studies, template_studies
from .analyses import analysis_make
from .cases import FIRST_SEED, Say, phantom_cases, real_case
from .people import people_make
from .predictions import predictions_make

# Female, with a tumor, and nodes near the limits of every form: one phantom of each center.
SHARED_SEED = 49


def demo_make(*, per_center: int, size: Size, now: datetime, say: Say) -> None:
    """Accounts, cases, predictions and studies of the demonstration.

    `per_center` phantoms of each center are read with a model, one more of each in the studies without one.
    """
    with transaction.atomic():
        people = people_make(now=now)
    coordinator = people["coordinator"]
    seeds = [*range(FIRST_SEED, FIRST_SEED + per_center), SHARED_SEED]
    phantoms = phantom_cases(seeds=seeds, size=size, by=coordinator, now=now, say=say)
    cases = [demo for demo in phantoms if demo.truth.seed != SHARED_SEED]
    shared = [demo for demo in phantoms if demo.truth.seed == SHARED_SEED]
    predictions_make([demo.case for demo in cases], by=coordinator, now=now, say=say)
    # Two studies of the same people share no case: the results of the one would tell the truth of the other.
    split = round(len(cases) * studies.FINISHED_SHARE)
    finished, active = cases[:split], cases[split:]
    studies.active_study(active, people, now=now)
    say("study in its washout")
    locked = studies.finished_study(finished, people, now=now)
    say("finished study with results")
    analysis_make(locked, by=people["statistician"], now=now, say=say)
    say("full analysis of the finished study")
    template_studies.adjudicated_study(shared, people, now=now)
    say("study that waits for its adjudicator")
    template_studies.trained_study(shared, people, now=now)
    say("study in its first session, with training")
    template_studies.designed_study(shared, people, now=now)
    say("study in design, ready to be frozen")
    studies.setup_study(people, now=now)
    say("study in design, ready for an import")
    real = real_case(by=coordinator, now=now, say=say)
    if real is not None:
        studies.practice_study(real, people, now=now)
        say("practice on a real MR series")
