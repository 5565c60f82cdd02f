import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from backend.accounts.models import Center


class SeriesRole(models.TextChoices):
    """What a series is to a protocol."""

    T2W = "T2W", "T2-weighted"
    ADC = "ADC", "ADC map"
    DWI = "DWI", "Diffusion-weighted"
    T1 = "T1", "T1-weighted"
    CT = "CT", "CT"
    OTHER = "OTHER", "Other"


class Plane(models.TextChoices):
    """The patient plane a slice lies in; UNKNOWN where the images carry no position."""

    AXIAL = "axial", "Axial"
    SAGITTAL = "sagittal", "Sagittal"
    CORONAL = "coronal", "Coronal"
    OBLIQUE = "oblique", "Oblique"
    UNKNOWN = "unknown", "Unknown"


class MaskRole(models.TextChoices):
    INDEX_NODE = "index_node", "Index lymph node"


class Case(models.Model):
    """One examination of one patient, without identity: the unit of analysis."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    center = models.ForeignKey(Center, on_delete=models.PROTECT, related_name="cases")
    number = models.CharField(max_length=30, unique=True)
    patient_pseudonym = models.CharField(max_length=64)
    study_uid = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["center", "patient_pseudonym", "study_uid"], name="one_case_per_examination"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseSeries(models.Model):
    """A stack of slices of one size and orientation, sorted along their common normal.

    `geometry` says how the stack lies in space, `window` is {"center", "width"} in rescaled units, `warnings`
    a list of {"code", "reason"}. `folder` is relative to the media folder.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="series")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=SeriesRole.choices)
    plane = models.CharField(max_length=10, choices=Plane.choices)
    title = models.CharField(max_length=60)
    dicom_modality = models.CharField(max_length=16)
    series_uid = models.CharField(max_length=64)
    frame_of_reference_uid = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    slices = models.PositiveIntegerField()
    row_spacing_mm = models.FloatField(null=True, blank=True)
    column_spacing_mm = models.FloatField(null=True, blank=True)
    slice_step_mm = models.FloatField(null=True, blank=True)
    is_uniform = models.BooleanField()
    geometry = models.JSONField(default=dict)
    window = models.JSONField(null=True, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    pixel_digest = models.CharField(max_length=64)
    is_synthetic = models.BooleanField(default=False)
    folder = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "position"]
        verbose_name_plural = "case series"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "series_uid"], name="series_once_per_case"),
            models.UniqueConstraint(fields=["case", "position"], name="one_series_per_position"),
            models.CheckConstraint(
                name="uniform_series_has_a_step",
                condition=models.Q(is_uniform=False) | models.Q(slice_step_mm__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.title}"


class CaseImage(models.Model):
    """One slice: a de-identified DICOM file and where its one frame lies in it.

    `file` is relative to the media folder, `metadata` the viewer's share of the header as DICOM JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(CaseSeries, on_delete=models.PROTECT, related_name="images")
    index = models.PositiveIntegerField()
    sop_uid = models.CharField(max_length=64)
    file = models.CharField(max_length=250)
    frame_offset = models.PositiveIntegerField()
    frame_length = models.PositiveIntegerField()
    transfer_syntax_uid = models.CharField(max_length=64)
    metadata = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["series", "index"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "index"], name="one_image_per_index"),
            models.UniqueConstraint(fields=["series", "sop_uid"], name="image_once_per_series"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.index + 1}"


class CaseMask(models.Model):
    """A delineation on the grid of one series; the voxels lie in a file, relative to the media folder."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="masks")
    series = models.ForeignKey(CaseSeries, on_delete=models.PROTECT, related_name="masks")
    role = models.CharField(max_length=30, choices=MaskRole.choices)
    label = models.CharField(max_length=60, blank=True)
    file = models.CharField(max_length=250, unique=True)
    voxels = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["case", "role", "created_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role}"
