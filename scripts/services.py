"""A private PostgreSQL and Redis on free ports of this machine, for tests and for trying things out.

`python -m scripts.services COMMAND…` runs the command with DATABASE_URL and CELERY_BROKER_URL set and ends
with its exit status; without a command it prints the two variables and waits for Ctrl-C. Nothing outlives it.
Standard library only.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import toolchain
from scripts.signals import StopRequested, kill_group, stop_on_signals
from scripts.toolchain import Problem

READY_WITHIN_S = 60.0
ROLE = "reading_room"
# A root's PostgreSQL refuses to run: Debian's package brings this account.
UNPRIVILEGED = "postgres"


@dataclass(frozen=True)
class Urls:
    """Where the two servers listen, in the form that the settings read."""

    database: str
    broker: str


@contextlib.contextmanager
def running_services() -> Iterator[Urls]:
    """Starts both servers, yields their addresses, and ends them on any way out."""
    toolchain.need_database_servers()
    with (
        tempfile.TemporaryDirectory(prefix="reading-room-services-") as name,
        contextlib.ExitStack() as stack,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # the unprivileged account must reach its own folder inside
        yield Urls(
            database=stack.enter_context(_postgres(folder)), broker=stack.enter_context(_redis(folder))
        )


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    tools = toolchain.find_postgres()
    if tools is None:
        raise Problem("PostgreSQL was installed, but its programs were not found.")
    password, port, data = secrets.token_hex(16), free_port(), folder / "postgres"
    account = UNPRIVILEGED if os.geteuid() == 0 else None
    _make_folder(data, account)
    password_file = data / "password"
    password_file.write_text(password)
    password_file.chmod(0o644 if account else 0o600)
    initdb = [str(tools / "initdb"), "-D", str(data / "db"), "-U", ROLE, "--pwfile", str(password_file)]
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _must_succeed([*initdb, *options], account=account)
    password_file.unlink()
    # Durability is of no use to data that do not outlive the run.
    switches = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
    server = [str(tools / "postgres"), "-D", str(data / "db"), "-p", str(port)]
    server += [part for name, value in switches.items() for part in ("-c", f"{name}={value}")]
    with server_process("postgres", server, folder, port, account):
        environment = {**os.environ, "PGPASSWORD": password}
        reach = ["-h", "127.0.0.1", "-p", str(port), "-U", ROLE]
        _wait_for([str(tools / "pg_isready"), *reach])
        _must_succeed([str(tools / "createdb"), *reach, ROLE], environment=environment)
        yield f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{ROLE}"


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise Problem("Redis was installed, but redis-server was not found.")
    password, port = secrets.token_hex(16), free_port()
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {folder}\n'
    )
    with server_process("redis", [program, str(configuration)], folder, port, None):
        yield f"redis://:{password}@127.0.0.1:{port}/0"


@contextlib.contextmanager
def server_process(
    name: str, command: list[str], folder: Path, port: int, account: str | None = None
) -> Iterator[None]:
    """Runs a server that listens on `port`, its log in `folder`, until the block ends."""
    log = folder / f"{name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_identity(account),
        )
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Problem(f"{name} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
            process.wait()


def _identity(account: str | None) -> dict[str, Any]:
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _make_folder(path: Path, account: str | None) -> None:
    path.mkdir(mode=0o700)
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _must_succeed(
    command: list[str], *, account: str | None = None, environment: dict[str, str] | None = None
) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **_identity(account),
    )
    if done.returncode != 0:
        raise Problem(f"`{' '.join(command)}` failed:\n{(done.stdout + done.stderr)[-2000:]}")


def _wait_for(command: list[str]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while subprocess.run(command, capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise Problem(f"`{' '.join(command)}` did not succeed within {READY_WITHIN_S:.0f} s.")
        time.sleep(0.1)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run_command(command: list[str], urls: Urls) -> int:
    """The command's exit status; whatever ends this program ends the command first."""
    environment = {**os.environ, "DATABASE_URL": urls.database, "CELERY_BROKER_URL": urls.broker}
    process = subprocess.Popen(command, env=environment)
    try:
        return process.wait()
    except StopRequested:
        process.terminate()
        try:
            return process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


def main() -> int:
    stop_on_signals()
    try:
        with running_services() as urls:
            if sys.argv[1:]:
                return run_command(sys.argv[1:], urls)
            print(f"export DATABASE_URL={urls.database}\nexport CELERY_BROKER_URL={urls.broker}", flush=True)
            print("PostgreSQL and Redis are running; Ctrl-C ends them and their data.", flush=True)
            while True:
                time.sleep(3600)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except StopRequested:
        return 130


if __name__ == "__main__":
    sys.exit(main())
