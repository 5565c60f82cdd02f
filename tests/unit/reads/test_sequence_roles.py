"""Layers that must not import each other list the roles of sequences each for itself; the lists say the same."""

from backend.accounts import preferences
from backend.cases.models import SeriesRole
from backend.reads import image_presentation
from backend.studies import design_schema


def test_every_list_of_sequence_roles_holds_the_same_roles() -> None:
    lists = [
        design_schema.ROLES,
        (*preferences.ROLES, preferences.ROLE_WITH_UNIT),
        image_presentation.ROLE_ORDER,
    ]
    for roles in lists:
        assert sorted(roles) == sorted(SeriesRole.values)
