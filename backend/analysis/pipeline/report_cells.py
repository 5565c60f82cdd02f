"""Tables of the report as they grow: rows of items, their numbers in a journal's form, and what is said below.

A :class:`Sheet` gathers rows, remembers which items stand in it, and writes below the table what warns of them and
which cases they leave out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.analysis.errors import Estimate, NotEstimable
from backend.analysis.pipeline.results import Item
from backend.analysis.proportions import Proportion
from backend.analysis.reporting.content import ReportTable
from backend.analysis.reporting.journal_numbers import Footnotes, level_text, number_text
from backend.analysis.reporting.manuscript_tables import NONE, percent_interval
from backend.analysis.results import Interval

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table, the keys of the items that it shows, and whether it holds times of follow-up."""

    table: ReportTable
    items: tuple[str, ...]
    in_time: bool = False


@dataclass(slots=True)
class Sheet:
    """A table in the making; ``key`` is unique in the report, ``in_time`` says that it holds times of follow-up."""

    key: str
    caption: str
    header: tuple[str, ...]
    row_headers: int = 1
    said: tuple[str, ...] = ()
    has_p: bool = False
    in_time: bool = False
    feet: Footnotes = field(default_factory=Footnotes)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    _labels: dict[str, str] = field(default_factory=dict)
    _warnings: dict[str, list[str]] = field(default_factory=dict)
    _dropped: dict[str, list[str]] = field(default_factory=dict)

    def add(self, *cells: str) -> None:
        """One row."""
        self.rows.append(cells)

    def shows(self, item: Item, label: str | None = None) -> None:
        """This item stands in the table; its warnings and left-out cases are said below under the label."""
        if item.key in self._labels:
            return
        name = item.title if label is None else label
        self._labels[item.key] = name
        for warning in item.warnings:
            self._warnings.setdefault(warning, []).append(name)
        if item.dropped:
            self._dropped.setdefault(left_out(item), []).append(name)

    @property
    def is_empty(self) -> bool:
        """Whether no row was added."""
        return not self.rows

    def tabled(self, *more: str) -> Tabled:
        """The table with its notes."""
        notes = [*self.said, *more, *self._told(self._warnings), *self._told(self._dropped)]
        notes += self.feet.notes(has_p=self.has_p)
        table = ReportTable(
            self.key,
            self.caption,
            self.header,
            tuple(self.rows),
            self.row_headers,
            tuple(dict.fromkeys(notes)),
        )
        return Tabled(table, tuple(self._labels), self.in_time)

    def _told(self, texts: Mapping[str, Sequence[str]]) -> Iterable[str]:
        for text, names in texts.items():
            distinct = list(dict.fromkeys(names))
            if len(names) == len(self._labels):
                yield text
            elif len(distinct) > MOST_NAMED:
                yield f"{len(distinct)} of the results above: {text}"
            else:
                yield f"{'; '.join(distinct)}: {text}"

    def number(self, value: Estimate | None, digits: int = 3) -> str:
        """A rounded number, a dash where there is none to give."""
        return NONE if value is None else self.feet.number(value, digits)

    def with_ci(self, value: Estimate, ci: Interval | NotEstimable | None, digits: int = 3) -> str:
        """``0.82 (0.75, 0.90)``; the number alone where no interval belongs to it."""
        return self.number(value, digits) if ci is None else self.feet.with_ci(value, ci, digits)

    def interval(self, ci: Interval | NotEstimable, digits: int = 3) -> str:
        """``0.75 to 0.90``."""
        if isinstance(ci, NotEstimable):
            return self.feet.none(ci)
        return f"{number_text(ci.low, digits)} to {number_text(ci.high, digits)}"

    def p(self, value: Estimate | None) -> str:
        """A P value."""
        self.has_p = True
        return NONE if value is None else self.feet.p(value)

    def share(self, share: Proportion | None, digits: int = 1) -> str:
        """``82.1 (63.1, 93.9) [23/28]``: percent, exact interval, counts."""
        if share is None:
            return NONE
        if isinstance(share.estimate, NotEstimable):
            return self.feet.none(share.estimate)
        bounds = percent_interval(share.clopper_pearson)
        return f"{self.feet.with_ci(100 * share.estimate, bounds, digits)} [{share.successes}/{share.n}]"

    def percent(self, value: Estimate | None, digits: int = 1) -> str:
        """A share from 0 to 1 in percent."""
        return NONE if value is None else self.number(scaled(value), digits)

    def points(self, value: Estimate, ci: Interval | NotEstimable, digits: int = 1) -> str:
        """A difference of shares in percentage points with its interval."""
        return self.feet.with_ci(scaled(value), percent_interval(ci), digits)

    def text(self, value: str | NotEstimable | None) -> str:
        """A word such as a band."""
        if value is None:
            return NONE
        return self.feet.none(value) if isinstance(value, NotEstimable) else value


def with_notes(table: ReportTable, items: Sequence[Item]) -> Tabled:
    """A manuscript's table that shows these items, with what is said of them below its own notes."""
    sheet = Sheet(table.key, table.caption, table.header)
    for item in items:
        # What the table says already is not said again of one of several items.
        new = tuple(warning for warning in item.warnings if warning not in table.notes)
        sheet.shows(replace(item, warnings=new))
    more = sheet.tabled()
    return Tabled(replace(table, notes=tuple(dict.fromkeys((*table.notes, *more.table.notes)))), more.items)


def scaled(value: Estimate) -> Estimate:
    """In percent."""
    return value if isinstance(value, NotEstimable) else 100 * value


def left_out(item: Item) -> str:
    """``3 cases left out (no truth: 1; no score by R1: 2).``"""
    reasons = Counter(one.reason for one in item.dropped)
    n = len({one.case for one in item.dropped})
    listed = "; ".join(f"{reason}: {count}" for reason, count in sorted(reasons.items()))
    return f"{n} {'case' if n == 1 else 'cases'} left out ({listed})."


def ci_of(level: float) -> str:
    """``95% CI``."""
    return f"{level_text(level)} CI"


def statistic_text(value: Estimate, df: Sequence[Estimate | None], sheet: Sheet, digits: int = 2) -> str:
    """``13.95 (2)``: a statistic and its degrees of freedom, those that there are."""
    shown = sheet.number(value, digits)
    numbers = [one for one in df if one is not None and not isinstance(one, NotEstimable)]
    known = [f"{one:.10g}" if float(one).is_integer() else f"{one:.1f}" for one in numbers]
    return f"{shown} ({', '.join(known)})" if known and not isinstance(value, NotEstimable) else shown


def group_of(item: Item) -> tuple[str, ...]:
    """The parts of the item's key, the kind first."""
    return tuple(item.key.split("/"))


def rest_of(item: Item) -> str:
    """The item's key without its kind."""
    return item.key.split("/", 1)[1]


def printed(text: str) -> str:
    """With the signs that print has for what is typed as two."""
    return text.replace(">=", "≥").replace("<=", "≤")
