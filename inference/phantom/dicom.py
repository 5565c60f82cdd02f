"""Writes phantom cases as DICOM: classic MR Image Storage, Explicit VR Little Endian, marked synthetic."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MRImageStorage

from inference.phantom.case import PhantomCase, PhantomSeries
from inference.phantom.centers import Center, center_for
from inference.phantom.geometry import Geometry

COMMENT = "SYNTHETIC - not a patient"
IMPLEMENTATION_VERSION = "RR_PHANTOM_1"

_SERIES = {
    "T2W": ("AX T2 TSE", 3, ["ORIGINAL", "PRIMARY", "M", "NORM"], "SE", "tse2d1_17"),
    "ADC": ("ADC", 6, ["DERIVED", "PRIMARY", "DIFFUSION", "ADC"], "EP", "ep_b0_1000"),
}


def write_dicom(
    case: PhantomCase, folder: Path, *, patient_id: str, patient_name: str = "PHANTOM^SYNTHETIC"
) -> list[Path]:
    """Write `T2W/*.dcm` and `ADC/*.dcm`; the same case always gives the same bytes.

    Parameters
    ----------
    case : PhantomCase
    folder : Path
        Made if missing; files of the same names are replaced.
    patient_id, patient_name : str
        As they are to stand in the files.

    Returns
    -------
    Paths written: T2W then ADC, each by file name. Instance numbers follow the center's habit, from the
    foot or from the head.
    """
    center = center_for(case.center)
    paths = []
    for series in (case.t2w, case.adc):
        target = folder / series.role
        target.mkdir(parents=True, exist_ok=True)
        window = _window(series.pixels)
        count = series.geometry.shape[0]
        for number in range(1, count + 1):
            index = count - number if center.is_numbered_from_top else number - 1
            dataset = _instance(case, center, series, index, number, window)
            dataset.PatientID, dataset.PatientName = patient_id, patient_name
            path = target / f"IM{number:04d}.dcm"
            dataset.save_as(path, enforce_file_format=True)
            paths.append(path)
    return paths


def write_mask(case: PhantomCase, path: Path) -> Path:
    """Write the index node's mask as compressed NPZ.

    Arrays: `mask` (uint8; slice, row, column), `spacing_mm` (slice, row, column), `origin_mm` (LPS of the
    first voxel's center), `direction` (3 x 3, columns for growing column, row and slice index).
    """
    geometry = case.t2w.geometry
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            mask=case.node_mask.astype(np.uint8),
            spacing_mm=np.array(geometry.spacing_mm),
            origin_mm=geometry.origin_mm,
            direction=geometry.direction,
        )
    return path


def phantom_uid(*parts: object) -> UID:
    """A UID under 2.25 that depends on nothing but its parts."""
    digest = hashlib.sha256("/".join(["reading-room-phantom", *map(str, parts)]).encode()).digest()
    return UID(f"2.25.{int.from_bytes(digest[:16])}")


def _window(pixels: NDArray[np.uint16]) -> tuple[int, int]:
    low, high = (int(value) for value in np.percentile(pixels, (2.0, 99.2)))
    return (low + high) // 2, max(high - low, 1)


def _examined_at(case: PhantomCase) -> datetime:
    """An invented moment of examination, the same for the same case."""
    first = datetime(2020, 1, 6, 8, 0, tzinfo=UTC)
    return first + timedelta(days=case.seed * 37 % 1500, minutes=case.seed * 13 % 540)


def _instance(
    case: PhantomCase, center: Center, series: PhantomSeries, index: int, number: int, window: tuple[int, int]
) -> FileDataset:
    key = (case.seed, case.center, case.size)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = phantom_uid(*key, series.role, index)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = phantom_uid("implementation")
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = phantom_uid(*key, "study")
    dataset.SeriesInstanceUID = phantom_uid(*key, series.role)
    dataset.FrameOfReferenceUID = phantom_uid(*key, "frame")
    dataset.InstanceNumber = number
    _add_patient_and_study(dataset, case, series)
    _add_equipment(dataset, center)
    _add_acquisition(dataset, center, series)
    _add_plane(dataset, series.geometry, index)
    _add_pixels(dataset, series, index, window)
    return dataset


def _add_patient_and_study(dataset: Dataset, case: PhantomCase, series: PhantomSeries) -> None:
    moment = _examined_at(case)
    day, minute = moment.strftime("%Y%m%d"), moment.strftime("%H%M%S")
    description, number, *_ = _SERIES[series.role]
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientSex = case.sex
    dataset.PatientBirthDate = date(moment.year - case.age_years, 1, 1).strftime("%Y%m%d")
    dataset.PatientAge = f"{case.age_years:03d}Y"
    dataset.PatientComments = COMMENT
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = day
    dataset.StudyTime = dataset.SeriesTime = dataset.AcquisitionTime = dataset.ContentTime = minute
    dataset.AccessionNumber = f"PH{case.center}{case.seed % 10**12}"
    dataset.StudyID = "1"
    dataset.ReferringPhysicianName = ""
    dataset.StudyDescription = "MR PELVIS (SYNTHETIC PHANTOM)"
    dataset.Modality = "MR"
    dataset.SeriesNumber = number
    dataset.SeriesDescription = description
    dataset.ProtocolName = description
    dataset.BodyPartExamined = "PELVIS"
    dataset.PatientPosition = "HFS"
    dataset.PositionReferenceIndicator = ""
    dataset.ImageComments = COMMENT


def _add_equipment(dataset: Dataset, center: Center) -> None:
    dataset.Manufacturer = center.manufacturer
    dataset.ManufacturerModelName = center.scanner
    dataset.DeviceSerialNumber = center.serial_number
    dataset.SoftwareVersions = IMPLEMENTATION_VERSION
    dataset.InstitutionName = center.name
    dataset.MagneticFieldStrength = center.field_tesla
    dataset.ImagingFrequency = round(42.577 * center.field_tesla, 4)
    dataset.ImagedNucleus = "1H"


def _add_acquisition(dataset: Dataset, center: Center, series: PhantomSeries) -> None:
    _, _, image_type, sequence, sequence_name = _SERIES[series.role]
    is_t2w = series.role == "T2W"
    dataset.ImageType = image_type
    dataset.ScanningSequence = [sequence] if sequence == "SE" else [sequence, "SE"]
    dataset.SequenceVariant = ["SK", "SP"] if is_t2w else ["SK"]
    dataset.ScanOptions = "" if is_t2w else "FS"
    dataset.MRAcquisitionType = "2D"
    dataset.SequenceName = sequence_name
    dataset.AngioFlag = "N"
    dataset.RepetitionTime = center.repetition_time_ms
    dataset.EchoTime = center.echo_time_ms if is_t2w else 72.0
    dataset.EchoTrainLength = 17 if is_t2w else 1
    dataset.NumberOfAverages = 2 if is_t2w else 6
    dataset.EchoNumbers = 1
    dataset.FlipAngle = 150 if is_t2w else 90
    dataset.PercentSampling = 100
    dataset.PercentPhaseFieldOfView = 100
    dataset.InPlanePhaseEncodingDirection = "ROW" if is_t2w else "COL"
    dataset.SpacingBetweenSlices = series.geometry.spacing_mm[0]
    dataset.SliceThickness = series.geometry.thickness_mm


def _add_plane(dataset: Dataset, geometry: Geometry, index: int) -> None:
    position = geometry.slice_origin(index)
    dataset.ImagePositionPatient = [f"{value:.6f}" for value in position]
    dataset.ImageOrientationPatient = [
        f"{value:.9f}" for value in (*geometry.row_direction, *geometry.column_direction)
    ]
    dataset.SliceLocation = f"{float(position @ geometry.normal):.4f}"
    dataset.PixelSpacing = [f"{geometry.spacing_mm[1]:.6g}", f"{geometry.spacing_mm[2]:.6g}"]


def _add_pixels(dataset: Dataset, series: PhantomSeries, index: int, window: tuple[int, int]) -> None:
    plane = series.pixels[index]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = plane.shape
    dataset.BitsAllocated = 16
    dataset.BitsStored = 12
    dataset.HighBit = 11
    dataset.PixelRepresentation = 0
    dataset.SmallestImagePixelValue = int(plane.min())
    dataset.LargestImagePixelValue = int(plane.max())
    dataset.WindowCenter, dataset.WindowWidth = window
    dataset.PixelData = plane.astype("<u2").tobytes()
