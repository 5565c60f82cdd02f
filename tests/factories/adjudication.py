"""Studies of several readers that disagree, read through the services to where an adjudicator begins."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.adjudication.models import AdjudicationItem, ItemOriginal
from backend.adjudication.services import item_open_next, item_settle
from backend.cases.models import Case, CaseImage
from backend.reads.access import shown_series
from backend.reads.image_uids import uid_in_read
from backend.reads.models import Read
from backend.reads.services import read_open_next, read_submit
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.services import case_add, member_enroll, protocol_save, study_create, study_freeze

from .bare import make_case
from .cases import center, imported_cases, person
from .dicom import SPACING_MM, Original
from .studies import START, Clock

YES_NO = "yes_no"
FORM = {
    "version": 1,
    "questions": [
        {
            "key": "region",
            "kind": "choice",
            "label": "Region",
            "required": True,
            "options": [{"value": "left", "label": "Left"}, {"value": "right", "label": "Right"}],
        },
        {"key": "length_mm", "kind": "number", "label": "Length", "min": 0, "max": 100, "unit": "mm"},
        {"key": "margin", "kind": YES_NO, "label": "Irregular margin", "required": True},
        {"key": "signal", "kind": YES_NO, "label": "Heterogeneous signal", "required": True},
        {
            "key": "points",
            "kind": "derived",
            "label": "Criteria met",
            "type": "number",
            "expr": "count(margin, signal)",
        },
        {"key": "comment", "kind": "text", "label": "Comment"},
    ],
}
DRAWN_QUESTIONS = [
    {"key": "findings", "kind": "mark", "label": "Findings", "max_marks": 5},
    {"key": "tumor", "kind": "mask", "label": "Tumor outline"},
]
RULES = [
    {"question": "region", "when": "mismatch"},
    {"question": "length_mm", "when": "difference", "more_than": 2.0},
    {"question": "points", "when": "difference", "more_than": 0.0},
]
DRAWN_RULES = [
    {"question": "findings", "when": "distance", "more_than_mm": 3.0},
    {"question": "tumor", "when": "dice", "less_than": 0.7},
]
AGREED = {"region": "left", "length_mm": 8.0, "margin": True, "signal": False, "comment": "as expected"}

Answering = Callable[[Read, int, int], dict[str, Any]]


@dataclass
class PanelStory:
    """A study in reading, its people by part (`reader1`, ..., `adjudicator`, `coordinator`) and cases."""

    study: ReaderStudy
    people: dict[str, User]
    cases: list[Case]
    clock: Clock

    @property
    def readers(self) -> list[str]:
        return [part for part in self.people if part.startswith("reader")]

    def read_next(self, part: str, answering: Answering) -> Read:
        """Open and submit the reader's next case, answered for the reader's number from 0 and the case's rank."""
        read = read_open_next(slug=self.study.slug, by=self.people[part], now=self.clock.tick())
        rank = self.cases.index(read.assignment.study_case.case)
        return read_submit(
            read_id=read.pk,
            idempotency_key=uuid.uuid4(),
            answers=answering(read, self.readers.index(part), rank),
            measurements=[],
            timing={},
            by=self.people[part],
            now=self.clock.tick(),
        ).read

    def read_all(self, answering: Answering) -> None:
        """Every reader reads a session's worth of cases."""
        for part in self.readers:
            for _ in self.cases:
                self.read_next(part, answering)

    def open_item(self, part: str = "adjudicator") -> AdjudicationItem:
        return item_open_next(slug=self.study.slug, by=self.people[part], now=self.clock.tick())

    def settle(self, item: AdjudicationItem, answers: Mapping[str, Any], **options: Any) -> AdjudicationItem:
        return item_settle(
            item_id=item.pk,
            idempotency_key=options.pop("key", None) or uuid.uuid4(),
            answers=answers,
            reason=options.pop("reason", "Seen on two slices."),
            by=options.pop("by", None) or item.opened_by,
            now=self.clock.tick(),
            **options,
        )

    def item_of(self, rank: int) -> AdjudicationItem | None:
        items = AdjudicationItem.objects.filter(study_case__case=self.cases[rank])
        return items.exclude(status="VOIDED").first()

    def letter_of(self, item: AdjudicationItem, part: str) -> str:
        original = ItemOriginal.objects.get(item=item, read__reader=self.people[part])
        return "ABCDEFGH"[original.place - 1]

    def study_case(self, rank: int) -> StudyCase:
        return StudyCase.objects.get(study=self.study, case=self.cases[rank])


def panel_story(
    *,
    mode: str = "third_reader",
    readers: int = 3,
    cases: int = 2,
    with_images: bool = False,
    name: str = "panel",
    adjudicators: Sequence[str] = ("adjudicator",),
    adjudication: Mapping[str, Any] | None = None,
    design: Callable[[dict[str, Any]], None] | None = None,
) -> PanelStory:
    """A frozen study of one arm; `design` may change its document before the freeze."""
    clock = Clock(now=START)
    parts = [f"reader{number}" for number in range(1, readers + 1)]
    people = {part: person(f"{name}-{part}") for part in (*parts, "coordinator", *adjudicators)}
    by = people["coordinator"]
    study = study_create(
        slug=f"study-{name}", title=f"Study {name}", template="blank", by=by, now=clock.tick()
    )
    questions = FORM["questions"] + (DRAWN_QUESTIONS if with_images else [])
    rules = RULES + (DRAWN_RULES if with_images else [])
    plan = {"mode": mode, "arms": None, "rules": rules, "expected_discordance": 0.25, "minutes_per_item": 4}
    document = {
        **study.protocol,
        "form": {**FORM, "questions": questions},
        "adjudication": {**plan, **(adjudication or {})},
    }
    if design is not None:
        design(document)
    study = protocol_save(
        study_id=study.pk, document=document, revision=study.revision, by=by, now=clock.tick()
    )
    story = PanelStory(study, people, _cases(name, cases, with_images, by, clock), clock)
    for part, user in people.items():
        role = {"coordinator": Role.COORDINATOR}.get(part, Role.READER if part in parts else Role.ADJUDICATOR)
        member_enroll(study=study, user=user, role=role, by=by, now=clock.tick())
    for case in story.cases:
        case_add(study=study, case=case, by=by, now=clock.tick())
    story.study = study_freeze(study_id=study.pk, models={}, by=by, now=clock.tick())
    return story


def _cases(name: str, count: int, with_images: bool, by: User, clock: Clock) -> list[Case]:
    site = center(f"{name.upper()}SITE")
    if not with_images:
        return [make_case(f"{site.code}-{rank + 1:04d}", center=site.code) for rank in range(count)]
    originals = [Original(f"{name.upper()}PAT{rank}", 500 + rank) for rank in range(count)]
    return imported_cases(originals, at=site, by=by, now=clock.tick(), with_mask=False)


def mark_at(read: Read, column: float, row: float, *, frame: int = 3) -> dict[str, Any]:
    """A mark on the first series, at a pixel of a slice, as the browser sends it."""
    image = _image(read, frame)
    return {
        "uuid": str(uuid.uuid4()),
        "point_mm": _point(image, column, row),
        "rating": None,
        **_uids(read, image),
    }


def square_at(read: Read, column: float, row: float, *, pixels: int = 10, frame: int = 3) -> dict[str, Any]:
    """A square outline whose pixels are counted easily, as the browser sends it."""
    image = _image(read, frame)
    low, high = -0.5, pixels - 0.5
    corners = [(low, low), (high, low), (high, high), (low, high)]
    points = [_point(image, column + across, row + down) for across, down in corners]
    return {"points_mm": points, **_uids(read, image)}


def millimeters(pixels: float) -> float:
    return pixels * SPACING_MM


def _image(read: Read, frame: int) -> CaseImage:
    return CaseImage.objects.select_related("series").get(series=shown_series(read)[0], index=frame - 1)


def _uids(read: Read, image: CaseImage) -> dict[str, str]:
    return {
        "sop_uid": uid_in_read(read.pk, image.sop_uid),
        "frame_of_reference_uid": uid_in_read(read.pk, image.series.frame_of_reference_uid),
    }


def _point(image: CaseImage, column: float, row: float) -> list[float]:
    origin = image.metadata["00200032"]["Value"]
    cosines = image.metadata["00200037"]["Value"]
    across, down = cosines[:3], cosines[3:]
    row_mm, column_mm = image.metadata["00280030"]["Value"]
    return [
        float(origin[axis] + across[axis] * column * column_mm + down[axis] * row * row_mm)
        for axis in range(3)
    ]
