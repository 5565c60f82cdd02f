"""A private Orthanc with DICOMweb on a free port, for the bench: no DICOM port, no other plugin, nothing kept."""

import contextlib
import json
import tempfile
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.services import free_port, server_process
from scripts.toolchain import need_orthanc

DICOMWEB_ROOT = "/dicom-web"
ANSWER_WITHIN_S = 60


@dataclass(frozen=True)
class Orthanc:
    """A running server: its version, its DICOMweb plugin's version, and its port on this machine."""

    version: str
    dicomweb_version: str
    port: int

    def store(self, paths: Iterable[Path]) -> None:
        """Take DICOM files in, byte for byte."""
        for path in paths:
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}/instances",
                data=path.read_bytes(),
                headers={"Content-Type": "application/dicom"},
            )
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:
                answer.read()


def orthanc_configuration(folder: Path, port: int, plugin: Path) -> dict[str, Any]:
    """Orthanc's settings: storage in `folder`, this machine's clients only, no DICOM server."""
    return {
        "Name": "BENCH",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "OrthancExplorerEnabled": False,
        "WebDavEnabled": False,
        "SyncStorageArea": False,
        "Plugins": [str(plugin)],
        "DicomWeb": {"Enable": True, "Root": f"{DICOMWEB_ROOT}/", "EnableWado": False},
    }


@contextlib.contextmanager
def running_orthanc() -> Iterator[Orthanc]:
    """Starts an empty server and ends it, with its storage, on any way out."""
    program, plugin = need_orthanc()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="reading-room-orthanc-") as name:
        folder = Path(name)
        settings = folder / "orthanc.json"
        settings.write_text(json.dumps(orthanc_configuration(folder, port, plugin), indent=2))
        with server_process("orthanc", [str(program), str(settings)], folder, port):
            yield Orthanc(
                version=_asked(port, "/system")["Version"],
                dicomweb_version=_asked(port, "/plugins/dicom-web")["Version"],
                port=port,
            )


def _asked(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=ANSWER_WITHIN_S) as answer:
        found: dict[str, Any] = json.load(answer)
    return found
