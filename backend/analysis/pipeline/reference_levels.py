"""The level of a category that a regression sets the others against: the planned one, else the lowest in order."""

from collections.abc import Iterable, Mapping

from backend.analysis.errors import AnalysisError
from backend.analysis.pipeline.study import Study


def planned_reference(study: Study, name: str, values: Iterable[object]) -> str | None:
    """The level that the plan names for a column, checked on its values in the cases to fit; ``None`` for no plan.

    Raises
    ------
    AnalysisError
        ``reference_of_numbers``, ``reference_unknown`` (no case to fit has that level).
    """
    planned = study.plan.reference_levels.get(name)
    if planned is None:
        return None
    present = {value for value in values if isinstance(value, str)}
    if not present:
        text = f"study.json names {planned} as the reference level of {name}, which holds no categories"
        raise AnalysisError("reference_of_numbers", text)
    if planned not in present:
        text = f"study.json names {planned} as the reference level of {name}, which no case to fit has"
        raise AnalysisError("reference_unknown", text)
    return planned


def reference_levels(study: Study, columns: Mapping[str, Iterable[object]]) -> dict[str, str]:
    """Column to the planned level, else to the first group of its declared order that is there.

    A column with neither is left to the alphabet. Raises as :func:`planned_reference`.
    """
    found = {}
    for name, values in columns.items():
        present = {value for value in values if isinstance(value, str)}
        lowest = next((group for group in study.plan.ordered.get(name, ()) if group in present), None)
        level = planned_reference(study, name, present) or lowest
        if level is not None:
            found[name] = level
    return found
