"""Who may see what, when: the one table of blinding. Pure, total, and printable for a signature."""

from enum import StrEnum
from itertools import product

from backend.accounts.roles import Role


class Kind(StrEnum):
    """A kind of thing that somebody could be unblinded by."""

    TRUTH = "truth"
    AI_OUTPUT = "ai_output"
    OTHER_RATING = "other_rating"
    OWN_RATING = "own_rating"
    OWN_PRIOR_RATING = "own_prior_rating"
    CASE_IDENTITY = "case_identity"
    CASE_NUMBER = "case_number"
    STUDY_PROGRESS = "study_progress"
    RESULTS = "results"


class Phase(StrEnum):
    """Where the study stands for this person and case."""

    DESIGN = "design"
    UNAIDED = "unaided"
    AIDED = "aided"
    LOCKED = "locked"


MEANINGS: dict[Kind, str] = {
    Kind.TRUTH: "the reference standard of a case",
    Kind.AI_OUTPUT: "a model's score, probability, class or mask for a case",
    Kind.OTHER_RATING: "another reader's answers",
    Kind.OWN_RATING: "one's own answers in the read that is open",
    Kind.OWN_PRIOR_RATING: "one's own answers in a read that is submitted",
    Kind.CASE_IDENTITY: "name, number or dates of the patient",
    Kind.CASE_NUMBER: "the study's own number of a case, by which lists can be matched",
    Kind.STUDY_PROGRESS: "how many cases who has read, and when",
    Kind.RESULTS: "agreement, ROC and other results",
}

_DESK = frozenset({Role.COORDINATOR, Role.STATISTICIAN})
_ALL_PHASES = frozenset(Phase)
_AFTER_LOCK = frozenset({Phase.LOCKED})

# Kind -> role -> the phases in which that role may see it. What is not here is not seen.
_ALLOWED: dict[Kind, dict[Role, frozenset[Phase]]] = {
    Kind.TRUTH: dict.fromkeys(_DESK, _AFTER_LOCK),
    Kind.AI_OUTPUT: {
        **dict.fromkeys(_DESK, _AFTER_LOCK),
        Role.READER: frozenset({Phase.AIDED}),
    },
    Kind.OTHER_RATING: dict.fromkeys(_DESK, _AFTER_LOCK),
    Kind.OWN_RATING: {Role.READER: frozenset({Phase.UNAIDED, Phase.AIDED})},
    Kind.OWN_PRIOR_RATING: {},
    Kind.CASE_IDENTITY: {},
    Kind.CASE_NUMBER: {
        Role.COORDINATOR: _ALL_PHASES,
        Role.STATISTICIAN: _ALL_PHASES,
        Role.SITE_DATA_MANAGER: _ALL_PHASES,
        Role.AUDITOR: _ALL_PHASES,
    },
    Kind.STUDY_PROGRESS: {
        Role.COORDINATOR: _ALL_PHASES,
        Role.STATISTICIAN: _ALL_PHASES,
        Role.AUDITOR: _ALL_PHASES,
    },
    Kind.RESULTS: dict.fromkeys(_DESK, _AFTER_LOCK),
}

# Seen only where it is one's own: a reader's open read, the output shown in it, a data manager's own center.
_OWN_ONLY: frozenset[tuple[Kind, Role]] = frozenset(
    {
        (Kind.AI_OUTPUT, Role.READER),
        (Kind.OWN_RATING, Role.READER),
        (Kind.CASE_NUMBER, Role.SITE_DATA_MANAGER),
    }
)


def may_see(kind: Kind, role: Role, phase: Phase, *, own: bool) -> bool:
    """Whether a person in `role` may see a thing of `kind` in `phase`; `own` says whether it is the person's own."""
    if (kind, role) in _OWN_ONLY and not own:
        return False
    return phase in _ALLOWED[kind].get(role, frozenset())


def print_table() -> str:
    """The whole table as text; `docs/blinding-protocol.txt` is this text and the checks compare it."""
    lines = [
        "READING ROOM - BLINDING PROTOCOL",
        "Who may see what, in which phase. Generated from backend/studies/blinding.py by",
        "`manage.py generate_docs`; do not edit. 'own' = one's own read or center, 'other' = anybody else's.",
        "",
        "Kinds",
    ]
    lines += [f"  {kind.value:<18}{meaning}" for kind, meaning in MEANINGS.items()]
    lines += [
        "",
        "Phases",
        "  design   before the protocol is frozen",
        "  unaided  reading; the model's output is not released to the reader for this case",
        "  aided    reading; the protocol releases the model's output for this case",
        "  locked   after the database lock",
        "",
        f"{'kind':<18}{'role':<19}{'whose':<7}" + "".join(f"{phase.value:<9}" for phase in Phase).rstrip(),
    ]
    for kind, role, own in product(Kind, Role, (True, False)):
        seen = "".join(f"{'yes' if may_see(kind, role, phase, own=own) else '-':<9}" for phase in Phase)
        lines.append(f"{kind.value:<18}{role.value.lower():<19}{'own' if own else 'other':<7}{seen}".rstrip())
    return "\n".join(lines) + "\n"
