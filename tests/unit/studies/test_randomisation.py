import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.studies.randomisation import (
    draw_order,
    is_decorrelated,
    keeps_a_run,
    mean_rank_move,
)

KEYS = [f"case-{number:03d}" for number in range(40)]


def test_draw_order_is_a_permutation_with_its_own_aliases() -> None:
    drawn = draw_order(KEYS, seed="seed-1")
    assert sorted(drawn.case_keys) == KEYS
    assert drawn.case_keys != tuple(KEYS)
    assert len(set(drawn.aliases)) == len(KEYS)


def test_draw_order_is_reproduced_by_its_seed_whatever_the_order_given() -> None:
    drawn = draw_order(KEYS, seed="seed-1")
    again = draw_order(list(reversed(KEYS)), seed="seed-1")
    assert again == drawn
    assert again.sha256 == drawn.sha256
    assert draw_order(KEYS, seed="seed-2").case_keys != drawn.case_keys


def test_draw_order_follows_the_stated_algorithm() -> None:
    """The documented rule, written out the slow way: ascending SHA-256 of seed, word, counter and case."""

    def digest(key: str) -> str:
        return hashlib.sha256(f"seed-1\x1forder\x1f0\x1f{key}".encode()).hexdigest()

    assert draw_order(KEYS, seed="seed-1").case_keys == tuple(sorted(KEYS, key=digest))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(count=st.integers(6, 60), seed=st.integers(0, 10**6))
def test_a_second_order_is_far_from_the_first(count: int, seed: int) -> None:
    keys = KEYS[:count] if count <= len(KEYS) else [f"c{number}" for number in range(count)]
    first = draw_order(keys, seed=f"{seed}-1").case_keys
    second = draw_order(keys, seed=f"{seed}-2", previous=first).case_keys
    moved = sum(abs(first.index(key) - second.index(key)) for key in keys) / count
    assert moved >= count / 4
    triples = {first[start : start + 3] for start in range(count - 2)}
    assert not triples & {second[start : start + 3] for start in range(count - 2)}


def test_first_positions_are_uniform_over_many_seeds() -> None:
    """Chi-square of the first position over 10 cases and 5,000 seeds; 99.9 % quantile of chi2(9) is 27.9."""
    keys = KEYS[:10]
    counts = dict.fromkeys(keys, 0)
    for seed in range(5_000):
        counts[draw_order(keys, seed=str(seed)).case_keys[0]] += 1
    assert sum((count - 500) ** 2 / 500 for count in counts.values()) < 27.9


def test_an_order_close_to_the_one_before_is_not_accepted() -> None:
    assert not is_decorrelated(KEYS, KEYS)
    swapped = [*KEYS[1::-1], *KEYS[2:]]
    assert mean_rank_move(swapped, KEYS) == pytest.approx(2 / 40)
    assert not is_decorrelated(swapped, KEYS)


def test_a_kept_run_of_three_is_found() -> None:
    assert keeps_a_run(["d", "a", "b", "c"], ["a", "b", "c", "d"])
    assert not keeps_a_run(["a", "b", "d", "c"], ["a", "b", "c", "d"])


def test_few_cases_are_not_constrained() -> None:
    drawn = draw_order(["only"], seed="seed", previous=["only"])
    assert drawn.case_keys == ("only",)


def test_a_case_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw_order(["a", "a"], seed="seed")
