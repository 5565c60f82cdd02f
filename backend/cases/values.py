"""Reading attributes of foreign files: what cannot be read is absent, and nothing is quoted in a log."""

import logging
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.uid import UID

# pydicom names the file and quotes values in its messages; both may identify a patient.
logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)

LARGEST = 1e12
# What pydicom and the decoders raise on files that are cut, garbled or contradict themselves.
UNREADABLE = (
    BytesLengthException,
    InvalidDicomError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep values of foreign files out of warnings: they may identify a patient."""
    with warnings.catch_warnings(), config.disable_value_validation():
        warnings.simplefilter("ignore")
        yield


def text(dataset: Dataset, keyword: str) -> str:
    """The first value as stripped text; empty when absent or unreadable."""
    values = texts(dataset, keyword)
    return values[0] if values else ""


def texts(dataset: Dataset, keyword: str) -> list[str]:
    """All values as stripped text."""
    value = _value(dataset, keyword)
    if value is None or value == "":
        return []
    many = value if isinstance(value, list | tuple) or type(value).__name__ == "MultiValue" else [value]
    return [str(item).strip(" \0") for item in many]


def uid(dataset: Dataset, keyword: str) -> UID:
    """The value as UID, valid or not."""
    with quiet():
        return UID(text(dataset, keyword))


def numbers(dataset: Dataset, keyword: str, count: int | None = None) -> tuple[float, ...] | None:
    """All values as finite numbers; None when absent, unreadable or not `count` of them."""
    try:
        values = tuple(float(item) for item in texts(dataset, keyword))
    except ValueError:
        return None
    if not values or (count is not None and len(values) != count):
        return None
    return values if all(math.isfinite(value) and abs(value) < LARGEST for value in values) else None


def whole(dataset: Dataset, keyword: str) -> int | None:
    """The first value as a whole number; None when absent or none."""
    values = numbers(dataset, keyword)
    return int(values[0]) if values and values[0] == int(values[0]) else None


def _value(dataset: Dataset, keyword: str) -> Any:
    try:
        with quiet():
            return dataset.get(keyword)
    except UNREADABLE:
        return None
