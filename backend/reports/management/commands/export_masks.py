"""Write the masks that readers painted as DICOM segmentations, with masks.csv; after the lock of the study alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from backend.audit.errors import RuleBroken
from backend.audit.services import record
from backend.reports.masks import mask_files, masks_csv
from backend.reports.services import software_versions
from backend.studies.models import ReaderStudy


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--study", required=True, metavar="SLUG")
        parser.add_argument("out", type=Path, metavar="OUT", help="a folder that is empty or not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        study = ReaderStudy.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study {options['study']!r}.", returncode=2)
        out: Path = options["out"]
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise CommandError(f"{out} is not an empty folder.", returncode=2)
        try:
            # The study is locked, so nothing changes under the export, and readers of others write on meanwhile.
            files, segments, without_place = self._write(study, out)
        except RuleBroken as broken:
            raise CommandError(broken.text) from broken
        except OSError as error:
            raise CommandError(f"The files cannot be written: {error.strerror}.", returncode=2) from error
        with transaction.atomic():
            record(
                event="masks_exported",
                by=None,
                at=timezone.now(),
                subject=study,
                study_id=study.pk,
                detail={"files": files, "segments": segments},
            )
        self.stdout.write(f"Wrote {files} segmentations with {segments} segments and masks.csv to {out}.")
        if without_place:
            self.stdout.write(
                f"{without_place} segments lie on images without a position: in masks.csv alone."
            )

    def _write(self, study: ReaderStudy, out: Path) -> tuple[int, int, int]:
        version = software_versions()["reading-room"]
        rows: list[dict[str, Any]] = []
        files = without_place = 0
        for one in mask_files(study, software_version=version):
            out.mkdir(parents=True, exist_ok=True)
            rows += one.rows
            if one.segmentation is None:
                without_place += len(one.rows)
            else:
                one.segmentation.save_as(out / one.name)
                files += 1
        out.mkdir(parents=True, exist_ok=True)
        (out / "masks.csv").write_text(masks_csv(rows), encoding="utf-8")
        return files, len(rows), without_place
