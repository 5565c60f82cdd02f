"""What every result has in common: intervals, validation of the level, JSON without NaN."""

import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from scipy.special import ndtr, ndtri, stdtr, stdtrit  # type: ignore[import-untyped, unused-ignore]

from backend.analysis.errors import AnalysisError, Estimate, NotEstimable

NO_LABELS: Mapping[str, str] = MappingProxyType({})
"""Columns and covariates are called by their names."""

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


def to_json_value(value: object) -> JsonValue:
    """The value as plain JSON types; a ``NotEstimable`` becomes ``{"not_estimable": reason}``.

    Raises
    ------
    AnalysisError
        ``non_finite`` for NaN or infinity, ``not_serializable`` for a type that JSON lacks.
    """
    if isinstance(value, NotEstimable):
        return {"not_estimable": value.reason}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise AnalysisError("non_finite", f"a result holds {value}, which JSON has no word for")
        return float(value)
    if is_dataclass(value):
        return {field.name: to_json_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json_value(value[key]) for key in sorted(value)}
    if isinstance(value, (tuple, list)):
        return [to_json_value(item) for item in value]
    raise AnalysisError("not_serializable", f"a result holds a {type(value).__name__}")


class Result:
    """Base of the frozen result dataclasses."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def to_json(self) -> dict[str, JsonValue]:
        """The result as plain JSON types, without NaN or infinity."""
        return {field.name: to_json_value(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Interval(Result):
    """A confidence interval; ``level`` is the confidence, for example 0.95."""

    low: float
    high: float
    level: float


def check_level(level: float) -> None:
    """Raise ``AnalysisError`` unless the confidence level lies strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise AnalysisError(
            "level_out_of_range", f"the confidence level must lie between 0 and 1, not {level}"
        )


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a confidence level: 1.959964 at 0.95."""
    return float(ndtri(0.5 + level / 2.0))


def normal_interval(estimate: float, se: float, *, level: float, low: float, high: float) -> Interval:
    """The Wald interval of an estimate, clipped to the range [low, high] that the quantity can take."""
    margin = normal_quantile(level) * se
    return Interval(max(low, estimate - margin), min(high, estimate + margin), level)


def two_sided_p(z: float) -> float:
    """The two-sided p-value of a standard normal statistic, accurate far into the tail."""
    return float(2.0 * ndtr(-abs(z)))


def t_quantile(level: float, df: float) -> float:
    """The two-sided quantile of Student's t of a confidence level: 2.228 at 0.95 with 10 degrees of freedom."""
    return float(stdtrit(df, 0.5 + level / 2.0))


def two_sided_t_p(t: float, df: float) -> float:
    """The two-sided p-value of Student's t, accurate far into the tail."""
    return float(2.0 * stdtr(df, -abs(t)))


def format_estimate(value: Estimate, *, digits: int = 3) -> str:
    """The number rounded for a reader's eye, or the words ``not estimable: reason``."""
    return str(value) if isinstance(value, NotEstimable) else f"{value:.{digits}f}"
