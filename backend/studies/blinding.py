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
    OWN_FIRST_COMMIT = "own_first_commit"
    OWN_PRIOR_RATING = "own_prior_rating"
    TRAINING_FEEDBACK = "training_feedback"
    ADJUDICATION_ORIGINALS = "originals"
    CASE_IDENTITY = "case_identity"
    CASE_NUMBER = "case_number"
    CASE_ORDER = "case_order"
    PROTOCOL = "protocol"
    DEVIATIONS = "deviations"
    ADJUDICATION_LOAD = "adjudication_load"
    STUDY_PROGRESS = "study_progress"
    RESULTS = "results"


class Phase(StrEnum):
    """Where the study stands for this person and case."""

    DESIGN = "design"
    UNAIDED = "unaided"
    AIDED = "aided"
    UNBLINDED = "unblinded"
    LOCKED = "locked"


MEANINGS: dict[Kind, str] = {
    Kind.TRUTH: "the reference standard of a case",
    Kind.AI_OUTPUT: "a model's score, probability, class or mask for a case",
    Kind.OTHER_RATING: "another reader's answers",
    Kind.OWN_RATING: "one's own answers in the read that is open",
    Kind.OWN_FIRST_COMMIT: "one's own committed answers to the open case, where it is read in two steps",
    Kind.OWN_PRIOR_RATING: "one's own answers in a read that is submitted",
    Kind.TRAINING_FEEDBACK: "what a training case should have been answered",
    Kind.ADJUDICATION_ORIGINALS: "the answers that disagree, without names or arms",
    Kind.CASE_IDENTITY: "name, number or dates of the patient",
    Kind.CASE_NUMBER: "the study's own number of a case, by which lists can be matched",
    Kind.CASE_ORDER: "which case stands where in whose order, and which come twice",
    Kind.PROTOCOL: "the design of the study: arms, sessions, repeats, rules",
    Kind.DEVIATIONS: "where the study departed from its protocol, and why",
    Kind.ADJUDICATION_LOAD: "how many cases readers disagree on, without which or when",
    Kind.STUDY_PROGRESS: "how many cases who has read, and when",
    Kind.RESULTS: "agreement, ROC and other results",
}

_DESK = frozenset({Role.COORDINATOR, Role.STATISTICIAN})
_OFFICE = (Role.COORDINATOR, Role.STATISTICIAN, Role.AUDITOR)
_ALL_PHASES = frozenset(Phase)
_READING = frozenset({Phase.UNAIDED, Phase.AIDED})
_AFTER_LOCK = frozenset({Phase.LOCKED})

# Before the lock only by an emergency unblinding, which one coordinator answers for and which marks the case.
_SECRET_UNTIL_LOCK = {
    Role.COORDINATOR: frozenset({Phase.UNBLINDED, Phase.LOCKED}),
    Role.STATISTICIAN: _AFTER_LOCK,
}

_OPENED_BY_UNBLINDING = frozenset({Kind.TRUTH, Kind.AI_OUTPUT, Kind.OTHER_RATING})

# Kind -> role -> the phases in which that role may see it. What is not here is not seen.
_ALLOWED: dict[Kind, dict[Role, frozenset[Phase]]] = {
    Kind.TRUTH: _SECRET_UNTIL_LOCK,
    Kind.AI_OUTPUT: {**_SECRET_UNTIL_LOCK, Role.READER: frozenset({Phase.AIDED})},
    Kind.OTHER_RATING: _SECRET_UNTIL_LOCK,
    Kind.OWN_RATING: {Role.READER: _READING},
    Kind.OWN_FIRST_COMMIT: {Role.READER: _READING},
    Kind.OWN_PRIOR_RATING: {},
    Kind.TRAINING_FEEDBACK: {**dict.fromkeys(_DESK, _ALL_PHASES), Role.READER: _READING},
    Kind.ADJUDICATION_ORIGINALS: {**dict.fromkeys(_DESK, _AFTER_LOCK), Role.ADJUDICATOR: _READING},
    Kind.CASE_IDENTITY: {},
    Kind.CASE_NUMBER: {**dict.fromkeys(_OFFICE, _ALL_PHASES), Role.SITE_DATA_MANAGER: _ALL_PHASES},
    Kind.CASE_ORDER: dict.fromkeys(_DESK, _AFTER_LOCK),
    Kind.PROTOCOL: dict.fromkeys(_OFFICE, _ALL_PHASES),
    Kind.DEVIATIONS: dict.fromkeys(_OFFICE, _ALL_PHASES),
    Kind.ADJUDICATION_LOAD: dict.fromkeys(_OFFICE, _ALL_PHASES),
    Kind.STUDY_PROGRESS: dict.fromkeys(_OFFICE, _ALL_PHASES),
    Kind.RESULTS: dict.fromkeys(_DESK, _AFTER_LOCK),
}

# Seen only where it is one's own: a reader's open read, the output shown in it, the feedback to one's own answer,
# the item that an adjudicator has open, a data manager's own center.
_OWN_ONLY: frozenset[tuple[Kind, Role]] = frozenset(
    {
        (Kind.AI_OUTPUT, Role.READER),
        (Kind.OWN_RATING, Role.READER),
        (Kind.OWN_FIRST_COMMIT, Role.READER),
        (Kind.TRAINING_FEEDBACK, Role.READER),
        (Kind.ADJUDICATION_ORIGINALS, Role.ADJUDICATOR),
        (Kind.CASE_NUMBER, Role.SITE_DATA_MANAGER),
    }
)


def may_see(kind: Kind, role: Role, phase: Phase, *, own: bool) -> bool:
    """Whether a person in `role` may see a thing of `kind` in `phase`; `own` says whether it is the person's own."""
    if (kind, role) in _OWN_ONLY and not own:
        return False
    if kind in _OPENED_BY_UNBLINDING and phase is Phase.UNBLINDED and not own:
        return False
    return phase in _ALLOWED[kind].get(role, frozenset())


def print_table() -> str:
    """The whole table as text; `docs/blinding-protocol.txt` is this text and the checks compare it."""
    lines = [
        "READING ROOM - BLINDING PROTOCOL",
        "Who may see what, in which phase. Generated from backend/studies/blinding.py by",
        "`manage.py generate_docs`; do not edit. 'own' = one's own read, item, unblinding or center; 'other' =",
        "anybody else's.",
        "",
        "Kinds",
    ]
    lines += [f"  {kind.value:<18}{meaning}" for kind, meaning in MEANINGS.items()]
    lines += [
        "",
        "Phases",
        "  design     before the protocol is frozen",
        "  unaided    reading; the model's output is not released to the reader for this case",
        "  aided      reading; the protocol releases the model's output for this case",
        "  unblinded  reading; this person has unblinded the case in an emergency, by name and reason",
        "  locked     after the database lock, which takes two people",
        "",
        f"{'kind':<18}{'role':<19}{'whose':<7}" + "".join(f"{phase.value:<11}" for phase in Phase).rstrip(),
    ]
    for kind, role, own in product(Kind, Role, (True, False)):
        seen = "".join(f"{'yes' if may_see(kind, role, phase, own=own) else '-':<11}" for phase in Phase)
        lines.append(f"{kind.value:<18}{role.value.lower():<19}{'own' if own else 'other':<7}{seen}".rstrip())
    return "\n".join(lines) + "\n"
