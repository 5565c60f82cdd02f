"""Every moment that may be empty is tied to the rest of its row by a constraint of the database.

The fields are found by introspection, so that a new one is checked by default. What stands by hand below are
the exceptions, each with its reason.
"""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

from .test_model_guards import own_models

EXCEPTIONS = {
    "accounts.User.last_login": "Django's own field",
    "reads.Read.draft_saved_at": "empty until the first autosave; belongs to no state",
    "adjudication.AdjudicationItem.draft_saved_at": "empty until the first autosave; belongs to no state",
    "predictions.InferenceJob.sent_at": "when the last message went out; a message is only a wake-up",
    "reports.AnalysisRun.sent_at": "when the last message went out; a message is only a wake-up",
    "studies.ReaderStudy.frozen_by": "empty when a command froze the study; frozen_at is tied to the phase",
}


def names_in(condition: Q) -> Iterator[str]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from names_in(child)
        elif isinstance(child, tuple):
            yield str(child[0]).split("__")[0]


def constrained_fields(model: type[models.Model]) -> set[str]:
    return {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint) and isinstance(constraint.condition, Q)
        for name in names_in(constraint.condition)
    }


def moments_and_their_people(model: type[models.Model]) -> Iterator[models.Field]:
    """Nullable date-times, and nullable `x_by` beside a nullable `x_at`."""
    fields = {field.name: field for field in model._meta.local_fields}
    for name, field in fields.items():
        if not field.null:
            continue
        moment = fields.get(f"{name.removesuffix('_by')}_at") if name.endswith("_by") else None
        if isinstance(field, models.DateTimeField) or (moment is not None and moment.null):
            yield field


def unconstrained(model: type[models.Model]) -> list[str]:
    bound = constrained_fields(model)
    return [
        f"{model._meta.label}.{field.name}"
        for field in moments_and_their_people(model)
        if field.name not in bound
    ]


def test_every_optional_moment_is_bound_by_a_check_constraint() -> None:
    found = {name for model in own_models() for name in unconstrained(model)}
    assert found == EXCEPTIONS.keys(), (
        "add a CheckConstraint that says when the field is set, or an exception"
    )


@isolate_apps("backend.studies")
def test_guard_finds_an_unbound_pair() -> None:
    class Study(models.Model):
        closed_at = models.DateTimeField(null=True)
        closed_by = models.UUIDField(null=True)
        opened_at = models.DateTimeField(null=True)
        made_at = models.DateTimeField()
        made_by = models.UUIDField(null=True)

        class Meta:
            app_label = "studies"
            constraints = [models.CheckConstraint(condition=Q(opened_at__isnull=True), name="opened")]

    assert unconstrained(Study) == ["studies.Study.closed_at", "studies.Study.closed_by"]
