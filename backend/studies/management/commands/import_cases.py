"""Take DICOM in as cases of a study."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.accounts.models import Center, User
from backend.audit.errors import RuleBroken
from backend.cases.models import Case
from backend.cases.reports import ImportReport
from backend.cases.services import import_paths
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.services import case_add
from backend.studies.session_states import StudyPhase

SOME_REFUSED, NOTHING_DONE = 1, 2
# Refusals that say there was nothing to look at.
NOTHING_THERE = frozenset({"not_found", "empty_folder"})
PROGRESS_STEPS = 20


class Command(BaseCommand):
    help = (
        "Import DICOM folders, files and zips, de-identified, as cases of a study. "
        "Exit status: 0 everything went in or was there already; 1 something was refused, and the report "
        "says what and why; 2 nothing could be done, for there is no such study, center, user, path or file."
    )
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument(
            "--center", required=True, metavar="CODE", help="the hospital the images come from"
        )
        parser.add_argument("--by", metavar="USERNAME", help="whose name the audit trail bears")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        study = ReaderStudy.objects.filter(slug=options["study"]).first()
        center = Center.objects.filter(code=options["center"]).first()
        by = User.objects.filter(username=options["by"]).first() if options["by"] else None
        if study is None:
            text = f"There is no study {options['study']!r}. Make it with manage.py create_study SLUG --title TITLE."
            raise CommandError(text, returncode=NOTHING_DONE)
        if center is None:
            text = f"There is no center {options['center']!r}. Make it with manage.py create_center CODE --name NAME."
            raise CommandError(text, returncode=NOTHING_DONE)
        if options["by"] and by is None:
            raise CommandError(f"There is no user {options['by']!r}.", returncode=NOTHING_DONE)
        now = timezone.now()

        def add_to_study(case: Case, added: int) -> None:
            # A case may be part of several studies; what one of them reads must not change under its readers.
            frozen = StudyCase.objects.filter(case=case).exclude(study__phase=StudyPhase.DESIGN)
            if added and frozen.exists():
                raise RuleBroken(
                    "protocol_frozen", "A study with this case is frozen: it takes no further series."
                )
            if not study.study_cases.filter(case=case).exists():
                case_add(study=study, case=case, by=by, now=now)

        report = import_paths(
            paths=options["paths"],
            center=center,
            by=by,
            now=now,
            progress=self._show_progress,
            each_case=add_to_study,
        )
        self._show(report, as_json=options["as_json"])
        status = _status(report)
        if status:
            raise SystemExit(status)

    def _show_progress(self, step: str, done: int, total: int) -> None:
        """On the error stream, for the other one is for the report: a line that counts, or only its end."""
        is_step = done % max(1, total // PROGRESS_STEPS) == 0 and self.stderr.isatty()
        if total and (done == total or is_step):
            self.stderr.write(f"{step}: {done} of {total}", ending="\r" if done < total else "\n")

    def _show(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.to_json(), indent=2))
            return
        accepted = [
            (item.case, item.series, item.modality, item.role, str(item.instances))
            for item in report.accepted
        ]
        self._table("Accepted", ("CASE", "SERIES", "MODALITY", "ROLE", "IMAGES"), accepted)
        for item in report.accepted:
            for warning in item.warnings:
                self.stdout.write(f"  note on {item.case} {item.series}: {warning.reason} ({warning.code})")
        for name, findings in (("Refused", report.refused), ("Skipped", report.skipped)):
            rows = [(finding.path, finding.code, finding.reason) for finding in findings]
            self._table(name, ("PATH", "CODE", "REASON"), rows)

    def _table(self, name: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        self.stdout.write(f"{name}: {len(rows)}")
        if not rows:
            return
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
        for row in [head, *rows]:
            cells = [_printable(cell).ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("  " + "  ".join(cells).rstrip())


def _printable(cell: str) -> str:
    """A file's name may hold signs that steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in cell)


def _status(report: ImportReport) -> int:
    codes = {finding.code for finding in report.refused}
    if not report.accepted and not report.skipped and codes <= NOTHING_THERE:
        return NOTHING_DONE
    return SOME_REFUSED if report.refused else 0
