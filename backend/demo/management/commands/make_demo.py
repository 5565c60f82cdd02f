"""Makes the demonstration: accounts, phantom cases, a study of each template at its own stage. Safe to run again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, call_command
from django.utils import timezone

from backend.demo.services import demo_make
from inference.phantom import Size


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--cases-per-center", type=int, default=4, help="of the studies with a model; one more is shared"
        )
        parser.add_argument("--size", choices=["full", "small"], default="full")
        # One process for both, because most of a later start is the reading of modules.
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")

    def handle(
        self, *args: Any, cases_per_center: int, size: Size, migrate: bool, verbosity: int, **options: Any
    ) -> None:
        start = time.monotonic()
        if migrate:
            call_command("migrate", interactive=False, verbosity=verbosity, stdout=self.stdout)

        def say(text: str) -> None:
            self.stdout.write(f"  {time.monotonic() - start:5.0f} s  {text}")
            self.stdout.flush()

        demo_make(per_center=cases_per_center, size=size, now=timezone.now(), say=say)
