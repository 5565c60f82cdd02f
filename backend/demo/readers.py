"""Simulated readers of the demonstration: answers drawn from what the phantom was made of. Pure and seeded.

They say nothing about people; they give the pages of the demonstration something to show.
"""

import math
import random
from bisect import bisect
from typing import Any

from inference.phantom import NodeFeatures, PhantomTruth

NOISE_SHORT_AXIS_MM = 0.6
NOISE_AT_NO_SKILL = 5.0
TRUST_IN_MODEL = 0.8
# The phantom draws no necrosis. What it makes most heterogeneous stands in for it.
NECROSIS_FROM_HETEROGENEITY = 0.8
# Between the five points, in log-odds of malignancy.
RATING_THRESHOLDS = (-2.0, -0.7, 0.7, 2.0)


def lpln_answers(
    truth: PhantomTruth, *, skill: float, seed: str, model_probability: float | None = None
) -> dict[str, Any]:
    """The answers of a simulated reader to the lpln form.

    Parameters
    ----------
    truth : PhantomTruth
        What the case was made from; the index node's features are what the reader perceives, with noise.
    skill : float
        From 0 (guesses) to 1 (sees every feature and judges as the phantom was made).
    model_probability : float, optional
        The released probability, toward which an aided reader moves.
    """
    rng = random.Random(seed)  # noqa: S311  (a simulation, not a secret)
    node = truth.index_node
    short_axis, long_axis = _measured(node, rng)
    impression = _logit(node.probability) + rng.gauss(0, NOISE_AT_NO_SKILL * (1 - skill))
    if model_probability is not None:
        impression += TRUST_IN_MODEL * _logit(model_probability)
    return {
        "side_region": f"{node.side}_{node.region}",
        "short_axis_mm": short_axis,
        "long_axis_mm": long_axis,
        "criterion_heterogeneous": _perceived(node.is_heterogeneous, skill, rng),
        "criterion_margin": _perceived(node.margin == "spiculated", skill, rng),
        "rating": 1 + bisect(RATING_THRESHOLDS, impression),
        "comment": None,
    }


def lln_answers(truth: PhantomTruth, *, skill: float, seed: str) -> dict[str, Any]:
    """The answers of a simulated reader to the lln form: the largest node of each side, seen with noise."""
    rng = random.Random(seed)  # noqa: S311  (a simulation, not a secret)
    left, right = (_side_answers(truth, side, skill=skill, rng=rng) for side in ("left", "right"))
    return {**left, **right, "comment": None}


def cervix_answers(truth: PhantomTruth, *, skill: float, seed: str) -> dict[str, Any]:
    """The answers of a simulated reader to the cervix form."""
    rng = random.Random(seed)  # noqa: S311  (a simulation, not a secret)
    node = truth.index_node
    short_axis, long_axis = _measured(node, rng)
    return {
        "node_visible": True,
        "short_axis_mm": short_axis,
        "long_axis_mm": long_axis,
        "central_necrosis": _perceived(is_necrotic(node), skill, rng),
        "comment": None,
    }


def cervix_key(truth: PhantomTruth) -> dict[str, Any]:
    """The right answers of a training case, as the phantom was made."""
    node = truth.index_node
    return {
        "answers": {
            "node_visible": True,
            "short_axis_mm": round(node.short_axis_mm, 1),
            "central_necrosis": is_necrotic(node),
        },
        "text": f"The largest node lies on the {node.side} side, {node.region.replace('_', ' ')}.",
    }


def is_necrotic(node: NodeFeatures) -> bool:
    return node.heterogeneity > NECROSIS_FROM_HETEROGENEITY


def simulated_timing(*, slices: int, seed: str) -> dict[str, float]:
    """Reading times in ms as a browser would have measured them."""
    rng = random.Random(seed)  # noqa: S311  (a simulation, not a secret)
    active = rng.lognormvariate(4.1, 0.35) * 1000
    return {
        "first_image_ms": round(rng.uniform(150, 400)),
        "first_interaction_ms": round(rng.uniform(600, 2500)),
        "active_ms": round(active),
        "wall_ms": round(active * rng.uniform(1.02, 1.4)),
        "slices_seen": rng.randint(slices // 2, slices),
        "slices_total": slices,
        "clicks": rng.randint(8, 40),
    }


def _side_answers(truth: PhantomTruth, side: str, *, skill: float, rng: random.Random) -> dict[str, Any]:
    nodes = [node for node in truth.nodes if node.side == side]
    if not nodes:
        return {
            f"{side}_node": False,
            f"{side}_region": None,
            f"{side}_short_axis_mm": None,
            f"{side}_irregular_border": None,
            f"{side}_heterogeneous_signal": None,
        }
    node = max(nodes, key=lambda one: one.short_axis_mm)
    short_axis, _ = _measured(node, rng)
    return {
        f"{side}_node": True,
        f"{side}_region": f"{side}_{node.region}",
        f"{side}_short_axis_mm": short_axis,
        f"{side}_irregular_border": _perceived(node.margin == "spiculated", skill, rng),
        f"{side}_heterogeneous_signal": _perceived(node.is_heterogeneous, skill, rng),
    }


def _measured(node: NodeFeatures, rng: random.Random) -> tuple[float, float]:
    """Short and long axis in mm, as a reader with a steady hand measures them."""
    short_axis = round(max(1.0, node.short_axis_mm + rng.gauss(0, NOISE_SHORT_AXIS_MM)), 1)
    long_axis = round(max(short_axis, node.long_axis_mm + rng.gauss(0, NOISE_SHORT_AXIS_MM)), 1)
    return short_axis, long_axis


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _perceived(present: bool, skill: float, rng: random.Random) -> bool:  # noqa: FBT001  (a perception, not a flag)
    return present if rng.random() < 0.5 + skill / 2 else not present
