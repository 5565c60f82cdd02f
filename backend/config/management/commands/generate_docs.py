"""Writes the documents that are made from code; with --check, says which of them are not current."""

import io
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from backend.studies.blinding import print_table
from backend.studies.session_states import draw_states


def _openapi() -> str:
    out = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    return out.getvalue()


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/blinding-protocol.txt": print_table,
    "docs/session-states.md": draw_states,
    "docs/openapi.yaml": _openapi,
}


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when a document is not current"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        stale = []
        for name, make in DOCUMENTS.items():
            path = settings.ROOT / name
            text = make()
            if path.is_file() and path.read_text() == text:
                continue
            stale.append(name)
            if not check:
                path.write_text(text)
                self.stdout.write(f"wrote {name}")
        if check and stale:
            raise CommandError(f"Not current, run manage.py generate_docs: {', '.join(stale)}")
