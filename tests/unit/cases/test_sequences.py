import pytest
from pydicom.dataset import Dataset

from backend.cases.sequences import SequenceKind, b_value_of, kind_of, title_of
from tests.factories.dicom_files import ct_slice, mr_slice


def bare(**attributes: object) -> Dataset:
    """An MR slice of which nothing is known but the attributes given."""
    return mr_slice(
        **{
            "SeriesDescription": None,
            "ImageType": None,
            "RepetitionTime": None,
            "EchoTime": None,
            **attributes,
        }
    )


def measured(sequence: str, echo: float, repetition: float, **more: object) -> Dataset:
    return bare(ScanningSequence=sequence.split(), EchoTime=echo, RepetitionTime=repetition, **more)


@pytest.mark.parametrize(
    ("dataset", "role"),
    [
        (bare(SeriesDescription="t2_tse_tra"), "T2W"),
        (bare(SeriesDescription="AX T2"), "T2W"),
        (bare(SeriesDescription="LIVER-PELVIS/HASTE_AXIAL_P"), "T2W"),
        (bare(SeriesDescription="T1 VIBE post KM"), "T1"),
        (bare(SeriesDescription="IBSI_MR_T1_image"), "T1"),
        (bare(SeriesDescription="T2 FLAIR"), "OTHER"),
        (bare(SeriesDescription="t2*_gre"), "OTHER"),
        (bare(SeriesDescription="FSE PD AXIAL OBL"), "OTHER"),
        (bare(SeriesDescription="STIR cor"), "OTHER"),
        (bare(SeriesDescription="ep2d_diff_tra_DYNDIST"), "DWI"),
        (bare(SeriesDescription="ep2d_diff_tra_DYNDIST_ADC"), "ADC"),
        (bare(SeriesDescription="dADC map"), "ADC"),
        (bare(SeriesDescription="Apparent Diffusion Coefficient (mm2/s)"), "ADC"),
        (bare(SeriesDescription="DWI b1000"), "DWI"),
        (bare(ImageType=["DERIVED", "PRIMARY", "DIFFUSION", "ADC"]), "ADC"),
        (bare(ImageType=["DERIVED", "PRIMARY", "DIFFUSION", "TRACEW"]), "DWI"),
        (bare(ProtocolName="t2_tse_sag"), "T2W"),
        (bare(SeriesDescription="Serie 5", ProtocolName="t1_se_cor"), "T1"),
        (bare(SeriesDescription="localizer t2"), "OTHER"),
        (bare(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], SeriesDescription="t2"), "OTHER"),
        (measured("SE", 100, 4000), "T2W"),
        (measured("SE", 100, 400), "OTHER"),
        (measured("SE", 12, 500), "T1"),
        (measured("GR", 4, 150), "T1"),
        (measured("SE IR", 100, 4000), "OTHER"),
        (measured("EP SE", 70, 4000, DiffusionBValue=800.0), "DWI"),
        (measured("EP SE", 70, 4000), "OTHER"),
        (bare(), "OTHER"),
        (ct_slice(SeriesDescription="T2 spine"), "CT"),
        (ct_slice(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), "OTHER"),
        (mr_slice(Modality="CR"), "OTHER"),
    ],
)
def test_role(dataset: Dataset, role: str) -> None:
    assert kind_of(dataset).role == role


def with_private(group: int, owner: str, element: int, vr: str, value: object) -> Dataset:
    dataset = mr_slice()
    dataset.private_block(group, owner, create=True).add_new(element, vr, value)
    return dataset


@pytest.mark.parametrize(
    ("dataset", "b_value"),
    [
        (mr_slice(DiffusionBValue=500.0), 500),
        (mr_slice(DiffusionBValue=0.0), 0),
        (with_private(0x19, "SIEMENS MR HEADER", 0x0C, "IS", "800"), 800),
        (with_private(0x19, "SIEMENS MR HEADER", 0x0C, "OB", b"50"), 50),
        (with_private(0x43, "GEMS_PARM_01", 0x39, "IS", ["1000001000", "8", "0", "0"]), 1000),
        (with_private(0x2001, "Philips Imaging DD 001", 0x03, "FL", 600.0), 600),
        (with_private(0x19, "SOMEBODY ELSE", 0x0C, "IS", "800"), None),
        (with_private(0x19, "SIEMENS MR HEADER", 0x0C, "OB", b"none"), None),
        (mr_slice(SequenceName="*ep_b400t"), 400),
        (mr_slice(SequenceName="*ep_b1000#3"), 1000),
        (mr_slice(SequenceName="*ep_b50_800"), None),
        (mr_slice(SequenceName="*tse2d1_25"), None),
        (mr_slice(), None),
    ],
)
def test_b_value(dataset: Dataset, b_value: float | None) -> None:
    assert b_value_of(dataset) == b_value


@pytest.mark.parametrize(
    ("kind", "modality", "plane", "title"),
    [
        (SequenceKind("T2W", None, is_localizer=False), "MR", "axial", "T2W axial"),
        (SequenceKind("DWI", 800.0, is_localizer=False), "MR", "oblique", "DWI b800 oblique"),
        (SequenceKind("OTHER", None, is_localizer=False), "MR", "coronal", "MR coronal"),
        (SequenceKind("OTHER", None, is_localizer=True), "MR", "sagittal", "Localizer sagittal"),
        (SequenceKind("OTHER", None, is_localizer=False), "CR", "unknown", "CR"),
    ],
)
def test_title_is_made_of_our_own_words(kind: SequenceKind, modality: str, plane: str, title: str) -> None:
    assert title_of(kind, modality, plane) == title
