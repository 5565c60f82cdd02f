"""From files to examinations: headers are read, images sorted by study and series, pixels decoded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydicom.dataset import Dataset

from . import frames, parse
from .door import FoundFile
from .geometry import Orientation, Position, is_orientation
from .reports import PathFinding, Refused
from .values import numbers, text, whole

Progress = Callable[[str, int, int], None]
"""Told the step's name, how much of it is done and how much there is."""


@dataclass(frozen=True, slots=True)
class SourceImage:
    """An image file that may go in, by its header."""

    found: FoundFile
    identity: parse.Identity
    header: Dataset


@dataclass(frozen=True, slots=True)
class LostImage:
    """An image file that cannot go in. Unless its place is taken by another, its series stays out."""

    found: FoundFile
    sop_uid: str
    position: Position | None
    refusal: Refused


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """An image with its pixels, encoded anew."""

    source: SourceImage
    frame: frames.EncodedFrame
    orientation: Orientation | None
    position: Position | None
    spacing: tuple[float, float] | None

    @property
    def header(self) -> Dataset:
        return self.source.header

    @property
    def shown(self) -> str:
        return self.source.found.shown


@dataclass(slots=True)
class SourceSeries:
    """What was sent of one series."""

    images: list[SourceImage] = field(default_factory=list)
    lost: list[LostImage] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The folder that holds the series, or its file when there is but one."""
        found = [image.found for image in self.images] + [image.found for image in self.lost]
        return common_path(file.shown for file in found)


@dataclass(slots=True)
class Examination:
    """The series of one study of one patient."""

    patient: str
    study_uid: str
    series: dict[str, SourceSeries] = field(default_factory=dict)


@dataclass(slots=True)
class Intake:
    examinations: list[Examination] = field(default_factory=list)
    refused: list[PathFinding] = field(default_factory=list)


def common_path(paths: Iterable[str]) -> str:
    """The deepest folder that holds all paths, or the path itself."""
    many = [PurePosixPath(path).parts for path in paths]
    if len(set(many)) == 1:
        return "/".join(many[0])
    shared = []
    for parts in zip(*many, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join(shared)


def read_headers(files: list[FoundFile], progress: Progress) -> Intake:
    """Sort files into examinations; those that say too little of themselves are refused one by one."""
    intake = Intake()
    examinations: dict[tuple[str, str], Examination] = {}
    for number, found in enumerate(files):
        progress("Reading headers", number, len(files))
        try:
            header = parse.read_header(found.file)
            _check_is_image(header, found)
            identity = parse.identify(header)
        except Refused as refusal:
            intake.refused.append(PathFinding(found.shown, refusal.code, refusal.reason))
            continue
        key = (identity.patient, identity.study_uid)
        examination = examinations.setdefault(key, Examination(*key))
        series = examination.series.setdefault(identity.series_uid, SourceSeries())
        try:
            parse.check_kind(header, found.file)
            parse.check_image(header)
            series.images.append(SourceImage(found, identity, header))
        except Refused as refusal:
            series.lost.append(LostImage(found, identity.sop_uid, position_of(header), refusal))
    progress("Reading headers", len(files), len(files))
    intake.examinations = _without_conflicts(list(examinations.values()), intake.refused)
    return intake


def _check_is_image(header: Dataset, found: FoundFile) -> None:
    """Reports and objects that are no image concern no series of images, even where they share its UID."""
    try:
        parse.check_kind(header, found.file)
    except Refused as refusal:
        if refusal.code == "not_an_image" or whole(header, "Rows") is None:
            raise


def _without_conflicts(examinations: list[Examination], refused: list[PathFinding]) -> list[Examination]:
    """Leave out studies and series that name two patients or two studies: one of them is wrong."""
    kept = []
    for examination in examinations:
        others = [other for other in examinations if other is not examination]
        clash = any(
            other.study_uid == examination.study_uid or other.series.keys() & examination.series.keys()
            for other in others
        )
        if not clash:
            kept.append(examination)
            continue
        shown = common_path(series.shown for series in examination.series.values())
        reason = "Files of one study or series name different patients or studies: whose is it?"
        refused.append(PathFinding(shown, "conflicting_identity", reason))
    return kept


def decode_series(
    series: SourceSeries, skipped: list[PathFinding], progress: Callable[[], None]
) -> tuple[list[DecodedImage], list[LostImage]]:
    """Decode every image once; of files with one SOP instance UID the first that can be read counts."""
    decoded: dict[str, DecodedImage] = {}
    lost = list(series.lost)
    for image in series.images:
        first = decoded.get(image.identity.sop_uid)
        if first is not None:
            reason = f"The same image (SOP instance UID) as {first.shown}."
            skipped.append(PathFinding(image.found.shown, "duplicate_instance", reason))
        else:
            try:
                decoded[image.identity.sop_uid] = _decode(image)
            except Refused as refusal:
                lost.append(
                    LostImage(image.found, image.identity.sop_uid, position_of(image.header), refusal)
                )
        progress()
    return list(decoded.values()), lost


def _decode(image: SourceImage) -> DecodedImage:
    whole_file = parse.read_whole(image.found.file)
    frame = frames.encode(frames.decode(whole_file), whole(whole_file, "BitsStored") or 16)
    orientation, position = numbers(image.header, "ImageOrientationPatient", 6), position_of(image.header)
    is_placed = is_orientation(orientation) and position is not None
    spacing = numbers(image.header, "PixelSpacing", 2)
    return DecodedImage(
        source=image,
        frame=frame,
        orientation=orientation if is_placed else None,  # type: ignore[arg-type]  # six of them, as asked for
        position=position if is_placed else None,
        spacing=(spacing[0], spacing[1]) if spacing is not None and min(spacing) > 0 else None,
    )


def position_of(header: Dataset) -> Position | None:
    values = numbers(header, "ImagePositionPatient", 3)
    return None if values is None else (values[0], values[1], values[2])


def is_lossy(image: DecodedImage) -> bool:
    return (
        parse.syntax_of(image.header) in frames.LOSSY_SYNTAXES
        or text(image.header, "LossyImageCompression") == "01"
    )
