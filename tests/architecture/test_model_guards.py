"""What imports cannot show: foreign keys between apps, and the accessors that Django adds by itself."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from .layers import app_ranks

SECRET_APPS = ("reads", "truth", "predictions", "adjudication")
RANKS = app_ranks()


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in RANKS]


def relations_of(model: type[models.Model]) -> list["models.ForeignKey | models.ManyToManyField"]:
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field for field in fields if field.is_relation and field.remote_field is not None]


def upward_relations(checked: Iterable[type[models.Model]]) -> list[str]:
    """Relations that point to a higher app. Apps that are not ours (Django's) lie below all."""
    found = []
    for model in checked:
        for field in relations_of(model):
            target = field.related_model._meta.app_label
            if RANKS.get(target, -1) > RANKS[model._meta.app_label]:
                found.append(f"{model._meta.label}.{field.name} -> {target}")
    return found


def named_reverse_accessors(checked: Iterable[type[models.Model]]) -> list[str]:
    """Relations from an app that holds secrets by which one could walk into it from outside."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in checked
        if model._meta.app_label in SECRET_APPS
        for field in relations_of(model)
        if not field.remote_field.hidden
    ]


def test_every_app_with_models_has_a_layer() -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("backend.")}
    assert ours <= RANKS.keys()
    assert {"reads", "truth", "predictions", "studies", "cases"} <= {m._meta.app_label for m in own_models()}


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_foreign_keys_point_to_the_same_or_a_lower_app(model: type[models.Model]) -> None:
    assert upward_relations([model]) == [], (
        "a lower app would depend on a higher one: turn the relation round"
    )


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_no_accessor_leads_into_reads_truth_or_predictions(model: type[models.Model]) -> None:
    assert named_reverse_accessors([model]) == [], 'set related_name="+": `case.truth` must not exist'


@isolate_apps("backend.studies", "backend.truth")
def test_guard_finds_a_foreign_key_that_points_up() -> None:
    class Truth(models.Model):
        class Meta:
            app_label = "truth"

    class Study(models.Model):
        truth = models.ForeignKey(Truth, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "studies"

    assert upward_relations([Study, Truth]) == ["studies.Study.truth -> truth"]


@isolate_apps("backend.studies", "backend.truth")
def test_guard_finds_an_accessor_into_truth_and_spares_the_hidden_one() -> None:
    class Study(models.Model):
        class Meta:
            app_label = "studies"

    class OpenTruth(models.Model):
        study = models.ForeignKey(Study, on_delete=models.PROTECT)

        class Meta:
            app_label = "truth"

    class HiddenTruth(models.Model):
        study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "truth"

    assert named_reverse_accessors([Study, OpenTruth, HiddenTruth]) == ["truth.OpenTruth.study"]
