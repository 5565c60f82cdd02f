"""Make a center that sends cases."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from backend.accounts.models import Center
from backend.audit.services import record


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="short; case numbers begin with it")
        parser.add_argument("--name", required=True)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        center = Center(code=options["code"], name=options["name"])
        try:
            center.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        center.save()
        record(event="center_made", by=None, at=timezone.now(), subject=center, detail={"code": center.code})
        self.stdout.write(f"Center {center.code} is made.")
