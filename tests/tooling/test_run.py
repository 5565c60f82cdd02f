"""`make run` around the product: what it says when something is missing, and that it ends everything."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.supervise import Service, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SH = "/bin/sh"


def start(*command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **variables}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def run_module(**variables: str) -> "subprocess.CompletedProcess[str]":
    return start(sys.executable, "-m", "scripts.run", **variables)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_run_names_a_taken_port_before_the_long_steps(taken_port: int, tmp_path: Path) -> None:
    done = run_module(PORT=str(taken_port), DATA_DIR=str(tmp_path / "data"))

    assert done.returncode == 1
    assert f"Port {taken_port} on 127.0.0.1 cannot be used" in done.stderr
    assert f"PORT={taken_port % 65535 + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr
    assert "[2/" not in done.stdout
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_run_refuses_a_port_that_is_none(port: str, tmp_path: Path) -> None:
    done = run_module(PORT=port, DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert f"PORT must be a number from 1 to 65535, not '{port}'." in done.stderr


def test_run_asks_for_node_when_there_is_none(free_port: str, tmp_path: Path) -> None:
    done = run_module(PORT=free_port, DATA_DIR=str(tmp_path / "data"), PATH=str(tmp_path))

    assert done.returncode == 1
    assert "Node.js 20.19 or newer" in done.stderr
    assert "`node` was not found" in done.stderr


def test_run_asks_for_a_newer_node(free_port: str, tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!{SH}\necho v18.19.0\n")
    node.chmod(0o755)

    done = run_module(PORT=free_port, DATA_DIR=str(tmp_path / "data"), PATH=str(tmp_path))

    assert done.returncode == 1
    assert "`node` here is v18.19.0" in done.stderr


def test_make_asks_for_python_when_there_is_none(tmp_path: Path) -> None:
    done = start(SH, "scripts/python", "-c", "print('ran')", PATH=str(tmp_path), PYTHON="")

    assert done.returncode == 1
    assert done.stdout == ""
    assert "needs Python 3.11" in done.stderr


SUPERVISED = """
    import sys
    from pathlib import Path
    from scripts.signals import StopRequested, stop_on_signals
    from scripts.supervise import Service, Supervisor

    # Each service has a child of its own; the second one and its child are deaf to a polite request.
    polite = "sleep 1000 & echo pid $$ $!; wait"
    deaf = "trap '' TERM; (trap '' TERM; sleep 1000) & echo pid $$ $!; while :; do wait; done"

    stop_on_signals()
    supervisor = Supervisor(Path.cwd(), grace_s=0.5)
    try:
        supervisor.start(Service("polite", ["/bin/sh", "-c", polite]))
        supervisor.start(Service("deaf", ["/bin/sh", "-c", deaf]))
        supervisor.wait_for_end()
    except StopRequested:
        sys.exit(0)
    finally:
        supervisor.stop_all()
"""


def is_running(pid: int) -> bool:
    """Whether a process lives; one that waits only to be collected by its parent does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_process(number: signal.Signals) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SUPERVISED)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    with program, program.stdout:
        lines = [program.stdout.readline(), program.stdout.readline()]
        pids = [int(word) for line in lines for word in line.split("pid")[1].split()]
        assert len(pids) == 4
        assert all(is_running(pid) for pid in pids)

        program.send_signal(number)
        assert program.wait(timeout=30) == 0

    assert [pid for pid in pids if is_running(pid)] == []


def test_the_end_of_one_service_is_told_and_stops_the_other(capfd: pytest.CaptureFixture[str]) -> None:
    supervisor = Supervisor(ROOT)
    supervisor.start(Service("steady", [SH, "-c", "sleep 1000"]))
    supervisor.start(Service("broken", [SH, "-c", "echo no such table >&2; exit 3"]))
    try:
        assert supervisor.wait_for_end() == ("broken", 3)
    finally:
        supervisor.stop_all()

    assert not is_running(supervisor.processes["steady"].pid)
    assert "broken | no such table" in capfd.readouterr().out


def test_routine_lines_leave_the_console_and_stay_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "worker.log").write_text("the last start\n")
    supervisor = Supervisor(ROOT, log_dir=tmp_path)
    supervisor.quiet()
    says = "echo 12:00 INFO x one case is done; echo 12:00 ERROR x the disk is full; echo host ready.; sleep 1000"
    supervisor.start(Service("worker", [SH, "-c", says], ready_line=" ready."))
    try:
        assert supervisor.ready["worker"].wait(timeout=30)
    finally:
        supervisor.stop_all()

    shown = capfd.readouterr().out
    assert "the disk is full" in shown
    assert "one case is done" not in shown
    assert "one case is done" in (tmp_path / "worker.log").read_text()
    assert (tmp_path / "worker.previous.log").read_text() == "the last start\n"


def test_a_service_is_ready_when_it_says_so() -> None:
    supervisor = Supervisor(ROOT)
    supervisor.start(Service("worker", [SH, "-c", "echo host ready.; sleep 1000"], ready_line=" ready."))
    try:
        assert supervisor.ready["worker"].wait(timeout=30)
        assert supervisor.ended() is None
    finally:
        supervisor.stop_all()
