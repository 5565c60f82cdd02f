"""Draw every order, case set and allocation of a study again, and compare. Needs no database with --file.

Ends with 0 when everything is as recorded, 1 with a line for every fault, 2 when it cannot be checked.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.studies.models import ReaderStudy
from backend.studies.randomisation_check import check_randomisation
from backend.studies.randomisation_file import randomisation_document


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--study", metavar="SLUG")
        source.add_argument("--file", type=Path, metavar="FILE", help="as export_randomisation wrote it")

    def handle(self, *args: Any, **options: Any) -> None:
        document = _of_file(options["file"]) if options["file"] else _of_study(options["study"])
        try:
            faults = check_randomisation(document)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise CommandError(f"This record cannot be checked: {error}", returncode=2) from error
        if faults:
            for fault in faults:
                self.stdout.write(f"{fault.subject}: {fault.text}")
            raise CommandError(f"{len(faults)} faults.", returncode=1)
        self.stdout.write(f"{len(document['draws'])} draws of {document['study']} are as recorded.")


def _of_study(slug: str) -> dict[str, Any]:
    study = ReaderStudy.objects.filter(slug=slug).first()
    if study is None:
        raise CommandError(f"There is no study {slug!r}.", returncode=2)
    return randomisation_document(study)


def _of_file(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=2) from error
    if not isinstance(document, dict):
        raise CommandError(f"{path} is not the record of a randomisation.", returncode=2)
    return document
