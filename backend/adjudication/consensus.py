"""The consensus dataset of a study, and what its coordinator may count: computed from the rows, never stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backend.reads.models import Read
from backend.studies.adjudication_design import Mode, rules_of
from backend.studies.forms import check_answers
from backend.studies.models import ReaderStudy, StudyCase

from .forecast import Forecast, Observed, workload_forecast
from .item_states import How, ItemStatus
from .models import AdjudicationItem, ItemOriginal, Verdict, VerdictAnswer
from .panels import CasePanel, answers_of, last_corrections, panels_of, plan_of
from .questions import Agreed, agreed_answers, computed_answers
from .rules import Panel

Form = Mapping[str, Any]


@dataclass(frozen=True)
class ConsensusRow:
    """The value that stands for the panel on one question. `original` is the read whose drawing was adopted."""

    case: str
    arm: str
    question: str
    value: Any
    how: How
    reads: tuple[UUID, ...]
    original: UUID | None = None


@dataclass(frozen=True)
class Consensus:
    """The rows by case, arm and question of the form, and the panels of which some question is not settled."""

    rows: list[ConsensusRow] = field(default_factory=list)
    unsettled: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class AdjudicationProgress:
    """Numbers only. `needs_review` items have an original that was corrected after the verdict, or a panel that a
    reader joined or left.
    """

    panels: int
    complete: int
    raised: int
    open: int
    settled: int
    by_majority: int
    needs_review: int
    forecast: Forecast


def consensus_of(study: ReaderStudy) -> Consensus:
    """What stands for the readers of each case in each adjudicated arm, with how it came about.

    A question has no row where readers differ and no rule, majority or verdict settled it. The reads themselves
    stay as they are: this is a dataset beside them.
    """
    if not study.protocol.get("adjudication"):
        return Consensus()
    form = study.protocol["form"]
    numbers = dict(StudyCase.objects.filter(study=study).values_list("pk", "case__number"))
    items = {(one.study_case_id, one.arm): one for one in standing_items(study)}
    rows: list[ConsensusRow] = []
    unsettled = []
    for panel in sorted(panels_of(study), key=lambda one: (numbers[one.study_case_id], one.arm)):
        if not panel.is_complete:
            continue
        case = numbers[panel.study_case_id]
        item = items.get((panel.study_case_id, panel.arm))
        if item is not None and item.status != ItemStatus.SETTLED:
            unsettled.append((case, panel.arm))
        rows += _rows(study, case, panel, item, form)
    return Consensus(rows, unsettled)


def adjudication_progress(study: ReaderStudy) -> AdjudicationProgress | None:
    """How far adjudication is and what is to be expected; `None` for a study without it."""
    adjudication = study.protocol.get("adjudication")
    if not adjudication:
        return None
    panels = panels_of(study)
    items = standing_items(study)
    settled = [item for item in items if item.status == ItemStatus.SETTLED]
    by_majority = set(
        Verdict.objects.filter(item__in=settled, adjudicator=None).values_list("item_id", flat=True)
    )
    complete = sum(panel.is_complete for panel in panels)
    # A late reader can make a panel incomplete again whose item stands.
    observed = Observed(complete, min(complete, len(items) - len(by_majority)))
    return AdjudicationProgress(
        panels=len(panels),
        complete=complete,
        raised=sum(item.status == ItemStatus.RAISED for item in items),
        open=sum(item.status == ItemStatus.OPEN for item in items),
        settled=len(settled),
        by_majority=len(by_majority),
        needs_review=_changed_since(settled, panels),
        forecast=workload_forecast(adjudication, panels=len(panels), observed=observed),
    )


def items_unsettled(study: ReaderStudy) -> int:
    """How many discordant cases are without a verdict; none in a study without adjudication."""
    return sum(item.status != ItemStatus.SETTLED for item in standing_items(study))


def standing_items(study: ReaderStudy) -> list[AdjudicationItem]:
    """The items that were not voided, one for each discordant panel at most."""
    return list(AdjudicationItem.objects.filter(study=study).exclude(status=ItemStatus.VOIDED))


def fixed_answers(
    item: AdjudicationItem, form: Form, panel: Panel, *, mode: Mode | None = None
) -> dict[str, Agreed]:
    """What stands in an item without its adjudicator: agreement, and the majority where the protocol lets it."""
    rules = rules_of(plan_of(item.study, item.protocol_version))
    return agreed_answers(form, rules, panel, to_settle=item.to_settle, mode=mode or Mode(item.mode))


def evaluate(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The form's computed values from answers that hold no drawing."""
    keys = {question["key"] for question in form["questions"] if question["kind"] not in ("mark", "mask")}
    given = {key: value for key, value in answers.items() if key in keys}
    return check_answers(form, given, complete=False).answers


def _rows(
    study: ReaderStudy, case: str, panel: CasePanel, item: AdjudicationItem | None, form: Form
) -> list[ConsensusRow]:
    reads = _reads_behind(item) if item is not None else list(panel.reads)
    answers = answers_of(form, reads)
    plan = panel.plan if item is None else plan_of(study, item.protocol_version)
    rules = rules_of(plan)
    to_settle = item.to_settle if item is not None else []
    mode = Mode(plan["mode"])
    settled = agreed_answers(form, rules, answers, to_settle=to_settle, mode=mode)
    originals: dict[str, UUID] = {}
    if item is not None:
        for row in VerdictAnswer.objects.filter(verdict__item=item).select_related("original"):
            settled[row.question] = Agreed(row.value, How(row.how))
            if row.original is not None:
                originals[row.question] = row.original.read_id
    settled |= computed_answers(form, answers, settled, evaluate=lambda values: evaluate(form, values))
    ids = tuple(sorted((read.pk for read in reads), key=str))
    return [
        ConsensusRow(case, panel.arm, key, one.value, one.how, ids, originals.get(key))
        for key, one in sorted(settled.items(), key=lambda row: _place(form, row[0]))
    ]


def _reads_behind(item: AdjudicationItem) -> list[Read]:
    originals = ItemOriginal.objects.filter(item=item).select_related("read").order_by("place")
    return [one.read for one in originals]


def _changed_since(settled: Sequence[AdjudicationItem], panels: Sequence[CasePanel]) -> int:
    """How many verdicts stand on reads that were corrected since, or on other reads than the panel's of now."""
    now = {(one.study_case_id, one.arm): {read.pk for read in one.reads} for one in panels}
    shown: dict[UUID, set[UUID]] = {item.pk: set() for item in settled}
    for item_id, read_id in ItemOriginal.objects.filter(item__in=shown).values_list("item_id", "read_id"):
        shown[item_id].add(read_id)
    corrected = last_corrections({read for reads in shown.values() for read in reads})
    return sum(
        now.get((item.study_case_id, item.arm), set()) != shown[item.pk]
        or any(corrected[read] > item.closed_at for read in shown[item.pk] & corrected.keys())
        for item in settled
        if item.closed_at is not None
    )


def _place(form: Form, key: str) -> int:
    return [question["key"] for question in form["questions"]].index(key)
