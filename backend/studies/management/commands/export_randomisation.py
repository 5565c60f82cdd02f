"""Write every draw of a study to a file that verify_randomisation checks without a database. For the operator alone."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.studies.models import ReaderStudy
from backend.studies.randomisation_file import NOTE, randomisation_document


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        study = ReaderStudy.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study {options['study']!r}.", returncode=2)
        text = json.dumps(randomisation_document(study), indent=1, sort_keys=True, ensure_ascii=False)
        try:
            # Readable by its owner alone, from the first byte on.
            with os.fdopen(os.open(options["out"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{text}\n")
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror}.", returncode=2) from error
        self.stdout.write(f"Wrote {options['out']}. {NOTE}")
