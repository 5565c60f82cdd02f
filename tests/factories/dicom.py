"""Small examinations as a scanner sends them: a T2W and an ADC series, with an identity to be removed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage

SIZE = 32
SLICES = 6
STEP_MM = 3.5
SPACING_MM = 0.75
ROOT = "1.2.826.0.1.3680043.10.1999"


@dataclass(frozen=True)
class Original:
    """An examination before it comes through the door; `mark` makes every text and UID of it unique."""

    mark: str
    number: int

    @property
    def texts(self) -> dict[str, str]:
        """Attribute to a text that leads to the patient or shows who made the image."""
        return {
            "PatientName": f"NAME{self.mark}^IDENTITY",
            "PatientID": f"PID-{self.mark}",
            "PatientBirthDate": f"19{40 + self.number % 50}1107",
            "StudyDate": f"20{10 + self.number % 9}0213",
            "StudyID": f"SID{self.mark}",
            "AccessionNumber": f"ACC{self.mark}",
            "ReferringPhysicianName": f"REFERRER{self.mark}",
            "InstitutionName": f"HOSPITAL{self.mark}",
            "StationName": f"STATION{self.mark}",
            "StudyDescription": f"PELVIS FOR {self.mark}",
            "ProtocolName": f"t2 protocol of {self.mark}",
            "PatientComments": f"COMMENTS {self.mark}",
            "DeviceSerialNumber": f"SERIAL{self.mark}",
        }

    @property
    def study_uid(self) -> str:
        return f"{ROOT}.{self.number}.1"

    def series_uid(self, position: int) -> str:
        return f"{ROOT}.{self.number}.2.{position}"

    def sop_uid(self, position: int, index: int) -> str:
        return f"{ROOT}.{self.number}.3.{position}.{index}"

    @property
    def secrets(self) -> list[str]:
        """All that must never leave: texts, the dates written out, and every UID."""
        texts = self.texts
        dates = [texts["PatientBirthDate"], texts["StudyDate"]]
        written_out = [f"{date[:4]}-{date[4:6]}-{date[6:]}" for date in dates]
        descriptions = [f"t2 tse tra {self.mark}", f"adc map {self.mark}"]
        return [self.mark, f"{ROOT}.{self.number}.", *texts.values(), *written_out, *descriptions]


def write_examination(original: Original, folder: Path) -> None:
    """Six slices of 32 by 32 of T2W and three of ADC, axial and uniform."""
    folder.mkdir(parents=True, exist_ok=True)
    for position, (kind, description) in enumerate((("T2W", "t2 tse tra"), ("ADC", "adc map")), start=1):
        volume = pixels(original.number * 10 + position)
        for index in range(SLICES if kind == "T2W" else SLICES // 2):
            image = _image(original, position, index)
            image.SeriesDescription = f"{description} {original.mark}"
            image.ImageType = ["DERIVED", "PRIMARY", "ADC"] if kind == "ADC" else ["ORIGINAL", "PRIMARY", "M"]
            image.PixelData = volume[index].tobytes()
            image.save_as(folder / f"{kind}-{index:02d}.dcm", enforce_file_format=True)


def pixels(seed: int) -> np.ndarray:
    """Stored values, shape (slices, rows, columns)."""
    values = np.random.default_rng(seed).integers(100, 900, (SLICES, SIZE, SIZE))
    return values.astype(np.uint16)


def _image(original: Original, position: int, index: int) -> Dataset:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.MediaStorageSOPClassUID = MRImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = original.sop_uid(position, index)
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    for keyword, value in original.texts.items():
        setattr(image, keyword, value)
    image.SOPClassUID = MRImageStorage
    image.SOPInstanceUID = original.sop_uid(position, index)
    image.StudyInstanceUID = original.study_uid
    image.SeriesInstanceUID = original.series_uid(position)
    image.FrameOfReferenceUID = f"{ROOT}.{original.number}.4"
    image.Modality = "MR"
    image.SeriesNumber = position
    image.InstanceNumber = index + 1
    image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    image.ImagePositionPatient = [-12.0, -12.0, index * STEP_MM]
    image.PixelSpacing = [SPACING_MM, SPACING_MM]
    image.SliceThickness = STEP_MM
    image.Rows = image.Columns = SIZE
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.BitsAllocated = 16
    image.BitsStored = 12
    image.HighBit = 11
    image.PixelRepresentation = 0
    return image
