"""Single DICOM files made for a test: valid, with a planted identity, and easy to spoil."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import config
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian, MRImageStorage

ROWS, COLUMNS = 12, 10
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
CORNER = np.array([-50.0, -60.0, 10.0])


def ramp(index: int, rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.uint16]:
    """12-bit values that differ from pixel to pixel and from slice to slice."""
    return ((np.arange(rows * columns).reshape(rows, columns) * 7 + index * 101) % 4096).astype(np.uint16)


def mr_slice(
    index: int = 0,
    *,
    pixels: NDArray[Any] | None = None,
    patient: str = "PAT-1",
    study: str = "1.2.3",
    series: str = "1.2.3.1",
    orientation: tuple[float, ...] = AXIAL,
    step: float = 3.0,
    **attributes: Any,
) -> Dataset:
    """One slice of a T2-weighted series; `attributes` override, None deletes."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = f"{series}.{index + 1}"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
    dataset.FrameOfReferenceUID = f"{study}.9"
    dataset.Modality = "MR"
    dataset.PatientName, dataset.PatientID = f"SECRET^{patient}", patient
    dataset.StudyDate = "20200131"
    dataset.SeriesDescription = "t2_tse_tra"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    dataset.InstanceNumber = index + 1
    position = CORNER + np.cross(orientation[:3], orientation[3:]) * step * index
    dataset.ImageOrientationPatient = list(orientation)
    dataset.ImagePositionPatient = [round(float(value), 6) for value in position]
    dataset.PixelSpacing = [0.5, 0.75]
    dataset.SliceThickness = 3.0
    dataset.RepetitionTime, dataset.EchoTime = 4000.0, 100.0
    set_pixels(dataset, ramp(index) if pixels is None else pixels)
    _override(dataset, attributes)
    return dataset


def _override(dataset: Dataset, attributes: dict[str, Any]) -> None:
    """Set values, also such that the standard forbids: scanners and tests write them."""
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        for keyword, value in attributes.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)


def ct_slice(index: int = 0, **attributes: Any) -> Dataset:
    """One signed CT slice in Hounsfield units by rescaling."""
    pixels = (ramp(index).astype(np.int16) - 1024).astype(np.int16)
    defaults = {"SOPClassUID": CTImageStorage, "Modality": "CT", "SeriesDescription": "abdomen"}
    rescale = {"RescaleSlope": 1, "RescaleIntercept": -24, "WindowCenter": 40, "WindowWidth": 400}
    return mr_slice(index, pixels=pixels, **{**defaults, **rescale, **attributes})


def set_pixels(dataset: Dataset, array: NDArray[Any], bits_stored: int | None = None) -> None:
    """Put uncompressed pixels in, with the module that describes them."""
    allocated = array.dtype.itemsize * 8
    is_signed = bool(np.issubdtype(array.dtype, np.signedinteger))
    stored = bits_stored or (allocated if is_signed or allocated != 16 else 12)
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = array.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = allocated, stored, stored - 1
    dataset.PixelRepresentation = int(is_signed)
    dataset.add_new("PixelData", "OW" if allocated > 8 else "OB", array.tobytes())


def save(dataset: Dataset, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        dataset.save_as(path, enforce_file_format=True)
    return path


def write_series(folder: Path, count: int = 5, *, skip: tuple[int, ...] = (), **options: Any) -> list[Path]:
    """`count` slices as files, those of `skip` left out, under names that do not follow their order."""
    kept = [index for index in range(count) if index not in skip]
    return sorted(
        save(mr_slice(index, **options), folder / f"{index * 7 % 97:02d}-{index}.dcm") for index in kept
    )


def compress(dataset: Dataset, syntax: str) -> Dataset:
    dataset.compress(UID(syntax), generate_instance_uid=False)
    return dataset
