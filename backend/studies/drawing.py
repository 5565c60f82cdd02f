"""Writes every draw down: case sets and allocation at the freeze, orders for each reader, then or enrolled late."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from .design import (
    TRAINING_ARM,
    CaseFact,
    Cell,
    case_set,
    cells_of,
    is_drawn,
    plan_for,
    selected_cases,
    sessions_of,
)
from .models import (
    Assignment,
    Randomisation,
    ReaderStudy,
    ReadingSession,
    StudyCase,
    StudyMember,
    StudySession,
)
from .randomisation import Draw, draw_allocation, draw_order, draw_parts, draw_subset, rows_of
from .session_states import CasePurpose, DrawKind, SessionKind

Strata = Mapping[UUID, str]


def facts_of(study_cases: Sequence[StudyCase]) -> list[CaseFact]:
    return [CaseFact(one.case.number, one.case.center.code, one.cohort) for one in study_cases]


def study_cases_of(study: ReaderStudy, purpose: CasePurpose = CasePurpose.STUDY) -> list[StudyCase]:
    """The cases of one purpose by number."""
    cases = study.study_cases.filter(purpose=purpose).select_related("case__center")
    return list(cases.order_by("case__number"))


def series_of_cases(study: ReaderStudy) -> frozenset[tuple[str, str]]:
    """Role and acquired plane of the series that the cases of the study have."""
    cases = study.study_cases.filter(purpose=CasePurpose.STUDY, case__series__isnull=False)
    return frozenset(cases.values_list("case__series__role", "case__series__plane").distinct())


def sessions_make(study: ReaderStudy) -> None:
    """The rows of the protocol's sessions, with the training before them where there is one."""
    if study.protocol["training"]:
        StudySession.objects.create(study=study, ordinal=0, title="Training", kind=SessionKind.TRAINING)
    for session in sessions_of(study.protocol):
        StudySession.objects.create(
            study=study, ordinal=session["ordinal"], title=session["title"], period=session["period"]
        )


def case_sets_draw(study: ReaderStudy, *, strata: Strata | None, now: datetime) -> None:
    """Draw the case sets that chance decides; the parts of one partition are drawn together."""
    cases = study_cases_of(study)
    by_number = {one.case.number: str(one.pk) for one in cases}
    keyed = {str(pk): stratum for pk, stratum in strata.items()} if strata else None
    drawn: set[str] = set()
    for one in study.protocol["design"]["case_sets"]:
        if not is_drawn(one) or _subject(one) in drawn:
            continue
        drawn.add(_subject(one))
        keys = [by_number[number] for number in selected_cases(one, facts_of(cases))]
        if one["how"] == "random":
            draw = draw_subset(keys, size=one["n"], seed=_seed())
        else:
            draw = draw_parts(keys, of=one["of"], seed=_seed(), strata=keyed)
        _store(study, draw, subject=_subject(one), now=now)


def reader_allocate(
    study: ReaderStudy, member: StudyMember, *, now: datetime, cell: Cell | None = None
) -> Cell:
    """Give the reader a cell: the one named, else one of those with the fewest readers, drawn.

    A group that was given by hand at enrollment narrows the choice.
    """
    if cell is None:
        held = list(study.members.filter(role="READER", withdrawn_at=None).exclude(pk=member.pk))
        open_cells = [one for one in cells_of(study.protocol) if member.group in ("", one.group)]
        counts = {
            one.key: sum((peer.group, peer.sequence) == (one.group, one.sequence) for peer in held)
            for one in open_cells
        }
        draw = draw_allocation(str(member.pk), cells=counts, seed=_seed())
        _store(study, draw, subject=str(member.pk), now=now)
        cell = next(one for one in open_cells if one.key == draw.drawn)
    member.group, member.sequence = cell.group, cell.sequence
    member.save(update_fields=["group", "sequence"])
    return cell


def reader_draw(study: ReaderStudy, member: StudyMember, *, strata: Strata | None, now: datetime) -> None:
    """Draw and store the reader's order of every session, training included."""
    cell = Cell(member.group, member.sequence)
    previous: list[list[str]] = []
    for session in study.sessions.order_by("ordinal"):
        if session.kind == SessionKind.TRAINING:
            training_draw(study, member, session, attempt=1, now=now)
            continue
        arms = planned_arms(study, session.ordinal, cell)
        if not arms:
            continue
        shared = next((order for order in reversed(previous) if set(order) & set(arms)), None)
        previous.append(_session_draw(study, member, session, arms, previous=shared, strata=strata, now=now))


def training_draw(
    study: ReaderStudy, member: StudyMember, session: StudySession, *, attempt: int, now: datetime
) -> ReadingSession:
    """An attempt at the training, in an order of its own; the form is read without any model."""
    cases = {str(one.pk): one for one in study_cases_of(study, CasePurpose.TRAINING)}
    reading_session = ReadingSession.objects.create(member=member, session=session, attempt=attempt)
    draw = draw_order(list(cases), seed=_seed())
    _store(study, draw, subject=str(reading_session.pk), now=now)
    _assign(reading_session, draw, cases, dict.fromkeys(cases, (TRAINING_ARM,)))
    return reading_session


def planned_arms(study: ReaderStudy, ordinal: int, cell: Cell) -> dict[str, tuple[str, ...]]:
    """The arms of every case that a cell's readers read in a session, by the study case's key."""
    cases = study_cases_of(study)
    by_number = {one.case.number: str(one.pk) for one in cases}
    arms: dict[str, tuple[str, ...]] = {}
    for planned in plan_for(study.protocol, ordinal, cell):
        one = case_set(study.protocol, planned.case_set)
        if is_drawn(one):
            drawn = Randomisation.objects.get(
                study=study, kind=DrawKind.CASE_SET, subject=_subject(one)
            ).drawn
            keys = drawn[one["part"] - 1] if one["how"] == "part" else drawn
        else:
            keys = [by_number[number] for number in selected_cases(one, facts_of(cases))]
        arms.update(dict.fromkeys(keys, planned.arms))
    return arms


def _session_draw(
    study: ReaderStudy,
    member: StudyMember,
    session: StudySession,
    arms: Mapping[str, tuple[str, ...]],
    *,
    previous: list[str] | None,
    strata: Strata | None,
    now: datetime,
) -> list[str]:
    """The order of one session; gives the cases by position, repeats left out."""
    protocol = study.protocol
    repeats = protocol["hidden_repeats"]
    is_repeating = repeats is not None and session.ordinal in repeats["sessions"]
    is_balanced = protocol["case_order"]["balance"] == "prevalence" and strata is not None
    draw = draw_order(
        list(arms),
        seed=_seed(),
        previous=previous,
        strata={key: (strata or {})[UUID(key)] for key in arms} if is_balanced else None,
        repeats=repeats["count"] if is_repeating else 0,
        min_lag=repeats["min_lag"] if is_repeating else 0,
    )
    reading_session = ReadingSession.objects.create(member=member, session=session)
    _store(study, draw, subject=str(reading_session.pk), now=now)
    cases = {str(one.pk): one for one in study_cases_of(study)}
    _assign(reading_session, draw, cases, arms)
    return [row.case for row in rows_of(draw) if row.repeats is None]


def _assign(
    reading_session: ReadingSession,
    draw: Draw,
    cases: Mapping[str, StudyCase],
    arms: Mapping[str, tuple[str, ...]],
) -> None:
    rows = list(enumerate(rows_of(draw), start=1))
    made = {
        position: Assignment(
            reading_session=reading_session,
            study_case=cases[row.case],
            position=position,
            alias=row.alias,
            arms=list(arms[row.case]),
        )
        for position, row in rows
    }
    for position, row in rows:
        if row.repeats is not None:
            made[position].repeat_of = made[row.repeats]
    Assignment.objects.bulk_create(made.values())


def _store(study: ReaderStudy, draw: Draw, *, subject: str, now: datetime) -> None:
    Randomisation.objects.create(
        study=study,
        kind=DrawKind(draw.kind),
        subject=subject,
        seed=draw.seed,
        algorithm=draw.algorithm,
        algorithm_version=draw.algorithm_version,
        inputs=draw.inputs,
        drawn=draw.drawn,
        sha256=draw.sha256,
        created_at=now,
    )


def _subject(one: Mapping[str, object]) -> str:
    return f"parts of {one['of']}" if one["how"] == "part" else f"set {one['key']}"


def _seed() -> str:
    return secrets.token_hex(16)
