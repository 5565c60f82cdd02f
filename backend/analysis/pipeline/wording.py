"""How tables, figures and texts call columns, and times of follow-up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backend.analysis.pipeline.report_cells import Tabled
from backend.analysis.pipeline.results import AnalysisResults, Item


@dataclass(frozen=True, slots=True)
class Wording:
    """The unit of follow-up, empty where the dataset names none, and labels of columns that are not their names."""

    time_unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What a column or covariate is called."""
        return self.labels.get(name, name)

    def time(self, time: float) -> str:
        """``12 months``; the number alone where no unit is named."""
        return f"{time:g} {self.time_unit}".strip()


NO_WORDS = Wording()


def wording_of(results: AnalysisResults) -> Wording:
    """The words of these results."""
    return Wording(results.time_unit, results.labels)


class MakeWorded(Protocol):
    """Tables that print such words, beside what every other maker takes."""

    def __call__(
        self, key: str, items: Sequence[Item], level: float, /, *, words: Wording
    ) -> Iterator[Tabled]: ...


@dataclass(frozen=True, slots=True)
class Worded:
    """A maker of tables among those of :mod:`backend.analysis.pipeline.report_tables` that needs the words."""

    make: MakeWorded
