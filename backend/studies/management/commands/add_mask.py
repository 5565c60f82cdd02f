"""Store a lymph node mask on the grid of a case's T2-weighted series, for the model to run on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend.audit.errors import RuleBroken
from backend.cases.models import Case, MaskRole
from backend.cases.pixels import MASK_KEY
from backend.cases.services import mask_add
from backend.studies.models import StudyCase
from backend.studies.session_states import StudyPhase


class Command(BaseCommand):
    help = (
        "Store the mask of the index lymph node. FILE is an .npz with a boolean array "
        f"{MASK_KEY!r} of shape (slices, rows, columns), slices in the order of the stored series."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="CASE")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--series", default="T2W axial", metavar="TITLE")

    def handle(self, *args: Any, **options: Any) -> None:
        case = Case.objects.filter(number=options["number"]).first()
        if case is None:
            raise CommandError(f"There is no case {options['number']!r}.")
        series = case.series.filter(title=options["series"]).first()
        if series is None:
            titles = ", ".join(case.series.values_list("title", flat=True))
            raise CommandError(f"Case {case.number} has no series {options['series']!r}; it has {titles}.")
        if StudyCase.objects.filter(case=case).exclude(study__phase=StudyPhase.DESIGN).exists():
            # What the model was asked would change under readers who were shown its answer already.
            raise CommandError(f"A study with case {case.number} is frozen: its masks stay as they are.")
        try:
            mask = mask_add(
                case=case,
                series=series,
                role=MaskRole.INDEX_NODE,
                array=_array(options["file"]),
                by=None,
                now=timezone.now(),
            )
        except RuleBroken as broken:
            raise CommandError(broken.text) from broken
        self.stdout.write(f"Mask of {mask.voxels} voxels on {series.title} of {case.number}.")


def _array(path: Path) -> Any:
    try:
        with np.load(path, allow_pickle=False) as stored:
            array = stored[MASK_KEY]
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise CommandError(f"{path.name} is no .npz with an array {MASK_KEY!r}.") from error
    # Many tools write a mask as 0 and 1; anything else is left for the service to refuse.
    return array.astype(bool) if np.isin(array, (0, 1)).all() else array
