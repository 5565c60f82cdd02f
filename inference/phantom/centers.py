"""The three imaginary imaging departments: one acquisition protocol each."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Size = Literal["full", "small"]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """An acquisition grid: rows x columns x slices, with spacing in mm."""

    rows: int
    columns: int
    slices: int
    pixel_mm: float
    thickness_mm: float
    step_mm: float


@dataclass(frozen=True, kw_only=True)
class Center:
    """Everything that distinguishes the images of one center from those of another.

    Lengths in mm, angles in degrees, times in ms; `gain` is the stored value of signal 1, `noise` relative to
    signal 1, `bias` the strength of the coil's unevenness, `fat_signal` how bright fat is.
    """

    code: str
    name: str
    manufacturer: str
    scanner: str
    serial_number: str
    field_tesla: float
    t2w: Grid
    t2w_small: Grid
    adc: Grid
    adc_small: Grid
    tilt_deg: float
    yaw_deg: float
    noise: float
    bias: float
    blur_px: float
    gain: float
    fat_signal: float
    echo_time_ms: float
    repetition_time_ms: float
    is_numbered_from_top: bool

    def t2w_grid(self, size: Size) -> Grid:
        return self.t2w if size == "full" else self.t2w_small

    def adc_grid(self, size: Size) -> Grid:
        return self.adc if size == "full" else self.adc_small


_A = Center(
    code="A",
    name="Phantom Center A",
    manufacturer="ReadingRoom Phantom North",
    scanner="Phantom One 1.5T",
    serial_number="A-1001",
    field_tesla=1.5,
    t2w=Grid(rows=320, columns=320, slices=44, pixel_mm=0.6875, thickness_mm=3.0, step_mm=3.5),
    t2w_small=Grid(rows=128, columns=128, slices=24, pixel_mm=1.3, thickness_mm=4.5, step_mm=5.0),
    adc=Grid(rows=128, columns=128, slices=30, pixel_mm=1.875, thickness_mm=4.0, step_mm=5.0),
    adc_small=Grid(rows=64, columns=64, slices=14, pixel_mm=2.75, thickness_mm=6.0, step_mm=7.5),
    tilt_deg=0.0,
    yaw_deg=0.0,
    noise=0.035,
    bias=0.30,
    blur_px=0.55,
    gain=520.0,
    fat_signal=1.0,
    echo_time_ms=101.0,
    repetition_time_ms=4300.0,
    is_numbered_from_top=False,
)
_B = Center(
    code="B",
    name="Phantom Center B",
    manufacturer="ReadingRoom Phantom East",
    scanner="Phantom Three 3T",
    serial_number="B-3001",
    field_tesla=3.0,
    t2w=Grid(rows=352, columns=352, slices=44, pixel_mm=0.5469, thickness_mm=3.0, step_mm=3.0),
    t2w_small=Grid(rows=128, columns=128, slices=24, pixel_mm=1.15, thickness_mm=4.0, step_mm=4.5),
    adc=Grid(rows=128, columns=128, slices=32, pixel_mm=1.7188, thickness_mm=3.5, step_mm=4.0),
    adc_small=Grid(rows=64, columns=64, slices=14, pixel_mm=2.5, thickness_mm=6.0, step_mm=7.0),
    tilt_deg=-12.0,
    yaw_deg=1.5,
    noise=0.025,
    bias=0.55,
    blur_px=0.6,
    gain=310.0,
    fat_signal=0.92,
    echo_time_ms=96.0,
    repetition_time_ms=5200.0,
    is_numbered_from_top=True,
)
_C = Center(
    code="C",
    name="Phantom Center C",
    manufacturer="ReadingRoom Phantom South",
    scanner="Phantom Wide 1.5T",
    serial_number="C-2001",
    field_tesla=1.5,
    t2w=Grid(rows=272, columns=384, slices=40, pixel_mm=0.9, thickness_mm=3.6, step_mm=4.0),
    t2w_small=Grid(rows=112, columns=144, slices=24, pixel_mm=1.5, thickness_mm=5.0, step_mm=5.5),
    adc=Grid(rows=96, columns=128, slices=28, pixel_mm=2.7, thickness_mm=4.5, step_mm=5.5),
    adc_small=Grid(rows=48, columns=64, slices=14, pixel_mm=3.5, thickness_mm=6.0, step_mm=8.0),
    tilt_deg=0.0,
    yaw_deg=0.0,
    noise=0.055,
    bias=0.20,
    blur_px=0.5,
    gain=240.0,
    fat_signal=1.08,
    echo_time_ms=88.0,
    repetition_time_ms=3900.0,
    is_numbered_from_top=True,
)

CENTERS = MappingProxyType({center.code: center for center in (_A, _B, _C)})


def center_for(code: str) -> Center:
    """The center of that code.

    Raises
    ------
    ValueError
        If no such center exists.
    """
    try:
        return CENTERS[code]
    except KeyError:
        raise ValueError(f"no phantom center {code!r}; there are {', '.join(CENTERS)}") from None
