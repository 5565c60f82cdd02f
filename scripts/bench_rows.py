"""The table of `make bench`: its rows, and the machine that they were measured on."""

import logging
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured thing: its name, seconds per round, and how many units one round handles.

    `quantity` is the unit of what was measured, where that is no time. A note stands where a rate has no place.
    """

    name: str
    seconds: list[float]
    units: int = 1
    unit: str = ""
    quantity: str = "s"
    note: str = ""

    def __str__(self) -> str:
        middle = statistics.median(self.seconds)
        spread = f"{min(self.seconds):.3g} – {max(self.seconds):.3g}"
        rate = f"{self.units / middle:,.0f} {self.unit}/s" if self.unit else self.note
        return f"| {self.name} | {middle:.3g} {self.quantity} | {spread} | {rate} |"


def table_head() -> str:
    return "\n| what | median | least – most | rate |\n|---|--:|--:|--:|"


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def timed(action: Callable[[int], Any], rounds: int) -> list[float]:
    seconds = []
    for number in range(rounds):
        start = time.perf_counter()
        action(number)
        seconds.append(time.perf_counter() - start)
    return seconds


def set_up_django(folder: Path) -> None:
    """Django on an empty database in `folder`, to be called once, before anything of it is imported."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(
        DATA_DIR=str(folder), DJANGO_SETTINGS_MODULE="backend.config.settings.dev", LOG_LEVEL="ERROR"
    )
    # Playwright runs in a loop of its own; Django would take what is called beside it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    import django
    from django.core.management import call_command

    django.setup()
    logging.disable(logging.WARNING)  # the engine comments each of its steps
    call_command("migrate", verbosity=0)
