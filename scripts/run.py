"""`make run`: from a bare checkout to a working demonstration on this machine. Standard library only.

Variables: PORT (8000), HOST (127.0.0.1), DATA_DIR (./data).
"""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from scripts import prepare, toolchain
from scripts.signals import StopRequested, stop_on_signals
from scripts.steps import Steps
from scripts.supervise import Service, Supervisor
from scripts.toolchain import Problem

ROOT = prepare.ROOT
# Longer than the worker's own self-test may take.
READY_WITHIN_S = 180.0
ACCOUNTS = "reader1, reader2, adjudicator, coordinator, statistician, auditor or operator"
PASSWORD_NOTE = "password reading-room-demo (demonstration only)"  # noqa: S105  (it is printed for everyone)


def services(host: str, port: int, environment: dict[str, str]) -> list[Service]:
    """The two processes of an installation without servers."""
    tools = prepare.VENV / "bin"
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [
        str(tools / "gunicorn"), "backend.config.wsgi:application",
        "--bind", bind, "--workers", "1", "--threads", "8", "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip
    worker = [
        str(tools / "celery"), "-A", "backend.config.celery", "worker",
        "-Q", "cpu,gpu,default", "--concurrency", "1", "--loglevel", "INFO",
        "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return [Service("web", web, environment), Service("worker", worker, environment, ready_line=" ready.")]


def prepare_installation(steps: Steps, environment: dict[str, str]) -> None:
    """Packages, front end, database and demonstration; each is quick when it is there already."""
    prepare.ensure_python_packages(steps, "inference")
    prepare.ensure_frontend_packages(steps, toolchain.check_node())
    prepare.ensure_bundle(steps)
    steps.begin("Database and demonstration studies (first start: about 3 minutes)…")
    steps.run([str(prepare.PYTHON), "manage.py", "make_demo", "--migrate"], cwd=ROOT, environment=environment)


def wait_until_ready(supervisor: Supervisor, url: str) -> None:
    """Until the web server answers and every service has said that it is ready."""
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        ended = supervisor.ended()
        if ended is not None:
            raise Problem(f"{ended[0]} ended with exit status {ended[1]}; its last lines stand above.")
        if all(event.is_set() for event in supervisor.ready.values()) and answers(url):
            return
        time.sleep(0.1)
    raise Problem(f"The server did not answer at {url} within {READY_WITHIN_S:.0f} s.")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def run() -> int:
    started = time.monotonic()
    host = os.environ.get("HOST") or "127.0.0.1"
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "data").expanduser().resolve()
    steps = Steps(6)
    steps.begin("Tools and port")
    port = toolchain.check_port(host, os.environ.get("PORT") or "8000")
    toolchain.check_node()
    data_dir.mkdir(parents=True, exist_ok=True)
    environment = {"DATA_DIR": str(data_dir)}
    prepare_installation(steps, environment)

    steps.begin("Web server and worker")
    shown_host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  (compared, not bound)
    url = f"http://{f'[{shown_host}]' if ':' in shown_host else shown_host}:{port}/"
    logs = data_dir / "logs"
    supervisor = Supervisor(ROOT, log_dir=logs)
    try:
        for service in services(host, port, environment):
            supervisor.start(service)
        wait_until_ready(supervisor, f"{url}healthz")
        supervisor.quiet()
        print(
            f"Started in {time.monotonic() - started:.1f} s; data in {data_dir}, logs in {logs}; Ctrl-C stops it.",
            flush=True,
        )
        print(f"Reading Room is ready: {url} - sign in as {ACCOUNTS}, {PASSWORD_NOTE}", flush=True)
        name, code = supervisor.wait_for_end()
        raise Problem(f"{name} ended with exit status {code}, so everything was stopped.")
    except StopRequested:
        print("\nStopping… (a running model may finish first; Ctrl-C again stops at once)", flush=True)
        return 0
    finally:
        supervisor.stop_all()


def main() -> int:
    stop_on_signals()
    try:
        return run()
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1
    except StopRequested:
        print("\nStopped.", flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main())
