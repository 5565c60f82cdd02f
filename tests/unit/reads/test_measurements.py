import uuid
from typing import Any

import pytest

from backend.audit.errors import InvalidInput
from backend.reads.measurements import check_measurements

from .drawing import Canvas, open_canvas

pytestmark = pytest.mark.django_db


def axis(key: str, which: str, of: str) -> dict[str, Any]:
    return {"key": key, "kind": "measurement", "axis": which, "of": of}


def two_pairs(canvas: Canvas) -> Canvas:
    """The same read, its form asking for a node on either side."""
    questions = [axis(f"{of}_{which}", which, of) for of in ("left", "right") for which in ("short", "long")]
    study = canvas.read.assignment.study_case.study
    study.protocol = {**study.protocol, "form": {"version": 1, "questions": questions}}
    return canvas


def measurement(canvas: Canvas, number: int, question: str | None) -> dict[str, Any]:
    corners = ((10, 12), (18, 12), (14, 10), (14, 14))
    spacing = canvas.grid().column_spacing_mm
    return {
        "uuid": str(uuid.UUID(int=number)),
        "tool": "bidirectional",
        "question": question,
        "series": 0,
        "frame": 3,
        "points_mm": [canvas.point(*corner) for corner in corners],
        "long_axis_mm": 8 * spacing,
        "short_axis_mm": 4 * spacing,
    }


def test_each_pair_of_axes_is_filled_by_one_measurement() -> None:
    canvas = two_pairs(open_canvas())
    sent = [
        measurement(canvas, 1, "left_short"),
        measurement(canvas, 2, "right_long"),
        measurement(canvas, 3, None),
    ]
    checked = check_measurements(canvas.read, sent)
    assert [one.question for one in checked] == ["left_short", "right_long", None]
    assert [one.as_sent() for one in checked] == sent


def test_two_measurements_for_one_pair_are_refused() -> None:
    canvas = two_pairs(open_canvas())
    sent = [measurement(canvas, 1, "left_short"), measurement(canvas, 2, "left_long")]
    with pytest.raises(InvalidInput) as refused:
        check_measurements(canvas.read, sent)
    assert refused.value.fields == {"measurements": "Two measurements fill the same pair of axes."}


def test_an_open_draft_is_measured_by_the_form_under_which_it_was_opened() -> None:
    canvas = open_canvas()
    study = canvas.read.assignment.study_case.study
    asked = next(one for one in study.protocol["form"]["questions"] if one["kind"] == "measurement")
    study.protocol = {**study.protocol, "form": {"version": 2, "questions": []}}
    study.protocol_version += 1
    checked = check_measurements(canvas.read, [measurement(canvas, 1, asked["key"])])
    assert [one.question for one in checked] == [asked["key"]]
