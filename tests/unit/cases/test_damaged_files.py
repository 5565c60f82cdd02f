"""Files damaged at random: whatever comes, it goes in or is refused; nothing else happens."""

import random
from pathlib import Path

import pytest

from backend.cases.door import FoundFile
from backend.cases.intake import decode_series, read_headers
from backend.cases.keys import Pseudonymizer
from backend.cases.models import Case
from backend.cases.series_prep import SeriesRefused, prepare
from backend.cases.store import write_series
from tests.factories.dicom_files import compress, ct_slice, mr_slice, save

CODES = {
    "color_not_supported",
    "decode_failed",
    "missing_attributes",
    "multi_frame_not_supported",
    "no_pixel_data",
    "truncated",
    "unreadable",
    "unsupported_modality",
    "unsupported_pixel_format",
    "unsupported_size",
    "unsupported_transfer_syntax",
}


def sources(folder: Path) -> list[bytes]:
    implicit = mr_slice(1, DiffusionBValue=50.0)
    implicit.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    made = [
        mr_slice(),
        implicit,
        ct_slice(),
        compress(mr_slice(2), "1.2.840.10008.1.2.4.80"),
        compress(mr_slice(3), "1.2.840.10008.1.2.5"),
    ]
    return [save(dataset, folder / f"{number}.dcm").read_bytes() for number, dataset in enumerate(made)]


def damaged(content: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(128, len(spoilt))
        kind = dice.randrange(4)
        if kind == 0:
            spoilt[at] = dice.randrange(256)
        elif kind == 1:
            spoilt[at : at + 4] = bytes(dice.choice([0, 1, 127, 128, 255]) for _ in range(4))
        elif kind == 2:
            del spoilt[at : at + dice.randint(1, 40)]
        else:
            spoilt[at:at] = dice.randbytes(dice.randint(1, 20))
    return bytes(spoilt)


def outcome(path: Path, staged: Path) -> str:
    intake = read_headers([FoundFile(path, "sent")], lambda step, done, total: None)
    for examination in intake.examinations:
        for series in examination.series.values():
            images, lost = decode_series(series, [], lambda: None)
            try:
                prepared = prepare(series, images, lost, [])
            except SeriesRefused as refusal:
                return refusal.code
            case = Case(number="A-0001", patient_pseudonym="a" * 64, study_uid="2.25.1")
            for item in prepared:
                write_series(
                    item,
                    case=case,
                    position=0,
                    title="T",
                    pseudonymizer=Pseudonymizer(bytes(32)),
                    staged=staged,
                )
            return "accepted"
    return intake.refused[0].code


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_go_in_or_are_refused(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    contents = sources(tmp_path)
    seen = set()
    for number in range(40):
        path = tmp_path / "damaged.dcm"
        path.write_bytes(damaged(dice.choice(contents), dice))
        seen.add(outcome(path, tmp_path / f"staged-{number}"))
    assert seen <= CODES | {"accepted"}
    assert len(seen) > 3
