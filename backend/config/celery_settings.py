"""Celery's settings, in its own names; read when Celery first needs them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from kombu.entity import Exchange, Queue

from backend.config import broker, environment

MESSAGE_POLL_SECONDS = 0.1
CONNECT_SECONDS = 2
LONGEST_TASK_SECONDS = 2 * 60 * 60


def _filesystem_options(folder: Path) -> dict[str, Any]:
    """The embedded broker: one folder that producers write to and workers read from."""
    messages, control = folder / "messages", folder / "control"
    for path in (messages, control):
        path.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": MESSAGE_POLL_SECONDS,
    }


def _queue(name: str) -> Queue:
    return Queue(name, exchange=Exchange(name, type="direct"), routing_key=name)  # type: ignore[no-untyped-call]


def _redis_options() -> dict[str, Any]:
    """A sender gives up at once when Redis is away, for the sweep sends what was not sent."""
    # Several installations, or several test runs, may share one Redis.
    prefix = environment.text("BROKER_PREFIX", "")
    return {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0.1,
        "socket_connect_timeout": CONNECT_SECONDS,
        **({"global_keyprefix": prefix} if prefix else {}),
    }


broker_url = settings.CELERY_BROKER_URL
broker_transport_options: dict[str, Any] = {}
if broker_url.startswith("filesystem:"):
    broker.install()
    broker_url = "filesystem://localhost//"
    broker_transport_options = _filesystem_options(settings.BROKER_DIR)
elif broker_url.startswith(("redis:", "rediss:")):
    broker_transport_options = _redis_options()
broker_connection_timeout = CONNECT_SECONDS
broker_connection_retry_on_startup = True
task_publish_retry = False

task_default_queue = "default"
# An exchange each: queues that shared one would each get a copy of every message.
task_queues = [_queue(name) for name in ("default", "cpu", "gpu")]
task_create_missing_queues = False
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_store_errors_even_if_ignored = False
task_time_limit = LONGEST_TASK_SECONDS
task_serializer = "json"
accept_content = ["json"]
result_backend = None

worker_prefetch_multiplier = 1
worker_concurrency = 1
worker_max_tasks_per_child = 20
worker_hijack_root_logger = False
worker_send_task_events = False
worker_cancel_long_running_tasks_on_connection_loss = False
enable_utc = True
timezone = "UTC"
include = ["backend.config.tasks", "backend.config.worker"]
