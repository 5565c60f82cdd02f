"""`make bench`: what the product's slow parts take on this machine, and R's and OHIF's beside them.

Prints a Markdown table: median, and the smallest and largest of the rounds. All data are made up, but for two
public pelvic studies in the browser's rows where `../shared/data` lies beside the checkout.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts.bench_ohif import measure_ohif
from scripts.bench_reading import measure_reading
from scripts.bench_rows import Row, machine, set_up_django, table_head, timed
from scripts.bench_statistics import measure_statistics
from scripts.toolchain import Problem


def measure(folder: Path) -> Iterator[Row]:
    """Every row, each as soon as it is measured. Django must be set up on an empty database in `folder`."""
    from django.utils import timezone

    from backend.accounts.models import Center
    from backend.cases.models import CaseImage, CaseMask, CaseSeries, MaskRole, SeriesRole
    from backend.cases.pixels import read_frame, read_volume
    from backend.cases.services import import_paths, mask_add
    from backend.predictions.runner import run
    from backend.predictions.services import job_request, models_register
    from inference.phantom import make_case, write_dicom

    now = timezone.now()
    center = Center.objects.create(code="A", name="Bench")
    phantoms: list[Any] = []
    yield Row(
        "phantom case, T2W and ADC, full size",
        timed(lambda n: phantoms.append(make_case(n + 1, "A")), rounds=3),
    )
    folders = [folder / f"dicom-{number}" for number in range(len(phantoms))]
    for number, phantom in enumerate(phantoms):
        write_dicom(phantom, folders[number], patient_id=f"BENCH-{number}")

    def take_in(number: int) -> None:
        import_paths(paths=[folders[number]], center=center, by=None, now=now)

    seconds = timed(take_in, rounds=len(folders))
    images = list(CaseImage.objects.select_related("series"))
    yield Row(
        "import of one case: de-identify, encode, store", seconds, len(images) // len(folders), "images"
    )
    yield Row(
        "stored frames read, as the server sends them",
        timed(lambda _: [read_frame(image) for image in images], rounds=5),
        len(images),
        "frames",
    )
    series = CaseSeries.objects.filter(role=SeriesRole.T2W).order_by("case__number")
    yield Row("T2W series decoded to a volume", timed(lambda n: read_volume(series[n]), rounds=3))

    models_register(by=None, now=now)
    for number, one in enumerate(series):
        mask = phantoms[number].node_mask
        mask_add(case=one.case, series=one, role=MaskRole.INDEX_NODE, array=mask, by=None, now=now)
    jobs = [
        job_request(case=mask.case, model_id="lpln-radiomics", by=None, now=now)[0]
        for mask in CaseMask.objects.all()
    ]
    yield Row(
        "lpln-radiomics, one case from stored images, with its numerical uncertainty",
        timed(lambda n: run(job_id=jobs[n].pk, owner="bench"), rounds=1),
    )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="reading-room-bench-") as name:
        folder = Path(name)
        set_up_django(folder)
        print(machine())
        print(table_head())
        try:
            for rows in (
                measure_statistics(),
                measure(folder),
                measure_reading(folder),
                measure_ohif(folder),
            ):
                for row in rows:
                    print(row, flush=True)
        except Problem as problem:
            print(f"\n{problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
