"""Give a person a role in a study."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.audit.errors import RuleBroken
from backend.studies.models import ReaderStudy
from backend.studies.services import member_enroll


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--center", metavar="CODE", help="of a site data manager")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        study = ReaderStudy.objects.filter(slug=options["study"]).first()
        center = Center.objects.filter(code=options["center"]).first() if options["center"] else None
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        if study is None:
            raise CommandError(f"There is no study {options['study']!r}.")
        if options["center"] and center is None:
            raise CommandError(f"There is no center {options['center']!r}.")
        role = Role(options["role"])
        try:
            member_enroll(study=study, user=user, role=role, center=center, by=None, now=timezone.now())
        except RuleBroken as broken:
            raise CommandError(broken.text) from broken
        self.stdout.write(f"{user.username} is {role.label.lower()} of {study.slug}.")
