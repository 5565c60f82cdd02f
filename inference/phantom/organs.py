"""Pelvic organs: rectum with mesorectum and tumor, bladder, and the genital organs of either sex."""

from collections.abc import Callable

import numpy as np

from inference.phantom.builder import Builder
from inference.phantom.raster import Floats
from inference.phantom.shapes import VERTICES, Layers, ellipse

_LUMINA: tuple[tuple[str, float], ...] = (("gas", 0.4), ("stool", 0.35), ("gel", 0.25))
_WALL: Layers = (("muscularis", 0.0), ("submucosa", 2.0), ("rectal_mucosa", 3.6))


def add_pelvic_cavity(build: Builder) -> None:
    """Fat and peritoneal contents that fill the space between the walls."""
    build.add(
        "pelvic_fat",
        [
            (-28.0, ellipse(0, 4, 24, 40)),
            (-8.0, ellipse(0, 8, 44, 50)),
            (15.0, ellipse(0, 2, 54, 66, power=2.6)),
            (45.0, ellipse(0, -4, 72, 72, power=2.4)),
            (80.0, ellipse(0, -22, 92, 66, power=2.4)),
            (150.0, ellipse(0, -36, 94, 62, power=2.6)),
        ],
        caps=(6.0, 0.0),
        wobble=2.0,
    )


def add_pelvic_floor(build: Builder) -> None:
    """Levator ani as a sling open to the front, and the anal sphincter."""
    build.add(
        "levator",
        [
            (-44.0, _sling(15, 0, 42, 5.5)),
            (-32.0, _sling(21, -6, 44, 4.5)),
            (-18.0, _sling(31, -6, 52, 3.6)),
            (-4.0, _sling(44, 0, 62, 3.0)),
            (4.0, _sling(49, 6, 66, 2.4)),
        ],
        wobble=0.8,
    )
    sphincter = [
        (-64.0, ellipse(0, 26, 13, 18)),
        (-50.0, ellipse(0, 24, 15, 20)),
        (-34.0, ellipse(0, 26, 15, 18)),
    ]
    build.add("levator", sphincter, caps=(6.0, 6.0))


def _sling(half_width: float, front: float, back: float, thickness: float) -> Floats:
    """A U around the rectum: from the pubis on one side behind it to the other side."""
    turn = np.linspace(0.0, np.pi, VERTICES // 2)
    flare = np.cos(turn)
    outer = np.stack([half_width * flare, front + (back - front) * np.sin(turn)], axis=1)
    inner = np.stack(
        [(half_width - thickness) * flare, front + (back - thickness - front) * np.sin(turn)], axis=1
    )
    return np.concatenate([outer, inner[::-1]])


class Rectum:
    """Course and caliber of this patient's rectum."""

    def __init__(self, rng: np.random.Generator) -> None:
        sway = rng.normal(0.0, 4.0, 3)
        self._z = np.array([-66.0, -50.0, -34.0, -12.0, 10.0, 30.0, 50.0, 68.0, 86.0])
        self._x = np.array(
            [0.0, 0.0, 0.0, 0.5 * sway[0], sway[0], sway[1], sway[2], sway[2] - 8.0, sway[2] - 20.0]
        )
        self._y = np.array([30.0, 25.0, 26.0, 38.0, 47.0, 51.0, 46.0, 35.0, 18.0]) + rng.normal(0.0, 1.0)
        bulge = rng.uniform(0.0, 5.0, 9)
        bulge[:3] = 0.0
        self._radius = np.array([8.0, 9.0, 10.0, 12.5, 13.5, 13.5, 13.0, 12.0, 12.0]) + bulge
        self._flatness = rng.uniform(0.95, 1.25)

    def at(self, z: float) -> tuple[float, float, float]:
        """Center x, y and radius, in mm, at a level."""
        x, y, radius = (float(np.interp(z, self._z, values)) for values in (self._x, self._y, self._radius))
        return x, y, radius

    def keys(self, scale: float = 1.0, low: float = -66.0) -> list[tuple[float, Floats]]:
        return [
            (float(z), ellipse(x, y, scale * r * self._flatness, scale * r / self._flatness))
            for z, x, y, r in zip(self._z, self._x, self._y, self._radius, strict=True)
            if z >= low
        ]


def add_rectum(build: Builder, rectum: Rectum) -> None:
    """Mesorectum with its fascia, vessels and lymph nodes, then the layered rectal wall and its content."""
    rng = build.rng
    envelope = []
    for z, rx, front, back in (
        (-12.0, 15.0, -11.0, 14.0),
        (2.0, 26.0, -15.0, 20.0),
        (22.0, 34.0, -18.0, 25.0),
        (45.0, 35.0, -20.0, 26.0),
        (64.0, 32.0, -21.0, 24.0),
        (80.0, 27.0, -20.0, 22.0),
    ):
        x, y, _ = rectum.at(z)
        envelope.append((z, ellipse(0.4 * x, y + (front + back) / 2, rx, (back - front) / 2, power=2.3)))
    build.add((("fascia", 0.0), ("mesorectal_fat", 0.9)), envelope, caps=(4.0, 6.0), wobble=2.2)
    for _ in range(int(rng.integers(16, 26))):
        _add_mesorectal_vessel(build, rectum)
    width = float(rng.uniform(1.0, 1.15))
    lumen = str(rng.choice([name for name, _ in _LUMINA], p=[share for _, share in _LUMINA]))
    build.add(_WALL, rectum.keys(width), wobble=1.2)
    opening = float(rng.uniform(0.4, 0.65))
    build.add(lumen, rectum.keys(opening, low=-34.0), wobble=2.4, caps=(8.0, 0.0))
    build.add(
        "rectal_mucosa", [(-66.0, ellipse(0, 29, 2.2, 5)), (-40.0, ellipse(0, 26, 3.0, 4.5))], wobble=0.6
    )


def _add_mesorectal_vessel(build: Builder, rectum: Rectum) -> None:
    rng = build.rng
    z = float(rng.uniform(0.0, 68.0))
    x, y, radius = rectum.at(z)
    angle = rng.uniform(-0.25 * np.pi, 1.25 * np.pi)
    reach = float(rng.uniform(1.3, 1.75))
    height = float(rng.uniform(8.0, 20.0))
    drift = rng.normal(0.0, 4.0, 2)
    at_x, at_y = x + np.cos(angle) * radius * reach, y + np.sin(angle) * radius * reach
    size = float(rng.uniform(0.7, 1.5))
    tissue = "void" if rng.random() < 0.5 else "fascia"
    build.tube(
        tissue,
        [
            (z - height, at_x - drift[0], at_y - drift[1], size),
            (z, at_x, at_y, size * 1.2),
            (z + height, at_x + drift[0], at_y + drift[1], size),
        ],
    )


def add_tumor(build: Builder, rectum: Rectum, *, is_treated: bool) -> None:
    """A crescent of tumor in the rectal wall; after chemoradiotherapy smaller and partly scar."""
    rng = build.rng
    middle = float(rng.uniform(-5.0, 48.0))
    half_height = float(rng.uniform(12.0, 22.0)) * (0.75 if is_treated else 1.0)
    toward = float(rng.uniform(0.0, 2.0 * np.pi))
    half_arc = float(rng.uniform(0.3, 0.85)) * np.pi
    outer = float(rng.uniform(0.5, 5.0)) - (0.5 if is_treated else 0.0)
    depth = float(rng.uniform(7.0, 12.0)) * (0.75 if is_treated else 1.0)

    def crescent(extra: float) -> Callable[[float], Floats]:
        def at(z: float) -> Floats:
            x, y, radius = rectum.at(z)
            share = float(np.sqrt(max(0.0, 1.0 - ((z - middle) / (half_height + extra)) ** 2)))
            half = VERTICES // 2
            angle = np.linspace(-half_arc, half_arc, half) * (0.35 + 0.65 * share)
            thick = np.cos(np.linspace(-1.0, 1.0, half) * np.pi / 2) ** 0.6 * share
            outside = radius + 0.4 + (outer + extra) * thick
            inside = radius - 1.0 - (depth + extra) * thick
            inside = np.maximum(inside, 0.12 * radius)
            turn = toward + np.concatenate([angle, angle[::-1]])
            arm = np.concatenate([outside, inside[::-1]])
            return np.stack([x + arm * np.cos(turn), y + arm * np.sin(turn)], axis=1)

        return at

    levels = np.linspace(middle - half_height + 0.3, middle + half_height - 0.3, 9)
    if is_treated:
        build.add("fibrosis", [(float(z), crescent(1.6)(float(z))) for z in levels], wobble=1.6)
    build.add("tumor", [(float(z), crescent(0.0)(float(z))) for z in levels], wobble=1.5, label="tumor")


def add_bladder(build: Builder, *, floor_mm: float) -> None:
    """Urinary bladder of variable filling, its floor at the given level."""
    rng = build.rng
    fill = float(rng.uniform(0.85, 1.25))
    height, width, depth = 28.0 * fill, 39.0 * fill, 26.0 * fill
    wall = float(rng.uniform(2.4, 4.6)) / fill
    middle = floor_mm + height
    keys = [
        (middle - height, ellipse(0, -36, width, depth, power=2.1)),
        (middle, ellipse(0, -40, width, depth, power=2.2)),
        (middle + height, ellipse(float(rng.normal(0, 3)), -46, width * 0.9, depth * 0.9, power=2.1)),
    ]
    build.add((("bladder_wall", 0.0), ("urine", wall)), keys, caps=(height, height), wobble=0.9)


def add_male_organs(build: Builder) -> None:
    """Prostate with zones, seminal vesicles and penile root; the bladder is to be added before."""
    rng = build.rng
    size = float(rng.uniform(0.9, 1.3))
    z0, y0 = -8.0, 3.0
    for _ in range(24):
        _add_plexus_vessel(
            build,
            (
                float(rng.choice([-1, 1])) * rng.uniform(24, 33) * size,
                rng.uniform(-20, 14),
                z0 + rng.uniform(-14, 20),
            ),
        )
    build.blob(
        (("prostate_capsule", 0.0), ("peripheral_zone", 1.1)),
        (0, y0, z0),
        (26 * size, 18 * size, 20 * size),
        power=2.3,
        wobble=1.0,
    )
    build.blob("stroma", (0, y0 - 11 * size, z0 + 2), (13 * size, 6 * size, 16 * size), wobble=1.0)
    for flip in (-1, 1):
        build.blob(
            (("prostate_capsule", 0.0), ("transition_zone", 0.8)),
            (flip * 8.5 * size, y0 - 4.5 * size, z0 + 5),
            (9.5 * size, 9 * size, 13 * size),
            wobble=1.2,
        )
        for _ in range(4):
            spot = rng.normal(0.0, 3.2, 3)
            tissue = str(rng.choice(["peripheral_zone", "stroma", "urethra"]))
            build.blob(
                tissue,
                (flip * 8.5 * size + spot[0], y0 - 4.5 * size + spot[1], z0 + 5 + spot[2]),
                (2.4, 2.2, 3.5),
                wobble=0.5,
                opacity=0.55,
            )
    build.tube("urethra", [(-46, 0, -10, 2.2), (-26, 0, -3, 2.4), (-8, 0, y0, 2.4), (10, 0, -18, 2.0)])
    build.tube("stroma", [(-48, 0, -8, 6), (-36, 0, -7, 7), (-27, 0, -4, 6)])
    build.tube("urethra", [(-48, 0, -8, 2.5), (-27, 0, -4, 2.5)])
    _add_seminal_vesicles(build, size)
    build.tube(
        (("fascia", 0.0), ("erectile", 1.0)), [(-120, 0, -60, 10), (-62, 0, -34, 12), (-50, 0, -16, 8)]
    )
    build.both_bands(
        "erectile", [(-110, 8, -62, 12, -58, 7), (-62, 14, -40, 32, -12, 5), (-48, 22, -34, 32, -16, 2.5)]
    )


def _add_seminal_vesicles(build: Builder, size: float) -> None:
    middle = 14.0
    for flip in (-1, 1):
        lean = flip * float(build.rng.normal(-18.0, 6.0))
        build.blob(
            (("fascia", 0.0), ("seminal_vesicle", 0.8)),
            (flip * 19.0, 12.0, middle + size),
            (18.0, 6.5 * size, 9.0),
            turn_deg=lean,
            wobble=2.0,
        )
    build.both(
        "stroma",
        [(6.0, ellipse(4, 9, 2.4, 2.2)), (20.0, ellipse(9, 5, 3, 2.4)), (30.0, ellipse(20, -2, 2.6, 2))],
        caps=(3, 3),
    )


def _add_plexus_vessel(build: Builder, center: tuple[float, float, float]) -> None:
    rng = build.rng
    x, y, z = center
    drift = rng.normal(0.0, 3.0, 2)
    size = float(rng.uniform(0.9, 1.9))
    build.tube(
        str(rng.choice(["void", "slow_flow", "csf"], p=[0.5, 0.3, 0.2])),
        [
            (z - 7, x - drift[0], y - drift[1], size * 0.6),
            (z, x, y, size),
            (z + 7, x + drift[0], y + drift[1], size * 0.6),
        ],
    )


def add_female_organs(build: Builder) -> None:
    """Vagina, cervix, anteverted uterus and ovaries; the bladder is to be added before."""
    rng = build.rng
    build.add(
        (("vagina_wall", 0.0), ("mucosa", 2.6)),
        [
            (-46.0, ellipse(0, 2, 11, 5)),
            (-20.0, ellipse(0, 8, 17, 5)),
            (0.0, ellipse(0, 14, 20, 6)),
            (10.0, ellipse(0, 16, 18, 7)),
        ],
        caps=(3.0, 4.0),
        wobble=0.8,
    )
    build.tube(
        (("stroma", 0.0), ("urethra", 2.5)), [(-46, 0, -16, 6.5), (-28, 0, -14, 7.5), (-14, 0, -20, 6.5)]
    )
    for _ in range(20):
        side = float(rng.choice([-1, 1]))
        _add_plexus_vessel(build, (side * rng.uniform(21, 32), rng.uniform(0, 18), rng.uniform(-12, 30)))
    lean, size = float(rng.normal(0.0, 5.0)), float(rng.uniform(0.75, 1.05))
    build.add(
        (("stroma", 0.0), ("urethra", 9.5)),
        [
            (4.0, ellipse(0, 15, 15, 12)),
            (16.0, ellipse(0.3 * lean, 12, 16, 13)),
            (28.0, ellipse(0.6 * lean, 6, 16, 13)),
        ],
        caps=(5.0, 0.0),
        wobble=0.7,
    )
    layers: Layers = (("myometrium", 0.0), ("junctional_zone", 11.0 * size), ("endometrium", 15.5 * size))
    build.add(
        layers,
        [
            (24.0, ellipse(0.6 * lean, 6, 18 * size, 15 * size)),
            (36.0, ellipse(lean, -1, 25 * size, 19 * size)),
            (50.0, ellipse(1.3 * lean, -8, 29 * size, 21 * size)),
            (66.0, ellipse(1.6 * lean, -14, 27 * size, 20 * size)),
        ],
        caps=(5.0, 14.0),
        wobble=1.6,
    )
    for flip in (-1, 1):
        _add_ovary(
            build, (flip * float(rng.normal(44, 4)), float(rng.normal(-6, 5)), float(rng.normal(52, 6)))
        )


def _add_ovary(build: Builder, center: tuple[float, float, float]) -> None:
    rng = build.rng
    build.blob("ovary", center, (12.0, 8.5, 11.0), turn_deg=float(rng.uniform(-40, 40)), wobble=1.0)
    for _ in range(int(rng.integers(2, 6))):
        spot = rng.normal(0.0, 1.0, 3) * (4.5, 3.0, 4.0)
        size = float(rng.uniform(1.5, 3.6))
        build.blob(
            "follicle", (center[0] + spot[0], center[1] + spot[1], center[2] + spot[2]), (size, size, size)
        )


def add_bowel(build: Builder) -> None:
    """Loops of sigmoid and small bowel above the bladder."""
    rng = build.rng
    for _ in range(int(rng.integers(26, 36))):
        z = float(rng.uniform(70.0, 128.0))
        reach = min(64.0, 34.0 + 0.9 * (z - 60.0))
        x, y = float(rng.uniform(-reach, reach)), float(rng.uniform(-80.0, -24.0))
        size = float(rng.uniform(8.0, 14.0))
        content = str(rng.choice(["bowel_fluid", "gas", "stool", "rectal_mucosa"], p=[0.3, 0.2, 0.3, 0.2]))
        layers: Layers = (("muscularis", 0.0), ("submucosa", 1.6), (content, 2.8))
        turn = float(rng.uniform(0, 180))
        build.blob(
            layers,
            (x, y, z),
            (size * float(rng.uniform(1.0, 2.0)), size, size * 1.3),
            turn_deg=turn,
            wobble=2.0,
        )
