"""Working with numbers that may be undefined."""

from backend.analysis.errors import Estimate, NotEstimable


def undefined(*values: Estimate) -> NotEstimable | None:
    """The first of the values that is not estimable, ``None`` if all are numbers."""
    return next((value for value in values if isinstance(value, NotEstimable)), None)


def number(value: Estimate) -> float:
    """The value, which the caller knows to be a number."""
    if isinstance(value, NotEstimable):
        raise TypeError(str(value))
    return value
