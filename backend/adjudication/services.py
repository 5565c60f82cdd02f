"""Writes of adjudication: raise, open, draft, settle. Each is one transaction with its audit event."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from backend.accounts.models import User
from backend.accounts.roles import Role
from backend.audit.errors import RuleBroken
from backend.audit.services import record
from backend.reads.models import Read
from backend.studies.access import access_membership, hold_study
from backend.studies.adjudication_design import Mode, rules_of
from backend.studies.models import ReaderStudy
from backend.studies.randomisation import ALIAS_LETTERS
from backend.studies.session_states import StudyPhase, check_is_reading

from .access import access_item
from .consensus import standing_items
from .item_states import ItemStatus, check_item_transition
from .models import AdjudicationItem, ItemOriginal, Verdict, VerdictAnswer
from .panels import (
    CasePanel,
    answers_of,
    last_corrections,
    overlap_of,
    panels_of,
)
from .questions import questions_to_settle
from .rules import Discordance, discordances
from .selectors import items_waiting
from .verdicts import (
    Settled,
    check_attendees,
    check_entered,
    check_reason,
    fixed_in,
)


@dataclass(frozen=True)
class ItemDraftSaved:
    """What the server holds after a save: its revision, and the values it computed itself."""

    revision: int
    saved_at: datetime
    derived: dict[str, Any]


def review_after_commit(*, read: Read, now: datetime) -> None:
    """Compare the readers of the case, in the transaction of the commit or correction that may complete them."""
    study = read.study
    if not study.protocol.get("adjudication"):
        return
    for panel in panels_of(study, study_case_id=read.assignment.study_case_id):
        if panel.arm == read.arm:
            _review(study, panel, now=now)


@transaction.atomic
def items_review(*, study: ReaderStudy, now: datetime) -> None:
    """See to what no commit tells of: panels that are complete because a reader left the study, items that show what
    that reader read, and items that an adjudicator left open who is none any more.

    The caller's transaction holds the study.
    """
    if study.phase != StudyPhase.READING or not study.protocol.get("adjudication"):
        return
    if not study.members.filter(withdrawn_at__isnull=False).exists():
        return
    adjudicators = set(
        study.members.filter(role=Role.ADJUDICATOR, withdrawn_at=None).values_list("user_id", flat=True)
    )
    standing = {(item.study_case_id, item.arm): item for item in standing_items(study)}
    for panel in panels_of(study):
        item = standing.get((panel.study_case_id, panel.arm))
        if item is not None and item.status == ItemStatus.OPEN and item.opened_by_id not in adjudicators:
            _void(item, now=now)
        _review(study, panel, now=now)


@transaction.atomic
def item_open_next(*, slug: str, by: User, now: datetime) -> AdjudicationItem:
    """Open an item that waits, or give back the one that this adjudicator has open.

    The study's row is held, so that two adjudicators never get the same item. Which one comes next is drawn and
    tells nothing of when it was read.

    Raises
    ------
    RuleBroken
        `no_adjudication`, `study_not_reading`, or `nothing_to_adjudicate`.
    """
    member = access_membership(by=by, slug=slug, roles=[Role.ADJUDICATOR], for_update=True)
    study = hold_study(member.study_id)
    check_is_reading(StudyPhase(study.phase))
    if not study.protocol.get("adjudication"):
        raise RuleBroken("no_adjudication", "The protocol of this study plans no adjudication.")
    opened = AdjudicationItem.objects.filter(study=study, opened_by=by, status=ItemStatus.OPEN).first()
    if opened is not None:
        return opened
    items_review(study=study, now=now)
    item = next(iter(items_waiting(study)), None)
    if item is None:
        raise RuleBroken("nothing_to_adjudicate", "There is nothing to adjudicate now.")
    check_item_transition(ItemStatus(item.status), ItemStatus.OPEN)
    item.status = ItemStatus.OPEN
    item.opened_at = now
    item.opened_by = by
    item.save(update_fields=["status", "opened_at", "opened_by"])
    record(event="item_opened", by=by, at=now, subject=item, study_id=study.pk)
    return item


@transaction.atomic
def item_draft_save(
    *,
    item_id: UUID,
    revision: int,
    answers: Mapping[str, Any],
    reason: str,
    attendees: Sequence[str],
    by: User,
    now: datetime,
) -> ItemDraftSaved:
    """Keep what the adjudicator has entered so far. `revision` is the one the browser last saw."""
    item = _lock_for_writing(item_id=item_id, by=by)
    _check_revision(item, revision)
    entered = check_entered(item, answers, complete=False)
    item.draft = {
        "answers": entered.answers,
        "reason": check_reason(reason, complete=False),
        "attendees": check_attendees(item, attendees, complete=False),
    }
    item.draft_revision += 1
    item.draft_saved_at = now
    item.save(update_fields=["draft", "draft_revision", "draft_saved_at"])
    record(
        event="item_draft_saved",
        by=by,
        at=now,
        subject=item,
        study_id=item.study_id,
        detail={"revision": item.draft_revision},
    )
    return ItemDraftSaved(item.draft_revision, now, entered.derived)


@transaction.atomic
def item_settle(
    *,
    item_id: UUID,
    idempotency_key: UUID,
    answers: Mapping[str, Any],
    reason: str,
    by: User,
    now: datetime,
    attendees: Sequence[str] = (),
    revision: int | None = None,
) -> AdjudicationItem:
    """Settle the item by a verdict. The same key sent again gives the same item and writes nothing."""
    item = access_item(by=by, item_id=item_id)
    hold_study(item.study_id)
    item = access_item(by=by, item_id=item_id, for_update=True)
    if Verdict.objects.filter(item=item, idempotency_key=idempotency_key).exists():
        return item
    _check_writable(item)
    if revision is not None:
        _check_revision(item, revision)
    entered = check_entered(item, answers, complete=True)
    verdict = Verdict(
        item=item,
        adjudicator=by,
        given_at=now,
        reason=check_reason(reason, complete=True),
        attendees=check_attendees(item, attendees, complete=True),
        idempotency_key=idempotency_key,
    )
    _settle(item, verdict, entered.settled, by=by, now=now)
    return item


def check_no_meeting_on(*, read: Read) -> None:
    """Refuse to open a read again whose reader may have heard in a meeting what the others answered.

    Raises
    ------
    RuleBroken
        `panel_settled` after a meeting on the case, `panel_open` while one is held.
    """
    met = AdjudicationItem.objects.filter(study_case=read.assignment.study_case_id, mode=Mode.CONSENSUS)
    if met.filter(status=ItemStatus.SETTLED).exists():
        raise RuleBroken(
            "panel_settled",
            "This case was settled in a meeting of its readers. Their readings stay as they are.",
        )
    if met.filter(status=ItemStatus.OPEN).exists():
        raise RuleBroken("panel_open", "A meeting on this case is being held. Its readings stay as they are.")


def _review(study: ReaderStudy, panel: CasePanel, *, now: datetime) -> None:
    """Raise an item where a complete panel disagrees; void one whose reads changed before the verdict."""
    standing = (
        AdjudicationItem.objects.select_for_update(of=("self",))
        .filter(study_case=panel.study_case_id, arm=panel.arm)
        .exclude(status=ItemStatus.VOIDED)
        .first()
    )
    if standing is not None:
        if standing.status == ItemStatus.SETTLED or _still_stands(standing, panel):
            return
        _void(standing, now=now)
    if not panel.is_complete:
        return
    form = study.protocol["form"]
    answers = answers_of(form, panel.reads)
    found = discordances(rules_of(panel.plan), answers, overlap=overlap_of)
    if found:
        to_settle = questions_to_settle(form, answers, [one.question for one in found])
        _raise(study, panel, found, to_settle, now=now)


def _still_stands(item: AdjudicationItem, panel: CasePanel) -> bool:
    shown = set(ItemOriginal.objects.filter(item=item).values_list("read_id", flat=True))
    if shown != {read.pk for read in panel.reads}:
        return False
    return all(corrected_at <= item.raised_at for corrected_at in last_corrections(shown).values())


def _raise(
    study: ReaderStudy,
    panel: CasePanel,
    found: Sequence[Discordance],
    to_settle: list[str],
    *,
    now: datetime,
) -> None:
    seed = secrets.token_hex(16)
    item = AdjudicationItem(
        study=study,
        study_case_id=panel.study_case_id,
        arm=panel.arm,
        mode=panel.plan["mode"],
        protocol_version=panel.protocol_version,
        alias=_alias(study, seed),
        seed=seed,
        questions=[{"question": one.question, "why": one.why.value} for one in found],
        to_settle=to_settle,
        raised_at=now,
    )
    item.full_clean()
    item.save(force_insert=True)
    drawn = sorted(panel.reads, key=lambda read: _digest(seed, str(read.pk)))
    ItemOriginal.objects.bulk_create(
        ItemOriginal(item=item, read=read, place=place) for place, read in enumerate(drawn, start=1)
    )
    record(event="item_raised", by=None, at=now, subject=item, study_id=study.pk)
    if item.mode == Mode.MAJORITY:
        _settle_by_majority(item, now=now)


def _settle_by_majority(item: AdjudicationItem, *, now: datetime) -> None:
    """Where more than half of the readers agree on every question there is nothing left for an adjudicator."""
    fixed = fixed_in(item)
    if all(key in fixed for key in item.to_settle):
        settled = [Settled(key, fixed[key].value, fixed[key].how) for key in item.to_settle]
        _settle(item, Verdict(item=item, given_at=now), settled, by=None, now=now)


def _settle(
    item: AdjudicationItem, verdict: Verdict, settled: Iterable[Settled], *, by: User | None, now: datetime
) -> None:
    check_item_transition(ItemStatus(item.status), ItemStatus.SETTLED)
    verdict.full_clean()
    verdict.save(force_insert=True)
    VerdictAnswer.objects.bulk_create(
        VerdictAnswer(
            verdict=verdict, question=one.question, value=one.value, how=one.how, original=one.original
        )
        for one in settled
    )
    item.status = ItemStatus.SETTLED
    item.closed_at = now
    item.draft = {}
    item.save(update_fields=["status", "closed_at", "draft"])
    record(event="item_settled", by=by, at=now, subject=verdict, study_id=item.study_id)


def _void(item: AdjudicationItem, *, now: datetime) -> None:
    check_item_transition(ItemStatus(item.status), ItemStatus.VOIDED)
    item.status = ItemStatus.VOIDED
    item.closed_at = now
    item.save(update_fields=["status", "closed_at"])
    record(event="item_voided", by=None, at=now, subject=item, study_id=item.study_id)


def _lock_for_writing(*, item_id: UUID, by: User) -> AdjudicationItem:
    item = access_item(by=by, item_id=item_id)
    hold_study(item.study_id)
    item = access_item(by=by, item_id=item_id, for_update=True)
    _check_writable(item)
    return item


def _check_writable(item: AdjudicationItem) -> None:
    check_is_reading(StudyPhase(item.study.phase))
    if item.status == ItemStatus.SETTLED:
        raise RuleBroken("item_settled", "This item is settled.")
    if item.status == ItemStatus.VOIDED:
        raise RuleBroken("item_voided", "A reading was changed, so this item was withdrawn.")


def _check_revision(item: AdjudicationItem, revision: int) -> None:
    if revision != item.draft_revision:
        raise RuleBroken(
            "stale_draft", "This item was changed in another tab or window.", revision=item.draft_revision
        )


def _alias(study: ReaderStudy, seed: str) -> str:
    """A name that the case has nowhere else."""
    taken = set(AdjudicationItem.objects.filter(study=study).values_list("alias", flat=True))
    for attempt in range(10_000):
        number = int(_digest(seed, "alias", str(attempt)), 16)
        number, first = divmod(number, len(ALIAS_LETTERS))
        number, second = divmod(number, len(ALIAS_LETTERS))
        alias = f"D{ALIAS_LETTERS[first]}{ALIAS_LETTERS[second]}-{number % 1000:03d}"
        if alias not in taken:
            return alias
    raise RuntimeError("every alias is taken")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
