"""De-identification at the door: DICOM PS3.15 Basic Profile, deny by default.

A stored file is a new data set. Attributes get into it one by one: numbers are parsed and written anew, codes
must be words of a closed vocabulary, UIDs are replaced, the study date is moved. No text of the sender is
copied.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
)

from .keys import Pseudonymizer
from .values import numbers, text, texts, uid

STORAGE_CLASSES = frozenset(
    {
        MRImageStorage,
        CTImageStorage,
        PositronEmissionTomographyImageStorage,
        ComputedRadiographyImageStorage,
        DigitalXRayImageStorageForPresentation,
        DigitalXRayImageStorageForProcessing,
    }
)
CLASS_OF_MODALITY: Mapping[str, UID] = MappingProxyType(
    {
        "MR": MRImageStorage,
        "CT": CTImageStorage,
        "PT": PositronEmissionTomographyImageStorage,
        "CR": ComputedRadiographyImageStorage,
        "DX": DigitalXRayImageStorageForPresentation,
    }
)
NUMBERS: Mapping[str, int | None] = MappingProxyType(
    {
        "SliceThickness": 1,
        "RepetitionTime": 1,
        "EchoTime": 1,
        "InversionTime": 1,
        "NumberOfAverages": 1,
        "ImagingFrequency": 1,
        "MagneticFieldStrength": 1,
        "SpacingBetweenSlices": 1,
        "EchoTrainLength": 1,
        "EchoNumbers": 1,
        "PixelBandwidth": 1,
        "FlipAngle": 1,
        "PercentSampling": 1,
        "PercentPhaseFieldOfView": 1,
        "AcquisitionMatrix": 4,
        "KVP": 1,
        "ImagerPixelSpacing": 2,
        "ImagePositionPatient": 3,
        "ImageOrientationPatient": 6,
        "PixelSpacing": 2,
        "PixelAspectRatio": 2,
        "RescaleIntercept": 1,
        "RescaleSlope": 1,
    }
)
"""Attribute to the count of its values. Rounding aside, these are the sender's numbers."""

POSITIVE = frozenset({"PixelSpacing", "ImagerPixelSpacing", "PixelAspectRatio"})
RANGES: Mapping[str, tuple[int, int]] = MappingProxyType({"IS": (-(2**31), 2**31 - 1), "US": (0, 2**16 - 1)})

CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ImageType": frozenset(
            "ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER MPR OTHER M P R I NORM ND DIS2D DIS3D FFE SE "
            "IR TSE M_SE M_FFE M_IR DIFFUSION TRACEW ADC FA GDC PROCESSED MIP WATER FAT".split()
        ),
        "ScanningSequence": frozenset("SE IR GR EP RM".split()),
        "SequenceVariant": frozenset("SK MTC SS TRSS SP MP OSP TOF NONE".split()),
        "ScanOptions": frozenset("PER RG CG PPG FC PFF PFP SP FS CT".split()),
        "MRAcquisitionType": frozenset({"2D", "3D"}),
        "PatientPosition": frozenset(
            "HFS HFP HFDR HFDL FFS FFP FFDR FFDL LFP LFS RFP RFS AFDR AFDL PFDR PFDL".split()
        ),
        "InPlanePhaseEncodingDirection": frozenset({"ROW", "COL"}),
        "RescaleType": frozenset({"HU", "US", "OD", "BQML", "CNTS", "MGML"}),
        "LossyImageCompression": frozenset({"00", "01"}),
        "SyntheticData": frozenset({"YES", "NO"}),
    }
)
"""Attribute to the words it may hold; any other word is left out."""

VENDORS: Mapping[str, str] = MappingProxyType(
    {
        "siemens": "SIEMENS",
        "ge medical": "GE MEDICAL SYSTEMS",
        "philips": "PHILIPS",
        "toshiba": "TOSHIBA",
        "canon": "CANON",
        "hitachi": "HITACHI",
        "fujifilm": "FUJIFILM",
        "uih": "UIH",
        "united imaging": "UIH",
    }
)
KEPT_KEYWORDS = (
    *NUMBERS,
    *CODES,
    "Modality",
    "Manufacturer",
    "FrameOfReferenceUID",
    "WindowCenter",
    "WindowWidth",
)
METHOD = "PS3.15 Basic Profile, deny by default; study date shifted"
PROFILE_CODES = (
    ("113100", "Basic Application Confidentiality Profile"),
    ("113107", "Retain Longitudinal Temporal Information Modified Dates Option"),
)
VIEWER_KEYWORDS = (
    "SOPClassUID",
    "SOPInstanceUID",
    "Modality",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "InstanceNumber",
    "FrameOfReferenceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SliceThickness",
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "Rows",
    "Columns",
    "PixelSpacing",
    "ImagerPixelSpacing",
    "PixelAspectRatio",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "WindowCenter",
    "WindowWidth",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
)
"""What a browser needs to show and measure a slice, and no more: no date, no vendor, no acquisition."""

AVAILABLE_TRANSFER_SYNTAX = "00083002"


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """The names an image bears from now on."""

    case_number: str
    patient_pseudonym: str
    study_uid: str
    series_uid: str
    sop_uid: str
    frame_of_reference_uid: str
    instance_number: int


def deidentified(source: Dataset, identity: NewIdentity, pseudonymizer: Pseudonymizer) -> Dataset:
    """A new data set without the pixel module, built from what may be kept of `source`."""
    made = Dataset()
    _keep_numbers(source, made)
    _keep_codes(source, made)
    _name_kind(source, made)
    made.StudyInstanceUID = identity.study_uid
    made.SeriesInstanceUID = identity.series_uid
    made.SOPInstanceUID = identity.sop_uid
    made.FrameOfReferenceUID = identity.frame_of_reference_uid
    made.InstanceNumber = identity.instance_number
    made.PatientName = identity.case_number
    made.PatientID = identity.case_number
    made.StudyDate = pseudonymizer.shifted_date(text(source, "StudyDate"), patient=identity.patient_pseudonym)
    # Type 2: present and empty.
    for keyword in (
        "PatientBirthDate",
        "PatientSex",
        "StudyTime",
        "StudyID",
        "AccessionNumber",
        "SeriesNumber",
    ):
        setattr(made, keyword, None)
    made.ReferringPhysicianName = None
    made.PositionReferenceIndicator = None
    _say_how(made)
    return made


def _keep_numbers(source: Dataset, made: Dataset) -> None:
    for keyword, count in NUMBERS.items():
        values = numbers(source, keyword, count)
        if values is None or (keyword in POSITIVE and min(values) <= 0):
            continue
        written = [_as_written(value, dictionary_VR(keyword)) for value in values]
        if None not in written:
            setattr(made, keyword, written if len(written) > 1 else written[0])


def _as_written(value: float, vr: str) -> str | int | None:
    """A number in its attribute's own form; None when it does not fit."""
    if vr == "DS":
        return decimal(value)
    low, high = RANGES[vr]
    return int(value) if low <= value <= high else None


def decimal(value: float) -> str:
    """A decimal string of at most 16 characters, the closest to the value that fits."""
    for digits in range(17, 0, -1):
        written = f"{value:.{digits}g}"
        if len(written) <= 16:
            return written
    raise ValueError(f"{value} has no decimal string")


def _keep_codes(source: Dataset, made: Dataset) -> None:
    for keyword, words in CODES.items():
        kept = [value for value in texts(source, keyword) if value in words]
        if kept:
            setattr(made, keyword, kept if len(kept) > 1 else kept[0])
    manufacturer = text(source, "Manufacturer").lower()
    made.Manufacturer = next((name for mark, name in VENDORS.items() if mark in manufacturer), None)


def _name_kind(source: Dataset, made: Dataset) -> None:
    made.Modality = text(source, "Modality").upper()
    original = uid(source, "SOPClassUID")
    made.SOPClassUID = original if original in STORAGE_CLASSES else CLASS_OF_MODALITY[made.Modality]


def _say_how(made: Dataset) -> None:
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD
    made.DeidentificationMethodCodeSequence = Sequence()
    for value, meaning in PROFILE_CODES:
        code = Dataset()
        code.CodeValue = value
        code.CodingSchemeDesignator = "DCM"
        code.CodeMeaning = meaning
        made.DeidentificationMethodCodeSequence.append(code)
    made.LongitudinalTemporalInformationModified = "MODIFIED"


def viewer_metadata(stored: Dataset, transfer_syntax: str) -> dict[str, Any]:
    """The viewer's share of a stored data set, in the DICOM JSON model (PS3.18 annex F)."""
    share = Dataset()
    for keyword in VIEWER_KEYWORDS:
        if keyword in stored:
            share[keyword] = stored[keyword]
    metadata: dict[str, Any] = share.to_json_dict()
    metadata[AVAILABLE_TRANSFER_SYNTAX] = {"vr": "UI", "Value": [transfer_syntax]}
    return metadata
