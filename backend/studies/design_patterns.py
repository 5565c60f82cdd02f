"""Reading designs by name: each rewrites the design part of a protocol document. Pure.

The arms of a document are kept, in their order, as far as a design uses them: the first is the reading without
help, the last the one with it. A design that compares arms adds a second one where a document has only one.

References
----------
Obuchowski NA, Beiden SV, Berbaum KS, et al. Multireader, multicase receiver operating characteristic analysis:
an empirical comparison of five methods. Acad Radiol 2004; 11:980-995 (factorial and split-plot designs).
Obuchowski NA, Gallas BD, Hillis SL. Multi-reader ROC studies with split-plot designs. Acad Radiol 2012;
19:1508-1517 (readers or cases nested in groups).
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from .design import EVERY

Document = dict[str, Any]
Part = dict[str, Any]

UNAIDED = "unaided"
AIDED = "aided"
DEFAULT_WASHOUT_DAYS = 28
REREAD_SET = "reread"


@dataclass(frozen=True)
class PatternOption:
    """A number that a design asks for."""

    key: str
    label: str
    default: int
    minimum: int
    maximum: int


@dataclass(frozen=True)
class Pattern:
    """A reading design as a coordinator chooses it."""

    key: str
    title: str
    summary: str
    options: tuple[PatternOption, ...]
    build: Callable[..., None]


class PatternRefused(ValueError):
    """The design does not exist or an option of it is not acceptable; `field` names which."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


def apply_pattern(document: Mapping[str, Any], pattern: str, /, **options: Any) -> Document:
    """A copy of the document with its reading design rewritten.

    Parameters
    ----------
    document : mapping
        A protocol document of format 2.
    pattern : str
        A key of `PATTERNS`.
    options : int
        The options of the pattern; those left out have their defaults.

    Raises
    ------
    PatternRefused
        When there is no such design or an option is unknown, no whole number, or out of its range.
    """
    if pattern not in PATTERNS:
        raise PatternRefused("pattern", f"There is no reading design named {pattern!r}.")
    chosen = PATTERNS[pattern]
    values = checked_options(chosen.title, chosen.options, options)
    result = deepcopy(dict(document))
    chosen.build(result, **values)
    _drop_what_is_gone(result)
    return result


def checked_options(title: str, options: Sequence[PatternOption], given: Mapping[str, Any]) -> dict[str, int]:
    """The value of every option, the default where none was given.

    Raises
    ------
    PatternRefused
        When an option is unknown, no whole number, or out of its range.
    """
    known = {option.key: option for option in options}
    for key in given:
        if key not in known:
            raise PatternRefused(key, f"{title} has no option {key}.")
    values = {}
    for option in options:
        value = given.get(option.key, option.default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise PatternRefused(option.key, f"{option.label} must be a whole number.")
        if not option.minimum <= value <= option.maximum:
            raise PatternRefused(
                option.key, f"{option.label} must be from {option.minimum} to {option.maximum}."
            )
        values[option.key] = value
    return values


# ---------------------------------------------------------------------------------------------------- parts of a design
def new_arm(key: str, title: str, *, model_id: str = "") -> Part:
    return {"key": key, "title": title, "model_id": model_id}


def new_session(
    ordinal: int, arms: Sequence[Part], *, washout_days: int = 0, case_set: str = "all", title: str = ""
) -> Part:
    """A session in which everybody reads one case set; several arms are read one after the other in one go."""
    return {
        "ordinal": ordinal,
        "title": title or f"Session {ordinal}",
        "period": ordinal,
        "washout_days": washout_days,
        "plan": [plan_row([arm["key"] for arm in arms], case_set=case_set)],
    }


def plan_row(
    arms: Sequence[str], *, case_set: str = "all", group: str = EVERY, sequence: str = EVERY
) -> dict[str, Any]:
    return {"group": group, "sequence": sequence, "case_set": case_set, "arms": list(arms)}


def new_design(
    kind: str,
    *,
    arms: Sequence[Part],
    sessions: Sequence[Part],
    reader_groups: Sequence[Part] = (),
    sequences: Sequence[Part] = (),
    case_sets: Sequence[Part] = (),
) -> dict[str, Any]:
    """A whole design; everybody in one group and one sequence, and all cases in one set, unless said otherwise."""
    return {
        "kind": kind,
        "arms": list(arms),
        "reader_groups": list(reader_groups) or [{"key": "g1", "title": "All readers"}],
        "sequences": list(sequences) or [{"key": "s1", "title": _order_of(arms)}],
        "case_sets": list(case_sets) or [{"key": "all", "title": "All cases", "how": "all"}],
        "sessions": list(sessions),
    }


def _order_of(arms: Sequence[Part]) -> str:
    titles = [str(arm["title"]) for arm in arms]
    return titles[0] if len(titles) == 1 else " → ".join(titles)


def _parts(count: int, *, first: int = 1, title: str = "Part", prefix: str = "part") -> list[Part]:
    """The parts `first` to `count` of the cases; parts of the same division are disjoint."""
    return [
        {
            "key": f"{prefix}{number - first + 1}",
            "title": f"{title} {number - first + 1}",
            "how": "part",
            "of": count,
            "part": number,
        }
        for number in range(first, count + 1)
    ]


def _groups(count: int) -> list[Part]:
    return [{"key": f"g{number}", "title": f"Group {number}"} for number in range(1, count + 1)]


def _session(ordinal: int, rows: Sequence[Mapping[str, Any]], *, washout_days: int) -> Part:
    return {
        "ordinal": ordinal,
        "title": f"Session {ordinal}",
        "period": ordinal,
        "washout_days": washout_days if ordinal > 1 else 0,
        "plan": [dict(row) for row in rows],
    }


def _arms(document: Document, *, at_least: int) -> list[Part]:
    """The document's arms, with a second one where a comparison needs it."""
    arms = [dict(arm) for arm in document["design"]["arms"]]
    if not arms:
        arms.append(new_arm(UNAIDED, "Without a model"))
    taken = {arm["key"] for arm in arms}
    while len(arms) < at_least:
        key = AIDED if AIDED not in taken else f"arm{len(arms) + 1}"
        arms.append(new_arm(key, "With the model"))
        taken.add(key)
    return arms


def _drop_what_is_gone(document: Document) -> None:
    """Sessions and arms that other parts of the protocol name and the new design has no longer."""
    ordinals = {session["ordinal"] for session in document["design"]["sessions"]}
    arms = {arm["key"] for arm in document["design"]["arms"]}
    repeats = document.get("hidden_repeats")
    if repeats:
        kept = [ordinal for ordinal in repeats["sessions"] if ordinal in ordinals]
        document["hidden_repeats"] = {**repeats, "sessions": kept or [min(ordinals)]}
    adjudication = document.get("adjudication")
    if adjudication and adjudication.get("arms") is not None:
        adjudication["arms"] = [key for key in adjudication["arms"] if key in arms] or None


# --------------------------------------------------------------------------------------------------- the designs
def _fixed_order(document: Document, *, washout_days: int) -> None:
    arms = _arms(document, at_least=2)
    sessions = [
        new_session(ordinal, [arm], washout_days=washout_days if ordinal > 1 else 0)
        for ordinal, arm in enumerate(arms, start=1)
    ]
    document["design"] = new_design("fixed_order", arms=arms, sessions=sessions)


def _crossover(document: Document, *, washout_days: int) -> None:
    """Each reader reads all cases in one arm, then in the other; half of the readers begin with each."""
    arms = _arms(document, at_least=2)[:2]
    orders = [arms, arms[::-1]]
    sequences = [
        {"key": key, "title": _order_of(order)} for key, order in zip(("ab", "ba"), orders, strict=True)
    ]
    sessions = [
        _session(
            period,
            [
                plan_row([order[period - 1]["key"]], sequence=sequence["key"])
                for sequence, order in zip(sequences, orders, strict=True)
            ],
            washout_days=washout_days,
        )
        for period in (1, 2)
    ]
    document["design"] = new_design("crossover", arms=arms, sessions=sessions, sequences=sequences)


def _sequential(document: Document) -> None:
    """Commit, reveal, second commit: all arms of a case in one go."""
    arms = _arms(document, at_least=2)
    document["design"] = new_design("sequential", arms=arms, sessions=[new_session(1, arms)])


def _single_arm(document: Document) -> None:
    arms = _arms(document, at_least=1)[:1]
    document["design"] = new_design("single_arm", arms=arms, sessions=[new_session(1, arms)])


def _reread(document: Document, *, cases: int, washout_days: int) -> None:
    """Adds a session in which a random subset is read again, in the first arm that the reader's group has read."""
    design = document["design"]
    sessions = [session for session in design["sessions"] if not session.get("is_reread")]
    ordinal = len(sessions) + 1
    design["kind"] = "reread"
    design["case_sets"] = [one for one in design["case_sets"] if one["key"] != REREAD_SET] + [
        {"key": REREAD_SET, "title": "Read again", "how": "random", "n": cases}
    ]
    rows = _reread_rows(design, sessions)
    again = _session(ordinal, rows, washout_days=washout_days)
    design["sessions"] = [*sessions, {**again, "title": "Re-read", "is_reread": True}]


def _reread_rows(design: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    order = [arm["key"] for arm in design["arms"]]
    first_by_group = {}
    for group in design["reader_groups"]:
        arms = {
            key
            for session in sessions
            for row in session["plan"]
            if row["group"] in (EVERY, group["key"])
            for key in row["arms"]
        }
        first_by_group[group["key"]] = next((key for key in order if key in arms), order[0])
    if len(set(first_by_group.values())) == 1:
        return [plan_row([next(iter(first_by_group.values()))], case_set=REREAD_SET)]
    return [plan_row([arm], case_set=REREAD_SET, group=group) for group, arm in first_by_group.items()]


def _fully_crossed(document: Document, *, washout_days: int) -> None:
    """Every reader reads every case in every arm; the arms are mixed in a session by a Latin square.

    With m arms the cases are drawn into m parts. In session k a reader of sequence s reads part j in arm
    (j + k + s) mod m, so that every part meets every arm once and no session is all of one arm.
    """
    arms = _arms(document, at_least=2)
    count = len(arms)
    parts = _parts(count)
    sequences = [{"key": f"s{number}", "title": f"Square row {number}"} for number in range(1, count + 1)]
    sessions = [
        _session(
            ordinal,
            [
                plan_row(
                    [arms[(j + ordinal - 1 + s) % count]["key"]],
                    case_set=part["key"],
                    sequence=sequence["key"],
                )
                for s, sequence in enumerate(sequences)
                for j, part in enumerate(parts)
            ],
            washout_days=washout_days,
        )
        for ordinal in range(1, count + 1)
    ]
    document["design"] = new_design(
        "fully_crossed", arms=arms, sessions=sessions, sequences=sequences, case_sets=parts
    )


def _split_plot_readers(document: Document) -> None:
    """Readers nested in arms: a group of readers for each arm, all of them reading all cases."""
    arms = _arms(document, at_least=2)
    groups = [
        {"key": f"g{number}", "title": f"Reads: {arm['title']}"} for number, arm in enumerate(arms, start=1)
    ]
    rows = [plan_row([arm["key"]], group=group["key"]) for group, arm in zip(groups, arms, strict=True)]
    document["design"] = new_design(
        "split_plot",
        arms=arms,
        sessions=[_session(1, rows, washout_days=0)],
        reader_groups=groups,
        sequences=[{"key": "s1", "title": "One session"}],
    )


def _split_plot_cases(document: Document, *, groups: int, washout_days: int) -> None:
    """Cases nested in groups of readers: a group reads its own part of the cases, in every arm."""
    arms = _arms(document, at_least=1)
    own_groups, parts = _groups(groups), _parts(groups)
    sessions = [
        _session(
            ordinal,
            [
                plan_row([arm["key"]], case_set=part["key"], group=group["key"])
                for group, part in zip(own_groups, parts, strict=True)
            ],
            washout_days=washout_days,
        )
        for ordinal, arm in enumerate(arms, start=1)
    ]
    document["design"] = new_design(
        "split_plot", arms=arms, sessions=sessions, reader_groups=own_groups, case_sets=parts
    )


def _anchor_blocks(document: Document, *, blocks: int, washout_days: int) -> None:
    """An anchor set that everybody reads in every session, and blocks that rotate through groups of readers.

    The cases are drawn into blocks + 1 equal parts, the first of which is the anchor. In session k the group g
    reads the anchor and block (g + k) mod blocks, in the arm of that session.
    """
    arms = _arms(document, at_least=1)
    groups = _groups(blocks)
    anchor, *rest = _parts(blocks + 1)
    anchor = {**anchor, "key": "anchor", "title": "Anchor, read by all"}
    rotating = [
        {**one, "key": f"block{number}", "title": f"Block {number}"}
        for number, one in enumerate(rest, start=1)
    ]
    sessions = []
    for ordinal, arm in enumerate(arms, start=1):
        rows = [plan_row([arm["key"]], case_set="anchor")]
        rows += [
            plan_row(
                [arm["key"]],
                case_set=rotating[(index + ordinal - 1) % blocks]["key"],
                group=group["key"],
            )
            for index, group in enumerate(groups)
        ]
        sessions.append(_session(ordinal, rows, washout_days=washout_days))
    document["design"] = new_design(
        "anchor_blocks",
        arms=arms,
        sessions=sessions,
        reader_groups=groups,
        case_sets=[anchor, *rotating],
    )


def days_option(default: int = DEFAULT_WASHOUT_DAYS) -> PatternOption:
    return PatternOption("washout_days", "Washout (days)", default, 0, 730)


_ALL = (
    Pattern(
        "fixed_order",
        "Fixed order",
        "Every reader reads all cases without the model, and after the washout all of them with it.",
        (days_option(),),
        _fixed_order,
    ),
    Pattern(
        "crossover",
        "Crossover AB/BA",
        "Half of the readers begin without the model and half with it; after the washout they change over.",
        (days_option(),),
        _crossover,
    ),
    Pattern(
        "sequential",
        "Sequential reveal",
        "Case by case: a first answer is committed, the model's output is revealed, a second answer follows.",
        (),
        _sequential,
    ),
    Pattern(
        "single_arm",
        "Single arm",
        "Every reader reads all cases once.",
        (),
        _single_arm,
    ),
    Pattern(
        "reread",
        "Re-read of a subset",
        "Adds a session in which a random subset is read again, for the agreement of a reader with himself or "
        "herself.",
        (PatternOption("cases", "Cases read again", 30, 1, 10_000), days_option(60)),
        _reread,
    ),
    Pattern(
        "fully_crossed",
        "Fully crossed, arms mixed",
        "Every reader reads every case in every arm; a Latin square mixes the arms within each session.",
        (days_option(),),
        _fully_crossed,
    ),
    Pattern(
        "split_plot_readers",
        "Split-plot, readers nested",
        "One group of readers for each arm; all of them read all cases, once.",
        (),
        _split_plot_readers,
    ),
    Pattern(
        "split_plot_cases",
        "Split-plot, cases nested",
        "The cases are drawn into parts, one for each group of readers, who read their part in every arm.",
        (PatternOption("groups", "Groups of readers", 2, 2, 12), days_option()),
        _split_plot_cases,
    ),
    Pattern(
        "anchor_blocks",
        "Anchor and rotating blocks",
        "An anchor set is read by everybody; the other blocks rotate through the groups of readers.",
        (PatternOption("blocks", "Rotating blocks", 3, 2, 12), days_option()),
        _anchor_blocks,
    ),
)
PATTERNS: dict[str, Pattern] = {pattern.key: pattern for pattern in _ALL}
