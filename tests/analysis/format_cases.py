"""Ratings and marks that the tests of the formats write and read back."""

import random

from backend.analysis.formats.marks import Lesion, LocatedMark, MarkTable, equal_weights
from backend.analysis.formats.ratings import (
    Rating,
    RatingTable,
)


def ratings(n_readers: int = 3, n_cases: int = 6, *, seed: int = 5) -> RatingTable:
    draw = random.Random(seed)
    cases = [f"Case-{number}" for number in range(1, n_cases + 1)]
    truth = {case: number % 2 == 0 for number, case in enumerate(cases)}
    rows = [
        Rating(f"R{reader}", modality, case, draw.choice([1.0, 2.0, 3.0, 4.5]))
        for reader in range(1, n_readers + 1)
        for modality in ("UNAIDED", "AIDED")
        for case in cases
    ]
    draw.shuffle(rows)
    return RatingTable(truth, tuple(rows), ("UNAIDED", "AIDED"))


def marks() -> MarkTable:
    lesions = {
        "N-1": (),
        "N-2": (),
        "P-1": equal_weights(("left", "right", "middle")),
        "P-2": (Lesion("a", 0.3), Lesion("b", 0.7)),
    }
    rows = (
        LocatedMark("R1", "UNAIDED", "P-1", "right", 4.0),
        LocatedMark("R1", "UNAIDED", "P-1", None, 2.0),
        LocatedMark("R1", "UNAIDED", "P-1", None, 1.5),
        LocatedMark("R2", "AIDED", "P-2", "b", 3.0),
        LocatedMark("R2", "UNAIDED", "N-2", None, 3.0),
    )
    return MarkTable(lesions, ("R1", "R2", "R3"), ("UNAIDED", "AIDED"), rows)
