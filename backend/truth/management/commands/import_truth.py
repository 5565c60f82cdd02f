from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backend.accounts.models import User
from backend.audit.errors import InvalidInput, RuleBroken
from backend.studies.models import ReaderStudy
from backend.truth.services import truth_import_csv


class Command(BaseCommand):
    help = "Enter the reference standard of a study's cases from CSV: columns case and positive (1 or 0)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument("--source", required=True, help='where the truth is known from, e.g. "pathology"')
        parser.add_argument("--by", metavar="USERNAME", help="who enters it, for the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        study = ReaderStudy.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study {options['study']}.")
        by = User.objects.filter(username=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"There is no user {options['by']}.")
        text = _text(options["file"])
        try:
            entered = truth_import_csv(
                study=study, text=text, source=options["source"], by=by, now=timezone.now()
            )
        except InvalidInput as error:
            rows = "\n".join(f"  {where}: {what}" for where, what in error.fields.items())
            raise CommandError(f"{error.text}\n{rows}") from error
        except RuleBroken as error:
            raise CommandError(error.text) from error
        self.stdout.write(f"Cases entered: {len(entered)}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as UTF-8 text: {error}") from error
