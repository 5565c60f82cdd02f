from itertools import product
from pathlib import Path

import pytest

from backend.accounts.roles import DESCRIPTIONS, Role
from backend.studies.blinding import MEANINGS, Kind, Phase, may_see, print_table

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "blinding-protocol.txt"
PHASES = list(Phase)


def signed_lines() -> dict[tuple[str, str, str], list[str]]:
    """The rows of the document that a statistician signs, read back from its text."""
    rows = {}
    for line in DOCUMENT.read_text().splitlines():
        words = line.split()
        if len(words) == 3 + len(PHASES) and words[2] in ("own", "other"):
            rows[(words[0], words[1], words[2])] = words[3:]
    return rows


def test_the_signed_document_has_a_line_for_every_kind_role_and_owner() -> None:
    expected = {
        (kind.value, role.value.lower(), whose)
        for kind, role in product(Kind, Role)
        for whose in ("own", "other")
    }
    assert signed_lines().keys() == expected


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("role", list(Role))
def test_the_function_is_the_signed_document(kind: Kind, role: Role) -> None:
    rows = signed_lines()
    for whose, phase in product(("own", "other"), Phase):
        cell = rows[(kind.value, role.value.lower(), whose)][PHASES.index(phase)]
        assert may_see(kind, role, phase, own=whose == "own") == (cell == "yes")


def test_the_document_is_the_table_as_printed() -> None:
    assert DOCUMENT.read_text() == print_table()


def test_a_reader_never_sees_truth_identity_numbers_others_or_earlier_answers() -> None:
    never = {
        Kind.TRUTH,
        Kind.OTHER_RATING,
        Kind.OWN_PRIOR_RATING,
        Kind.CASE_IDENTITY,
        Kind.CASE_NUMBER,
        Kind.STUDY_PROGRESS,
        Kind.RESULTS,
    }
    for kind, phase, own in product(never, Phase, (True, False)):
        assert not may_see(kind, Role.READER, phase, own=own)


def test_a_reader_sees_the_model_only_in_an_own_aided_read() -> None:
    seen = [
        (phase, own)
        for phase, own in product(Phase, (True, False))
        if may_see(Kind.AI_OUTPUT, Role.READER, phase, own=own)
    ]
    assert seen == [(Phase.AIDED, True)]


def test_the_coordinator_is_blind_before_the_lock() -> None:
    for kind in (Kind.TRUTH, Kind.AI_OUTPUT, Kind.OTHER_RATING, Kind.RESULTS):
        seen = [phase for phase in Phase if may_see(kind, Role.COORDINATOR, phase, own=False)]
        assert seen == [Phase.LOCKED]


def test_an_emergency_unblinding_opens_the_case_to_the_one_who_answers_for_it() -> None:
    for kind in (Kind.TRUTH, Kind.AI_OUTPUT, Kind.OTHER_RATING):
        assert may_see(kind, Role.COORDINATOR, Phase.UNBLINDED, own=True)
        others = set(Role) - {Role.COORDINATOR}
        assert not any(may_see(kind, role, Phase.UNBLINDED, own=True) for role in others)
    assert not may_see(Kind.RESULTS, Role.COORDINATOR, Phase.UNBLINDED, own=True)


def test_nobody_sees_an_identity() -> None:
    assert not any(
        may_see(Kind.CASE_IDENTITY, role, phase, own=own)
        for role, phase, own in product(Role, Phase, (True, False))
    )


def test_every_kind_and_role_is_described() -> None:
    assert MEANINGS.keys() == set(Kind)
    assert DESCRIPTIONS.keys() == set(Role)
