"""Rows of the table that `make bench` prints."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured thing: its name, seconds per round, and how many units one round handles."""

    name: str
    seconds: list[float]
    units: int = 1
    unit: str = ""

    def __str__(self) -> str:
        middle = statistics.median(self.seconds)
        spread = f"{min(self.seconds):.3g} – {max(self.seconds):.3g}"
        rate = f"{self.units / middle:,.0f} {self.unit}/s" if self.unit else ""
        return f"| {self.name} | {middle:.3g} | {spread} | {rate} |"


@dataclass(frozen=True)
class MemoryRow:
    """One measured size, in megabytes (10^6 bytes) per round, in a table whose other rows are times."""

    name: str
    megabytes: list[float]

    def __str__(self) -> str:
        middle = statistics.median(self.megabytes)
        return (
            f"| {self.name} | {middle:.3g} MB | {min(self.megabytes):.3g} – {max(self.megabytes):.3g} MB |  |"
        )


def timed(action: Callable[[int], Any], rounds: int) -> list[float]:
    seconds = []
    for number in range(rounds):
        start = time.perf_counter()
        action(number)
        seconds.append(time.perf_counter() - start)
    return seconds
