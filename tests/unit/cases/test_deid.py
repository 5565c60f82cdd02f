"""De-identification as a property: whatever a sender's file holds, none of its text or identity comes through."""

import json
import warnings
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import config, dcmread
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_dict
from pydicom.dataset import Dataset
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian

from backend.cases import deid
from backend.cases.deid import NewIdentity, decimal, deidentified, viewer_metadata
from backend.cases.keys import Pseudonymizer
from tests.factories.dicom_files import ct_slice, mr_slice

PSEUDONYMIZER = Pseudonymizer(bytes(32))
IDENTITY = NewIdentity(
    case_number="A-0007",
    patient_pseudonym="ab" * 32,
    study_uid="2.25.1",
    series_uid="2.25.2",
    sop_uid="2.25.3",
    frame_of_reference_uid="2.25.4",
    instance_number=3,
)
CANARY = "CANARY"
TEXT_VRS = {"LO", "SH", "PN", "LT", "ST", "UT", "UC", "CS", "AE", "UR"}
BASIC_PROFILE = {
    # PS3.15 Table E.1-1: attributes that the Basic Profile removes, empties or replaces; those an MR or CT bears.
    "AccessionNumber", "AcquisitionComments", "AcquisitionDate", "AcquisitionDateTime", "AcquisitionTime",
    "AdditionalPatientHistory", "AdmittingDate", "AdmittingDiagnosesDescription", "Allergies", "BranchOfService",
    "ContentDate", "ContentTime", "ContrastBolusAgent", "CountryOfResidence", "CurrentPatientLocation",
    "DerivationDescription", "DetectorID", "DeviceSerialNumber", "EthnicGroup", "FrameComments", "GantryID",
    "ImageComments", "InstanceCreationDate", "InstanceCreatorUID", "InstitutionAddress", "InstitutionName",
    "InstitutionalDepartmentName", "IssuerOfPatientID", "MedicalAlerts", "MedicalRecordLocator", "MilitaryRank",
    "NameOfPhysiciansReadingStudy", "Occupation", "OperatorsName", "OtherPatientIDs", "OtherPatientNames",
    "PatientAddress", "PatientAge", "PatientBirthDate", "PatientBirthName", "PatientBirthTime", "PatientComments",
    "PatientMotherBirthName", "PatientReligiousPreference", "PatientSex", "PatientSize", "PatientState",
    "PatientTelephoneNumbers", "PatientWeight", "PerformedProcedureStepDescription", "PerformingPhysicianName",
    "PhysiciansOfRecord", "PlateID", "ProtocolName", "ReasonForStudy", "ReferringPhysicianAddress",
    "ReferringPhysicianName", "ReferringPhysicianTelephoneNumbers", "RegionOfResidence",
    "RequestedProcedureDescription", "RequestingPhysician", "RequestingService", "ResponsiblePerson", "SeriesDate",
    "SeriesDescription", "SeriesTime", "SmokingStatus", "StationName", "StudyComments", "StudyDescription", "StudyID",
    "StudyTime", "TimezoneOffsetFromUTC",
}  # fmt: skip


def made_from(source: Dataset) -> Dataset:
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        return deidentified(source, IDENTITY, PSEUDONYMIZER)


def as_text(made: Dataset) -> str:
    """Everything a stored data set says: its file's bytes and the viewer's share."""
    buffer = BytesIO()
    made.save_as(buffer, implicit_vr=False, little_endian=True)
    metadata = viewer_metadata(made, ExplicitVRLittleEndian)
    return buffer.getvalue().decode("latin-1") + json.dumps(metadata)


def test_every_text_attribute_of_the_dictionary_is_left_behind() -> None:
    """A file that holds a canary in every text attribute there is."""
    source = mr_slice()
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        for number, (tag, entry) in enumerate(sorted(DicomDictionary.items())):
            if (
                entry[0] in TEXT_VRS
                and Tag(tag).group > 2
                and entry[4] not in ("Modality", "PhotometricInterpretation")
            ):
                source.add_new(tag, entry[0], f"{CANARY}{number}")
        assert str(source).count(CANARY) > 1500
        made = made_from(source)
    assert CANARY not in as_text(made)


@pytest.mark.parametrize("keyword", sorted(BASIC_PROFILE))
def test_attributes_of_the_basic_profile_are_gone_or_empty(keyword: str) -> None:
    value = {"DA": "19310227", "TM": "101112", "DT": "20200131", "AS": "066Y", "DS": "77.5", "UI": "1.2.3.4"}
    source = mr_slice(**{keyword: value.get(dictionary_VR(keyword), CANARY)})
    made = made_from(source)
    assert keyword not in made or made[keyword].is_empty or keyword in ("StudyDate",)


def test_identity_is_replaced() -> None:
    source = mr_slice(patient="MILLER")
    made = made_from(source)
    assert (made.PatientName, made.PatientID) == ("A-0007", "A-0007")
    assert (made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID) == (
        "2.25.1",
        "2.25.2",
        "2.25.3",
    )
    assert made.FrameOfReferenceUID == "2.25.4"
    assert made.InstanceNumber == 3
    assert made.StudyDate != source.StudyDate
    assert len(made.StudyDate) == 8
    assert "1.2.3" not in {str(element.value) for element in made}


def test_private_blocks_and_overlays_are_dropped() -> None:
    source = mr_slice()
    source.private_block(0x0013, "CTP", create=True).add_new(0x10, "LO", CANARY)
    source.add_new(0x60003000, "OW", b"overlay ")
    made = made_from(source)
    assert not [element for element in made if element.tag.is_private or element.tag.group >= 0x5000]


def test_the_file_says_what_was_done_to_it() -> None:
    made = made_from(mr_slice())
    assert made.PatientIdentityRemoved == "YES"
    assert "Basic Profile" in made.DeidentificationMethod
    codes = [
        (item.CodeValue, item.CodingSchemeDesignator) for item in made.DeidentificationMethodCodeSequence
    ]
    assert codes == [("113100", "DCM"), ("113107", "DCM")]
    assert made.LongitudinalTemporalInformationModified == "MODIFIED"


def test_what_measuring_and_models_need_is_kept() -> None:
    source = ct_slice(Manufacturer="SIEMENS Healthineers", KVP="120", PatientPosition="HFS", RescaleType="HU")
    made = made_from(source)
    for keyword in (
        "ImagePositionPatient",
        "ImageOrientationPatient",
        "PixelSpacing",
        "SliceThickness",
        "EchoTime",
    ):
        assert [float(value) for value in _many(made[keyword].value)] == [
            float(value) for value in _many(source[keyword].value)
        ]
    assert (made.RescaleSlope, made.RescaleIntercept, made.RescaleType) == (1, -24, "HU")
    assert (made.Manufacturer, made.PatientPosition, made.KVP) == ("SIEMENS", "HFS", 120)
    assert list(made.ImageType) == ["ORIGINAL", "PRIMARY", "M"]


def _many(value: object) -> list[object]:
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else [value]


@given(st.text(max_size=40), st.sampled_from(sorted(deid.CODES)))
def test_codes_come_from_the_vocabulary_alone(word: str, keyword: str) -> None:
    source = mr_slice(**{keyword: ["PRIMARY", word]})
    made = made_from(source)
    if keyword in made:
        assert set(_many(made[keyword].value)) <= deid.CODES[keyword]


@given(st.text(max_size=30))
def test_no_text_gets_through_where_a_number_stands(text: str) -> None:
    source = mr_slice()
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        for keyword in deid.NUMBERS:
            source.add_new(keyword_dict[keyword], "LO", [f"{CANARY}{text}"] * (deid.NUMBERS[keyword] or 1))
    assert CANARY not in as_text(made_from(source))


@pytest.mark.parametrize("value", [-1, 70_000, 1.5e9])
def test_numbers_that_do_not_fit_are_left_out(value: float) -> None:
    source = mr_slice()
    source.add_new(keyword_dict["AcquisitionMatrix"], "FD", [value] * 4)
    assert "AcquisitionMatrix" not in made_from(source)


@settings(max_examples=300)
@given(st.floats(-1e11, 1e11, allow_nan=False))
def test_decimal_strings_fit_and_are_close(value: float) -> None:
    written = decimal(value)
    assert len(written) <= 16
    assert float(written) == pytest.approx(value, rel=1e-8, abs=1e-300)


def test_the_viewer_gets_its_list_and_no_more() -> None:
    made = made_from(mr_slice(Manufacturer="SIEMENS"))
    made.PixelData = b"\0\0"
    allowed = {f"{keyword_dict[keyword]:08X}" for keyword in deid.VIEWER_KEYWORDS} | {"00083002"}
    metadata = viewer_metadata(made, "1.2.840.10008.1.2.4.80")
    assert set(metadata) <= allowed
    assert metadata["00083002"] == {"vr": "UI", "Value": ["1.2.840.10008.1.2.4.80"]}
    assert metadata["00280030"] == {"vr": "DS", "Value": [0.5, 0.75]}
    for hidden in ("00100010", "00100020", "00080020", "00080070", "0008103E", "7FE00010", "00120063"):
        assert hidden not in metadata


def test_a_stored_data_set_is_readable_by_others() -> None:
    made = made_from(mr_slice())
    made.file_meta = mr_slice().file_meta
    buffer = BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    assert dcmread(BytesIO(buffer.getvalue())).PatientID == "A-0007"
