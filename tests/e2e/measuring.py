"""A case of known pixels to be measured in, the hand on its image, and what the server keeps of what is drawn."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Request, expect

from backend.reads.models import Read
from tests.factories.dicom_files import mr_slice, save
from tests.flows.workers import wait_until

from .conftest import SignIn
from .reading import open_next, painted
from .studies import PASSWORD, READER, study_in_reading
from .viewing import Grid, at_mm, drag_mm

GRID = Grid(rows=96, columns=96, row_spacing_mm=0.5, column_spacing_mm=0.5)
SLICES = 5
MIDDLE = SLICES // 2 + 1
CANVAS_MM = 0.5
# The block: columns 20 to 59 and rows 60 to 79, 10 to 30 mm across and 30 to 40 mm down; columns alternate.
BLOCK = (700, 710)
# The node: an ellipse of 16 by 8 mm around (32, 12) mm.
NODE_MM = (32.0, 12.0)


def stored() -> NDArray[np.uint16]:
    rows, columns = np.indices((GRID.rows, GRID.columns))
    pixels = np.full((GRID.rows, GRID.columns), 200)
    x, y = (columns + 0.5) * GRID.column_spacing_mm, (rows + 0.5) * GRID.row_spacing_mm
    pixels[((x - NODE_MM[0]) / 8) ** 2 + ((y - NODE_MM[1]) / 4) ** 2 <= 1] = 600
    pixels[60:80, 20:60] = np.where(columns[60:80, 20:60] % 2, BLOCK[1], BLOCK[0])
    return pixels.astype(np.uint16)


class Sent:
    """What the browser sent with its last save."""

    def __init__(self, page: Page) -> None:
        self.annotations: list[dict[str, Any]] = []
        self.page = page
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method == "PUT" and request.url.endswith("/draft"):
            self.annotations = json.loads(request.post_data or "{}").get("annotations", [])


def open_measured(tmp_path: Path, sign_in: SignIn) -> Page:
    """A reader before the case."""
    for index in range(SLICES):
        made = mr_slice(
            index,
            pixels=stored(),
            series="1.2.3.1",
            SeriesNumber=1,
            SeriesDescription="t2_tse_tra",
            PixelSpacing=[GRID.row_spacing_mm, GRID.column_spacing_mm],
            WindowCenter=450,
            WindowWidth=900,
        )
        save(made, tmp_path / f"{index}.dcm")
    study_in_reading(tmp_path, now=timezone.now())
    page = sign_in(READER, PASSWORD)
    open_next(page)
    return page


def notes(page: Page) -> Locator:
    return page.get_by_role("list", name="Measurements and notes beside the form").get_by_role("listitem")


def kept(tool: str, *, count: int = 1) -> list[dict[str, Any]]:
    """The annotations of this tool on the server, once there are so many."""

    def found() -> list[dict[str, Any]]:
        return [one for one in Read.objects.get().draft.get("annotations", []) if one["tool"] == tool]

    wait_until(lambda: len(found()) == count, within_s=30, what=f"the server has {count} of {tool}")
    return found()


def agree(sent: Sent, one: dict[str, Any]) -> None:
    """The browser sent the very values that the server computed."""
    # Requests are told of while the page is asked something.
    painted(sent.page)
    (mine,) = [other for other in sent.annotations if other["uuid"] == one["uuid"]]
    assert mine["points_mm"] == one["points_mm"]
    assert mine["values"].keys() == one["values"].keys()
    for name, value in one["values"].items():
        assert mine["values"][name] == pytest.approx(value, abs=1e-6), name


def inside_of(share: NDArray[np.bool_]) -> dict[str, float]:
    values = stored()[share].astype(float)
    ends = {"min": values.min(), "max": values.max()}
    return {"pixels": len(values), "mean": values.mean(), "sd": values.std(), **ends}


def places(one: dict[str, Any]) -> NDArray[np.float64]:
    """Points in mm from the image's left upper corner: the slices are axial and lie around the middle."""
    points = np.array(one["points_mm"])[:, :2]
    first = Read.objects.get().assignment.study_case.case.series.get().images.order_by("index")[MIDDLE - 1]
    origin = np.array(first.metadata["00200032"]["Value"][:2], dtype=float)
    found: NDArray[np.float64] = points - origin + (GRID.column_spacing_mm / 2, GRID.row_spacing_mm / 2)
    return found


def draw_angle(page: Page) -> None:
    page.keyboard.press("a")
    drag_mm(page, GRID, (5, 10), (5, 25))
    page.mouse.move(*at_mm(page, GRID, 12, 25))
    page.mouse.move(*at_mm(page, GRID, 18, 25))
    page.mouse.down()
    page.mouse.up()


def draw_freehand(page: Page, *corners: tuple[float, float]) -> None:
    page.keyboard.press("j")
    page.mouse.move(*at_mm(page, GRID, *corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*at_mm(page, GRID, *corner), steps=8)
    page.mouse.up()
    painted(page)


def draw_arrow(page: Page) -> None:
    page.keyboard.press("u")
    drag_mm(page, GRID, (10, 20), (18, 30))
    expect(page.get_by_label("Label of the arrow")).to_be_focused()
    page.keyboard.type("node")
    page.keyboard.press("Enter")


def draw_text(page: Page) -> None:
    page.keyboard.press("t")
    page.mouse.click(*at_mm(page, GRID, 20, 20))
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.keyboard.type("dim zone")
    page.keyboard.press("Enter")
