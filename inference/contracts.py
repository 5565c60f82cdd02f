"""What a model plug-in is given, what it gives back, and how both are named by content.

This is the only module of `inference` that the web host imports. It needs the standard library and numpy,
nothing else, so that importing it costs milliseconds and no SimpleITK, torch or PyRadiomics has to be
installed there.

Geometry follows DICOM and ITK: millimeters, LPS (x to the patient's left, y to posterior, z to superior).
Arrays are indexed (z, y, x); spacing, origin and direction are given in the order x, y, z.
"""

import hashlib
import importlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Triple = tuple[float, float, float]
Direction = tuple[float, float, float, float, float, float, float, float, float]
Clinical = bool | int | float | str
WeightsStatus = Literal["published-coefficients", "registered", "untrained-demo"]
OverlayKind = Literal["mask", "heat"]

IDENTITY: Direction = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)

GEOMETRY_DECIMALS = 4
"""Spacing, origin and direction are compared and hashed to 1e-4: file formats keep no more."""

PLUGINS: Mapping[str, str] = MappingProxyType(
    {"lpln-radiomics": "inference.models.lpln_radiomics_card:PLUGIN"}
)
"""Model id to the dotted name for `load_plugin`."""


class InputProblem(Exception):
    """The case cannot be processed as it is. Trying again gives the same, so nobody retries."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class ResourceProblem(Exception):
    """Memory or disk ran out. Worth a retry; says nothing about the case."""


class RunCancelled(Exception):
    """`RunContext.cancelled` answered yes between two steps."""


class OverlayMismatch(Exception):
    """An overlay does not lie on the grid of the series that it names: a bug of the plug-in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of `ModelPlugin.check`.

    Attributes
    ----------
    code : str
        Stable name, for programs.
    text : str
        A sentence for people.
    is_blocking : bool
        False for a warning that goes along with the result.
    """

    code: str
    text: str
    is_blocking: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """An image on a regular grid.

    Attributes
    ----------
    array : numpy.ndarray
        Shape (z, y, x): slices, rows, columns. Native pixel type or float32; slices in the order of
        `direction`.
    spacing : tuple of float
        (x, y, z) mm: column spacing, row spacing, slice step.
    origin : tuple of float
        LPS position of the center of voxel [0, 0, 0], mm.
    direction : tuple of float
        Nine direction cosines, row-major 3x3; its columns are the unit vectors of the x, y and z axes in LPS.

    Raises
    ------
    ValueError
        When the array is not three-dimensional or empty, or a number of the geometry is missing or not
        finite.
    """

    array: NDArray[Any]
    spacing: Triple
    origin: Triple = (0.0, 0.0, 0.0)
    direction: Direction = IDENTITY

    def __post_init__(self) -> None:
        if self.array.ndim != 3 or self.array.size == 0:
            raise ValueError(f"a volume has three non-empty axes (z, y, x), not shape {self.array.shape}")
        for name, values, count in (
            ("spacing", self.spacing, 3),
            ("origin", self.origin, 3),
            ("direction", self.direction, 9),
        ):
            if len(values) != count or not all(math.isfinite(value) for value in values):
                raise ValueError(f"{name} is {count} finite numbers, not {values}")


@dataclass(frozen=True, slots=True, eq=False)
class CaseInputs:
    """All that a plug-in may see of a case. Never a reader's answer or the reference standard.

    Attributes
    ----------
    volumes : mapping of str to Volume
        By sequence role, e.g. "T2W".
    masks : mapping of str to numpy.ndarray of bool
        By mask role, e.g. "index_node"; shape (z, y, x) of the volume that the model card names for the role.
    clinical : mapping of str to bool, int, float or str
        Clinical variables by name.
    center : str
        Code of the center the images come from.
    """

    volumes: Mapping[str, Volume]
    masks: Mapping[str, NDArray[np.bool_]]
    clinical: Mapping[str, Clinical] = field(default_factory=dict)
    center: str = ""

    def __post_init__(self) -> None:
        for role, mask in self.masks.items():
            if mask.dtype != np.bool_:
                raise ValueError(f"mask {role!r} is boolean, not {mask.dtype}")


@dataclass(frozen=True, slots=True)
class MaskRole:
    """A mask the model needs, and the sequence role on whose grid it lies."""

    role: str
    on: str
    title: str


@dataclass(frozen=True, slots=True)
class ScoreDistribution:
    """How the scores lay in the cases that a model was developed on: counts in bins, and never single cases.

    Attributes
    ----------
    source : str
        Which cases, and how many: a few words for people.
    bin_edges : tuple of float
        Rising, on the scale of the score; the last bin holds its upper edge.
    counts : tuple of int
        Cases in each bin.
    counts_by_class : mapping of str to tuple of int
        The same for each class of the reference standard, where it may be shown; empty otherwise.
    is_demonstration : bool
        The cases are no patients.

    Raises
    ------
    ValueError
        When the edges do not rise, a count is negative or missing, no case is counted, or the classes do not add
        up to the whole.
    """

    source: str
    bin_edges: tuple[float, ...]
    counts: tuple[int, ...]
    counts_by_class: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    is_demonstration: bool = False

    def __post_init__(self) -> None:
        edges = self.bin_edges
        if not all(math.isfinite(edge) for edge in edges) or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"bin edges are finite and rise, not {edges}")
        for name, counts in {"all": self.counts, **self.counts_by_class}.items():
            if len(counts) != len(edges) - 1 or min(counts, default=-1) < 0:
                raise ValueError(
                    f"{name}: {len(edges)} edges need {len(edges) - 1} counts from 0, not {counts}"
                )
        if sum(self.counts) == 0:
            raise ValueError("a distribution counts one case at least")
        together = [sum(counts) for counts in zip(*self.counts_by_class.values(), strict=True)]
        if self.counts_by_class and together != list(self.counts):
            raise ValueError("the classes of a distribution add up to the whole")

    @classmethod
    def read(cls, file: Path) -> "ScoreDistribution":
        """A distribution kept as JSON beside a model."""
        content = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            source=content["source"],
            bin_edges=tuple(content["bin_edges"]),
            counts=tuple(content["counts"]),
            counts_by_class={name: tuple(one) for name, one in content["counts_by_class"].items()},
            is_demonstration=content["is_demonstration"],
        )


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model is, is for, and is not for. Shown to people as it stands.

    `cut_off` and `coefficients` are None and empty for models that have none. `probability_note` says what
    the number called probability is, and `calibration_note` how far it may be trusted at another center.
    `training_data` says what the model was developed on; `development_scores` is None where nobody published it.
    These two are the card's `BACKGROUND`: nothing is computed from them, no digest need cover them, and they may be
    told better of a version that is registered already.
    """

    id: str
    semver: str
    title: str
    task: str
    sequence_roles: tuple[str, ...]
    mask_roles: tuple[MaskRole, ...]
    outputs: tuple[str, ...]
    intended_use: str
    limits: tuple[str, ...]
    references: tuple[str, ...]
    queue: Literal["cpu", "gpu"]
    mem_mb: int
    timeout_s: int
    weights_status: WeightsStatus
    cut_off: float | None
    positive_rule: str
    probability_note: str
    calibration_note: str
    coefficients: Mapping[str, float] = field(default_factory=dict)
    training_data: str = ""
    development_scores: ScoreDistribution | None = None

    def to_json(self) -> dict[str, Any]:
        """The card as JSON-ready values."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class RunContext:
    """Where and how a run happens.

    Attributes
    ----------
    cache_dir : pathlib.Path
        For expensive intermediate results. May be emptied at any time between runs.
    threads : int
        Upper limit. A result must not depend on it.
    seed : int
        For models that draw random numbers.
    cancelled : callable
        Asked between steps; True ends the run with `RunCancelled`.
    progress : callable
        Told the fraction done (0 to 1) and the name of the step.
    """

    cache_dir: Path
    threads: int = 1
    seed: int = 0
    cancelled: Callable[[], bool] = lambda: False
    progress: Callable[[float, str], None] = lambda _fraction, _step: None

    def step(self, fraction: float, name: str) -> None:
        """Report a step, or raise `RunCancelled`."""
        if self.cancelled():
            raise RunCancelled(f"cancelled before {name}")
        self.progress(fraction, name)


OVERLAY_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
OVERLAY_WORDS: Mapping[str, int] = MappingProxyType({"title": 80, "method": 80, "low": 40, "high": 40})
"""Words of an overlay that stand in a line, and how many characters it holds at most."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelOverlay:
    """Something that a model shows on the images of one series, voxel by voxel.

    Attributes
    ----------
    name : str
        Unique in its output; small letters, digits and hyphens, 40 at most. Stands in addresses.
    kind : {"mask", "heat"}
        A region (values 0 and 1), or a map of values from 0 to 255, of which 0 is not drawn.
    title : str
        A few words for people.
    on : str
        The sequence role on whose grid it lies.
    array : numpy.ndarray of uint8
        Shape (z, y, x) of the volume of that role, slices in its order.
    note : str
        What the values mean: sentences for people.
    method : str
        How it was made, with a version of its own ("name/version"): the digest of the model need not cover it.
    low, high : str
        Of a map: what its values 1 and 255 mean, in a few words for the ends of a color bar. Empty for a mask.

    Raises
    ------
    ValueError
        When a word is missing or too many, the name does not fit an address, or the array is not of this kind.
    """

    name: str
    kind: OverlayKind
    title: str
    on: str
    array: NDArray[np.uint8]
    note: str
    method: str
    low: str = ""
    high: str = ""

    def __post_init__(self) -> None:
        if not OVERLAY_NAME.fullmatch(self.name):
            raise ValueError(f"an overlay's name is small letters, digits and hyphens, not {self.name!r}")
        missing = [word for word in ("title", "on", "note", "method") if not getattr(self, word)]
        if missing:
            raise ValueError(f"overlay {self.name!r} has no {', '.join(missing)}")
        long = [word for word, most in OVERLAY_WORDS.items() if len(getattr(self, word)) > most]
        if long:
            raise ValueError(f"overlay {self.name!r}: too long: {', '.join(long)}")
        if self.kind not in ("mask", "heat"):
            raise ValueError(f"an overlay is a mask or heat, not {self.kind!r}")
        if bool(self.low) != (self.kind == "heat") or bool(self.high) != (self.kind == "heat"):
            raise ValueError(
                f"overlay {self.name!r}: the ends of the color bar are named for heat, and only there"
            )
        if self.array.dtype != np.uint8 or self.array.ndim != 3 or self.array.size == 0:
            shape, dtype = self.array.shape, self.array.dtype
            raise ValueError(f"an overlay is uint8 of three non-empty axes (z, y, x), not {dtype} of {shape}")
        if self.kind == "mask" and self.array.max() > 1:
            raise ValueError(f"the mask {self.name!r} holds 0 and 1 only")


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """The result of one run.

    Attributes
    ----------
    score : float
        The model's own scale.
    probability : float
        0 to 1; `probability_note` says what it is.
    is_positive : bool
        The call at `cut_off`.
    near_cut_off : bool
        The score is nearer to the cut-off than numbers of this kind can tell.
    numeric_uncertainty : float
        Largest change of the score over `score_reruns`; the scale of the score.
    score_reruns : mapping of str to float
        Scores under small changes that should not matter, by what was changed.
    features : mapping of str to float
        All features that were measured, also those the score does not use.
    warnings, notes : tuple of str
        What a person should know of this case; what holds for every case.
    timings : mapping of str to float
        Seconds of wall time by step.
    overlays : tuple of ModelOverlay
        What the model shows on the images.

    Raises
    ------
    ValueError
        When a number is not finite or the probability is outside 0 to 1: a blank is never a prediction. When two
        overlays have one name.
    """

    score: float
    probability: float
    probability_note: str
    is_positive: bool
    cut_off: float
    near_cut_off: bool
    numeric_uncertainty: float
    score_reruns: Mapping[str, float] = field(default_factory=dict)
    features: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    overlays: tuple[ModelOverlay, ...] = ()

    def __post_init__(self) -> None:
        numbers = {
            "score": self.score,
            "probability": self.probability,
            "cut_off": self.cut_off,
            "numeric_uncertainty": self.numeric_uncertainty,
            **self.score_reruns,
            **self.features,
        }
        undefined = sorted(name for name, value in numbers.items() if not math.isfinite(value))
        if undefined:
            raise ValueError(f"a model output holds finite numbers only; not so: {', '.join(undefined)}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"a probability lies in 0 to 1, not {self.probability}")
        names = [overlay.name for overlay in self.overlays]
        if len(set(names)) < len(names):
            raise ValueError(f"each overlay has a name of its own, not {names}")

    def to_json(self) -> dict[str, Any]:
        """The output as JSON-ready values; of overlays only the names, and nothing where there is none."""
        words = {
            name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "overlays"
        }
        return {**words, "overlays": [one.name for one in self.overlays]} if self.overlays else words


def check_overlays(output: ModelOutput, volumes: Mapping[str, Volume]) -> None:
    """Whether every overlay lies on the grid of the volume that it names.

    Raises
    ------
    OverlayMismatch
        Naming the overlay.
    """
    for overlay in output.overlays:
        volume = volumes.get(overlay.on)
        if volume is None:
            raise OverlayMismatch(f"The overlay {overlay.name} lies on {overlay.on}, which the case lacks.")
        if overlay.array.shape != volume.array.shape:
            raise OverlayMismatch(
                f"The overlay {overlay.name} has {overlay.array.shape} voxels, "
                f"the {overlay.on} series {volume.array.shape}."
            )


BACKGROUND = ("training_data", "development_scores")


@runtime_checkable
class ModelPlugin(Protocol):
    """One version of one model."""

    card: ModelCard

    def version_digest(self) -> str:
        """SHA-256 (hex) over code, settings, weights or coefficients, and the packages behind the numbers."""
        ...

    def check(self, inputs: CaseInputs) -> list[Problem]:
        """What stands against a run. Empty, or warnings only, when the case can be run."""
        ...

    def run(self, inputs: CaseInputs, ctx: RunContext) -> ModelOutput:
        """Raises `InputProblem`, `ResourceProblem` or `RunCancelled`; anything else is a bug."""
        ...


def load_plugin(name: str) -> ModelPlugin:
    """The plug-in object named "module:attribute".

    Imported at run time so that nothing heavy enters the import graph of the web host.

    Raises
    ------
    ValueError
        When the name has another form.
    ImportError, AttributeError
        When there is no such module or attribute.
    TypeError
        When the object is no plug-in.
    """
    module, separator, attribute = name.partition(":")
    if not (module and separator and attribute):
        raise ValueError(f"a plug-in is named 'module:attribute', not {name!r}")
    plugin = getattr(importlib.import_module(module), attribute)
    if isinstance(plugin, type) or not isinstance(plugin, ModelPlugin):
        raise TypeError(f"{name} is no model plug-in")
    return plugin


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text. Raises ValueError on NaN."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def image_digest(volume: Volume) -> str:
    """SHA-256 (hex) of an image's content: pixels in slice order and geometry, not files.

    Pixels are hashed as float32, the type the models compute in, so an image read as int16 and as float32
    is one image; geometry is rounded to 1e-4, so a header's last digits do not matter.
    """
    digest = hashlib.sha256(b"volume-1")
    digest.update(canonical_json(volume.array.shape).encode())
    for values in (volume.spacing, volume.origin, volume.direction):
        digest.update(canonical_json([round(value * 10**GEOMETRY_DECIMALS) for value in values]).encode())
    for plane in volume.array:
        # adding zero turns -0.0 into 0.0: equal pixels, equal bytes
        digest.update(np.ascontiguousarray(plane.astype("<f4") + np.float32(0)).tobytes())
    return digest.hexdigest()


def mask_digest(mask: NDArray[np.bool_]) -> str:
    """SHA-256 (hex) of a mask's shape and voxels in slice order."""
    digest = hashlib.sha256(b"mask-1")
    digest.update(canonical_json(mask.shape).encode())
    digest.update(np.packbits(mask).tobytes())
    return digest.hexdigest()


def input_digest(inputs: CaseInputs, version_digest: str) -> str:
    """SHA-256 (hex) of one question to one model version: the same digest, the same answer.

    Covers every volume and mask by role, the clinical variables, the center and `version_digest`.
    """
    question = {
        "version": version_digest,
        "volumes": {role: image_digest(volume) for role, volume in inputs.volumes.items()},
        "masks": {role: mask_digest(mask) for role, mask in inputs.masks.items()},
        "clinical": dict(inputs.clinical),
        "center": inputs.center,
    }
    return hashlib.sha256(canonical_json(question).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, MaskRole | ScoreDistribution):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value
