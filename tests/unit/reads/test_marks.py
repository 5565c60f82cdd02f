import uuid
from typing import Any

import pytest

from backend.audit.errors import InvalidInput
from backend.reads.marks import check_marks

from .drawing import Canvas, open_canvas

pytestmark = pytest.mark.django_db

QUESTION: dict[str, Any] = {
    "key": "deposits",
    "kind": "mark",
    "max_marks": 2,
    "options": [{"value": 1, "label": "Unlikely"}, {"value": 2, "label": "Likely"}],
}


def form(**changes: Any) -> dict[str, Any]:
    return {"questions": [{"key": "comment", "kind": "text"}, {**QUESTION, **changes}]}


def mark(canvas: Canvas, number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid.UUID(int=number)),
        "point_mm": canvas.point(10 + number, 12),
        "rating": 2,
        **canvas.uids(),
        **changes,
    }


def refusal(canvas: Canvas, *marks: Any, complete: bool = False, **changes: Any) -> str:
    with pytest.raises(InvalidInput) as refused:
        check_marks(canvas.read, form(**changes), {"deposits": list(marks)}, complete=complete)
    assert refused.value.fields.keys() == {"deposits"}
    return refused.value.fields["deposits"]


def test_marks_are_found_on_the_stored_image() -> None:
    canvas = open_canvas()
    answers = {"deposits": [mark(canvas), mark(canvas, 2, rating=None)], "comment": "two"}
    first, second = check_marks(canvas.read, form(), answers)
    assert first.where.image == canvas.image()
    assert (first.where.series, first.where.frame) == (0, 3)
    assert (first.question, first.rating, first.uuid) == ("deposits", 2, uuid.UUID(int=1))
    assert first.point_mm == canvas.point(11, 12)
    assert second.rating is None


def test_nothing_marked_is_nothing_kept() -> None:
    canvas = open_canvas()
    for answers in ({}, {"deposits": None}, {"deposits": []}):
        assert check_marks(canvas.read, form(), answers) == []


def test_a_submission_needs_every_rating() -> None:
    canvas = open_canvas()
    unrated = mark(canvas, 2, rating=None)
    assert refusal(canvas, mark(canvas), unrated, complete=True) == "Mark 2: Please give the mark a rating."
    kept = check_marks(canvas.read, form(options=[]), {"deposits": [unrated]}, complete=True)
    assert [one.rating for one in kept] == [None]


def test_a_mark_beside_its_slice_or_its_image_is_refused() -> None:
    canvas = open_canvas()
    x, y, z = canvas.point(11, 12)
    assert "slice that is named" in refusal(canvas, mark(canvas, point_mm=[x, y, z + 0.6]))
    check_marks(canvas.read, form(), {"deposits": [mark(canvas, point_mm=[x, y, z + 0.4])]})
    assert "outside the image" in refusal(canvas, mark(canvas, point_mm=canvas.point(31.6, 12)))
    assert "outside the image" in refusal(canvas, mark(canvas, point_mm=canvas.point(11, -0.6)))


def test_a_slice_of_another_read_or_frame_of_reference_is_refused() -> None:
    canvas = open_canvas()
    stored = canvas.image()
    for sop_uid in (stored.sop_uid, "2.25.1", None, 7):
        assert "not part of this case" in refusal(canvas, mark(canvas, sop_uid=sop_uid))
    for frame in (stored.series.frame_of_reference_uid, None):
        assert "frame of reference" in refusal(canvas, mark(canvas, frame_of_reference_uid=frame))


def test_a_mark_on_another_sequence_than_asked_for_is_refused() -> None:
    canvas = open_canvas()
    assert "on DWI images only" in refusal(canvas, mark(canvas), role="DWI")
    assert len(check_marks(canvas.read, form(role="T2W"), {"deposits": [mark(canvas)]})) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rating": 3}, "not one of the options"),
        ({"rating": "2"}, "not one of the options"),
        ({"rating": True}, "not one of the options"),
        ({"uuid": "mine"}, "not a UUID"),
        ({"point_mm": [1.0, 2.0]}, "three coordinates"),
        ({"point_mm": "abc"}, "three coordinates"),
        ({"point_mm": [1.0, 2.0, float("nan")]}, "outside any patient"),
    ],
)
def test_what_is_no_mark_is_refused_by_its_number(changes: dict[str, Any], words: str) -> None:
    canvas = open_canvas()
    text = refusal(canvas, mark(canvas), mark(canvas, 2, **changes))
    assert text.startswith("Mark 2: ")
    assert words in text


def test_too_many_marks_doubles_and_no_list_are_refused() -> None:
    canvas = open_canvas()
    three = [mark(canvas, number) for number in (1, 2, 3)]
    assert refusal(canvas, *three) == "At most 2 marks are kept, and 3 were sent."
    assert refusal(canvas, mark(canvas), mark(canvas)) == "A mark is sent twice."
    assert "not complete" in refusal(canvas, "here")
    with pytest.raises(InvalidInput):
        check_marks(canvas.read, form(), {"deposits": "here"})
