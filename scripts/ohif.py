"""OHIF's own build, as its npm package ships it, served on this machine before a DICOMweb server. For the bench.

The package is fetched when the bench runs, into a folder that git ignores; it is no part of the product.
"""

import contextlib
import hashlib
import http.client
import json
import mimetypes
import shutil
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from scripts.orthanc import DICOMWEB_ROOT
from scripts.toolchain import Problem, check_node

PACKAGE, VERSION = "@ohif/app", "3.13.2"
SHA256 = "b189d3963bfc58e9394a9db8c7be75d07beb029ec211dbb126d47b62969dd3f1"
CONFIGURATION_PATH = "/app-config.js"
UPSTREAM_WITHIN_S = 60
KEPT = "public, max-age=31536000, immutable"
# Web files that the build would name; any other path is the page's own route.
ASSET_TYPES = (".js", ".css", ".wasm", ".json", ".png", ".ico", ".svg", ".woff2", ".map", ".html")
# The front end's own bundler minifies; the scripts stand in the folder that is the first argument.
MINIFY = """
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { minifySync } from "rolldown/utils";
const folder = process.argv[1];
for (const name of readdirSync(folder).filter((one) => /\\.bundle\\..*\\.js$/.test(one))) {
  const { code, errors } = minifySync(name, readFileSync(`${folder}/${name}`, "utf8"));
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  writeFileSync(`${folder}/${name}`, code);
}
"""
FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
# With these the page may use shared memory, as OHIF's deployment guide has it.
ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def fetch_ohif(cache: Path) -> Path:
    """The folder of the build, fetched once into `cache` by npm and checked against the pinned digest."""
    folder = cache / f"ohif-{VERSION}"
    if (folder / "index.html").is_file():
        return folder
    check_node()
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as name:
        archive = _packed(Path(name))
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != SHA256:
            raise Problem(f"{PACKAGE} {VERSION} has SHA-256 {found}, not the pinned {SHA256}.")
        with tarfile.open(archive) as opened:
            opened.extractall(name, filter="data")
        shutil.rmtree(folder, ignore_errors=True)
        Path(name, "package", "dist").rename(folder)
    return folder


def _packed(folder: Path) -> Path:
    command = ["npm", "pack", f"{PACKAGE}@{VERSION}", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        raise Problem(f"`{' '.join(command)}` failed:\n{done.stderr.strip()[-2000:]}")
    return archives[0]


def app_configuration() -> str:
    """OHIF's `app-config.js`: its own defaults, the DICOMweb server at this page's origin its only source."""
    root = dict.fromkeys(("wadoUriRoot", "qidoRoot", "wadoRoot"), DICOMWEB_ROOT)
    source = {
        "friendlyName": "Orthanc",
        "name": "orthanc",
        **root,
        "qidoSupportsIncludeField": False,
        "supportsReject": False,
        "supportsFuzzyMatching": False,
        "supportsWildcard": True,
        "imageRendering": "wadors",
        "thumbnailRendering": "wadors",
        "enableStudyLazyLoad": True,
        "staticWado": True,
        "singlepart": "bulkdata",
        "bulkDataURI": {"enabled": True},
        "omitQuotationForMultipartRequest": True,
    }
    settings: dict[str, Any] = {
        "routerBasename": None,
        "extensions": [],
        "modes": [],
        # What greets a first visitor stays away: a tour of the viewer, a notice over the lower edge.
        "customizationService": {"ohif.tours": {"$set": []}},
        "investigationalUseDialog": {"option": "never"},
        "showStudyList": True,
        "maxNumberOfWebWorkers": 3,
        "showWarningMessageForCrossOrigin": True,
        "showCPUFallbackMessage": True,
        "showLoadingIndicator": True,
        "strictZSpacingForVolumeViewport": True,
        "groupEnabledModesFirst": True,
        "maxNumRequests": {"interaction": 100, "thumbnail": 5, "prefetch": 25},
        "defaultDataSourceName": "orthanc",
        "dataSources": [
            {
                "namespace": "@ohif/extension-default.dataSourcesModule.dicomweb",
                "sourceName": "orthanc",
                "configuration": source,
            }
        ],
    }
    return f"window.config = {json.dumps(settings, indent=2)};\n"


def minified(folder: Path) -> Path:
    """A copy of the build with its scripts minified: the package ships them as written, with comments."""
    small = folder.with_name(f"{folder.name}-minified")
    if (small / "index.html").is_file():
        return small
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        copy = Path(name, "dist")
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.map", "*.min.js"))
        command = ["node", "--input-type=module", "--eval", MINIFY, str(copy)]
        done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Problem(f"Minifying OHIF's scripts failed:\n{done.stderr.strip()[-2000:]}")
        shutil.rmtree(small, ignore_errors=True)
        copy.rename(small)
    return small


def viewer_path(study_uid: str, series_uid: str) -> str:
    """The path of OHIF's basic viewer with one series of a study, by DICOM UIDs."""
    return "/viewer?" + urlencode({"StudyInstanceUIDs": study_uid, "SeriesInstanceUIDs": series_uid})


def file_for(folder: Path, path: str) -> Path | None:
    """The file that answers a path: itself, the page for a route of the page's own, None for what is missing."""
    wanted = (folder / path.lstrip("/")).resolve()
    if not wanted.is_relative_to(folder.resolve()):
        return None
    if wanted.is_file():
        return wanted
    return None if wanted.suffix in ASSET_TYPES else folder / "index.html"


@contextlib.contextmanager
def serving_ohif(folder: Path, dicomweb_port: int) -> Iterator[str]:
    """Serves the build and, under the same origin, the DICOMweb server; yields the origin."""
    handler = type("Handler", (_Handler,), {"folder": folder, "dicomweb_port": dicomweb_port})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection of the browser."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    folder: Path
    dicomweb_port: int

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == CONFIGURATION_PATH:
            self._send(200, "text/javascript", app_configuration().encode())
        elif path.startswith(f"{DICOMWEB_ROOT}/"):
            self._relay()
        else:
            self._send_file(file_for(self.folder, path))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the table is the output."""

    def _send_file(self, file: Path | None) -> None:
        if file is None:
            self._send(404, "text/plain", b"not found")
            return
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        cached = "no-cache" if file.suffix == ".html" else KEPT
        self._send(200, kind, file.read_bytes(), cached=cached)

    def _relay(self) -> None:
        # Orthanc drops a connection that rests for a second, and a new one costs next to nothing here.
        upstream = http.client.HTTPConnection("127.0.0.1", self.dicomweb_port, timeout=UPSTREAM_WITHIN_S)
        with contextlib.closing(upstream):
            upstream.request("GET", self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
            answer = upstream.getresponse()
            body = answer.read()
        self._send(answer.status, answer.headers.get("Content-Type", "application/json"), body)

    def _send(self, status: int, kind: str, body: bytes, *, cached: str = "no-cache") -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": cached}
        for name, value in {**ISOLATION, **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
