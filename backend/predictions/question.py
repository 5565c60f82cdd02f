"""What is asked of a model: which series and mask of a case, named by their content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.cases.models import Case, CaseMask, CaseSeries
from inference.contracts import GEOMETRY_DECIMALS, canonical_json

from .models import ModelVersion, Prediction

INDEX_NODE = "index_node"


@dataclass(frozen=True)
class Question:
    """One case put to one model version. A series or mask that the case lacks is absent here."""

    case: Case
    version: ModelVersion
    series: Mapping[str, CaseSeries]
    mask: CaseMask | None

    @property
    def input_digest(self) -> str:
        """SHA-256 over pixels, geometry, mask and center: the same images sent again have the same digest."""
        content = {
            "format": 1,
            "series": {
                role: {"pixels": series.pixel_digest, "geometry": _rounded(series.geometry)}
                for role, series in self.series.items()
            },
            "mask": self.mask.digest if self.mask else None,
            "center": self.case.center.code,
        }
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()

    @property
    def idempotency_key(self) -> str:
        """SHA-256 over case, input and version: one question is answered once.

        The case takes part so that the same examination under two numbers gets a prediction under each.
        """
        parts = (str(self.case.pk), self.input_digest, self.version.digest)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def question_for(*, case: Case, version: ModelVersion, mask: CaseMask | None = None) -> Question:
    """The case as `version` asks for it; `mask` is the case's index mask unless another one is given."""
    mask = mask or index_mask(case)
    chosen = {}
    for role in version.card["sequence_roles"]:
        series = _series_of(case, role, mask)
        if series is not None:
            chosen[role] = series
    return Question(case=case, version=version, series=chosen, mask=mask)


def prediction_of(question: Question) -> Prediction | None:
    """The answer to the question, if there is one."""
    return Prediction.objects.filter(job__idempotency_key=question.idempotency_key).first()


def index_mask(case: Case) -> CaseMask | None:
    """The index node as it was drawn last."""
    return CaseMask.objects.filter(case=case, role=INDEX_NODE).order_by("-created_at", "-id").first()


def _series_of(case: Case, role: str, mask: CaseMask | None) -> CaseSeries | None:
    """The series the mask was drawn on, else the first of the role, axial before others."""
    if mask is not None and mask.series.role == role:
        return mask.series
    series = list(CaseSeries.objects.filter(case=case, role=role).order_by("position"))
    return min(series, key=lambda one: (one.plane != "axial", one.position), default=None)


def _rounded(value: Any) -> Any:
    """Geometry as whole multiples of 1e-4, so that the last digits of a header do not count."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return round(value * 10**GEOMETRY_DECIMALS)
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
