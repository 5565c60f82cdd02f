"""Body outline and bones."""

from inference.phantom.builder import Builder
from inference.phantom.shapes import Layers, ellipse, smooth_outline

_BONE: Layers = (("cortex", 0.0), ("marrow", 1.5))
_FEMUR: Layers = (("cortex", 0.0), ("femoral_marrow", 1.3))
_SHAFT: Layers = (("cortex", 0.0), ("femoral_marrow", 5.0))
_SACRUM: Layers = (("cortex", 0.0), ("sacral_marrow", 1.3))


def add_body(build: Builder, *, subcutis_mm: float) -> None:
    """Skin and subcutaneous fat; `subcutis_mm` is the thickness of the fat over the pubis."""
    keys = []
    for z, half_width, front, back in (
        (-120.0, 168.0, -80.0, 98.0),
        (-60.0, 172.0, -82.0, 104.0),
        (-25.0, 176.0, -76.0, 112.0),
        (10.0, 174.0, -74.0, 112.0),
        (50.0, 166.0, -92.0, 110.0),
        (90.0, 158.0, -98.0, 106.0),
        (150.0, 152.0, -104.0, 102.0),
    ):
        half_depth = (back - front + 1.6 * subcutis_mm) / 2
        middle = (back + 0.6 * subcutis_mm + front - subcutis_mm) / 2
        keys.append(
            (z, ellipse(0.0, middle, half_width + 0.7 * subcutis_mm, half_depth, power=2.5, vertices=96))
        )
    build.add((("skin", 0.0), ("fat", 1.8)), keys, wobble=1.5)
    _add_natal_cleft(build, 112.0 + 0.6 * subcutis_mm)


def _add_natal_cleft(build: Builder, back_mm: float) -> None:
    for tissue, wider, outside in (("skin", 1.6, -12.0), ("air", 0.0, 9.0)):
        deep = [
            (-4.0 - wider, back_mm + outside),
            (-1.2 - wider, back_mm - 14),
            (0.0, back_mm - 26 - wider),
            (1.2 + wider, back_mm - 14),
            (4.0 + wider, back_mm + outside),
            (0.0, back_mm + outside + 3),
        ]
        shallow = [(x, y + 26.0) for x, y in deep]
        build.add(
            tissue,
            [(-130.0, smooth_outline(deep)), (-30.0, smooth_outline(deep)), (28.0, smooth_outline(shallow))],
        )


def add_bones(build: Builder, *, head_radius_mm: float) -> None:
    """Hip bones, femora, pubis, sacrum and coccyx."""
    _add_hip(build)
    _add_pubis(build)
    _add_femur(build, head_radius_mm)
    _add_sacrum(build)


def _add_hip(build: Builder) -> None:
    build.both_polygons(
        _BONE,
        [
            (-75, [(40, -6), (48, -12), (56, -8), (62, 6), (66, 18), (64, 30),
                (56, 34), (48, 28), (44, 18), (40, 8), (38, 0)]),
            (-48, [(58, 14), (66, 10), (76, 12), (84, 22), (88, 34), (84, 46),
                (74, 52), (64, 46), (60, 38), (57, 30), (55, 22)]),
            (-25, [(70, 2), (78, -1), (86, 4), (92, 14), (95, 27), (92, 40),
                (82, 46), (72, 40), (66, 29), (64, 17), (65, 7)]),
            (-8, [(66, -43), (84, -36), (92, -24), (94, 12), (110, 26), (102, 37),
                (84, 42), (69, 30), (62, 10), (58, -14), (57, -36)]),
            (10, [(80, -42), (98, -38), (103, -25), (103, 15), (113, 24), (101, 37),
                (84, 42), (70, 28), (63, 8), (61, -14), (66, -34)]),
            (25, [(94, -42), (108, -34), (115, -18), (117, 4), (110, 22), (98, 34),
                (84, 37), (74, 26), (67, 10), (67, -12), (78, -34)]),
            (45, [(110, -56), (120, -46), (121, -26), (115, -4), (104, 17), (92, 36),
                (80, 46), (74, 38), (82, 16), (95, -14), (102, -42)]),
            (65, [(118, -62), (127, -53), (127, -26), (117, 6), (100, 38), (82, 62),
                (64, 74), (57, 64), (74, 42), (98, 8), (112, -46)]),
            (90, [(124, -66), (134, -56), (136, -28), (125, 10), (106, 42), (86, 70),
                (62, 86), (50, 76), (66, 54), (98, 16), (120, -50)]),
            (140, [(130, -62), (140, -52), (144, -26), (132, 12), (114, 42), (94, 68),
                (74, 84), (64, 76), (80, 54), (108, 16), (128, -46)]),
        ],
        wobble=0.7,
    )  # fmt: skip


def _add_pubis(build: Builder) -> None:
    build.both(
        _BONE,
        [
            (-64.0, ellipse(39, -10, 17, 6.5, 57)),
            (-50.0, ellipse(24, -32, 18, 8, 54)),
            (-38.0, ellipse(17.5, -48, 17, 13, 48)),
            (-28.0, ellipse(22, -53, 20, 13.5, 30)),
            (-18.0, ellipse(28, -51, 25, 10, 20)),
            (-8.0, ellipse(40, -47, 24, 7.5, 17)),
            (1.0, ellipse(50, -44, 16, 6, 15)),
        ],
        caps=(5.0, 3.0),
        wobble=0.5,
    )
    build.add(
        "disc",
        [
            (-47.0, ellipse(0, -46, 2.2, 9)),
            (-30.0, ellipse(0, -54, 2.6, 12)),
            (-14.0, ellipse(0, -57, 2.4, 8)),
        ],
        caps=(4.0, 4.0),
    )


def _add_femur(build: Builder, head_radius_mm: float) -> None:
    neck = [
        (-38, 124, 6, 134, 9, 13),
        (-24, 111, 1, 135, 8, 14),
        (-12, 98, -3, 135, 8, 14),
        (10, 94, -4, 130, 8, 11),
    ]
    build.both_bands("cortex", neck, wobble=0.0, shift=0.0)
    build.both(
        _FEMUR,
        [
            (-42.0, ellipse(134, 8, 14, 17)),
            (-20.0, ellipse(140, 10, 14, 21)),
            (4.0, ellipse(142, 14, 12, 19)),
            (18.0, ellipse(142, 18, 8, 12)),
        ],
        caps=(3.0, 8.0),
        wobble=0.6,
    )
    build.both(_SHAFT, [(-140.0, ellipse(124, 0, 14.5, 15)), (-40.0, ellipse(131, 6, 16, 16.5))])
    head = ellipse(88.0, -5.0, head_radius_mm, head_radius_mm)
    joint: Layers = (("cortex", -2.6), ("cartilage", -1.7))
    levels = [(2.0 - head_radius_mm, head), (2.0 + head_radius_mm, head)]
    build.both(joint, levels, caps=(head_radius_mm, head_radius_mm), shift=0.0)
    build.both(
        (("cortex", -0.2), ("femoral_marrow", 1.2)), levels, caps=(head_radius_mm, head_radius_mm), shift=0.0
    )
    marrow = [(z, x0 - 6, y0, x1, y1, half_width - 1.5) for z, x0, y0, x1, y1, half_width in neck]
    build.both_bands("femoral_marrow", marrow, wobble=0.0, shift=0.0)


def _add_sacrum(build: Builder) -> None:
    def outline(y: float, half_width: float, thickness: float, hollow: float) -> list[tuple[float, float]]:
        w, t = half_width, thickness
        left = [
            (0.45 * w, y - hollow * 0.4),
            (0.85 * w, y + 0.05 * t),
            (w, y + 0.35 * t),
            (0.72 * w, y + 0.8 * t),
        ]
        right = [(-x, v) for x, v in reversed(left)]
        return [
            (0.0, y),
            *left,
            (0.25 * w, y + 0.95 * t),
            (0.0, y + 1.25 * t),
            (-0.25 * w, y + 0.95 * t),
            *right,
        ]

    build.both_bands("ligament", [(58, 60, 56, 52, 78, 5), (85, 66, 44, 50, 84, 8), (140, 72, 26, 58, 84, 9)])
    build.add(
        _SACRUM,
        [
            (z, smooth_outline(outline(y, half_width, thickness, hollow)))
            for z, y, half_width, thickness, hollow in (
                (-12.0, 68.0, 4.0, 5.0, 0.0),
                (0.0, 73.0, 7.0, 7.0, 0.0),
                (14.0, 78.0, 12.0, 9.0, 2.0),
                (26.0, 79.0, 20.0, 12.0, 4.0),
                (45.0, 75.0, 33.0, 18.0, 6.0),
                (65.0, 64.0, 55.0, 27.0, 6.0),
                (85.0, 47.0, 63.0, 38.0, 5.0),
                (105.0, 28.0, 66.0, 54.0, -4.0),
                (140.0, 14.0, 56.0, 62.0, -8.0),
            )
        ],
        caps=(5.0, 0.0),
        wobble=0.6,
    )
    build.add(
        (("cortex", 0.0), ("epidural", 0.8)),
        [
            (30.0, ellipse(0, 88, 5, 2.4)),
            (60.0, ellipse(0, 86, 10, 4.5)),
            (90.0, ellipse(0, 75, 13, 7)),
            (140.0, ellipse(0, 62, 14, 9)),
        ],
        caps=(4.0, 0.0),
    )
    build.add(
        "csf",
        [(72.0, ellipse(0, 80, 4, 3)), (95.0, ellipse(0, 73, 9, 5)), (140.0, ellipse(0, 62, 11, 7))],
        caps=(8.0, 0.0),
    )
    for z, x, y in ((35.0, 14.0, 81.0), (53.0, 17.0, 77.0), (72.0, 20.0, 69.0), (92.0, 24.0, 55.0)):
        build.both(
            (("cortex", 0.0), ("epidural", 0.9)),
            [(z - 6, ellipse(x, y, 6, 7, 70)), (z + 6, ellipse(x, y, 6, 7, 70))],
            caps=(5, 5),
        )
        build.both(
            "nerve",
            [(z - 7, ellipse(x + 3, y - 4, 2.6, 3.2)), (z + 7, ellipse(x - 2, y + 3, 2.6, 3.2))],
            caps=(3, 3),
        )
