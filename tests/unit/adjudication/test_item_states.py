from itertools import product

import pytest

from backend.adjudication.item_states import ITEM_TRANSITIONS, ItemStatus, check_item_transition
from backend.audit.errors import RuleBroken


def test_every_status_is_in_the_table() -> None:
    assert ITEM_TRANSITIONS.keys() == set(ItemStatus)


@pytest.mark.parametrize(("now_at", "to"), list(product(ItemStatus, ItemStatus)))
def test_what_the_table_does_not_name_is_refused(now_at: ItemStatus, to: ItemStatus) -> None:
    if to in ITEM_TRANSITIONS[now_at]:
        check_item_transition(now_at, to)
    else:
        with pytest.raises(RuleBroken) as refusal:
            check_item_transition(now_at, to)
        assert refusal.value.code == "item_status"


@pytest.mark.parametrize("final", [ItemStatus.SETTLED, ItemStatus.VOIDED])
def test_what_is_settled_or_voided_stays_so(final: ItemStatus) -> None:
    assert not ITEM_TRANSITIONS[final]
