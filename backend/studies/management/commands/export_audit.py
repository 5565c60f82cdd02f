"""Write the audit trail, or a study's extract of it, to a file that can be verified offline."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.audit import chain
from backend.audit.verification import UnreadableEvent, export_lines, links_of_study, whole_chain
from backend.studies.models import ReaderStudy


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--study", metavar="SLUG", help="only the events of this study")

    def handle(self, *args: Any, **options: Any) -> None:
        links, scope, slug = whole_chain(), chain.WHOLE_CHAIN, options["study"] or ""
        if slug:
            study = ReaderStudy.objects.filter(slug=slug).first()
            if study is None:
                raise CommandError(f"There is no study {slug!r}.")
            links, scope = links_of_study(study.pk), chain.EXTRACT
        out: Path = options["out"]
        try:
            with out.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(export_lines(links, scope=scope, study=slug, now=timezone.now()))
        except UnreadableEvent as problem:
            raise CommandError(f"The trail cannot be exported: {problem}.") from problem
        report = chain.verify_file(out)
        if not report.is_intact:
            raise CommandError(f"{out} was written, but the trail is not intact: run verify_audit.")
        self.stdout.write(f"{report.count} events written to {out}.")
        self.stdout.write(f"sha256 {report.last_sha256}")
