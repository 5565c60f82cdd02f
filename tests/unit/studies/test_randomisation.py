import hashlib
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.studies.randomisation import (
    Draw,
    draw_allocation,
    draw_order,
    draw_parts,
    draw_subset,
    is_decorrelated,
    keeps_a_run,
    mean_rank_move,
    redraw,
    rows_of,
)

KEYS = [f"case-{number:03d}" for number in range(40)]


def cases(draw: Draw) -> list[str]:
    return [row.case for row in rows_of(draw)]


def keys_of(count: int) -> list[str]:
    return [f"c{number}" for number in range(count)]


def test_draw_order_is_a_permutation_with_its_own_aliases() -> None:
    drawn = draw_order(KEYS, seed="seed-1")
    assert sorted(cases(drawn)) == KEYS
    assert cases(drawn) != KEYS
    assert len({row.alias for row in rows_of(drawn)}) == len(KEYS)
    assert {row.repeats for row in rows_of(drawn)} == {None}


def test_draw_order_is_reproduced_by_its_seed_whatever_the_order_given() -> None:
    drawn = draw_order(KEYS, seed="seed-1")
    again = draw_order(list(reversed(KEYS)), seed="seed-1")
    assert again == drawn
    assert again.sha256 == drawn.sha256
    assert cases(draw_order(KEYS, seed="seed-2")) != cases(drawn)


def test_draw_order_follows_the_stated_algorithm() -> None:
    """The documented rule, written out the slow way: ascending SHA-256 of seed, word, counter and case."""

    def digest(key: str) -> str:
        return hashlib.sha256(f"seed-1\x1forder\x1f0\x1f{key}".encode()).hexdigest()

    assert cases(draw_order(KEYS, seed="seed-1")) == sorted(KEYS, key=digest)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(count=st.integers(6, 60), seed=st.integers(0, 10**6))
def test_a_second_order_is_far_from_the_first(count: int, seed: int) -> None:
    keys = keys_of(count)
    first = cases(draw_order(keys, seed=f"{seed}-1"))
    second = cases(draw_order(keys, seed=f"{seed}-2", previous=first))
    moved = sum(abs(first.index(key) - second.index(key)) for key in keys) / count
    assert moved >= count / 4
    triples = {tuple(first[start : start + 3]) for start in range(count - 2)}
    assert not triples & {tuple(second[start : start + 3]) for start in range(count - 2)}


@settings(derandomize=True, max_examples=60, deadline=None)
@given(count=st.integers(8, 40), shared=st.integers(6, 40), seed=st.integers(0, 10**6))
def test_the_rule_holds_on_the_cases_that_two_sessions_share(count: int, shared: int, seed: int) -> None:
    shared = min(shared, count)
    first = cases(draw_order(keys_of(count), seed=f"{seed}-1"))
    now = [*keys_of(shared), *(f"new{number}" for number in range(10))]
    second = [
        key for key in cases(draw_order(now, seed=f"{seed}-2", previous=first)) if key in keys_of(shared)
    ]
    then = [key for key in first if key in second]
    assert sum(abs(then.index(key) - second.index(key)) for key in then) / shared >= shared / 4
    triples = {tuple(then[start : start + 3]) for start in range(shared - 2)}
    assert not triples & {tuple(second[start : start + 3]) for start in range(shared - 2)}


def test_first_positions_are_uniform_over_many_seeds() -> None:
    """Chi-square of the first position over 10 cases and 5,000 seeds; 99.9 % quantile of chi2(9) is 27.9."""
    keys = KEYS[:10]
    counts = Counter(cases(draw_order(keys, seed=str(seed)))[0] for seed in range(5_000))
    assert sum((counts[key] - 500) ** 2 / 500 for key in keys) < 27.9


def test_an_order_close_to_the_one_before_is_not_accepted() -> None:
    assert not is_decorrelated(KEYS, KEYS)
    swapped = [*KEYS[1::-1], *KEYS[2:]]
    assert mean_rank_move(swapped, KEYS) == pytest.approx(2 / 40)
    assert not is_decorrelated(swapped, KEYS)


def test_a_kept_run_of_three_is_found() -> None:
    assert keeps_a_run(["d", "a", "b", "c"], ["a", "b", "c", "d"])
    assert not keeps_a_run(["a", "b", "d", "c"], ["a", "b", "c", "d"])


def test_few_cases_are_not_constrained() -> None:
    assert cases(draw_order(["only"], seed="seed", previous=["only"])) == ["only"]


def test_a_case_listed_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw_order(["a", "a"], seed="seed")


@settings(derandomize=True, max_examples=100, deadline=None)
@given(negatives=st.integers(0, 60), positives=st.integers(0, 60), seed=st.integers(0, 10**6))
def test_a_balanced_order_spreads_every_stratum_evenly(negatives: int, positives: int, seed: int) -> None:
    """Of any first k cases those of a stratum differ from their share by less than 1 + (12 + S) n_s / n, S = 2."""
    strata = {f"n{one}": "0" for one in range(negatives)} | {f"p{one}": "1" for one in range(positives)}
    order = cases(draw_order(list(strata), seed=str(seed), strata=strata))
    sizes = Counter(strata.values())
    for first in range(1, len(order) + 1):
        seen = Counter(strata[key] for key in order[:first])
        for stratum, size in sizes.items():
            share = size / len(order)
            assert abs(seen[stratum] - first * share) < 1 + (12 + len(sizes)) * share


def test_a_balanced_order_cannot_be_counted_out() -> None:
    """Given the first cases, what comes next is not certain: over many seeds both strata follow every count."""
    strata = {f"n{one}": "0" for one in range(15)} | {f"p{one}": "1" for one in range(15)}
    followers: dict[tuple[int, int], set[str]] = {}
    for seed in range(600):
        order = [strata[key] for key in cases(draw_order(list(strata), seed=str(seed), strata=strata))]
        for place in range(28):
            positives = order[:place].count("1")
            followers.setdefault((place, positives), set()).add(order[place])
    frequent = {state for state in followers if abs(2 * state[1] - state[0]) <= 1}
    assert all(followers[state] == {"0", "1"} for state in frequent)


def test_a_case_without_stratum_is_refused() -> None:
    with pytest.raises(ValueError, match="no stratum"):
        draw_order(["a", "b"], seed="seed", strata={"a": "0"})


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    count=st.integers(2, 50), lag=st.integers(1, 20), repeats=st.integers(1, 10), seed=st.integers(0, 10**6)
)
def test_hidden_repeats_keep_their_lag(count: int, lag: int, repeats: int, seed: int) -> None:
    if repeats > count - lag:
        with pytest.raises(ValueError, match="do not fit"):
            draw_order(keys_of(count), seed=str(seed), repeats=repeats, min_lag=lag)
        return
    rows = rows_of(draw_order(keys_of(count), seed=str(seed), repeats=repeats, min_lag=lag))
    assert len(rows) == count + repeats
    assert len({row.alias for row in rows}) == len(rows)
    again = [(place, row) for place, row in enumerate(rows) if row.repeats is not None]
    assert len({row.case for _, row in again}) == repeats
    for place, row in again:
        assert row.repeats is not None
        first = row.repeats - 1
        assert rows[first].case == row.case
        between = {one.case for one in rows[first + 1 : place]}
        assert len(between) >= lag


def test_a_subset_is_drawn_once_and_for_all() -> None:
    drawn = draw_subset(KEYS, size=12, seed="s")
    assert len(drawn.drawn) == 12
    assert set(drawn.drawn) < set(KEYS)
    assert draw_subset(KEYS[:5], size=12, seed="s").drawn == KEYS[:5]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(count=st.integers(1, 50), of=st.integers(1, 6), seed=st.integers(0, 10**6))
def test_parts_are_disjoint_whole_and_even_in_every_stratum(count: int, of: int, seed: int) -> None:
    strata = {key: str(number % 3) for number, key in enumerate(keys_of(count))}
    parts = draw_parts(keys_of(count), of=of, seed=str(seed), strata=strata).drawn
    assert sorted(key for part in parts for key in part) == sorted(keys_of(count))
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1
    for stratum in set(strata.values()):
        held = [sum(strata[key] == stratum for key in part) for part in parts]
        assert max(held) - min(held) <= 1


def test_readers_fill_the_cells_evenly() -> None:
    cells = {"a/x": 0, "a/y": 0, "b/x": 0}
    for reader in range(9):
        cells[draw_allocation(f"r{reader}", cells=cells, seed=str(reader)).drawn] += 1
    assert set(cells.values()) == {3}
    first = Counter(
        draw_allocation("r", cells=dict.fromkeys(cells, 0), seed=str(s)).drawn for s in range(900)
    )
    assert all(230 < count < 370 for count in first.values())


def test_a_reader_needs_a_cell() -> None:
    with pytest.raises(ValueError, match="no cell"):
        draw_allocation("r", cells={}, seed="s")


@pytest.mark.parametrize(
    "draw",
    [
        draw_order(KEYS, seed="1"),
        draw_order(KEYS, seed="2", previous=KEYS, repeats=3, min_lag=8),
        draw_order(KEYS, seed="3", strata={key: str(len(key) % 2) for key in KEYS}),
        draw_subset(KEYS, size=4, seed="4"),
        draw_parts(KEYS, of=3, seed="5"),
        draw_allocation("r", cells={"a": 1, "b": 1}, seed="6"),
    ],
)
def test_every_draw_is_made_again_from_its_record(draw: Draw) -> None:
    record = json.loads(json.dumps(draw.record))
    assert redraw(record) == draw
    assert redraw(record).sha256 == draw.sha256
    altered = redraw({**record, "seed": "another"})
    assert altered.sha256 != draw.sha256


def test_an_unknown_algorithm_is_not_guessed() -> None:
    record = {**draw_subset(KEYS, size=4, seed="4").record, "algorithm_version": 1}
    with pytest.raises(ValueError, match="Unknown algorithm"):
        redraw(record)
