from backend.reads.timing import KEYS, check_timing


def test_known_measures_are_kept_and_the_rest_is_dropped() -> None:
    kept = check_timing({"active_ms": 1200, "wall_ms": 3000.5, "reader": "somebody"})
    assert set(kept) == set(KEYS)
    assert kept["active_ms"] == 1200
    assert kept["wall_ms"] == 3000.5


def test_an_unusable_measure_becomes_none_and_never_an_error() -> None:
    sent = {
        "active_ms": -1,
        "wall_ms": float("nan"),
        "clicks": True,
        "slices_seen": "12",
        "first_image_ms": None,
    }
    assert set(check_timing(sent).values()) == {None}
