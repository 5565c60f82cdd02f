"""The sections of the protocol's document, one function each."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from backend.accounts.roles import Role

from .blinding import MEANINGS, Phase, may_see
from .form_schema import is_by_voxels
from .hanging import hanging_lines
from .pdf_text import BODY, BOLD, HEADING, MONO, SMALL, paragraph, table
from .plan_checks import plan_lines, plan_of
from .protocol_record import ProtocolRecord
from .session_states import CountFrom
from .statements import statement_lines

WIDTH = 170 * mm
LINES_PER_BLOCK = 80
COLUMNS = 128
Document = Mapping[str, Any]
KINDS = {
    "choice": "choice",
    "ordinal": "ordered scale",
    "yes_no": "yes or no",
    "location": "location",
    "number": "number",
    "probability": "probability in percent",
    "text": "text",
    "measurement": "measurement",
    "mark": "marks in the image",
    "mask": "outline in the image",
    "derived": "computed",
}


def instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %B %Y, %H:%M:%S} UTC"


def question(content: Document) -> Iterator[Flowable]:
    yield from _heading("Objective")
    yield paragraph(content["objective"] or "Not stated.")
    yield from _heading("Instructions to the readers")
    yield paragraph(content["instructions"] or "None.")


def design(content: Document) -> Iterator[Flowable]:
    plan = content["design"]
    yield from _heading("Design")
    yield paragraph(f"Kind: {plan['kind'].replace('_', ' ')}.")
    yield Spacer(1, 2 * mm)
    yield _rows(
        ("Arm", "Title", "Model shown"),
        [(arm["key"], arm["title"], _model_text(content, arm["model_id"])) for arm in plan["arms"]],
        (30 * mm, 70 * mm, None),
    )
    yield Spacer(1, 2 * mm)
    yield _rows(
        ("Part", "Key", "Title"),
        [
            *[("Reader group", one["key"], one["title"]) for one in plan["reader_groups"]],
            *[("Sequence", one["key"], one["title"]) for one in plan["sequences"]],
            *[
                ("Case set", one["key"], f"{one['title']}: {_case_set_text(one)}")
                for one in plan["case_sets"]
            ],
        ],
        (30 * mm, 35 * mm, None),
    )
    yield Spacer(1, 2 * mm)
    yield _rows(
        ("Session", "Period", "Washout before", "Plan: group, sequence, case set, arms in order"),
        [
            (
                f"{one['ordinal']} · {one['title']}",
                str(one["period"]),
                _days(one["washout_days"]),
                "\n".join(_plan_text(row) for row in one["plan"]),
            )
            for one in sorted(plan["sessions"], key=lambda one: one["ordinal"])
        ],
        (40 * mm, 15 * mm, 25 * mm, None),
    )
    if "cases" in content:
        text = f"{len(content['cases'])} cases, {content['readers']} readers at the freeze."
        yield Spacer(1, 2 * mm)
        yield paragraph(f"{text} Cases: {', '.join(content['cases'])}.", SMALL)


def randomisation(content: Document) -> Iterator[Flowable]:
    order = content["case_order"]
    yield from _heading("Randomization")
    yield paragraph(order["rule"])
    yield paragraph(
        f"Algorithm {order['algorithm']}, version {order['algorithm_version']}. Every draw is stored with its seed, "
        "inputs, result and digest, and can be reproduced from them outside the product."
    )
    if order["balance"] == "prevalence":
        yield paragraph(
            "Orders are balanced by prevalence: of any first k cases the number of diseased ones stays close to its "
            "share. The strata are known to nobody before the database lock."
        )
    repeats = content["hidden_repeats"]
    if repeats is None:
        yield paragraph("No case is repeated within a session.")
    else:
        sessions = ", ".join(map(str, repeats["sessions"]))
        yield paragraph(
            f"Hidden repeats: {repeats['count']} cases in session {sessions}, at least {repeats['min_lag']} other "
            "cases after the first reading. The reader is not told which."
        )


def washout(content: Document) -> Iterator[Flowable]:
    rule = content["washout"]
    counted = {
        CountFrom.READ: "from the reader's own committed read of the case",
        CountFrom.SESSION: "from the end of the reader's session before",
    }[CountFrom(rule["count_from"])]
    yield from _heading("Washout")
    yield paragraph(f"Counted {counted}. {rule['rule']}")


def blinding() -> Iterator[Flowable]:
    """For every kind the phases in which each role may see it, as the product's own table says."""
    roles = (Role.READER, Role.COORDINATOR, Role.STATISTICIAN, Role.ADJUDICATOR, Role.AUDITOR)
    yield from _heading("Blinding")
    yield paragraph(
        "Who may see what, in which phases: design, unaided and aided reading, unblinded in an emergency, locked. "
        "“own” means one's own read or item only. The whole table is part of the product's documents.",
        SMALL,
    )
    yield Spacer(1, 1 * mm)
    rows = [
        (meaning, *[_phases_text([_seen(kind, role, phase) for phase in Phase]) for role in roles])
        for kind, meaning in MEANINGS.items()
    ]
    heads = ("What", *[role.label for role in roles])
    yield _rows(heads, rows, (56 * mm, *[None] * len(roles)), small=True)


def form(content: Document) -> Iterator[Flowable]:
    own = content["form"]
    yield from _heading(f"Form, version {own['version']}")
    yield _rows(
        ("Question", "Kind", "Answers and logic"),
        [
            (
                f"{one['label']}\n{one['key']}{', required' if one.get('required') else ''}",
                "painting in the image" if is_by_voxels(one) else KINDS.get(one["kind"], one["kind"]),
                "\n".join(_question_lines(one)),
            )
            for one in own["questions"]
        ],
        (50 * mm, 28 * mm, None),
    )


def hanging(content: Document) -> Iterator[Flowable]:
    # A protocol from before it could say so says nothing, and no words stand beside its digest that it does not hold.
    if "hanging" not in content:
        return
    yield from _heading("How the images hang")
    for line in hanging_lines(content["hanging"]):
        yield paragraph(line)


def tools(content: Document) -> Iterator[Flowable]:
    named = content.get("tools")
    if named is None:
        return
    yield from _heading("Tools beside the form")
    yield paragraph(f"Readers have these and no others: {', '.join(named) or 'none'}.")


def adjudication(content: Document) -> Iterator[Flowable]:
    own = content["adjudication"]
    yield from _heading("Adjudication")
    if own is None:
        yield paragraph("None: every reader's answers stand for themselves.")
        return
    arms = ", ".join(own["arms"]) if own["arms"] else "all arms"
    yield paragraph(f"Mode: {own['mode'].replace('_', ' ')}, in {arms}. An item is raised when")
    for rule in own["rules"]:
        yield paragraph(f"• {rule['question']}: {_rule_text(rule)}")
    yield paragraph(
        "The original answers are shown without names, arms and times, in a drawn order, and stay."
    )


def training(content: Document) -> Iterator[Flowable]:
    own = content["training"]
    yield from _heading("Training")
    if own is None:
        yield paragraph("None.")
        return
    tolerances = ", ".join(f"{key} ± {value:g}" for key, value in own["tolerance"].items()) or "none"
    yield paragraph(
        f"Readers train before their first session: {own['pass_mark']:.0%} of the answers to "
        f"{', '.join(own['questions'])} must be right, in at most {own['max_attempts']} attempts. Tolerances: "
        f"{tolerances}. Training reads take no part in the analysis."
    )


def sittings(content: Document) -> Iterator[Flowable]:
    own = content["sittings"]
    caps = [
        f"at most {own['max_cases']} cases" if own["max_cases"] else "",
        f"at most {own['max_minutes']} minutes" if own["max_minutes"] else "",
    ]
    said = " and ".join(cap for cap in caps if cap)
    yield from _heading("Sittings and signatures")
    yield paragraph(
        f"A sitting has {said}, then a break of {own['break_minutes']} minutes."
        if said
        else "Sittings are not capped."
    )
    signed = (
        "Every reader signs each session at its end." if content["signature"] else "Sessions are not signed."
    )
    yield paragraph(signed)


def analysis(content: Document) -> Iterator[Flowable]:
    own = content["analysis"]
    yield from _heading("Analysis")
    if own["rating_question"] is None:
        yield paragraph("No question is a rating; there is no ROC analysis.")
    else:
        limit = "" if own["positive_from"] is None else f", positive from {own['positive_from']}"
        yield paragraph(f"Rating: {own['rating_question']}{limit}. Positive means: {own['positive_class']}.")
    if lines := list(plan_lines(plan_of(content))):
        yield Spacer(1, 2 * mm)
        yield _rows(("Planned before the data", ""), lines, (70 * mm, None))


def statements(content: Document) -> Iterator[Flowable]:
    """What the protocol states for the report; nothing where it states nothing."""
    if lines := list(statement_lines(content)):
        yield from _heading("Statements")
        yield _rows(("Statement", ""), lines, (70 * mm, None))


def amendments(record: ProtocolRecord) -> Iterator[Flowable]:
    yield from _heading("Versions and amendments")
    if record.is_draft:
        yield paragraph("None: the protocol is a draft.")
        return
    for one in record.versions:
        since = "" if one.effective_at is None else instant(one.effective_at)
        reason = f" Reason: {one.reason}" if one.reason else " The freeze."
        yield paragraph(f"Version {one.version}, in force from {since}.{reason}", BOLD)
        yield paragraph(f"SHA-256 {one.sha256}", SMALL)
        for signature in one.signatures:
            yield paragraph(
                f"Signed by {signature.name} on {instant(signature.signed_at)}: “{signature.meaning}”", SMALL
            )
        if one.changes:
            yield _rows(
                ("Changed", "From", "To"),
                [
                    (change["path"], _value_text(change["old"]), _value_text(change["new"]))
                    for change in one.changes
                ],
                (50 * mm, 60 * mm, None),
            )
        yield Spacer(1, 2 * mm)


def signature_lines() -> Iterator[Flowable]:
    """Lines to sign on paper, for the ethics file."""
    lines = [
        [paragraph("\n\n" + role, SMALL), paragraph("\n\nDate", SMALL), paragraph("\n\nSignature", SMALL)]
        for role in ("Coordinator", "Statistician", "For the ethics committee")
    ]
    yield KeepTogether(
        [paragraph("Signatures for the ethics file", HEADING), table(lines, [60 * mm, 40 * mm, None])]
    )


def appendix(record: ProtocolRecord) -> Iterator[Flowable]:
    """The canonical text whose digest is the version's, broken into lines."""
    yield from _heading("Appendix: the protocol as canonical JSON")
    yield paragraph(
        f"SHA-256 {record.shown.sha256} is the digest of this text in UTF-8, its lines joined without a break.",
        SMALL,
    )
    yield Spacer(1, 2 * mm)
    lines = _chunks(record.shown.document, COLUMNS)
    for start in range(0, len(lines), LINES_PER_BLOCK):
        yield paragraph("\n".join(lines[start : start + LINES_PER_BLOCK]), MONO)


def _chunks(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _heading(text: str) -> Iterator[Flowable]:
    """A heading that never stands alone at the foot of a page."""
    yield CondPageBreak(40 * mm)
    yield paragraph(text, HEADING)


def _rows(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float | None],
    *,
    small: bool = False,
) -> Flowable:
    style = SMALL if small else BODY
    taken = sum(width for width in widths if width is not None)
    rest = (WIDTH - taken) / max(1, sum(width is None for width in widths))
    return table(
        [
            [paragraph(head, SMALL) for head in heads],
            *[[paragraph(cell, style) for cell in row] for row in rows],
        ],
        [rest if width is None else width for width in widths],
        has_head=True,
    )


def _model_text(content: Document, model_id: str) -> str:
    if not model_id:
        return "none"
    frozen = content.get("models", {}).get(model_id)
    if frozen is None:
        return model_id
    cut_off = "" if frozen["cut_off"] is None else f", cut-off {frozen['cut_off']:g}"
    return f"{model_id} {frozen['semver']}{cut_off}\ndigest {frozen['digest'][:16]}…"


def _case_set_text(one: Document) -> str:
    words = {
        "all": "all cases",
        "list": f"the cases {', '.join(one.get('cases', []))}",
        "random": f"{one.get('n')} cases at random",
        "center": f"the cases of {', '.join(one.get('centers', []))}",
        "cohort": f"the cases of the cohort {', '.join(one.get('cohorts', []))}",
        "part": f"part {one.get('part')} of {one.get('of')}, drawn",
    }
    return words[one["how"]]


def _plan_text(row: Document) -> str:
    group = "every group" if row["group"] == "*" else row["group"]
    sequence = "every sequence" if row["sequence"] == "*" else row["sequence"]
    return f"{group}, {sequence}: {row['case_set']} in {', then '.join(row['arms'])}"


def _days(count: float) -> str:
    return "none" if not count else f"{count:g} day{'' if count == 1 else 's'}"


def _seen(kind: Any, role: Role, phase: Phase) -> tuple[Phase, str]:
    if may_see(kind, role, phase, own=False):
        return phase, "all"
    return phase, "own" if may_see(kind, role, phase, own=True) else ""


def _phases_text(seen: Sequence[tuple[Phase, str]]) -> str:
    whose = {word for _, word in seen if word}
    if not whose:
        return "–"
    if all(word == "all" for _, word in seen):
        return "always"
    phases = ", ".join(phase.value for phase, word in seen if word)
    return f"own: {phases}" if whose == {"own"} else phases


def _question_lines(one: Document) -> Iterator[str]:
    if one.get("section"):
        yield f"Section: {one['section']}"
    if one.get("help"):
        yield one["help"]
    if one.get("options"):
        yield "; ".join(f"{option['value']} = {option['label']}" for option in one["options"])
    if "min" in one or "max" in one:
        yield f"from {one.get('min', '–')} to {one.get('max', '–')} {one.get('unit', '')}".rstrip()
    if one.get("max_marks"):
        yield f"at most {one['max_marks']} marks"
    for part, word in (("labels", "Segments are labeled"), ("statuses", "Their status")):
        if one.get(part):
            names = "; ".join(f"{named['key']} = {named['label']}" for named in one[part])
            yield f"{word}: {names}"
    if one.get("cut_off_mm"):
        yield f"Borderline within a pixel of {one['cut_off_mm']} mm"
    for part, word in (("expr", "Computed as"), ("show_if", "Asked if"), ("required_if", "Required if")):
        if one.get(part):
            yield f"{word}: {one[part]}"


def _rule_text(rule: Document) -> str:
    words = {
        "mismatch": "the answers differ",
        "difference": f"the answers differ by more than {rule.get('more_than')}",
        "distance": f"the marks lie more than {rule.get('more_than_mm')} mm apart",
        "dice": f"the overlap (Dice) is less than {rule.get('less_than')}",
    }
    when = str(rule["when"])
    return words.get(when, when)


def _value_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return textwrap.shorten(json.dumps(value, ensure_ascii=False, sort_keys=True), 600, placeholder=" …")
