"""One patient's anatomy: structures in painting order, and the deformation that makes it this patient's."""

import numpy as np

from inference.phantom.bones import add_body, add_bones
from inference.phantom.builder import Builder
from inference.phantom.muscles import add_muscles
from inference.phantom.organs import (
    Rectum,
    add_bladder,
    add_bowel,
    add_female_organs,
    add_male_organs,
    add_pelvic_cavity,
    add_pelvic_floor,
    add_rectum,
    add_tumor,
)
from inference.phantom.raster import Floats
from inference.phantom.truth import PhantomTruth, generator
from inference.phantom.vessels import add_vessels


class Deformation:
    """Smooth map from the standard pelvis to one patient's: proportions and gentle displacement."""

    def __init__(self, rng: np.random.Generator, *, is_female: bool) -> None:
        self._scale = rng.normal(1.0, 0.025, 2) + (np.array([0.03, 0.0]) if is_female else 0.0)
        self._waves = rng.uniform(-1.0, 1.0, (5, 3)) / rng.uniform(14.0, 26.0, (5, 1))
        self._phases = rng.uniform(0.0, 2 * np.pi, (5, 2))
        self._amplitude = rng.normal(0.0, 0.9, (5, 2))

    def __call__(self, xy: Floats, z: Floats) -> Floats:
        """Displaced (x, y), shape (..., 2), of points at heights z, broadcast against the leading axes."""
        moved = xy * self._scale
        for wave, phase, amplitude in zip(self._waves, self._phases, self._amplitude, strict=True):
            at = xy[..., 0] * wave[0] + xy[..., 1] * wave[1] + z * wave[2]
            moved = moved + amplitude * np.sin(at[..., None] + phase)
        return np.asarray(moved)


def build_anatomy(truth: PhantomTruth) -> tuple[Builder, Deformation]:
    """All but the lateral nodes; `case` places those where the deformation has put their surroundings."""
    rng = generator(truth.seed, truth.center, 1)
    is_female = truth.sex == "F"
    deformation = Deformation(rng, is_female=is_female)
    build = Builder(rng)
    add_body(build, subcutis_mm=float(rng.uniform(14.0, 34.0)))
    add_pelvic_cavity(build)
    add_muscles(build)
    add_bones(build, head_radius_mm=float(rng.normal(22.0 if is_female else 24.0, 0.7)))
    add_vessels(build)
    add_bowel(build)
    add_pelvic_floor(build)
    rectum = Rectum(rng)
    add_rectum(build, rectum)
    if truth.has_tumor:
        add_tumor(build, rectum, is_treated=truth.is_after_chemoradiotherapy)
    add_bladder(build, floor_mm=-14.0 if is_female else 4.0)
    if is_female:
        add_female_organs(build)
    else:
        add_male_organs(build)
    return build, deformation
