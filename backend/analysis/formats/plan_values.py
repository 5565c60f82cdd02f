"""Values of ``study.json``: each is read as what its key takes, or refused with the key's name."""

import math
from collections.abc import Mapping

from backend.analysis.errors import AnalysisError
from backend.analysis.results import Result

FILE = "study.json"


def wrong_type(key: str, wanted: str) -> AnalysisError:
    """The complaint that a value is not what its key takes."""
    return AnalysisError("wrong_type", f"{FILE}: {key} is not {wanted}")


def read_object(value: object, name: str, kind: type[Result]) -> Mapping[str, object]:
    """An object all of whose keys are fields of ``kind``."""
    if not isinstance(value, dict):
        raise wrong_type(name, "an object")
    for key in value:
        if key not in kind.__dataclass_fields__:
            raise AnalysisError("unknown_key", f"{FILE}: {key} is no key of {name}")
    return value


def read_text(content: Mapping[str, object], name: str, key: str) -> str:
    """A text; empty where the key is left out."""
    value = content.get(key, "")
    if not isinstance(value, str):
        raise wrong_type(f"{key} of {name}", "a text")
    return value


def read_texts(content: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Different texts, none of them empty."""
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise wrong_type(f"{key} of analysis", "a list of texts")
    if len(set(value)) != len(value):
        raise AnalysisError("repeated", f"{FILE}: {key} of analysis names one twice")
    return tuple(value)


def read_words(content: Mapping[str, object], key: str, wanted: str) -> dict[str, str]:
    """A text that says something for each of several names."""
    value = content.get(key, {})
    if not isinstance(value, dict):
        raise wrong_type(f"{key} of analysis", f"an object of {wanted}")
    for name, word in value.items():
        if not isinstance(word, str) or not word.strip():
            raise wrong_type(f"{name} of {key}", "a text")
    return dict(value)


def read_labels(content: Mapping[str, object]) -> dict[str, str]:
    """Labels of columns; two that are alike could not be told apart."""
    labels = read_words(content, "labels", "columns and what they are called")
    if len(set(labels.values())) != len(labels):
        raise AnalysisError("repeated", f"{FILE}: labels of analysis calls two columns alike")
    return labels


def read_number(value: object, key: str) -> float:
    """A finite number."""
    number = finite_number(value)
    if number is None:
        raise wrong_type(f"{key} of analysis", "a finite number")
    return number


def finite_number(value: object) -> float | None:
    """None for what is no number, not finite, or too large for one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def read_above_0(content: Mapping[str, object], key: str) -> float | None:
    """A number above 0, or ``None``."""
    value = content.get(key)
    return None if value is None else positive_number(value, f"{key} of analysis")


def read_from_0(content: Mapping[str, object], key: str, *, below: float = math.inf) -> float | None:
    """A number that is 0 or above, and below ``below``, or ``None``."""
    value = content.get(key)
    if value is None:
        return None
    number = finite_number(value)
    if number is None or not 0.0 <= number < below:
        end = f", and below {below:g}" if below < math.inf else ""
        raise wrong_type(f"{key} of analysis", f"a number that is 0 or above{end}")
    return number


def read_share(content: Mapping[str, object], key: str) -> float | None:
    """A number above 0 and below 1, or ``None``."""
    value = read_above_0(content, key)
    if value is not None and value >= 1.0:
        raise wrong_type(f"{key} of analysis", "a number between 0 and 1")
    return value


def read_counts(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    """Ascending whole numbers from 2 on."""
    values = read_numbers(content, key)
    if any(value < 2 or value != int(value) for value in values):
        raise wrong_type(f"{key} of analysis", "a list of whole numbers from 2 on")
    return values


def read_one_of(content: Mapping[str, object], key: str, known: tuple[str, ...]) -> str:
    """One of the known words, or nothing."""
    value = read_text(content, "analysis", key)
    if value and value not in known:
        raise wrong_type(f"{key} of analysis", f"one of {', '.join(known)}")
    return value


def read_numbers(content: Mapping[str, object], key: str) -> tuple[float, ...]:
    """Ascending finite numbers."""
    value = content.get(key, [])
    if not isinstance(value, list):
        raise wrong_type(f"{key} of analysis", "a list of numbers")
    numbers = tuple(read_number(one, key) for one in value)
    if list(numbers) != sorted(set(numbers)):
        raise wrong_type(f"{key} of analysis", "an ascending list")
    return numbers


def positive_number(value: object, key: str) -> float:
    """A finite number above 0."""
    number = finite_number(value)
    if number is None or number <= 0.0:
        raise wrong_type(key, "a number above 0")
    return number
