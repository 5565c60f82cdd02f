"""What must be on the machine before anything else, found or plainly asked for. Standard library only."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

NODE_VERSIONS = "20.19 or newer (20.x), or 22.12 or newer,"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SERVICE_POLICY = Path("/usr/sbin/policy-rc.d")


class Problem(Exception):
    """Something that a person must change first. The text says what, in plain words."""


def check_python_parts() -> None:
    """Debian ships `venv` and `ensurepip` apart from Python itself."""
    try:
        import ensurepip
        import venv
    except ImportError as error:
        raise Problem(
            f"Python's own module {error.name} is missing. Debian and Ubuntu: apt-get install python3.11-venv"
        ) from error
    del ensurepip, venv


def check_node() -> str:
    """The version of Node.js, if Vite runs on it, with npm beside it."""
    node = shutil.which("node")
    if node is None:
        raise Problem(f"Node.js {NODE_VERSIONS} is needed to build the front end; `node` was not found.")
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = re.match(r"v(\d+)\.(\d+)", shown)
    version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if not ((20, 19) <= version < (21, 0) or version >= (22, 12)):
        raise Problem(
            f"Node.js {NODE_VERSIONS} is needed to build the front end; `node` here is {shown or 'broken'}."
        )
    if shutil.which("npm") is None:
        raise Problem("npm, which comes with Node.js, was not found. Debian: apt-get install npm")
    return shown.removeprefix("v")


def check_port(host: str, port: str) -> int:
    """The port as a number, if this program may listen on it now."""
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Problem(f"PORT must be a number from 1 to 65535, not {port!r}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: a port whose last connections are still closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise Problem(
                f"Port {port} on {host} cannot be used ({error.strerror}). Another program may listen there; "
                f"choose another port, for example: PORT={int(port) % 65535 + 1} make run"
            ) from error
    return int(port)


def need_compiler() -> None:
    """PyRadiomics comes as C source: a compiler and Python's headers are needed once."""
    headers = Path(sysconfig.get_paths()["include"], "Python.h")
    missing = [] if shutil.which("cc") or shutil.which("gcc") else ["gcc", "libc6-dev"]
    if not headers.is_file():
        missing.append("python3-dev")
    if missing:
        install_debian(missing, purpose="PyRadiomics is built from source")


def need_chromium() -> None:
    """A Chromium for the browser tests."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in CHROMIUM_NAMES):
        return
    install_debian(
        ["chromium", "fonts-dejavu-core"],
        purpose="the browser tests drive Chromium",
        otherwise="or set CHROMIUM=/path/to/chromium",
    )


def need_database_servers() -> None:
    """PostgreSQL and Redis as programs; whether they run is another question."""
    missing = []
    if find_postgres() is None:
        missing.append("postgresql")
    if shutil.which("redis-server") is None:
        missing.append("redis-server")
    if missing:
        install_debian(missing, purpose="the tests run on PostgreSQL and Redis too")


def need_r() -> None:
    """R with survival and pROC, which read the exported files in the tests and compute the results anew."""
    have = 'quit(status = !all(sapply(c("survival", "pROC"), requireNamespace, quietly = TRUE)))'
    program = shutil.which("Rscript")
    if program is None or subprocess.run([program, "-e", have], check=False).returncode:
        install_debian(
            ["r-base-core", "r-cran-survival", "r-cran-proc"],
            purpose="the tests check exported files with R, survival and pROC",
        )


def find_postgres() -> Path | None:
    """The folder of `initdb` and `postgres`: on PATH, or Debian's own place, newest version first."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    return versions[-1].parent if versions else None


def need_orthanc() -> tuple[Path, Path]:
    """Orthanc's program and its DICOMweb plugin, for the bench alone."""
    if find_orthanc() is None:
        with without_service_starts():
            install_debian(
                ["orthanc", "orthanc-dicomweb"], purpose="the bench compares with OHIF over Orthanc"
            )
            _disable_service("orthanc")
    found = find_orthanc()
    if found is None:
        raise Problem("Orthanc was installed, but its program or its DICOMweb plugin was not found.")
    return found


def find_orthanc() -> tuple[Path, Path] | None:
    """Program and DICOMweb plugin where Debian's packages put them."""
    program = shutil.which("Orthanc", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    plugin = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
    return (Path(program), plugin) if program and plugin.is_file() else None


@contextlib.contextmanager
def without_service_starts() -> Iterator[None]:
    """Debian's packages start their servers when installed, unless this policy says no."""
    if os.geteuid() != 0 or SERVICE_POLICY.exists():
        yield
        return
    SERVICE_POLICY.write_text("#!/bin/sh\nexit 101\n")
    SERVICE_POLICY.chmod(0o755)
    try:
        yield
    finally:
        SERVICE_POLICY.unlink()


def _disable_service(name: str) -> None:
    """Keep a server that was just installed from starting with the machine."""
    by_systemd = shutil.which("systemctl") is not None
    command = ["systemctl", "disable", name] if by_systemd else ["update-rc.d", name, "disable"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"`{' '.join(command)}` failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")


def install_debian(packages: list[str], *, purpose: str, otherwise: str = "") -> None:
    """Installs Debian packages where it may; elsewhere raises a Problem with the command to give."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        hint = f", {otherwise}" if otherwise else ""
        raise Problem(
            f"Missing: {', '.join(packages)} ({purpose}). Debian and Ubuntu: "
            f"sudo apt-get install {' '.join(packages)}{hint}"
        )
    print(f"Installing {', '.join(packages)} ({purpose})…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], [*command, "-qq"]):
        done = subprocess.run(
            step, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Problem(f"`{' '.join(step)}` failed:\n{(done.stdout + done.stderr).strip()[-2000:]}")
