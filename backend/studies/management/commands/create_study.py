"""Make a study in design from a template."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.accounts.models import User
from backend.studies.services import study_create
from backend.studies.templates import TEMPLATES


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--title", required=True)
        parser.add_argument("--template", choices=sorted(TEMPLATES), default="lpln-radiomics")
        parser.add_argument("--washout-days", type=int, help="the template's own when left out")
        parser.add_argument("--by", metavar="USERNAME", help="whose name the audit trail bears")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"There is no user {options['by']!r}.")
        washout = {} if options["washout_days"] is None else {"washout_days": options["washout_days"]}
        if options["washout_days"] is not None and options["washout_days"] < 0:
            raise CommandError("A washout is zero days or more.")
        try:
            study = study_create(
                slug=options["slug"],
                title=options["title"],
                template=options["template"],
                by=by,
                now=timezone.now(),
                **washout,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Study {study.slug} is in design, from the template {study.template}.")
