"""`python -m scripts.bench_ohif`: OHIF's own build over Orthanc, opened and scrolled as the reading page is.

The same examinations as in the bench of the reading page, each with its axial T2W series alone in OHIF's basic
viewer: a phantom of 40 slices and, where `../shared/data` lies beside the checkout, two real pelvic studies.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser
from pydicom import dcmread

from scripts import bench_page, ohif
from scripts.bench_rows import Row, machine, table_head
from scripts.orthanc import running_orthanc
from scripts.toolchain import Problem

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
CACHE = ROOT / ".run" / "bench"
# Name in the table, folder of the examination, folder of its axial T2W series.
REAL = (
    ("Siemens pelvis", "prostatex-0000-siemens", "s04_t2_tse_tra"),
    ("Toshiba pelvis", "cmb-crc-toshiba", "s901_ax_t2"),
)
PHANTOM = "40-slice phantom"
CENTER_OF_40_SLICES = "C"
VISITS = 5
VIEWPORT = ".cornerstone-viewport-element"


@dataclass(frozen=True)
class Examination:
    """An examination as DICOM files, and those of them that are its axial T2W series."""

    name: str
    files: list[Path]
    t2w: list[Path]


def measure_ohif(folder: Path, *, visits: int = VISITS) -> Iterator[Row]:
    """Every row of OHIF, as shipped and, for the phantom, with its scripts minified. `folder` takes the phantom."""
    build = ohif.fetch_ohif(CACHE)
    found = list(examinations(folder))
    with running_orthanc() as orthanc, bench_page.chromium() as browser:
        files = [path for one in found for path in one.files]
        started = time.perf_counter()
        orthanc.store(files)
        stored = [time.perf_counter() - started]
        versions = f"Orthanc {orthanc.version} with DICOMweb {orthanc.dicomweb_version}"
        yield Row(f"{versions}: {len(files)} images stored", stored, len(files), "images")
        with ohif.serving_ohif(build, orthanc.port) as origin:
            for one in found:
                yield from _measure(browser, origin, one, f"OHIF {ohif.VERSION}", visits)
        with ohif.serving_ohif(ohif.minified(build), orthanc.port) as origin:
            yield from _measure(browser, origin, found[0], f"OHIF {ohif.VERSION} minified", visits)


def examinations(folder: Path) -> Iterator[Examination]:
    """The phantom, written into `folder`, and the real studies that are there."""
    from inference.phantom import make_case, write_dicom

    files = write_dicom(make_case(1, CENTER_OF_40_SLICES), folder / "ohif-phantom", patient_id="BENCH-OHIF")
    yield Examination(PHANTOM, files, [path for path in files if path.parent.name == "T2W"])
    for name, study, series in REAL:
        if (SHARED_DATA / study).is_dir():
            t2w = sorted((SHARED_DATA / study / series).glob("*.dcm"))
            yield Examination(name, sorted((SHARED_DATA / study).rglob("*.dcm")), t2w)


def frames_of(series_uid: str) -> str:
    """The pattern of the addresses of a series' single-frame slices over DICOMweb."""
    return rf"/series/{re.escape(series_uid)}/instances/[^/]+/frames/1$"


def _measure(browser: Browser, origin: str, one: Examination, viewer: str, visits: int) -> Iterator[Row]:
    header = dcmread(one.t2w[0], stop_before_pixels=True)
    url = origin + ohif.viewer_path(header.StudyInstanceUID, header.SeriesInstanceUID)
    frames = frames_of(header.SeriesInstanceUID)
    made = [
        bench_page.cold_visit(browser, url, frames=frames, slices=len(one.t2w), selector=VIEWPORT)
        for _ in range(visits)
    ]
    yield from bench_page.visit_rows(f"{viewer}, {one.name}", len(one.t2w), made)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--visits", type=int, default=VISITS, help="how often each series is opened")
    options = parser.parse_args()
    print(machine())
    print(table_head())
    try:
        with tempfile.TemporaryDirectory(prefix="reading-room-bench-") as name:
            for row in measure_ohif(Path(name), visits=options.visits):
                print(row, flush=True)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
