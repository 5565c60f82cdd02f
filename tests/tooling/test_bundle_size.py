"""How much JavaScript each page has to fetch before it can be used, gzip as servers send it."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backend.config.shell import ROOMS

KILOBYTE = 1000
ENTRY = "src/app/main.tsx"
# A tab of the desk stands within the desk's own page.
WITHIN = {"src/features/desk/components/DeskLayout.tsx": ("src/app/pages/", "src/features/desk/components/")}
LIBRARY = "CornerstoneRender"
WITH_IMAGES = {"src/features/reading-room/ReadingRoomPage.tsx", "src/features/adjudication/ItemRoomPage.tsx"}
WITH_IMAGES_KB = 1350
WITHOUT_IMAGES_KB = 230

Manifest = dict[str, Any]


@cache
def manifest() -> Manifest:
    path = settings.FRONTEND_DIST / ".vite" / "manifest.json"
    assert path.is_file(), "build the front end first: make test"
    found: Manifest = json.loads(path.read_text())
    return found


@cache
def gzipped(name: str) -> int:
    return len(gzip.compress((settings.FRONTEND_DIST / name).read_bytes(), 6))


def with_imports(built: Manifest, *names: str) -> set[str]:
    """The chunks of these modules, and those that they cannot run without."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += built[name].get("imports", [])
    return found


def pages(built: Manifest) -> Iterator[tuple[str, set[str]]]:
    """Every page that the router loads, by its source, with its chunks."""
    for page in built[ENTRY]["dynamicImports"]:
        around = [
            layout
            for layout, folders in WITHIN.items()
            if page != layout and page.startswith(folders) and built[page]["isDynamicEntry"]
        ]
        yield page, with_imports(built, ENTRY, *around, page)


def kilobytes(built: Manifest, chunks: set[str]) -> float:
    return sum(gzipped(built[chunk]["file"]) for chunk in chunks) / KILOBYTE


def too_large(built: Manifest) -> dict[str, str]:
    found = {}
    for page, chunks in pages(built):
        most = WITH_IMAGES_KB if page in WITH_IMAGES else WITHOUT_IMAGES_KB
        size = kilobytes(built, chunks)
        if size > most:
            found[page] = f"{size:.0f} of {most} kB"
    return found


def test_no_page_asks_for_more_than_it_may() -> None:
    assert too_large(manifest()) == {}


def test_pages_without_images_have_nothing_of_the_viewer() -> None:
    built = manifest()
    scripts = {name: entry["file"] for name, entry in built.items() if entry["file"].endswith(".js")}
    viewer = {
        name for name, file in scripts.items() if LIBRARY in (settings.FRONTEND_DIST / file).read_text()
    }
    assert viewer
    for page, chunks in pages(built):
        assert bool(chunks & viewer) == (page in WITH_IMAGES), page


def test_the_script_that_runs_ahead_of_a_page_is_small() -> None:
    ahead = [room.ahead for room in ROOMS if room.ahead]
    assert ahead
    assert kilobytes(manifest(), with_imports(manifest(), *ahead)) < 25


def test_every_page_of_the_router_is_looked_at() -> None:
    router = (Path(settings.ROOT) / "frontend" / "src" / "app" / "router.tsx").read_text()
    named = {part.split('"')[1].rsplit("/", 1)[-1] for part in router.split("import(")[1:]}
    seen = {Path(page).stem if Path(page).stem != "index" else page for page, _ in pages(manifest())}
    assert named <= seen


def test_a_page_that_grows_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.gzipped", lambda name: 300 * KILOBYTE)
    assert "src/features/account/components/SignInPage.tsx" in too_large(manifest())
