"""An open read with images, and drawings on them as its browser would send them."""

import math
from dataclasses import dataclass
from typing import Any

from backend.cases.models import CaseImage
from backend.reads.access import shown_series
from backend.reads.geometry import SliceGrid, slice_grid
from backend.reads.image_uids import uid_in_read
from backend.reads.models import Read
from tests.factories.studies import Stage, study_in


@dataclass(frozen=True)
class Canvas:
    """A read to draw in. Series count from 0 and frames from 1, as the reader sees them."""

    read: Read

    def image(self, *, series: int = 0, frame: int = 3) -> CaseImage:
        shown = shown_series(self.read)[series]
        return CaseImage.objects.select_related("series").get(series=shown, index=frame - 1)

    def grid(self, **place: int) -> SliceGrid:
        return slice_grid(self.image(**place).metadata)

    def uids(self, **place: int) -> dict[str, str]:
        image = self.image(**place)
        return {
            "sop_uid": uid_in_read(self.read.pk, image.sop_uid),
            "frame_of_reference_uid": uid_in_read(self.read.pk, image.series.frame_of_reference_uid),
        }

    def point(self, column: float, row: float, **place: int) -> list[float]:
        """The patient coordinates of a pixel position."""
        grid = self.grid(**place)
        return [
            grid.position[axis]
            + column * grid.column_spacing_mm * grid.row_direction[axis]
            + row * grid.row_spacing_mm * grid.column_direction[axis]
            for axis in range(3)
        ]

    def outline(self, pixels: list[tuple[float, float]], **place: int) -> dict[str, Any]:
        """A contour through pixel positions."""
        return {"points_mm": [self.point(*pixel, **place) for pixel in pixels], **self.uids(**place)}

    def disk(
        self, radius: float, *, at: tuple[float, float] = (15.0, 16.0), corners: int = 90, **place: int
    ) -> dict[str, Any]:
        """A round contour; radius in pixels, which are square here."""
        angles = [2 * math.pi * step / corners for step in range(corners)]
        return self.outline(
            [(at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)) for angle in angles],
            **place,
        )


def open_canvas() -> Canvas:
    story = study_in(Stage.SESSION_1, with_images=True)
    return Canvas(Read.objects.get(reader=story.people["reader1"], status="DRAFT"))
