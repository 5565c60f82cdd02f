"""A table for any result: what no table of its own shows is still in the report, quantity by quantity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from backend.analysis.errors import NotEstimable
from backend.analysis.pipeline.report_cells import Sheet, Tabled
from backend.analysis.pipeline.results import Item
from backend.analysis.reporting.journal_numbers import number_text
from backend.analysis.reporting.manuscript_tables import NONE
from backend.analysis.results import Interval

NOT_SHOWN = frozenset(
    {"method", "warnings", "dropped", "dropped_cases", "left_out", "seed", "schema_version"}
)
LONGEST_LIST = 12


def general_table(key: str, caption: str, items: Sequence[Item]) -> Tabled:
    """Every item, its quantities one a line; lists longer than twelve are counted, and stand in the CSV files."""
    sheet = Sheet(key, caption, ("Result", "Quantity", "Value"), row_headers=2)
    for item in items:
        sheet.shows(item)
        several = item.result if isinstance(item.result, tuple) else (item.result,)
        for number, one in enumerate(several, start=1):
            label = f"{item.title} ({number})" if len(several) > 1 else item.title
            for quantity, value in _quantities(one, sheet, ""):
                sheet.add(label, quantity, value)
    return sheet.tabled()


def not_estimable_table(key: str, caption: str, items: Sequence[Item]) -> Tabled:
    """Items that as a whole are not estimable, with their reasons in full."""
    sheet = Sheet(key, caption, ("Result", "Why it is not estimable"))
    for item in items:
        sheet.shows(item)
        reason = item.result.reason if isinstance(item.result, NotEstimable) else "nothing came out of it"
        sheet.add(item.title, reason)
    return sheet.tabled()


def _quantities(result: object, sheet: Sheet, prefix: str) -> Iterator[tuple[str, str]]:
    if not is_dataclass(result) or isinstance(result, NotEstimable):
        yield (prefix or "value", _value(result, sheet, prefix))
        return
    for one in fields(result):
        if one.name in NOT_SHOWN:
            continue
        value: Any = getattr(result, one.name)
        name = f"{prefix}, {_words(one.name)}" if prefix else _words(one.name)
        if is_dataclass(value) and not isinstance(value, (NotEstimable, Interval)):
            yield from _quantities(value, sheet, name)
        elif isinstance(value, tuple) and value and all(map(_is_result, value)):
            if len(value) > LONGEST_LIST:
                yield name, f"{len(value)} entries, in the CSV files"
                continue
            for number, inner in enumerate(value, start=1):
                yield from _quantities(inner, sheet, f"{name} {number}")
        else:
            yield name, _value(value, sheet, one.name)


def _is_result(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, (NotEstimable, Interval))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any, sheet: Sheet, name: str) -> str:
    if value is None:
        return NONE
    if isinstance(value, NotEstimable):
        return sheet.feet.none(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Interval):
        return sheet.interval(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        is_p = name == "p" or name.startswith("p_") or name.endswith("_p")
        return sheet.p(value) if is_p and 0.0 <= value <= 1.0 else number_text(value, 3)
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_value(one, sheet, name)}" for key, one in value.items()) or NONE
    if isinstance(value, (tuple, list)):
        if len(value) > LONGEST_LIST:
            return f"{len(value)} entries, in the CSV files"
        return "; ".join(_value(one, sheet, name) for one in value) or NONE
    return str(value)
