"""Verify the audit trail: the chain in the database, or an exported file without asking the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.audit import chain
from backend.audit.verification import verify_database


class Command(BaseCommand):
    help = (
        "Verify the audit trail. Exit status 0: intact; 1: faults were found; 2: there is nothing to verify."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", type=Path, help="an exported file; without it, the database is verified"
        )
        parser.add_argument("--head", metavar="SHA256", help="a hash written down earlier, to be found in it")

    def handle(self, *args: Any, **options: Any) -> None:
        file, head = options["file"], options["head"]
        try:
            report = chain.verify_file(file, head=head) if file else verify_database(head=head)
        except (OSError, chain.NotATrail) as problem:
            raise CommandError(str(problem), returncode=2) from problem
        for line in chain.summary(report):
            self.stdout.write(line)
        if not report.is_intact:
            raise CommandError("The audit trail is not intact.", returncode=1)
