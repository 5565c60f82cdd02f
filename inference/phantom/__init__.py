"""Seeded pelvic phantom: synthetic T2-weighted and ADC series of three centers, with known truth."""

from inference.phantom.case import PhantomCase, PhantomNode, PhantomSeries, make_case
from inference.phantom.centers import CENTERS, Center, Size
from inference.phantom.dicom import write_dicom, write_mask
from inference.phantom.truth import NodeFeatures, PhantomTruth, draw_truth, metastasis_probability

__all__ = [
    "CENTERS",
    "Center",
    "NodeFeatures",
    "PhantomCase",
    "PhantomNode",
    "PhantomSeries",
    "PhantomTruth",
    "Size",
    "draw_truth",
    "make_case",
    "metastasis_probability",
    "write_dicom",
    "write_mask",
]
