"""What the pipeline gives: sections in a fixed order, each with its items, or the reason why it has none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from backend.analysis.errors import AnalysisError, NotEstimable
from backend.analysis.formats.dataset_additions import Addition
from backend.analysis.methods_core import Method
from backend.analysis.results import JsonValue, Result
from backend.analysis.roc import PairedAucResult
from backend.analysis.study_report import Curve, DroppedCase

SCHEMA_VERSION = 1
MISSING = "a value is missing"
METHOD_SLOTS = ("method", "figure_method", "covariance_method")
"""The fields of a result that hold the key of a method."""
FREE_RESPONSE_AGAIN = ("free_response_", "Free response: ")
"""How keys and titles of the marks' results begin where they stand beside those of the ratings (per protocol)."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class NotApplicable(Result):
    """Why a section has nothing to say about this dataset."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failure(Result):
    """A result that the data refuse: the code and text of the :class:`AnalysisError`."""

    key: str
    title: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Item(Result):
    """One result.

    Attributes
    ----------
    key
        Names the item within its section, for example ``"auc/R1, UNAIDED"``.
    method
        Key of the method (:data:`backend.analysis.methods.METHODS`).
    result
        A ``Result``, a tuple of them, or ``NotEstimable``.
    n
        What it was computed from: cases, unless the result says otherwise; ``None`` where the result alone
        tells, as with several groups.
    dropped
        Every case that could not be used, and why.
    seed
        Of a resampling; ``None`` where nothing was drawn.
    """

    key: str
    title: str
    method: str
    result: Any
    n: int | None
    dropped: tuple[DroppedCase, ...]
    warnings: tuple[str, ...]
    seed: int | None


@dataclass(frozen=True, slots=True)
class CurvePair(Result):
    """Two curves on the cases that both have; the difference is a minus b."""

    a: Curve
    b: Curve
    result: PairedAucResult


@dataclass(frozen=True, slots=True)
class Section(Result):
    """One analysis with all its items.

    Attributes
    ----------
    state
        ``"done"``; ``"not_applicable"``, then ``not_applicable`` says why; ``"failed"`` where nothing came
        out, then ``failures`` say why.
    warnings
        What holds for every item of the section.
    """

    key: str
    title: str
    state: Literal["done", "not_applicable", "failed"]
    items: tuple[Item, ...]
    failures: tuple[Failure, ...]
    not_applicable: NotApplicable | None
    warnings: tuple[str, ...] = ()

    def item(self, key: str) -> Item:
        """The item of this key."""
        for one in self.items:
            if one.key == key:
                return one
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class SetCounts(Result):
    """How much one analysis set holds."""

    name: str
    cases: int
    positive: int
    negative: int
    without_truth: int
    reads: int


@dataclass(frozen=True, slots=True)
class ExclusionCount(Result):
    """Exclusions by set, reason and what was left out: whole cases, or reads."""

    excluded_from: str
    reason: str
    what: Literal["case", "read"]
    n: int


@dataclass(frozen=True, slots=True)
class Provenance(Result):
    """What the results were computed from and with; it holds no date.

    Attributes
    ----------
    dataset_sha256
        Of the content that was read, whatever the order of rows.
    origin_sha256, dataset_version, protocol_sha256, protocol_version, truth_version
        As the dataset states them; empty where it does not.
    exclusions
        Every one, with its reason, as code and text: case, reader, session, set, reason.
    sets
        Counts of the as-read and the per-protocol set.
    versions
        Of the packages that compute: name to version.
    notes
        What the dataset says of itself, and what was passed over in the files.
    additions
        What was added after the lock, with number and reason.
    """

    dataset_sha256: str
    origin_sha256: str
    dataset_version: str
    protocol_sha256: str
    protocol_version: str
    truth_version: str
    exclusions: tuple[Any, ...]
    exclusion_counts: tuple[ExclusionCount, ...]
    sets: tuple[SetCounts, ...]
    versions: dict[str, str]
    notes: tuple[str, ...]
    additions: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class AnalysisResults(Result):
    """All results of a dataset; ``units`` are those of the measurements, ``time_unit`` that of the follow-up.

    ``labels`` are those of columns that are called otherwise than in the dataset.
    """

    schema_version: int
    title: str
    is_synthetic: bool
    positive_class: str
    level: float
    seed: int
    analysis_set: str
    time_unit: str
    units: dict[str, str]
    labels: dict[str, str]
    provenance: Provenance
    sections: tuple[Section, ...]
    methods: tuple[Method, ...]

    def section(self, key: str) -> Section:
        """The section of this key."""
        for one in self.sections:
            if one.key == key:
                return one
        raise KeyError(key)


class Collector:
    """Gathers the items of a section; what one of them refuses leaves the others alone."""

    def __init__(self, key: str, title: str) -> None:
        self._key, self._title = key, title
        self._items: list[Item] = []
        self._keys: set[str] = set()
        self._failures: list[Failure] = []

    def add(
        self,
        key: str,
        title: str,
        compute: Callable[[], Value],
        *,
        method: str = "",
        dropped: Sequence[DroppedCase] = (),
        n: int | None = None,
        warnings: Sequence[str] = (),
    ) -> Value | None:
        """Compute one item and keep it; gives the result, or ``None`` where the data refuse it.

        ``dropped`` goes before what the result itself names, which says less of why. A key that another item has
        is refused (``key_repeated``): the two could not be told apart.
        """
        if key in self._keys:
            text = f"another result of the section has the key {key}; rename one of the two"
            self._failures.append(Failure(key, title, "key_repeated", text))
            return None
        result = self.attempt(key, title, compute)
        if result is None:
            return None
        self._keys.add(key)
        self._items.append(
            Item(
                key=key,
                title=title,
                method=method or str(_field(result, "method") or ""),
                result=result,
                n=_count(result) if n is None else n,
                dropped=_together(dropped, _dropped(result)),
                warnings=(*(_field(result, "warnings") or ()), *warnings),
                seed=_field(result, "seed"),
            )
        )
        return result

    def attempt(self, key: str, title: str, compute: Callable[[], Value]) -> Value | None:
        """What the item is computed from; a refusal stands in the item's place."""
        try:
            return compute()
        except AnalysisError as error:
            self._failures.append(Failure(key, title, error.code, error.text))
            return None

    def keep(self, other: "Section", *, key_start: str = "", title_start: str = "") -> None:
        """Take over the items and refusals of another section, keys and titles with these beginnings."""
        for one in other.items:
            key = f"{key_start}{one.key}"
            self._keys.add(key)
            self._items.append(replace(one, key=key, title=f"{title_start}{one.title}"))
        self._failures += [
            replace(one, key=f"{key_start}{one.key}", title=f"{title_start}{one.title}")
            for one in other.failures
        ]

    def section(self, nothing: str = "") -> Section:
        """The section; without any item or refusal it does not apply, for the reason given."""
        if self._items:
            state: Literal["done", "not_applicable", "failed"] = "done"
        else:
            state = "failed" if self._failures else "not_applicable"
        reason = NotApplicable(nothing) if state == "not_applicable" else None
        return Section(self._key, self._title, state, tuple(self._items), tuple(self._failures), reason)


def key_part(text: str) -> str:
    """A name as one part of an item's key, whose parts a slash divides; ``%`` and ``/`` are quoted as in an address."""
    return text.replace("%", "%25").replace("/", "%2F")


def not_applicable(key: str, title: str, reason: str) -> Section:
    """A section that has nothing to say about this dataset."""
    return Section(key, title, "not_applicable", (), (), NotApplicable(reason))


def methods_in(value: JsonValue) -> set[str]:
    """Every method key that stands in results as JSON."""
    if isinstance(value, dict):
        own = (value.get(slot) for slot in METHOD_SLOTS)
        named = {key for key in own if isinstance(key, str) and key}
        return named.union(*(methods_in(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*(methods_in(one) for one in value))
    return set()


def _field(result: object, name: str) -> Any:
    """A field of a result, of its ``result`` within (a curve, a comparison), or of the first of several."""
    if isinstance(result, (NotEstimable, str)):
        return None
    if isinstance(result, tuple):
        return _field(result[0], name) if result else None
    found = getattr(result, name, None)
    return found if found is not None or not hasattr(result, "result") else _field(result.result, name)


def _together(told: Sequence[DroppedCase], found: Sequence[DroppedCase]) -> tuple[DroppedCase, ...]:
    named = {one.case for one in told}
    return (*told, *(one for one in found if one.case not in named))


def _count(result: object) -> int | None:
    n = _field(result, "n")
    if isinstance(n, int):
        return n
    positive, negative = _field(result, "n_positive"), _field(result, "n_negative")
    return positive + negative if isinstance(positive, int) and isinstance(negative, int) else None


def _dropped(result: object) -> tuple[DroppedCase, ...]:
    names = _field(result, "dropped") or _field(result, "dropped_cases") or ()
    cases = [one if isinstance(one, DroppedCase) else DroppedCase(str(one), MISSING) for one in names]
    pairs = _field(result, "left_out") or ()
    return (*cases, *(DroppedCase(one.case, f"{one.reader}: {one.reason}") for one in pairs))
