"""What goes wrong in an analysis: bad input is raised, an undefined result is carried as data."""

from dataclasses import dataclass
from typing import TypeAlias


class AnalysisError(ValueError):
    """The input cannot be analyzed; the text names the row or object at fault.

    Parameters
    ----------
    code
        Stable identifier of the kind of fault, for example ``"score_not_finite"``.
    text
        One sentence for a person, naming the row, case, reader or argument.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class NotEstimable:
    """The place of a number that these data leave undefined, with the reason in plain words."""

    reason: str

    def __str__(self) -> str:
        return f"not estimable: {self.reason}"


Estimate: TypeAlias = float | NotEstimable


def named_reader(reader: str) -> str:
    """A reader as a message names it: one whose own name says that it is a reader is not called one twice."""
    return reader if reader.lower().startswith("reader") else f"reader {reader}"
