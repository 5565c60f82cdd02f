"""Writing a prepared series: one de-identified DICOM file per slice, and the rows that describe them."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

from .deid import NewIdentity, decimal, deidentified, viewer_metadata
from .frames import EncodedFrame
from .intake import DecodedImage, is_lossy
from .keys import Pseudonymizer
from .models import Case, CaseImage, CaseSeries
from .paths import series_folder
from .series_prep import PreparedSeries
from .storage import write_synced
from .values import text, whole

IMPLEMENTATION_UID = "2.25.142046271834503917464230906524437106471"
IMPLEMENTATION_NAME = "READING_ROOM"
SEQUENCE_DELIMITER_BYTES = 8


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """Rows that wait for their commit, and the folder that waits to be moved."""

    series: CaseSeries
    images: list[CaseImage]
    staged: Path


def new_series_uid(prepared: PreparedSeries, pseudonymizer: Pseudonymizer) -> str:
    parts = [prepared.part] if prepared.part else []
    return pseudonymizer.uid(prepared.images[0].source.identity.series_uid, *parts)


def new_sop_uids(prepared: PreparedSeries, pseudonymizer: Pseudonymizer) -> list[str]:
    return [pseudonymizer.uid(image.source.identity.sop_uid) for image in prepared.images]


def write_series(
    prepared: PreparedSeries,
    *,
    case: Case,
    position: int,
    title: str,
    pseudonymizer: Pseudonymizer,
    staged: Path,
) -> StoredSeries:
    """Write the files under `staged` and make the rows, unsaved."""
    staged.mkdir(parents=True)
    series = _series_row(prepared, case=case, position=position, title=title, pseudonymizer=pseudonymizer)
    images = []
    for index, (image, sop_uid) in enumerate(
        zip(prepared.images, new_sop_uids(prepared, pseudonymizer), strict=True)
    ):
        identity = NewIdentity(
            case_number=case.number,
            patient_pseudonym=case.patient_pseudonym,
            study_uid=case.study_uid,
            series_uid=series.series_uid,
            sop_uid=sop_uid,
            frame_of_reference_uid=series.frame_of_reference_uid,
            instance_number=index + 1,
        )
        dataset = _dataset(image, identity, prepared, pseudonymizer)
        content, offset = _as_file(dataset, image.frame)
        name = f"{index + 1:04d}.dcm"
        write_synced(staged / name, content)
        images.append(
            CaseImage(
                series=series,
                index=index,
                sop_uid=sop_uid,
                file=f"{series.folder}/{name}",
                frame_offset=offset,
                frame_length=len(image.frame.content),
                transfer_syntax_uid=str(image.frame.transfer_syntax),
                metadata=viewer_metadata(dataset, str(image.frame.transfer_syntax)),
            )
        )
    return StoredSeries(series=series, images=images, staged=staged)


def _series_row(
    prepared: PreparedSeries, *, case: Case, position: int, title: str, pseudonymizer: Pseudonymizer
) -> CaseSeries:
    first = prepared.images[0]
    # Without a frame of reference a series shares its space with no other.
    frame = text(first.header, "FrameOfReferenceUID") or f"none {first.source.identity.series_uid}"
    row_spacing, column_spacing = prepared.spacing or (None, None)
    series_id = uuid4()
    return CaseSeries(
        id=series_id,
        case=case,
        position=position,
        role=prepared.kind.role,
        plane=prepared.plane,
        title=title,
        dicom_modality=prepared.modality,
        series_uid=new_series_uid(prepared, pseudonymizer),
        frame_of_reference_uid=pseudonymizer.uid(frame),
        rows=whole(first.header, "Rows") or 0,
        columns=whole(first.header, "Columns") or 0,
        slices=len(prepared.images),
        row_spacing_mm=row_spacing,
        column_spacing_mm=column_spacing,
        slice_step_mm=prepared.step_mm,
        is_uniform=prepared.is_uniform,
        geometry=prepared.geometry,
        window=prepared.window,
        warnings=[warning.to_json() for warning in prepared.warnings],
        pixel_digest=hashlib.sha256(b"".join(image.frame.digest for image in prepared.images)).hexdigest(),
        is_synthetic=prepared.is_synthetic,
        folder=series_folder(case.pk, series_id),
    )


def _dataset(
    image: DecodedImage, identity: NewIdentity, prepared: PreparedSeries, pseudonymizer: Pseudonymizer
) -> Dataset:
    made = deidentified(image.header, identity, pseudonymizer)
    layout = image.frame.format
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = text(image.header, "PhotometricInterpretation").upper()
    made.Rows, made.Columns = whole(image.header, "Rows"), whole(image.header, "Columns")
    made.BitsAllocated, made.BitsStored, made.HighBit = (
        layout.bits_allocated,
        layout.bits_stored,
        layout.bits_stored - 1,
    )
    made.PixelRepresentation = int(layout.is_signed)
    made.WindowCenter = decimal(prepared.window["center"])
    made.WindowWidth = decimal(prepared.window["width"])
    if prepared.is_synthetic:
        made.SyntheticData = "YES"
    if is_lossy(image):
        made.LossyImageCompression = "01"
    if image.orientation is None:
        _drop(made, "ImagePositionPatient", "ImageOrientationPatient")
    if image.spacing is None:
        _drop(made, "PixelSpacing")
    return made


def _drop(made: Dataset, *keywords: str) -> None:
    for keyword in keywords:
        if keyword in made:
            delattr(made, keyword)


def _as_file(dataset: Dataset, frame: EncodedFrame) -> tuple[bytes, int]:
    """The DICOM file with the frame in it, and where in the file the frame begins."""
    syntax = UID(frame.transfer_syntax)
    if syntax.is_encapsulated:
        dataset.add_new("PixelData", "OB", encapsulate([frame.content], has_bot=False))
        dataset["PixelData"].is_undefined_length = True
        trailer = SEQUENCE_DELIMITER_BYTES
    else:
        padded = frame.content + b"\0" * (len(frame.content) % 2)
        dataset.add_new("PixelData", "OW" if dataset.BitsAllocated > 8 else "OB", padded)
        trailer = 0
    dataset.file_meta = _file_meta(dataset, syntax)
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    content = buffer.getvalue()
    padding = len(frame.content) % 2
    offset = len(content) - trailer - padding - len(frame.content)
    if content[offset : offset + len(frame.content)] != frame.content:
        raise RuntimeError("the frame is not where the file's layout says")
    return content, offset


def _file_meta(dataset: Dataset, syntax: UID) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = UID(IMPLEMENTATION_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_NAME
    return meta
