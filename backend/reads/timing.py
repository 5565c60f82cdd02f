"""Reading time as the browser measured it. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.studies.forms import is_finite_number

KEYS = (
    "first_image_ms",
    "first_interaction_ms",
    "active_ms",
    "wall_ms",
    "slices_seen",
    "slices_total",
    "clicks",
)


def check_timing(sent: Mapping[str, Any]) -> dict[str, float | None]:
    """The known measures, each a finite number of zero or more, or None where the browser sent nothing usable.

    Timing never refuses a submission: a reader's answers are worth more than the clock of a browser.
    """
    return {key: _usable(sent.get(key)) for key in KEYS}


def _usable(value: Any) -> float | None:
    return float(value) if is_finite_number(value) and value >= 0 else None
