"""Point marks as the browser sends them inside the answers, checked against the slices they were set on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.audit.errors import InvalidInput

from .drawn_images import DrawnImage, DrawnImages
from .geometry import BadMeasurement, check_in_image, checked_point
from .models import Read

MAX_MARKS = 100


@dataclass(frozen=True)
class CheckedMark:
    """A point with the rating that the reader gave it."""

    uuid: UUID
    question: str
    point_mm: list[float]
    rating: str | int | None
    where: DrawnImage


def check_marks(
    read: Read, form: Mapping[str, Any], answers: Mapping[str, Any], *, complete: bool = False
) -> list[CheckedMark]:
    """The marks in the answers to the form's questions of kind mark.

    Parameters
    ----------
    complete : bool
        Whether a mark without its rating is refused: a draft may hold one, a submission not.

    Raises
    ------
    InvalidInput
        Names the question, and in its text the mark by its number.
    """
    images = DrawnImages(read)
    checked: list[CheckedMark] = []
    problems: dict[str, str] = {}
    for question in form["questions"]:
        sent = answers.get(question["key"])
        if question["kind"] != "mark" or sent is None:
            continue
        try:
            checked += _marks_of(question, sent, images, complete=complete)
        except BadMeasurement as problem:
            problems[question["key"]] = str(problem)
    uuids = [one.uuid for one in checked]
    for one in checked:
        if uuids.count(one.uuid) > 1:
            problems[one.question] = "A mark is sent twice."
    if problems:
        raise InvalidInput("A mark cannot be accepted.", problems)
    return checked


def _marks_of(
    question: Mapping[str, Any], sent: object, images: DrawnImages, *, complete: bool
) -> list[CheckedMark]:
    if not isinstance(sent, list):
        raise BadMeasurement("Marks are a list.")
    most = min(question.get("max_marks") or MAX_MARKS, MAX_MARKS)
    if len(sent) > most:
        raise BadMeasurement(f"At most {most} marks are kept, and {len(sent)} were sent.")
    checked = []
    for number, one in enumerate(sent, start=1):
        try:
            checked.append(_check(question, one, images, complete=complete))
        except BadMeasurement as problem:
            raise BadMeasurement(f"Mark {number}: {problem}") from problem
    return checked


def _check(question: Mapping[str, Any], sent: object, images: DrawnImages, *, complete: bool) -> CheckedMark:
    if not isinstance(sent, dict):
        raise BadMeasurement("The mark is not complete.")
    point = checked_point(sent.get("point_mm"))
    where = images.find(
        sop_uid=sent.get("sop_uid"), frame_of_reference_uid=sent.get("frame_of_reference_uid")
    )
    check_role(question, where)
    check_in_image([point], where.grid)
    return CheckedMark(
        uuid=checked_uuid(sent.get("uuid")),
        question=question["key"],
        point_mm=list(point),
        rating=_rating(question.get("options") or [], sent.get("rating"), complete=complete),
        where=where,
    )


def check_role(question: Mapping[str, Any], where: DrawnImage) -> None:
    """Refuse what was drawn on another sequence than the one that the question is about."""
    role = question.get("role")
    if role and where.image.series.role != role:
        raise BadMeasurement(f"This is drawn on {role} images only, and the slice is of another series.")


def checked_uuid(sent: object) -> UUID:
    try:
        return UUID(str(sent))
    except ValueError as problem:
        raise BadMeasurement("The identifier is not a UUID.") from problem


def _rating(options: Sequence[Mapping[str, Any]], sent: object, *, complete: bool) -> str | int | None:
    if sent is None:
        if complete and options:
            raise BadMeasurement("Please give the mark a rating.")
        return None
    for option in options:
        value: str | int = option["value"]
        if type(value) is type(sent) and value == sent:
            return value
    raise BadMeasurement("The rating is not one of the options.")
