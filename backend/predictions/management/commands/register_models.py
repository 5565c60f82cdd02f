from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from backend.predictions.services import models_register


class Command(BaseCommand):
    help = (
        "Write the versions of the installed models into the register, as every worker does when it starts."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for version in models_register(by=None, now=timezone.now()):
            self.stdout.write(str(version))
