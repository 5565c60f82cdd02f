"""docker-compose.yml is true: each service's command and environment work on a real PostgreSQL and Redis.

No Docker engine is needed. A service's command is started natively with the environment that the file gives
it; only addresses and the data folder are put in the place of the container's.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.services import running_services
from scripts.supervise import Service, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SITE = "reading-room.example"
READY_WITHIN_S = 120.0
WORKERS = {"worker-cpu": ("cpu", {"cpu", "default"}), "worker-gpu": ("gpu", {"gpu"})}
APPLICATION = ("migrate", "web", *WORKERS)

FILE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def interpolated(text: str, variables: dict[str, str]) -> str:
    """Compose's own substitution: `${NAME:?text}`, `${NAME:-default}`, and `$$` for a dollar sign."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        if match["operator"] == ":?":
            return variables[match["name"]]
        return variables.get(match["name"], match["rest"] or "")

    return re.sub(r"\$\$|\$\{(?P<name>\w+)(?P<operator>:[?-])?(?P<rest>[^}]*)\}", value, text)


class Native:
    """The file's services as processes of this machine."""

    def __init__(self, *, database_url: str, broker_url: str, data_dir: Path) -> None:
        self.port = free_port()
        self.places = {
            "@postgres:5432/": f"@{database_url.split('@')[1].split('/')[0]}/",
            "@redis:6379/": f"@{broker_url.split('@')[1].split('/')[0]}/",
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
        }
        self.data_dir = data_dir
        self.variables = {
            "SECRET_KEY": "kept-for-this-test-only-" * 3,
            "POSTGRES_PASSWORD": password_of(database_url),
            "REDIS_PASSWORD": password_of(broker_url),
            "ALLOWED_HOSTS": SITE,
            "CSRF_TRUSTED_ORIGINS": f"https://{SITE}",
        }

    def text(self, raw: str) -> str:
        result = interpolated(raw, self.variables)
        for place, here in self.places.items():
            result = result.replace(place, here)
        return result

    def environment(self, name: str) -> dict[str, str]:
        declared = {key: self.text(value) for key, value in FILE["services"][name]["environment"].items()}
        assert declared["DATA_DIR"] in self.mounted_folders(name), "DATA_DIR must be on the volume"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(self.data_dir), **declared, "DATA_DIR": str(self.data_dir)}

    def mounted_folders(self, name: str) -> list[str]:
        return [volume.split(":")[1] for volume in FILE["services"][name]["volumes"]]

    def command(self, name: str) -> list[str]:
        return [self.text(part) for part in FILE["services"][name]["command"]]

    def health_check(self, name: str) -> list[str]:
        kind, *command = FILE["services"][name]["healthcheck"]["test"]
        assert kind == "CMD"
        return [self.text(part) for part in command]

    def run(self, name: str, command: list[str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=READY_WITHIN_S,
            check=False,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def password_of(url: str) -> str:
    return url.split("://")[1].split("@")[0].split(":")[1]


def wait_for(condition: Any, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not condition():
        assert supervisor.ended() is None, f"{supervisor.ended()} ended before it was ready"
        assert time.monotonic() < deadline, "not ready in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Native]:
    with running_services() as urls:
        yield Native(
            database_url=urls.database, broker_url=urls.broker, data_dir=tmp_path_factory.mktemp("data")
        )


@pytest.fixture(scope="module")
def deployment(native: Native) -> Iterator[Native]:
    """Migrated, then web server and both workers up, in the order of `depends_on`."""
    migrated = native.run("migrate", native.command("migrate"))
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    supervisor = Supervisor(ROOT, inherit_environment=False)
    try:
        for name in ("web", *WORKERS):
            ready_line = " ready." if name in WORKERS else ""
            supervisor.start(Service(name, native.command(name), native.environment(name), ready_line))
        wait_for(lambda: all(event.is_set() for event in supervisor.ready.values()), supervisor)
        wait_for(lambda: native.run("web", native.health_check("web")).returncode == 0, supervisor)
        yield native
    finally:
        supervisor.stop_all()


def test_application_services_are_the_ones_tested_here() -> None:
    assert set(FILE["services"]) == {"postgres", "redis", *APPLICATION}


def test_application_services_share_one_image_and_one_environment() -> None:
    services = FILE["services"]
    shared = services["web"]["environment"]
    for name in APPLICATION:
        own = {key: value for key, value in services[name]["environment"].items() if key != "WORKER_QUEUES"}
        assert own == shared, name
        assert services[name]["image"] == services["web"]["image"], name


def test_servers_are_given_the_names_that_the_application_uses() -> None:
    services = FILE["services"]
    url = services["web"]["environment"]["DATABASE_URL"]
    postgres = services["postgres"]["environment"]
    assert url.startswith(
        f"postgresql://{postgres['POSTGRES_USER']}:{postgres['POSTGRES_PASSWORD']}@postgres:"
    )
    assert url.endswith(f"/{postgres['POSTGRES_DB']}")
    assert services["redis"]["command"][-1] in services["web"]["environment"]["CELERY_BROKER_URL"]


def test_only_the_web_service_is_published_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in FILE["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


@pytest.mark.services
def test_web_service_answers_for_the_site_alone(deployment: Native) -> None:
    healthy = deployment.run("web", deployment.health_check("web"))
    assert healthy.returncode == 0, healthy.stderr

    status_line = request_line(deployment.port, host="elsewhere.example", path="/healthz")
    assert status_line.startswith("HTTP/1.1 400")


@pytest.mark.services
def test_web_service_sends_plain_http_to_https_and_serves_behind_a_proxy(deployment: Native) -> None:
    assert request_line(deployment.port, host=SITE, path="/").startswith("HTTP/1.1 301")
    proxied = request_line(deployment.port, host=SITE, path="/", extra="X-Forwarded-Proto: https\r\n")
    assert proxied.startswith("HTTP/1.1 200")


@pytest.mark.services
def test_each_worker_answers_on_its_own_queues(deployment: Native) -> None:
    celery = [
        "celery",
        "-A",
        "backend.config.celery",
        "inspect",
        "active_queues",
        "--json",
        "--timeout",
        "5",
    ]
    answer = deployment.run("web", celery)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    queues = {
        node.split("@")[0]: {queue["name"] for queue in active}
        for node, active in yaml.safe_load(answer.stdout).items()
    }
    assert queues == dict(WORKERS.values())


def request_line(port: int, *, host: str, path: str, extra: str = "") -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{extra}Connection: close\r\n\r\n".encode()
        )
        return connection.makefile("r", encoding="latin-1").readline()
