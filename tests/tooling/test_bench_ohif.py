import json
import os
import re
import stat
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts import toolchain
from scripts.bench_ohif import frames_of
from scripts.bench_page import Memory, Visit, visit_rows
from scripts.bench_rows import Row
from scripts.ohif import app_configuration, file_for, serving_ohif, viewer_path
from scripts.orthanc import orthanc_configuration

STUDY, SERIES = "1.2.826.0.1", "1.2.826.0.1.4"


@pytest.fixture
def build(tmp_path: Path) -> Path:
    folder = tmp_path / "build"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<p>the page</p>")
    (folder / "app.bundle.1.js").write_text("the program")
    (folder / "app-config.js").write_text("what the package ships")
    (tmp_path / "secret.txt").write_text("not for the browser")
    return folder


class _Told(BaseHTTPRequestHandler):
    """A DICOMweb server in so far as it tells what it was asked."""

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, "accept": self.headers["Accept"]}).encode()
        self.send_response(404 if self.path.endswith("missing") else 200)
        self.send_header("Content-Type", "multipart/related; boundary=x")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def origin(build: Path) -> Iterator[str]:
    behind = HTTPServer(("127.0.0.1", 0), _Told)
    thread = threading.Thread(target=behind.serve_forever)
    thread.start()
    with serving_ohif(build, behind.server_port) as served:
        yield served
    behind.shutdown()
    behind.server_close()
    thread.join()


def test_configuration_names_this_origin_alone() -> None:
    text = app_configuration()
    settings = json.loads(text.removeprefix("window.config = ").removesuffix(";\n"))

    [source] = settings["dataSources"]
    assert settings["defaultDataSourceName"] == source["sourceName"]
    roots = {name: value for name, value in source["configuration"].items() if name.endswith("Root")}
    assert roots == {
        "qidoRoot": "/dicom-web",
        "wadoRoot": "/dicom-web",
        "wadoUriRoot": "/dicom-web",
    }
    assert "//" not in text


def test_viewer_path_asks_for_one_series() -> None:
    assert viewer_path(STUDY, SERIES) == f"/viewer?StudyInstanceUIDs={STUDY}&SeriesInstanceUIDs={SERIES}"


def test_frames_of_a_series_are_told_from_those_of_another() -> None:
    pattern = re.compile(frames_of(SERIES))
    start = f"http://127.0.0.1:1/dicom-web/studies/{STUDY}/series"

    assert pattern.search(f"{start}/{SERIES}/instances/1.5/frames/1")
    assert not pattern.search(f"{start}/{SERIES}0/instances/1.5/frames/1")
    assert not pattern.search(f"{start}/{SERIES.replace('.', '0')}/instances/1.5/frames/1")
    assert not pattern.search(f"{start}/{SERIES}/metadata")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/viewer", "index.html"),
        ("/studies/1.2.3", "index.html"),
        ("/app.bundle.1.js", "app.bundle.1.js"),
        ("/app.bundle.2.js", None),
        ("/../secret.txt", None),
        ("/assets/../../secret.txt", None),
    ],
)
def test_path_is_a_file_of_the_build_or_a_route_of_the_page(build: Path, path: str, name: str | None) -> None:
    assert file_for(build, path) == (None if name is None else build / name)


def test_server_gives_page_program_and_own_configuration(origin: str) -> None:
    with urllib.request.urlopen(f"{origin}{viewer_path(STUDY, SERIES)}") as answer:
        assert answer.read() == b"<p>the page</p>"
        assert answer.headers["Content-Type"] == "text/html"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    with urllib.request.urlopen(f"{origin}/app.bundle.1.js") as answer:
        assert answer.read() == b"the program"
        assert "immutable" in answer.headers["Cache-Control"]
    with urllib.request.urlopen(f"{origin}/app-config.js") as answer:
        assert answer.read().decode() == app_configuration()
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{origin}/app.bundle.2.js")
    refused.value.close()


def test_server_passes_questions_for_images_on(origin: str) -> None:
    asked = urllib.request.Request(
        f"{origin}/dicom-web/studies?limit=1", headers={"Accept": "multipart/related"}
    )
    with urllib.request.urlopen(asked) as answer:
        assert json.load(answer) == {"path": "/dicom-web/studies?limit=1", "accept": "multipart/related"}
        assert answer.headers["Content-Type"] == "multipart/related; boundary=x"
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        urllib.request.urlopen(f"{origin}/dicom-web/missing")
    refused.value.close()


def test_orthanc_listens_for_this_machine_alone_and_to_dicomweb_alone(tmp_path: Path) -> None:
    settings = orthanc_configuration(tmp_path, 12345, Path("dicomweb.so"))

    assert settings["Plugins"] == ["dicomweb.so"]
    assert settings["HttpPort"] == 12345
    assert not settings["RemoteAccessAllowed"]
    assert not settings["DicomServerEnabled"]
    assert settings["StorageDirectory"].startswith(str(tmp_path))
    assert settings["IndexDirectory"].startswith(str(tmp_path))


def test_rows_of_visits_tell_medians_in_their_units() -> None:
    visits = [
        Visit(first, None, first + 1, [0.05, 0.07], Memory(objects=40, buffers=held))
        for first, held in ((3.0, 10.0), (2.0, 20.0), (7.0, 30.0))
    ]

    assert [str(row) for row in visit_rows("Viewer, phantom", 40, visits)] == [
        "| Viewer, phantom: navigation to first image, empty cache | 3 s | 2 – 7 |  |",
        "| Viewer, phantom: navigation to all 40 slices, empty cache | 4 s | 3 – 8 |  |",
        "| Viewer, phantom: from a turn of the wheel to the next slice | 0.06 s | 0.05 – 0.07 |  |",
        "| Viewer, phantom: memory of the page with all slices | 60 MB | 50 – 70 |  |",
    ]


def test_rows_of_a_page_that_paints_before_its_viewer_tell_both() -> None:
    visit = Visit(0.5, 1.25, 2.0, [0.05], Memory(objects=40, buffers=10))
    assert [str(row) for row in visit_rows("Viewer, phantom", 40, [visit])][:2] == [
        "| Viewer, phantom: navigation to first image, empty cache | 0.5 s | 0.5 – 0.5 |  |",
        "| Viewer, phantom: navigation to the viewer's own first image, empty cache | 1.25 s | 1.25 – 1.25 |  |",
    ]


def test_row_tells_a_rate_where_it_has_units() -> None:
    assert (
        str(Row("stored", [0.5, 0.25, 1.0], 100, "images")) == "| stored | 0.5 s | 0.25 – 1 | 200 images/s |"
    )


def test_installing_starts_no_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(toolchain, "SERVICE_POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    with toolchain.without_service_starts():
        assert policy.read_text().endswith("exit 101\n")  # "action forbidden by policy", invoke-rc.d(8)
        assert stat.S_IMODE(policy.stat().st_mode) == 0o755
    assert not policy.exists()

    policy.write_text("the administrator's own")
    with toolchain.without_service_starts():
        assert policy.read_text() == "the administrator's own"
    assert policy.read_text() == "the administrator's own"
