"""What is true of a phantom patient before any picture is made: sex, nodes and the index node's pathology."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inference.phantom.centers import CENTERS, center_for

Sex = Literal["F", "M"]
Side = Literal["left", "right"]
Region = Literal["external_iliac", "obturator", "internal_iliac"]
Margin = Literal["smooth", "spiculated"]

REGIONS: tuple[Region, ...] = ("external_iliac", "obturator", "internal_iliac")
SHORT_AXIS_RANGE_MM = (3.0, 14.0)

LOGIT_INTERCEPT = -1.2
LOGIT_PER_MM = 0.7
LOGIT_SPICULATION = 3.2
LOGIT_HETEROGENEITY = 3.2
REFERENCE_SHORT_AXIS_MM = 6.5
REFERENCE_GRADE = 0.4


@dataclass(frozen=True, kw_only=True)
class NodeFeatures:
    """One lateral pelvic lymph node.

    Axes are in mm in the slice plane; spiculation and heterogeneity are grades from 0 to 1; `probability` is
    that of metastasis by `metastasis_probability`, `positive` the pathology drawn from it.
    """

    side: Side
    region: Region
    short_axis_mm: float
    long_axis_mm: float
    spiculation: float
    heterogeneity: float
    probability: float
    positive: bool

    @property
    def margin(self) -> Margin:
        return "spiculated" if self.spiculation > 0.5 else "smooth"

    @property
    def is_heterogeneous(self) -> bool:
        return self.heterogeneity > 0.5


@dataclass(frozen=True, kw_only=True)
class PhantomTruth:
    """The drawn facts of one phantom patient; the index node is the first of `nodes`."""

    seed: int
    center: str
    sex: Sex
    age_years: int
    is_after_chemoradiotherapy: bool
    has_tumor: bool
    nodes: tuple[NodeFeatures, ...]

    @property
    def index_node(self) -> NodeFeatures:
        return self.nodes[0]


def metastasis_probability(short_axis_mm: float, spiculation: float, heterogeneity: float) -> float:
    """Probability that a node of these features is metastatic.

    logit p = -1.2 + 0.7 (short axis - 6.5 mm) + 3.2 (spiculation - 0.4) + 3.2 (heterogeneity - 0.4).
    The coefficients are made up for the phantom and say nothing about patients.
    """
    logit = (
        LOGIT_INTERCEPT
        + LOGIT_PER_MM * (short_axis_mm - REFERENCE_SHORT_AXIS_MM)
        + LOGIT_SPICULATION * (spiculation - REFERENCE_GRADE)
        + LOGIT_HETEROGENEITY * (heterogeneity - REFERENCE_GRADE)
    )
    return 1.0 / (1.0 + math.exp(-logit))


def generator(seed: int, center: str, stream: int) -> np.random.Generator:
    """A random generator for one aspect (`stream`) of one case, so that aspects do not disturb each other."""
    if seed < 0:
        raise ValueError(f"the seed must not be negative, got {seed}")
    return np.random.default_rng([seed, list(CENTERS).index(center_for(center).code), stream])


def draw_truth(seed: int, center: str) -> PhantomTruth:
    """Draw the facts of a case without making its images.

    Parameters
    ----------
    seed : int
        Not negative; the same seed and center always give the same facts.
    center : str
        Code of one of `CENTERS`.

    Raises
    ------
    ValueError
        If the center is unknown or the seed negative.
    """
    rng = generator(seed, center, 0)
    sex: Sex = "F" if rng.random() < 0.41 else "M"
    age_years = int(np.clip(rng.normal(62, 11), 32, 88))
    is_after_chemoradiotherapy = bool(rng.random() < 0.55)
    has_tumor = bool(rng.random() < (0.65 if is_after_chemoradiotherapy else 0.95))
    index = _draw_index_node(rng)
    return PhantomTruth(
        seed=seed,
        center=center,
        sex=sex,
        age_years=age_years,
        is_after_chemoradiotherapy=is_after_chemoradiotherapy,
        has_tumor=has_tumor,
        nodes=(index, *_draw_other_nodes(rng, index)),
    )


def _draw_index_node(rng: np.random.Generator) -> NodeFeatures:
    low, high = SHORT_AXIS_RANGE_MM
    short_axis_mm = float(np.clip(rng.lognormal(math.log(6.6), 0.36), low, high))
    return _node(
        rng,
        side=_pick_side(rng),
        region=REGIONS[int(rng.choice(3, p=[0.15, 0.5, 0.35]))],
        short_axis_mm=short_axis_mm,
        spiculation=_draw_grade(rng, 0.4),
        heterogeneity=_draw_grade(rng, 0.4),
    )


def _draw_other_nodes(rng: np.random.Generator, index: NodeFeatures) -> list[NodeFeatures]:
    """Smaller, mostly unsuspicious nodes in places that are still free; at most one per side and region."""
    sides: tuple[Side, ...] = ("left", "right")
    free = [(side, region) for side in sides for region in REGIONS]
    free.remove((index.side, index.region))
    count = int(rng.integers(2, 5))
    nodes = []
    for place in rng.permutation(len(free))[:count]:
        side, region = free[int(place)]
        largest = max(3.05, min(6.0, 0.75 * index.short_axis_mm))
        nodes.append(
            _node(
                rng,
                side=side,
                region=region,
                short_axis_mm=float(rng.uniform(3.0, largest)),
                spiculation=float(rng.uniform(0.0, 0.25)),
                heterogeneity=float(rng.uniform(0.0, 0.3)),
            )
        )
    return nodes


def _node(
    rng: np.random.Generator,
    *,
    side: Side,
    region: Region,
    short_axis_mm: float,
    spiculation: float,
    heterogeneity: float,
) -> NodeFeatures:
    probability = metastasis_probability(short_axis_mm, spiculation, heterogeneity)
    return NodeFeatures(
        side=side,
        region=region,
        short_axis_mm=short_axis_mm,
        long_axis_mm=short_axis_mm * float(rng.uniform(1.12, 1.75)),
        spiculation=spiculation,
        heterogeneity=heterogeneity,
        probability=probability,
        positive=bool(rng.random() < probability),
    )


def _pick_side(rng: np.random.Generator) -> Side:
    return "left" if rng.random() < 0.5 else "right"


def _draw_grade(rng: np.random.Generator, share_high: float) -> float:
    """A grade from 0 to 1, seldom near the middle, so that most nodes are plainly the one or the other."""
    return float(rng.beta(6, 2) if rng.random() < share_high else rng.beta(1.6, 6))
