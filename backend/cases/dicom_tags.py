"""The attributes that are read from a sender's file. What is not named here is not even parsed."""

from pydicom.datadict import tag_for_keyword
from pydicom.tag import BaseTag, Tag

IDENTITY = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")
PIXEL_MODULE = (
    "SamplesPerPixel",
    "PhotometricInterpretation",
    "PlanarConfiguration",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
)
# Read to decide with; their text is looked at, never copied.
EVIDENCE = (
    "SpecificCharacterSet",
    "SeriesDescription",
    "ProtocolName",
    "SequenceName",
    "ConversionType",
    "BurnedInAnnotation",
    "SeriesNumber",
    "ImagesInAcquisition",
    "InstanceNumber",
    "DiffusionBValue",
    "TemporalPositionIdentifier",
    "TemporalPositionIndex",
    "AcquisitionNumber",
    "ModalityLUTSequence",
    "SyntheticData",
    "StudyDate",
    "LossyImageCompression",
)
GEOMETRY = ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "ImagerPixelSpacing")
SIEMENS_HEADER, GE_PARAMETERS, PHILIPS_IMAGING = "SIEMENS MR HEADER", "GEMS_PARM_01", "Philips Imaging DD 001"
# Vendors' b-values, with the blocks' owners that give them their meaning.
PRIVATE = (
    *(Tag(0x0019, element) for element in (0x0010, 0x0011, 0x100C, 0x110C)),
    *(Tag(0x0043, element) for element in (0x0010, 0x0011, 0x1039, 0x1139)),
    *(Tag(0x2001, element) for element in (0x0010, 0x0011, 0x1003, 0x1103)),
)


def tags(keywords: tuple[str, ...]) -> list[BaseTag]:
    """The tags of attributes named by keyword.

    Raises
    ------
    ValueError
        For a keyword that the dictionary does not know.
    """
    found = []
    for keyword in keywords:
        tag = tag_for_keyword(keyword)
        if tag is None:
            raise ValueError(f"{keyword} is no DICOM keyword")
        found.append(Tag(tag))
    return found
