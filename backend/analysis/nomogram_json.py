"""Reading a nomogram back from its JSON, so that it computes elsewhere than where it was drawn."""

from collections.abc import Mapping
from typing import Any

from backend.analysis.errors import AnalysisError
from backend.analysis.nomogram import AxisTick, Nomogram, OutcomeAxis, PredictorAxis


def nomogram_from_json(data: Mapping[str, Any]) -> Nomogram:
    """The nomogram whose ``to_json()`` this is.

    Raises
    ------
    AnalysisError
        ``nomogram_unreadable`` when it is not of schema version 1 or lacks a part.
    """
    if data.get("schema_version") != 1 or data.get("model") not in ("logistic", "cox"):
        raise AnalysisError("nomogram_unreadable", "this is not a nomogram of schema version 1")
    try:
        return Nomogram(
            method=str(data["method"]),
            schema_version=1,
            model=data["model"],
            points_per_unit=float(data["points_per_unit"]),
            linear_predictor_at_zero=float(data["linear_predictor_at_zero"]),
            axes=tuple(_axis(item) for item in data["axes"]),
            total=_ticks(data["total"]),
            linear_predictor=_ticks(data["linear_predictor"]),
            outcomes=tuple(
                OutcomeAxis(
                    str(item["label"]), _maybe(item["time"]), _maybe(item["baseline"]), _ticks(item["ticks"])
                )
                for item in data["outcomes"]
            ),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AnalysisError("nomogram_unreadable", f"the nomogram lacks a part: {error!r}") from error


def _axis(data: Mapping[str, Any]) -> PredictorAxis:
    if data["kind"] not in ("numeric", "categorical"):
        raise ValueError(f"an axis of kind {data['kind']!r}")
    return PredictorAxis(
        str(data["name"]),
        data["kind"],
        _maybe(data["zero_at"]),
        _maybe(data["points_per_value"]),
        _ticks(data["ticks"]),
    )


def _ticks(data: Any) -> tuple[AxisTick, ...]:
    return tuple(AxisTick(str(item["label"]), _maybe(item["value"]), float(item["points"])) for item in data)


def _maybe(value: Any) -> float | None:
    return None if value is None else float(value)
