"""Answers of the `lpln-radiomics` form, and what a browser sends with them."""

import uuid
from typing import Any

TIMING = {
    "first_image_ms": 900,
    "first_interaction_ms": 1500,
    "active_ms": 41_250,
    "wall_ms": 60_500,
    "slices_seen": 30,
    "slices_total": 40,
    "clicks": 12,
}


def answers(rating: int, **changes: Any) -> dict[str, Any]:
    return {
        "side_region": "left_obturator",
        "short_axis_mm": 6.5,
        "long_axis_mm": 9.0,
        "criterion_heterogeneous": True,
        "criterion_margin": False,
        "rating": rating,
        **changes,
    }


def submission(given: dict[str, Any]) -> dict[str, Any]:
    return {"idempotency_key": uuid.uuid4(), "answers": given, "measurements": [], "timing": TIMING}
