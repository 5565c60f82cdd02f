"""A case whose masks are painted voxel by voxel, with the mouse on its image and what the server keeps of it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from backend.reads.labelmap_bytes import unpacked
from backend.reads.models import Read
from inference.phantom.node_box import CONTRASTS, GRIDS, BoxGrid, NodeBox, make_node_box
from tests.factories.dicom_files import mr_slice, save
from tests.flows.workers import wait_until

from .reading import open_next
from .studies import study_in_reading
from .viewing import Grid, at_mm, viewer

# A node of 7.4 mm in fat, with a vessel and a wall of muscle beside it: near the cut-off of 7 mm.
NODE_SEED = 7
MASK = "nodes"
FORM: dict[str, Any] = {
    "version": 1,
    "questions": [
        {
            "key": MASK,
            "kind": "mask",
            "label": "Lymph nodes",
            "drawn_by": "voxels",
            "role": "T2W",
            "required": True,
            "cut_off_mm": 7,
            "labels": [
                {"key": "left_obturator", "label": "left obturator"},
                {"key": "right_obturator", "label": "right obturator"},
            ],
            "statuses": [
                {"key": "positive", "label": "positive"},
                {"key": "negative", "label": "negative"},
            ],
        },
        {
            "key": "size",
            "kind": "derived",
            "label": "Largest short axis",
            "type": "number",
            "unit": "mm",
            "expr": "round(nodes_short_axis_mm, 1)",
        },
    ],
}
Labels = NDArray[np.uint8]


@dataclass(frozen=True)
class Painted:
    """A series on the page whose voxels can be painted."""

    page: Page
    voxels: BoxGrid

    @property
    def grid(self) -> Grid:
        _, rows, columns = self.voxels.shape
        _, row_mm, column_mm = self.voxels.spacing_mm
        return Grid(rows, columns, row_mm, column_mm)

    def at(self, column: float, row: float) -> tuple[float, float]:
        """The middle of a pixel of the image on the page."""
        grid = self.grid
        return at_mm(
            self.page, grid, (column + 0.5) * grid.column_spacing_mm, (row + 0.5) * grid.row_spacing_mm
        )

    def click(self, column: float, row: float) -> None:
        self.page.mouse.click(*self.at(column, row))

    def stroke(self, *places: tuple[float, float]) -> None:
        start, *others = (self.at(*place) for place in places)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place)
        self.page.mouse.up()

    def draft(self) -> dict[str, Any]:
        """The draft as the server gives it back to the page."""
        answered = self.page.request.get(f"{origin(self.page)}/api/reader/reads/{Read.objects.get().pk}")
        assert answered.ok
        draft: dict[str, Any] = answered.json()["draft"]
        return draft

    def labels(self) -> Labels:
        """What the server keeps, slice by slice; nothing painted is all zero."""
        kept = self.draft()["labelmaps"]
        if not kept:
            return np.zeros(self.voxels.shape, np.uint8)
        return unpacked(base64.b64decode(kept[0]["data"]), self.voxels.shape)

    def wait_for(self, holds: Callable[[Labels], bool], what: str) -> Labels:
        """The server's labels once they are as they should be."""
        wait_until(lambda: holds(self.labels()), within_s=30, what=what)
        return self.labels()

    def segments(self) -> list[dict[str, Any]]:
        return [segment for one in self.draft()["labelmaps"] for segment in one["segments"]]


@dataclass(frozen=True)
class Case(Painted):
    """The series of one node of known shape."""

    box: NodeBox


def origin(page: Page) -> str:
    return str(page.evaluate("() => location.origin"))


def study_of_a_node(tmp_path: Path) -> NodeBox:
    box = make_node_box(NODE_SEED, CONTRASTS["middle"], GRIDS["0.6 mm, slices 3.5 mm"])
    step, row_mm, column_mm = box.grid.spacing_mm
    for index, pixels in enumerate(box.values):
        spacing = {"PixelSpacing": [row_mm, column_mm], "SliceThickness": box.grid.thickness_mm}
        look = {"WindowCenter": 420, "WindowWidth": 560}
        save(mr_slice(index, pixels=pixels, step=step, **spacing, **look), tmp_path / f"{index:02}.dcm")
    study_in_reading(tmp_path, now=timezone.now(), template="blank", form=FORM)
    return box


def opened(page: Page, box: NodeBox) -> Case:
    open_next(page)
    expect(viewer(page)).to_have_attribute("data-loaded", f"{box.grid.shape[0]}/{box.grid.shape[0]}")
    return Case(page, box.grid, box)
