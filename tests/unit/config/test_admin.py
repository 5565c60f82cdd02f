"""The operator's pages: what is in them, and that nothing of a reading is."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from tests.factories.cases import person
from tests.factories.studies import Stage, aid_numbers, study_in

OURS = {
    "accounts.Center", "accounts.User", "cases.Case", "cases.CaseImage", "cases.CaseMask", "cases.CaseSeries",
    "predictions.InferenceJob", "predictions.ModelVersion", "reports.FrozenDataset", "truth.CaseTruth",
}  # fmt: skip


def registered() -> list[type[Model]]:
    return [model for model in admin.site._registry if model.__module__.startswith("backend.")]


def test_the_admin_holds_the_listed_models_only() -> None:
    """Before a model joins them: an operator has no role in a study and is blind to all of it."""
    assert {model._meta.label for model in registered()} == OURS
    assert not OURS & {model._meta.label for model in apps.get_app_config("reads").get_models()}


@pytest.mark.django_db
def test_the_admin_is_closed_to_whoever_is_no_operator() -> None:
    story = study_in(Stage.DESIGN, cases=2)
    client = Client()
    for user in (None, story.people["coordinator"]):
        if user:
            client.force_login(user)
        answer = client.get("/admin/cases/case/")
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")


@pytest.mark.django_db
def test_the_admin_has_no_sign_in_of_its_own() -> None:
    """It would take any number of guesses; the product's own counts them."""
    person("operator", password="correct horse battery", is_operator=True)
    client = Client()
    sent = {"username": "operator", "password": "correct horse battery"}
    for answer in (client.get("/admin/login/"), client.post("/admin/login/", sent)):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    assert "sessionid" not in client.cookies


@pytest.mark.django_db
def test_no_page_of_the_admin_shows_an_answer_a_score_or_truth() -> None:
    story = study_in(Stage.LOCKED)
    client = Client()
    client.force_login(person("operator", is_operator=True))
    secrets = [*story.words.values(), *[repr(aid_numbers(story.name, rank)[1]) for rank in range(3)]]
    secrets += [repr(abs(aid_numbers(story.name, rank)[0])) for rank in range(3)]
    shown = 0
    for model in registered():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for one in [path, *(f"{path}{pk}/change/" for pk in model.objects.values_list("pk", flat=True))]:
            answer = client.get(one)
            assert answer.status_code == 200, one
            page = answer.content.decode()
            assert [secret for secret in secrets if secret in page] == [], one
            assert "is_positive" not in page
            shown += 1
    assert shown > len(OURS)
