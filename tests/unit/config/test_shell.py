import json
import re
from pathlib import Path

import pytest
from django.test import Client

from backend.config.shell import ENTRY, ROOMS, Bundle, bundle_of

NONCE = re.compile(r"'nonce-([\w-]+)'")


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/read/a-study", "/read/a-study/case/7", "/desk/a-study/results"]
)
def test_every_page_is_the_shell(path) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "csrftoken" in answer.cookies


def test_the_policy_allows_no_inline_script_and_no_other_host() -> None:
    answer = Client().get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["connect-src"] == policy["worker-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == "'none'"
    assert "<script>" not in answer.content.decode()
    assert (answer.headers["X-Frame-Options"], answer.headers["Referrer-Policy"]) == ("DENY", "same-origin")


def test_the_page_repeats_the_nonce_of_its_policy_and_no_other_response_has_it() -> None:
    first, second = Client().get("/"), Client().get("/")
    nonces = [NONCE.search(answer.headers["Content-Security-Policy"]).group(1) for answer in (first, second)]
    assert nonces[0] != nonces[1]
    assert f'<meta name="csp-nonce" content="{nonces[0]}">' in first.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/account/me", "/healthz", "/static/no-such-file", "/api/nothing"])
def test_every_response_has_the_policy(path) -> None:
    headers = Client().get(path).headers
    assert NONCE.search(headers["Content-Security-Policy"])
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_media_file_is_served() -> None:
    assert Client().get("/media/cases/x").status_code == 404


@pytest.mark.django_db
def test_health_reaches_the_database() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_the_bundle_is_read_from_the_manifest_with_the_styles_of_what_it_imports(tmp_path) -> None:
    manifest = {
        ENTRY: {"file": "assets/main-1.js", "css": ["assets/main-1.css"], "imports": ["_a.js", "_b.js"]},
        "_a.js": {"file": "assets/a-1.js", "css": ["assets/a-1.css"], "imports": ["_b.js"]},
        "_b.js": {"file": "assets/b-1.js", "imports": ["_a.js"]},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    assert bundle_of(tmp_path, "/") == Bundle(
        script="/static/app/assets/main-1.js",
        styles=["/static/app/assets/a-1.css", "/static/app/assets/main-1.css"],
        modules=["/static/app/assets/b-1.js", "/static/app/assets/a-1.js"],
    )


def test_a_front_end_that_is_not_built_has_an_empty_bundle(tmp_path) -> None:
    assert bundle_of(tmp_path, "/") == Bundle(script="", styles=[])


def test_a_front_end_built_before_the_rooms_had_a_script_ahead_still_gives_their_pages(tmp_path) -> None:
    manifest = {ENTRY: {"file": "main.js", "imports": ["_react.js"]}, "_react.js": {"file": "react.js"}}
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    assert bundle_of(tmp_path, "/read/a-study/case/7") == bundle_of(tmp_path, "/")


def test_a_room_with_images_names_what_it_stands_on_beside_the_entry(tmp_path) -> None:
    manifest = {
        ENTRY: {"file": "main.js", "css": ["main.css"], "imports": ["_react.js"]},
        "_react.js": {"file": "react.js"},
        **{room.page: {"file": "room.js", "css": ["room.css"], "imports": ["_viewer.js"]} for room in ROOMS},
        **{room.ahead: {"file": "first.js", "imports": ["_ask.js"]} for room in ROOMS if room.ahead},
        "_ask.js": {"file": "ask.js", "assets": ["decoder.wasm", "picture.svg"]},
        "_viewer.js": {"file": "viewer.js", "css": ["viewer.css"], "imports": ["_react.js", "_ask.js"]},
        "_builder.js": {"file": "builder.js"},
    }
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))

    def bundle(path: str) -> tuple[str, list[str], list[str]]:
        found = bundle_of(tmp_path, path)
        assert found.script == "/static/app/main.js"
        names = [address.removeprefix("/static/app/") for address in found.modules]
        return found.ahead, [style.removeprefix("/static/app/") for style in found.styles], names

    styles = ["main.css", "viewer.css", "room.css"]
    assert bundle("/read/a-study/case/7") == (
        "/static/app/first.js",
        styles,
        ["ask.js", "react.js", "viewer.js", "room.js"],
    )
    assert bundle("/adjudicate/a-study/item/7") == (
        "",
        styles,
        ["react.js", "ask.js", "viewer.js", "room.js"],
    )
    for path in ("/", "/read/a-study", "/desk/a-study/cases", "/read/a-study/case/7/more"):
        assert bundle(path) == ("", ["main.css"], ["react.js"])
    assert bundle_of(tmp_path, "/read/a-study/case/7%2F").asked == [
        "/api/reader/reads/7%252F",
        "/api/account/viewer-preferences",
        "/static/app/decoder.wasm",
    ]
    assert bundle_of(tmp_path, "/adjudicate/a-study/item/7").asked == []


def test_the_rooms_are_where_the_front_end_has_them() -> None:
    sources = Path(__file__).resolve().parents[3] / "frontend"
    named = [ENTRY, *(room.page for room in ROOMS), *(room.ahead for room in ROOMS if room.ahead)]
    assert all((sources / name).is_file() for name in named)
