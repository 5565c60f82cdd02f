"""One machine, no servers: what `make run` uses. Secrets are made once and kept in the data folder."""

from backend.config.environment import secret_key

from .base import *  # noqa: F403  (a settings module is its base plus differences)
from .base import DATA_DIR

for _folder in ("media", "cache", "broker", "keys", "static"):
    (DATA_DIR / _folder).mkdir(parents=True, exist_ok=True)
SECRET_KEY = secret_key(DATA_DIR)
