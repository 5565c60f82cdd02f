"""Reading time and use of the viewer as the browser measured them. Pure."""

from collections.abc import Mapping
from typing import Any

from backend.studies.forms import is_finite_number

# Durations in ms. `active_ms` leaves out pauses and time away from the page, which the next two hold.
DURATIONS = (
    "first_image_ms",
    "first_interaction_ms",
    "active_ms",
    "idle_ms",
    "blur_ms",
    "wall_ms",
    "aid_open_ms",
)
COUNTS = (
    "slices_seen",
    "slices_total",
    "clicks",
    "key_presses",
    "scrolls",
    "window_changes",
    "zooms",
    "pans",
)
KEYS = (*DURATIONS, *COUNTS)
# Two clocks never agree to the millisecond, and a page lives a moment longer than the read that it shows.
TOLERANCE_MS = 5_000


def check_timing(sent: Mapping[str, Any], *, server_ms: float) -> dict[str, float | bool | None]:
    """The known measures, each a finite number of zero or more, or None where the browser sent nothing usable.

    Timing never refuses a submission: a reader's answers are worth more than the clock of a browser. `clock_suspect`
    says that a duration is longer than the read was open by the server's clock, or that more slices were seen than
    there are.
    """
    kept = {key: _usable(sent.get(key)) for key in KEYS}
    return {**kept, "clock_suspect": _is_suspect(kept, server_ms), "server_ms": server_ms}


def _is_suspect(kept: Mapping[str, float | None], server_ms: float) -> bool:
    durations = [kept[key] for key in DURATIONS]
    if any(value is not None and value > server_ms + TOLERANCE_MS for value in durations):
        return True
    seen, total = kept["slices_seen"], kept["slices_total"]
    return seen is not None and total is not None and seen > total


def _usable(value: Any) -> float | None:
    return float(value) if is_finite_number(value) and value >= 0 else None
