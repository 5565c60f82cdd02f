"""The masks of a read as a DICOM segmentation that names the stored images. Needs highdicom: for exports alone.

References
----------
DICOM PS3.3 A.51 (Segmentation IOD), CID 7162 (Surface Processing Algorithm Family).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    Segmentation,
    SegmentationTypeValues,
    SegmentDescription,
)
from pydicom import dcmread
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from backend.cases.models import CaseImage, CaseSeries
from backend.cases.paths import media_path

from .access import protocol_of
from .image_uids import uid_in_read
from .labelmaps import Segment
from .models import MaskVolume
from .volumes import voxels_of

MANUFACTURER = "Reading Room"
SERIES_NUMBER = 900
LONGEST_LABEL = 64
# Tools that a hand alone leads; the others compute what they draw.
MANUAL_TOOLS = frozenset({"brush", "eraser", "outline"})
_FAMILIES = {
    "grow": codes.cid7162.NeighborhoodAnalysis,
    "threshold": codes.cid7162.HistogramAnalysis,
}
_OTHER_FAMILY = codes.cid7162.MorphologicalOperations


class NoPlace(Exception):
    """The series says nothing of its position, so nothing can say where its masks lie."""


def segmentation_of(volumes: Sequence[MaskVolume], *, software_version: str) -> Segmentation:
    """The masks of one read on one series, as a binary segmentation in Explicit VR Little Endian.

    Segments count from 1 in the order of the volumes and of their values. The identifiers hold for the read alone;
    the images that are referenced are the stored ones, which name nobody.

    Raises
    ------
    NoPlace
        When the images have no position.
    """
    read, series = volumes[0].read, volumes[0].series
    if not series.geometry:
        raise NoPlace(f"series {series.pk} has no position")
    pairs = [(volume, Segment(**one)) for volume in volumes for one in volume.segments]
    voxels = {volume.pk: voxels_of(volume) for volume in volumes}
    pixels = np.stack([voxels[volume.pk] == own.value for volume, own in pairs], axis=-1)
    questions = {one["key"]: one for one in protocol_of(read)["form"]["questions"]}
    made_in = f"segmentation|{volumes[0].correction_id or ''}|{series.series_uid}"
    images = _images(series)
    made = Segmentation(
        source_images=images,
        pixel_array=pixels.astype(np.uint8),
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[
            _description(number, own, questions[own.question])
            for number, (_, own) in enumerate(pairs, start=1)
        ],
        series_instance_uid=uid_in_read(read.pk, f"series of {made_in}"),
        series_number=SERIES_NUMBER,
        sop_instance_uid=uid_in_read(read.pk, made_in),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MANUFACTURER,
        software_versions=software_version,
        device_serial_number="0",
        content_label="MASKS",
        series_description="Masks of a reading",
        transfer_syntax_uid=ExplicitVRLittleEndian,
        omit_empty_frames=True,
    )
    made.PatientName = str(images[0].PatientName).rstrip("^")
    return made


def _images(series: CaseSeries) -> list[Any]:
    rows = CaseImage.objects.filter(series=series).order_by("index")
    images = [dcmread(media_path(row.file), stop_before_pixels=True) for row in rows]
    for image in images:
        # The same name in the standard's eyes; highdicom warns of a name that is a single word without it.
        image.PatientName = f"{image.PatientName}^"
    return images


def _description(number: int, own: Segment, question: Mapping[str, Any]) -> SegmentDescription:
    words = [
        next(one["label"] for one in question[part] if one["key"] == key)
        for part, key in (("labels", own.label), ("statuses", own.status))
        if key is not None
    ]
    step = next((one for one in reversed(own.origin) if one["tool"] not in MANUAL_TOOLS), None)
    return SegmentDescription(
        segment_number=number,
        segment_label=": ".join([question["label"], ", ".join(words)][: 1 + bool(words)])[:LONGEST_LABEL],
        segmented_property_category=codes.SCT.Tissue,
        segmented_property_type=codes.SCT.Tissue,
        algorithm_type=SegmentAlgorithmTypeValues.MANUAL
        if step is None
        else SegmentAlgorithmTypeValues.SEMIAUTOMATIC,
        algorithm_identification=None if step is None else _algorithm(step),
    )


def _algorithm(step: Mapping[str, Any]) -> AlgorithmIdentificationSequence:
    """The last step that a program did, with where it began and how."""
    parameters = {key: str(value) for key, value in step["parameters"].items()}
    if step["seed_ijk"]:
        parameters["seed_ijk"] = ",".join(map(str, step["seed_ijk"]))
    return AlgorithmIdentificationSequence(
        name=step["tool"],
        family=_FAMILIES.get(step["tool"], _OTHER_FAMILY),
        version=step["version"] or "not said",
        source=MANUFACTURER,
        parameters=parameters or None,
    )
