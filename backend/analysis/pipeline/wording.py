"""How tables, figures and texts call times of follow-up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from backend.analysis.pipeline.report_cells import Tabled
from backend.analysis.pipeline.results import AnalysisResults, Item


@dataclass(frozen=True, slots=True)
class Wording:
    """What the dataset says of the words of its results: the unit of its follow-up, empty where it names none."""

    time_unit: str = ""

    def time(self, time: float) -> str:
        """``12 months``; the number alone where no unit is named."""
        return f"{time:g} {self.time_unit}".strip()


NO_WORDS = Wording()


def wording_of(results: AnalysisResults) -> Wording:
    """The words of these results."""
    return Wording(results.time_unit)


class MakeWorded(Protocol):
    """Tables that print such words, beside what every other maker takes."""

    def __call__(
        self, key: str, items: Sequence[Item], level: float, *, words: Wording
    ) -> Iterator[Tabled]: ...


@dataclass(frozen=True, slots=True)
class Worded:
    """A maker of tables among those of :mod:`backend.analysis.pipeline.report_tables` that needs the words."""

    make: MakeWorded
