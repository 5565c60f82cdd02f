"""What was drawn beside the form is moved, undone, deleted and brought back; values that differ are told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, Route, expect

from tests.flows.workers import wait_until

from .conftest import SignIn
from .measuring import (
    CANVAS_MM,
    GRID,
    MIDDLE,
    draw_angle,
    draw_arrow,
    draw_freehand,
    draw_text,
    kept,
    notes,
    open_measured,
)
from .test_drafts import expect_saved
from .viewing import drag_mm, viewer

SAME_MM = 0.01
# How each is drawn, where it is taken hold of, its name in the list and what is written at it.
OTHERS: dict[str, tuple[Callable[[Page], None], tuple[float, float], str, str]] = {
    "angle": (draw_angle, (5, 17), "angle", ""),
    "freehand": (
        lambda page: draw_freehand(page, (24, 8), (40, 8), (40, 20), (24, 20), (24, 9)),
        (33, 20),
        "region",
        "",
    ),
    "arrow": (draw_arrow, (14, 25), "arrow", "node"),
    "text": (draw_text, (20, 20), "note", "dim zone"),
}


def expect_points(tool: str, points_mm: NDArray[np.float64], within_mm: float, text: str) -> None:
    """The server keeps one drawing of this tool, at these places and with this text."""

    def is_so() -> bool:
        (one,) = kept(tool)
        lies = np.allclose(one["points_mm"], points_mm, atol=within_mm)
        return lies and (one["text"] or "") == text

    wait_until(is_so, within_s=30, what=f"the {tool} lies where it should")


@pytest.fixture
def page(tmp_path: Path, sign_in: SignIn) -> Page:
    return open_measured(tmp_path, sign_in)


def test_every_other_drawing_is_moved_undone_deleted_and_brought_back(page: Page) -> None:
    for tool, (draw, (x, y), name, text) in OTHERS.items():
        draw(page)
        expect(notes(page)).to_have_count(1)
        points = np.array(kept(tool)[0]["points_mm"])
        expect_points(tool, points, SAME_MM, text)
        values = kept(tool)[0]["values"]
        drag_mm(page, GRID, (x, y), (x + 4, y + 3))
        expect_points(tool, points + np.array([4, 3, 0]), CANVAS_MM, text)
        page.keyboard.press("Control+z")
        expect_points(tool, points, SAME_MM, text)
        viewer(page).focus()
        page.keyboard.press("Delete")
        expect(notes(page)).to_have_count(0)
        kept(tool, count=0)
        page.keyboard.press("Control+z")
        expect(notes(page)).to_have_count(1)
        expect_points(tool, points, SAME_MM, text)
        assert kept(tool)[0]["values"] == pytest.approx(values)
        page.get_by_role("button", name=f"Delete the {name} on slice {MIDDLE}").click()
        expect(notes(page)).to_have_count(0)
        kept(tool, count=0)


def test_the_list_says_where_the_server_measures_otherwise(page: Page) -> None:
    """The browser's own length is made wrong on its way: by less than 0.01 mm nothing is said."""
    too_long_mm = [0.009]

    def bend(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        for one in sent.get("annotations", []):
            one["values"]["length_mm"] += too_long_mm[0]
        route.continue_(post_data=json.dumps(sent))

    page.route("**/draft", bend)
    page.keyboard.press("d")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        drag_mm(page, GRID, (10, 44), (40, 44))
    expect_saved(page)
    expect(notes(page).get_by_role("alert")).to_have_count(0)
    too_long_mm[0] = 0.02
    drag_mm(page, GRID, (20, 44), (20, 41))
    expect(notes(page).get_by_role("alert")).to_have_text(
        re.compile(r"^The server measures \d+\.\d\d mm here\.$")
    )
    (one,) = kept("length")
    expect(notes(page).get_by_role("alert")).to_contain_text(f"{one['values']['length_mm']:.2f} mm")
