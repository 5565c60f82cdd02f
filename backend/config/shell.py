"""The page that carries the front end, and the address by which a supervisor asks whether the server is well."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

ENTRY = "src/app/main.tsx"


@dataclass(frozen=True)
class Bundle:
    """The addresses of the built front end's entry; empty when it has not been built."""

    script: str = ""
    styles: list[str] = field(default_factory=list)


def bundle_of(dist: Path) -> Bundle:
    manifest_path = dist / ".vite" / "manifest.json"
    if not manifest_path.is_file():
        return Bundle()
    manifest: dict[str, Any] = json.loads(manifest_path.read_text())
    base = f"{settings.STATIC_URL}app/"
    styles: list[str] = []
    _collect_styles(manifest, ENTRY, styles, set())
    return Bundle(script=base + manifest[ENTRY]["file"], styles=[base + name for name in styles])


def _collect_styles(manifest: dict[str, Any], name: str, styles: list[str], seen: set[str]) -> None:
    if name in seen:
        return
    seen.add(name)
    for imported in manifest[name].get("imports", []):
        _collect_styles(manifest, imported, styles, seen)
    styles.extend(style for style in manifest[name].get("css", []) if style not in styles)


@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    nonce = getattr(request, "csp_nonce", "")
    response = render(request, "shell.html", {"bundle": bundle_of(settings.FRONTEND_DIST), "nonce": nonce})
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
