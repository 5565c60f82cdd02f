"""The page that carries the front end, and the address by which a supervisor asks whether the server is well."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

ENTRY = "src/app/main.tsx"


@dataclass(frozen=True)
class Room:
    """A page with images: what it stands on is most of the front end, and would be asked for in four turns."""

    path: re.Pattern[str]
    page: str
    # A small script that asks for the first image, and paints it, before the rest has come.
    ahead: str | None = None
    # What that script asks for first, by the names in `path`.
    asks: tuple[str, ...] = ()


ROOMS = (
    Room(
        re.compile(r"/read/[^/]+/case/(?P<read>[^/]+)/?"),
        "src/features/reading-room/ReadingRoomPage.tsx",
        ahead="src/features/reading-room/open-ahead.ts",
        asks=("/api/reader/reads/{read}", "/api/account/viewer-preferences"),
    ),
    Room(re.compile(r"/adjudicate/[^/]+/item/[^/]+/?"), "src/features/adjudication/ItemRoomPage.tsx"),
)


Manifest = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Bundle:
    """The addresses of what a page is made of; empty when the front end has not been built.

    `ahead` is run before the page's own `script`, and `asked` is what it asks for; `modules` is what the page stands on
    beside it, to be fetched along with it.
    """

    script: str = ""
    ahead: str = ""
    asked: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)


def bundle_of(dist: Path, path: str) -> Bundle:
    """What the page at `path` is made of."""
    manifest_path = dist / ".vite" / "manifest.json"
    if not manifest_path.is_file():
        return Bundle()
    manifest: Manifest = json.loads(manifest_path.read_text())
    base = f"{settings.STATIC_URL}app/"
    room, names = next(
        ((room, found) for room in ROOMS if (found := room.path.fullmatch(path))), (None, None)
    )
    # A front end that was built before it had them lacks no more than some speed.
    ahead = [name for name in [room and room.ahead] if name and name in manifest]
    page = [name for name in [room and room.page] if name and name in manifest]
    chunks = _with_imports(manifest, [*ahead, ENTRY, *page])
    return Bundle(
        script=base + manifest[ENTRY]["file"],
        ahead=base + manifest[ahead[0]]["file"] if ahead else "",
        asked=_asked(room, names.groupdict(), manifest, base) if room and names and ahead else [],
        styles=[base + style for style in dict.fromkeys(_styles(manifest, chunks))],
        modules=[base + manifest[name]["file"] for name in chunks if name not in (*ahead, ENTRY)],
    )


def _asked(room: Room, names: dict[str, str], manifest: Manifest, base: str) -> list[str]:
    """The addresses that the small script of a room asks for at once."""
    answers = [
        path.format(**{name: quote(part, safe="") for name, part in names.items()}) for path in room.asks
    ]
    chunks = _with_imports(manifest, [room.ahead] if room.ahead else [])
    files = [file for name in chunks for file in manifest[name].get("assets", [])]
    return answers + [base + file for file in files if file.endswith(".wasm")]


def _styles(manifest: Manifest, chunks: list[str]) -> list[str]:
    return [style for name in chunks for style in manifest[name].get("css", [])]


def _with_imports(manifest: Manifest, names: list[str]) -> list[str]:
    """The chunks of that name and all that they import, each once, what is imported first."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for imported in manifest[name].get("imports", []):
            visit(imported)
        found.append(name)

    seen: set[str] = set()
    for name in names:
        visit(name)
    return found


@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    nonce = getattr(request, "csp_nonce", "")
    bundle = bundle_of(settings.FRONTEND_DIST, request.path)
    response = render(request, "shell.html", {"bundle": bundle, "nonce": nonce})
    response.headers["Cache-Control"] = "no-store"
    return response


def health(request: HttpRequest) -> JsonResponse:
    """200 when the server reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def no_such_route(request: HttpRequest, rest: str = "") -> JsonResponse:
    """An unknown address under /api: the same body as everything that is not there."""
    return JsonResponse({"code": "not_found", "text": "Not found."}, status=404)


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    """A request that another site may have made a browser send."""
    text = "This page is out of date. Please reload it and try again."
    return JsonResponse({"code": "forbidden", "text": text}, status=403)
