"""Reading one DICOM file: what it is, and whether it can go in."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_file_meta_info
from pydicom.pixels import get_decoder
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from . import deid, dicom_tags
from .door import MAGIC, PREAMBLE
from .reports import Refused
from .values import UNREADABLE, quiet, text, texts, uid, whole

IMAGE_MODALITIES = frozenset({"MR", "CT", "PT", "CR", "DX"})
OTHER_OBJECTS = frozenset(
    {"SR", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "PR", "KO", "REG", "RWV", "DOC", "AU", "ECG"}
)
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
MONOCHROME = frozenset({"MONOCHROME1", "MONOCHROME2"})
ENHANCED_CLASSES = frozenset({EnhancedMRImageStorage, EnhancedCTImageStorage, EnhancedPETImageStorage})
MAX_PIXELS = 64 << 20
MAX_INFLATED_BYTES = 1 << 30
INFLATE_RATIO = 1000
INFLATE_RATIO_FROM_BYTES = 64 << 20
CHUNK = 1 << 20
PIXEL_DATA = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")
PIXEL_DATA_TAG = bytes.fromhex("e07f1000")
READ_TAGS = [
    *dicom_tags.tags(
        dicom_tags.IDENTITY + dicom_tags.PIXEL_MODULE + dicom_tags.EVIDENCE + dicom_tags.GEOMETRY
    ),
    *dicom_tags.tags(deid.KEPT_KEYWORDS + PIXEL_DATA),
    *dicom_tags.PRIVATE,
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which image this is, in the sender's own names. Lives in memory only."""

    patient: str
    study_uid: str
    series_uid: str
    sop_uid: str


def read_header(path: Path) -> Dataset:
    """The attributes this product looks at, pixel data left on disk.

    Raises
    ------
    Refused
        `unreadable` or `deflate_bomb`.
    """
    return _read(path, defer_size=4096)


def read_whole(path: Path) -> Dataset:
    """As `read_header`, with the pixel data in memory."""
    return _read(path, defer_size=None)


def _read(path: Path, *, defer_size: int | None) -> Dataset:
    try:
        with quiet():
            _check_deflated(path)
            dataset = dcmread(path, force=True, defer_size=defer_size, specific_tags=list(READ_TAGS))
            if not dataset:
                # Where the file ends within an element pydicom gives nothing at all; the header may be whole.
                dataset = dcmread(path, force=True, stop_before_pixels=True, specific_tags=list(READ_TAGS))
            _supply_transfer_syntax(dataset)
    except UNREADABLE as error:
        raise Refused("unreadable", "The file begins like DICOM but cannot be read.") from error
    if not dataset:
        raise Refused("unreadable", "The file holds no complete header.")
    return dataset


def _supply_transfer_syntax(dataset: Dataset) -> None:
    if not hasattr(dataset, "file_meta"):
        dataset.file_meta = FileMetaDataset()
    if "TransferSyntaxUID" not in dataset.file_meta:
        is_implicit, is_little = dataset.original_encoding
        explicit = ExplicitVRLittleEndian if is_little else ExplicitVRBigEndian
        dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if is_implicit else explicit


def _check_deflated(path: Path) -> None:
    """Inflate a deflated file once without keeping it, before pydicom does so without a limit."""
    with path.open("rb") as opened:
        head = opened.read(PREAMBLE + 16)
        if head[PREAMBLE : PREAMBLE + 4] != MAGIC:
            return
        if read_file_meta_info(path).get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
            return
        # The group length (0002,0000) says where the file meta information ends.
        opened.seek(PREAMBLE + 16 + int.from_bytes(head[PREAMBLE + 12 :], "little"))
        inflated, packed = _inflated_size(opened)
    if inflated > MAX_INFLATED_BYTES or (
        inflated > INFLATE_RATIO_FROM_BYTES and inflated > INFLATE_RATIO * max(packed, 1)
    ):
        raise Refused("deflate_bomb", "The file would inflate to more than any image needs.")


def _inflated_size(opened: BinaryIO) -> tuple[int, int]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = packed = 0
    while not inflater.eof and inflated <= MAX_INFLATED_BYTES:
        chunk = inflater.unconsumed_tail
        if not chunk:
            chunk = opened.read(CHUNK)
            packed += len(chunk)
            if not chunk:
                break
        inflated += len(inflater.decompress(chunk, CHUNK))
    return inflated, packed


def identify(dataset: Dataset) -> Identity:
    """Who and what the file says it is.

    Raises
    ------
    Refused
        `missing_attributes` when it cannot be told apart from others.
    """
    needed = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
    missing = [keyword for keyword in needed if not text(dataset, keyword)]
    if missing:
        raise Refused("missing_attributes", f"The file has no {' and no '.join(missing)}.")
    return Identity(
        patient=text(dataset, "PatientID"),
        study_uid=text(dataset, "StudyInstanceUID"),
        series_uid=text(dataset, "SeriesInstanceUID"),
        sop_uid=text(dataset, "SOPInstanceUID"),
    )


def check_kind(dataset: Dataset, path: Path) -> None:
    """Whether the file is an image at all; asked before anything else, for reports need no series of images.

    Raises
    ------
    Refused
        `not_an_image`, `no_pixel_data` or `truncated`.
    """
    modality = text(dataset, "Modality").upper()
    if modality in OTHER_OBJECTS:
        raise Refused("not_an_image", f"A DICOM object of modality {modality} is no image.")
    if any(keyword in dataset for keyword in PIXEL_DATA[1:]):
        raise Refused(
            "unsupported_pixel_format", "Pixels stored as floating-point numbers are not supported."
        )
    if "PixelData" in dataset:
        return
    if "Rows" in dataset and PIXEL_DATA_TAG in path.read_bytes():
        raise Refused("truncated", "The file ends within its pixel data.")
    raise Refused("no_pixel_data", "The file holds no pixel data.")


def check_image(dataset: Dataset) -> None:
    """Whether this product can show and measure the image.

    Raises
    ------
    Refused
        With the code of the first rule it breaks.
    """
    _check_burned_in(dataset)
    modality = text(dataset, "Modality").upper()
    if modality not in IMAGE_MODALITIES:
        raise Refused("unsupported_modality", f"Images of modality {safe_code(modality)} are not read here.")
    is_enhanced = text(dataset, "SOPClassUID") in ENHANCED_CLASSES
    if is_enhanced or (whole(dataset, "NumberOfFrames") or 1) > 1:
        raise Refused(
            "multi_frame_not_supported", "Multi-frame images are not supported yet; send single frames."
        )
    _check_pixel_module(dataset)
    syntax = syntax_of(dataset)
    if not is_decodable(syntax):
        raise Refused("unsupported_transfer_syntax", f"No decoder for transfer syntax {name_syntax(syntax)}.")
    if "ModalityLUTSequence" in dataset:
        raise Refused("modality_lut_not_supported", "A look-up table instead of rescale slope and intercept.")


def _check_burned_in(dataset: Dataset) -> None:
    modality = text(dataset, "Modality").upper()
    reasons = {
        "it says so itself (BurnedInAnnotation)": text(dataset, "BurnedInAnnotation").upper() == "YES",
        "it is an ultrasound image": modality in ("US", "IVUS"),
        "it is a secondary capture": text(dataset, "SOPClassUID").startswith(SECONDARY_CAPTURE)
        or modality == "SC",
        "it is a saved screen": any("SCREEN" in value.upper() for value in texts(dataset, "ImageType")),
    }
    found = [reason for reason, holds in reasons.items() if holds]
    if found:
        reason = f"Text of the patient may be burned into the pixels: {found[0]}. Held back."
        raise Refused("burned_in_suspected", reason)


def _check_pixel_module(dataset: Dataset) -> None:
    photometric = text(dataset, "PhotometricInterpretation").upper()
    samples = whole(dataset, "SamplesPerPixel") or 1
    if samples != 1 or (photometric and photometric not in MONOCHROME):
        raise Refused(
            "color_not_supported", f"A color image ({safe_code(photometric)}); only grayscale is read."
        )
    needed = (
        "PhotometricInterpretation",
        "Rows",
        "Columns",
        "BitsAllocated",
        "BitsStored",
        "PixelRepresentation",
    )
    missing = [keyword for keyword in needed if not text(dataset, keyword)]
    if missing:
        raise Refused("missing_attributes", f"The image has no {' and no '.join(missing)}.")
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    allocated, stored = whole(dataset, "BitsAllocated") or 0, whole(dataset, "BitsStored") or 0
    if rows < 1 or columns < 1 or rows * columns > MAX_PIXELS:
        raise Refused(
            "unsupported_size", f"An image of {columns} x {rows} pixels is outside of what is read here."
        )
    if allocated not in (8, 16, 32) or not 1 <= stored <= allocated:
        raise Refused(
            "unsupported_pixel_format", f"{stored} bits stored in {allocated} bits are not supported."
        )


def syntax_of(dataset: Dataset) -> UID:
    return uid(dataset.file_meta, "TransferSyntaxUID")


def is_decodable(syntax: UID) -> bool:
    if not syntax.is_valid:
        return False
    try:
        return bool(get_decoder(syntax).is_available)
    except NotImplementedError:
        return False


def name_syntax(syntax: UID) -> str:
    """UID and name; a value that is no UID is not repeated."""
    if not syntax.is_valid:
        return "(not a valid UID)"
    return f"{syntax} ({syntax.name})" if syntax.name != syntax else str(syntax)


def safe_code(value: str) -> str:
    """A code string fit for a stored reason: what is too long or odd for one may be anything."""
    return (
        value
        if value and len(value) <= 16 and value.replace("_", "").replace(" ", "").isalnum()
        else "unknown"
    )
