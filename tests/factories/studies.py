"""Whole studies with a person in every role, walked through the services to where a test needs them."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zlib import crc32

from backend.accounts.models import Center, User
from backend.accounts.roles import Role
from backend.adjudication.services import item_open_next
from backend.cases.models import Case
from backend.predictions.release import aid_for, read_open_next_with_aid, released_model
from backend.predictions.selectors import models_for_freeze
from backend.reads.models import Read
from backend.reads.services import draft_save, read_submit
from backend.reports.services import study_lock_and_report
from backend.studies.models import ReaderStudy, StudyCase
from backend.studies.services import (
    case_add,
    member_enroll,
    protocol_save,
    study_create,
    study_freeze,
    study_lock_request,
)
from backend.truth.services import truth_enter

from .bare import make_case, make_mask
from .cases import center, imported_cases, person
from .dicom import STEP_MM, Original
from .model import model_output, model_registered, predicted, shown_on
from .painting import noise, painted_form

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WASHOUT = timedelta(days=28)
READERS = ("reader1", "reader2")
DESK = {
    "coordinator": Role.COORDINATOR,
    "statistician": Role.STATISTICIAN,
    "auditor": Role.AUDITOR,
    "site": Role.SITE_DATA_MANAGER,
    "adjudicator": Role.ADJUDICATOR,
}


class Stage(StrEnum):
    """Where a study stands. In a session each reader has submitted some reads and holds an open draft."""

    DESIGN = "design"
    SESSION_1 = "session 1"
    WASHOUT = "washout"
    SESSION_2 = "session 2"
    LOCKED = "locked"


@dataclass
class Clock:
    """The time of a story. Every step ends in another microsecond, so that each instant can be recognized."""

    now: datetime = START
    steps: int = 0

    def tick(self, minutes: float = 1) -> datetime:
        self.steps += 1
        self.now += timedelta(minutes=minutes, microseconds=104_729)
        return self.now

    def pass_washout(self) -> datetime:
        self.now += WASHOUT
        return self.tick()


@dataclass
class StudyStory:
    """A study, its people by part, and what was put into it."""

    name: str
    study: ReaderStudy
    people: dict[str, User]
    centers: list[Center]
    cases: list[Case]
    originals: list[Original]
    clock: Clock
    words: dict[uuid.UUID, str] = field(default_factory=dict)
    is_painted: bool = False

    @property
    def slug(self) -> str:
        return self.study.slug

    @property
    def now(self) -> datetime:
        return self.clock.now

    def refresh(self) -> "StudyStory":
        self.study = ReaderStudy.objects.get(pk=self.study.pk)
        return self

    def study_case(self, case: Case) -> StudyCase:
        return StudyCase.objects.get(study=self.study, case=case)

    def open_next(self, part: str) -> Read:
        return read_open_next_with_aid(slug=self.slug, by=self.people[part], now=self.clock.tick())

    def submit(self, read: Read, answers: dict[str, Any], **options: Any) -> Read:
        return read_submit(
            read_id=read.pk,
            idempotency_key=options.get("key") or uuid.uuid4(),
            answers=answers,
            measurements=options.get("measurements", []),
            annotations=options.get("annotations", self.notes_of(read)),
            labelmaps=options.get("labelmaps", self.paintings_of(read)),
            timing={"active_ms": 61_000, "wall_ms": 70_000, "clicks": 11},
            by=read.reader,
            now=self.clock.tick(),
        ).read

    def read_cases(self, part: str, count: int) -> list[Read]:
        """Read the reader's next cases; in the aided arm after a look at the model's output."""
        reads = []
        for _ in range(count):
            read = self.open_next(part)
            self.see_aid(read)
            reads.append(self.submit(read, self.answers_of(read)))
        return reads

    def begin_draft(self, part: str) -> Read:
        """Open the reader's next case and keep an answer to every question without submitting."""
        read = self.open_next(part)
        self.see_aid(read)
        draft_save(
            read_id=read.pk,
            revision=read.draft_revision,
            answers=self.answers_of(read),
            measurements=[],
            annotations=self.notes_of(read),
            labelmaps=self.paintings_of(read),
            by=read.reader,
            now=self.clock.tick(),
        )
        return Read.objects.get(pk=read.pk)

    def paintings_of(self, read: Read) -> list[dict[str, Any]] | None:
        """In a study whose form asks for it, a mask whose voxels are found nowhere else."""
        return [noise(crc32(self.place_of(read).encode()))] if self.is_painted else None

    def notes_of(self, read: Read) -> list[dict[str, Any]] | None:
        """In a study whose form asks for a mask, a note whose words are found nowhere else."""
        if not self.is_painted:
            return None
        frame = 2
        note = {
            "uuid": str(uuid.uuid5(read.pk, "note")),
            "tool": "text",
            "series": 0,
            "frame": frame,
            "points_mm": [[0.0, 0.0, (frame - 1) * STEP_MM]],
            "text": f"NOTE{self.place_of(read)}",
        }
        return [note]

    def place_of(self, read: Read) -> str:
        """Study, reader, session and position of a read in a word."""
        assignment = read.assignment
        ordinal = assignment.reading_session.session.ordinal
        return f"{self.name}{self.part_of(read)}s{ordinal}p{assignment.position}"

    def part_of(self, read: Read) -> str:
        return next(name for name, user in self.people.items() if user.pk == read.reader_id)

    def see_aid(self, read: Read) -> None:
        if released_model(read):
            aid_for(read=read, by=read.reader, now=self.clock.tick())

    def answers_of(self, read: Read) -> dict[str, Any]:
        """Complete answers; the comment and the short axis are found nowhere else."""
        assignment = read.assignment
        ordinal = assignment.reading_session.session.ordinal
        part = self.part_of(read)
        self.words[read.pk] = f"ANSWER{self.place_of(read)}"
        case = assignment.study_case.case
        reader, rank = READERS.index(part) + 1, self.cases.index(case)
        return {
            "side_region": "left_obturator",
            "short_axis_mm": short_axis(self.name, reader, ordinal, rank),
            "long_axis_mm": 20.5,
            "criterion_heterogeneous": rank % 2 == 0,
            "criterion_margin": reader == 1,
            "rating": 1 + (3 * (rank % 2 == 0) + rank + reader + ordinal + sum(map(ord, self.name))) % 5,
            "comment": self.words[read.pk],
        }


def short_axis(name: str, reader: int, ordinal: int, rank: int) -> float:
    """A length in mm that tells study, reader, session and case, e.g. 7.191204113."""
    return float(f"{5 + rank % 9}.19{sum(map(ord, name)) % 90 + 10}{reader}{ordinal}{rank:02d}3")


def study_in(
    stage: Stage,
    *,
    name: str = "ALFA",
    cases: int = 3,
    truths: list[bool] | None = None,
    with_images: bool = False,
    adjudicated: bool = False,
    painted: bool = False,
) -> StudyStory:
    """A study of `cases` cases of two centers at `stage`, with somebody in every role.

    With images the cases come through the door as DICOM; without, they are rows that no rule of reading
    can tell from those. Painted, the form asks for a mask and every read has one. When it is adjudicated, the readers
    disagree on the length in every case of session 1, and from its end on the adjudicator has an item open.
    """
    story = design(name, cases=cases, truths=truths, with_images=with_images)
    if painted:
        _change(story, form=painted_form())
        story.is_painted = True
    if adjudicated:
        _plan_adjudication(story)
    if stage is Stage.DESIGN:
        return story
    freeze(story)
    if stage is Stage.SESSION_1:
        return in_session(story)
    for part in READERS:
        story.read_cases(part, cases)
    if adjudicated:
        item_open_next(slug=story.slug, by=story.people["adjudicator"], now=story.clock.tick())
    if stage is Stage.WASHOUT:
        return story
    story.clock.pass_washout()
    if stage is Stage.SESSION_2:
        return in_session(story)
    for part in READERS:
        story.read_cases(part, cases)
    return lock(story, reason="The adjudication was not finished." if adjudicated else "")


def in_session(story: StudyStory) -> StudyStory:
    """One read submitted by the first reader, one less than all by the second, and a draft open by each."""
    story.read_cases("reader1", 1)
    story.read_cases("reader2", len(story.cases) - 1)
    for part in READERS:
        story.begin_draft(part)
    return story


def design(
    name: str, *, cases: int, truths: list[bool] | None = None, with_images: bool = False
) -> StudyStory:
    clock = Clock(now=START + timedelta(seconds=sum(map(ord, name)) % 50))
    people = {part: person(f"{part}-{name.lower()}-user") for part in (*READERS, *DESK)}
    coordinator = people["coordinator"]
    study = study_create(
        slug=f"study-{name.lower()}-slug",
        title=f"Study {name} title",
        template="lpln-radiomics",
        washout_days=WASHOUT.days,
        by=coordinator,
        now=clock.tick(),
    )
    centers = [center(f"{name}SITE{letter}") for letter in ("X", "Y")]
    story = StudyStory(name, study, people, centers, [], [], clock)
    _enroll(story)
    model_registered(now=START)
    story.cases = _imported(story, cases) if with_images else _bare(story, cases)
    _add_cases(story, truths)
    return story


def _plan_adjudication(story: StudyStory) -> None:
    adjudication = {
        "mode": "third_reader",
        "arms": ["unaided"],
        "rules": [{"question": "short_axis_mm", "when": "difference", "more_than": 0}],
        "expected_discordance": 0.25,
        "minutes_per_item": 4,
    }
    _change(story, adjudication=adjudication)


def _change(story: StudyStory, **changes: Any) -> None:
    story.study = protocol_save(
        study_id=story.study.pk,
        document={**story.study.protocol, **changes},
        revision=story.study.revision,
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )


def _enroll(story: StudyStory) -> None:
    by = story.people["coordinator"]
    for part in READERS:
        member_enroll(
            study=story.study, user=story.people[part], role=Role.READER, by=by, now=story.clock.tick()
        )
    for part, role in DESK.items():
        at = story.centers[0] if role is Role.SITE_DATA_MANAGER else None
        member_enroll(
            study=story.study, user=story.people[part], role=role, by=by, now=story.clock.tick(), center=at
        )


def _imported(story: StudyStory, count: int) -> list[Case]:
    """Cases of the first center, the last one of the second."""
    by, base = story.people["coordinator"], sum(map(ord, story.name)) * 100
    story.originals = [Original(f"{story.name}PAT{rank}", base + rank) for rank in range(count)]
    at_first = imported_cases(story.originals[:-1], at=story.centers[0], by=by, now=story.clock.tick())
    at_second = imported_cases(story.originals[-1:], at=story.centers[1], by=by, now=story.clock.tick())
    return at_first + at_second


def _bare(story: StudyStory, count: int) -> list[Case]:
    cases = []
    for rank in range(count):
        code = story.centers[rank == count - 1].code
        cases.append(make_case(f"{code}-{rank + 1:04d}", center=code))
        make_mask(cases[-1], content=cases[-1].number)
    return cases


def _add_cases(story: StudyStory, truths: list[bool] | None) -> None:
    """Every case with its truth and prediction."""
    by = story.people["coordinator"]
    for rank, case in enumerate(story.cases):
        study_case = case_add(study=story.study, case=case, by=by, now=story.clock.tick())
        truth_enter(
            study_case=study_case,
            is_positive=truths[rank] if truths else rank % 2 == 0,
            source=f"TRUTH{story.name}{rank}",
            by=by,
            now=story.clock.tick(),
        )
        score, probability = aid_numbers(story.name, rank)
        mark = f"AID{story.name}{rank}"
        output = shown_on(case, model_output(score, probability=probability, mark=mark), mark=mark)
        predicted(case, output, by=by, now=story.clock.tick())


def aid_numbers(name: str, rank: int) -> tuple[float, float]:
    """Score and probability of a case, found nowhere else."""
    code = f"{sum(map(ord, name)) % 90 + 10}{rank:02d}"
    return float(f"{(rank * 7) % 5 - 2}.83{code}7"), float(f"0.{(rank * 3) % 9 + 1}64{code}9")


def freeze(story: StudyStory) -> StudyStory:
    study_freeze(
        study_id=story.study.pk,
        models=models_for_freeze(story.study),
        by=story.people["coordinator"],
        now=story.clock.tick(),
    )
    return story.refresh()


def lock(story: StudyStory, *, reason: str = "") -> StudyStory:
    """The coordinator asks for the lock, the statistician confirms it."""
    study_lock_request(
        study_id=story.study.pk, reason=reason, by=story.people["coordinator"], now=story.clock.tick()
    )
    study_lock_and_report(study_id=story.study.pk, by=story.people["statistician"], now=story.clock.tick())
    return story.refresh()
