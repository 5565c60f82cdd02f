"""The first write of a study: it is created with its coordinator, who designs it from there."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import InvalidInput

from .design_patterns import PatternRefused, checked_options
from .models import ReaderStudy
from .services import member_enroll, study_create
from .templates import CARDS


@transaction.atomic
def study_begin(
    *, slug: str, title: str, template: str, options: Mapping[str, object], by: User, now: datetime
) -> ReaderStudy:
    """A study from a template; whoever begins it is its first coordinator.

    Raises
    ------
    InvalidInput
        When there is no such template, an option of it is not acceptable, or the short name is taken.
    """
    card = next((card for card in CARDS if card.key == template), None)
    if card is None:
        raise InvalidInput("The study cannot be created.", {"template": "There is no such template."})
    try:
        values = checked_options(card.title, card.options, options)
        study = study_create(slug=slug, title=title, template=template, by=by, now=now, **values)
    except PatternRefused as refused:
        raise InvalidInput("The study cannot be created.", {refused.field: refused.text}) from refused
    except ValidationError as error:
        fields = {name: " ".join(texts) for name, texts in error.message_dict.items()}
        raise InvalidInput("The study cannot be created.", fields) from error
    member_enroll(study=study, user=by, role=Role.COORDINATOR, by=by, now=now)
    return study
