"""Brings the checkout into the state that a command needs: packages, front-end bundle, browser.

Run as `python -m scripts.prepare GOAL`. Standard library only, for it makes the environment itself.
"""

import platform
import sys
from pathlib import Path

from scripts import toolchain
from scripts.signals import StopRequested, stop_on_signals
from scripts.steps import Steps, digest_of, is_current, write_stamp
from scripts.toolchain import Problem

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
STAMPS = ROOT / ".run" / "stamps"
# Each set holds the ones before it, so the largest that is installed serves all.
PACKAGE_SETS = ("web", "inference", "dev")


def ensure_python_packages(steps: Steps, package_set: str) -> None:
    wanted = _requirements_digest(package_set)
    if PYTHON.exists() and is_current(VENV / f".installed-{package_set}", wanted):
        steps.begin("Python packages: up to date")
        return
    steps.begin("Python packages (first start: about 2 minutes)…")
    toolchain.check_python_parts()
    toolchain.need_compiler()
    if not PYTHON.exists():
        steps.run([sys.executable, "-m", "venv", "--clear", str(VENV)], cwd=ROOT)
    requirements = f"requirements/{package_set}.txt"
    steps.run([str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "-r", requirements], cwd=ROOT)
    for covered in PACKAGE_SETS[: PACKAGE_SETS.index(package_set) + 1]:
        write_stamp(VENV / f".installed-{covered}", _requirements_digest(covered))


def _requirements_digest(package_set: str) -> str:
    return digest_of([ROOT / "requirements" / f"{package_set}.txt"], platform.python_version())


def ensure_frontend_packages(steps: Steps, node_version: str) -> None:
    stamp = FRONTEND / "node_modules" / ".installed"
    wanted = digest_of(
        [FRONTEND / "package.json", FRONTEND / "package-lock.json"], node_version.split(".")[0]
    )
    if is_current(stamp, wanted):
        steps.begin("Front-end packages: up to date")
        return
    steps.begin("Front-end packages (first start: about 1 minute)…")
    # No package here needs its install script, so none may run.
    steps.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FRONTEND)
    write_stamp(stamp, wanted)


def ensure_bundle(steps: Steps) -> None:
    stamp = STAMPS / "bundle"
    files = sorted(p for p in FRONTEND.iterdir() if p.is_file() and p.suffix in (".json", ".ts", ".html"))
    folders = [p for p in (FRONTEND / "src", FRONTEND / "build", FRONTEND / "public") if p.is_dir()]
    wanted = digest_of([*files, *folders])
    if (FRONTEND / "dist" / ".vite" / "manifest.json").is_file() and is_current(stamp, wanted):
        steps.begin("Front end: up to date")
        return
    steps.begin("Front end: building (about half a minute)…")
    steps.run(["npm", "run", "build"], cwd=FRONTEND)
    write_stamp(stamp, wanted)


def prepare_test() -> None:
    steps = Steps(4)
    node_version = toolchain.check_node()
    ensure_python_packages(steps, "dev")
    ensure_frontend_packages(steps, node_version)
    ensure_bundle(steps)
    steps.begin("Chromium")
    toolchain.need_chromium()


def prepare_check() -> None:
    steps = Steps(2)
    node_version = toolchain.check_node()
    ensure_python_packages(steps, "dev")
    ensure_frontend_packages(steps, node_version)


def prepare_services() -> None:
    steps = Steps(2)
    steps.begin("PostgreSQL and Redis")
    toolchain.need_database_servers()
    steps.begin("R")
    toolchain.need_r()


# The bench opens pages in the same browser as the tests.
GOALS = {
    "test": prepare_test,
    "check": prepare_check,
    "bench": prepare_test,
    "services": prepare_services,
}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in GOALS:
        print(f"usage: python -m scripts.prepare {{{'|'.join(GOALS)}}}", file=sys.stderr)
        return 2
    stop_on_signals()
    try:
        GOALS[sys.argv[1]]()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except StopRequested:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
