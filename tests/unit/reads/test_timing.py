import pytest

from backend.reads.timing import COUNTS, DURATIONS, KEYS, TOLERANCE_MS, check_timing

SERVER_MS = 60_000.0


def test_known_measures_are_kept_and_the_rest_is_dropped() -> None:
    kept = check_timing({"active_ms": 1200, "wall_ms": 3000.5, "reader": "somebody"}, server_ms=SERVER_MS)
    assert set(kept) == {*KEYS, "clock_suspect", "server_ms"}
    assert (kept["active_ms"], kept["wall_ms"], kept["server_ms"]) == (1200, 3000.5, SERVER_MS)
    assert kept["clock_suspect"] is False


def test_an_unusable_measure_becomes_none_and_never_an_error() -> None:
    sent = {
        "active_ms": -1,
        "wall_ms": float("nan"),
        "clicks": True,
        "slices_seen": "12",
        "first_image_ms": None,
        "zooms": 10**400,
    }
    kept = check_timing(sent, server_ms=SERVER_MS)
    assert {kept[key] for key in KEYS} == {None}
    assert kept["clock_suspect"] is False


@pytest.mark.parametrize("key", DURATIONS)
def test_a_duration_longer_than_the_read_was_open_is_kept_and_suspect(key: str) -> None:
    within = check_timing({key: SERVER_MS + TOLERANCE_MS}, server_ms=SERVER_MS)
    beyond = check_timing({key: SERVER_MS + TOLERANCE_MS + 1}, server_ms=SERVER_MS)
    assert (within["clock_suspect"], beyond["clock_suspect"]) == (False, True)
    assert beyond[key] == SERVER_MS + TOLERANCE_MS + 1


@pytest.mark.parametrize("key", COUNTS)
def test_a_count_is_no_duration(key: str) -> None:
    assert check_timing({key: 10 * SERVER_MS}, server_ms=SERVER_MS)["clock_suspect"] is False


def test_more_slices_seen_than_there_are_is_suspect() -> None:
    assert check_timing({"slices_seen": 41, "slices_total": 40}, server_ms=SERVER_MS)["clock_suspect"] is True
