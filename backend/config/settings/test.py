"""Settings of the test suite: its own data folder, quick password hashes, the same everything else."""

import os
import tempfile
from pathlib import Path

# Before base reads it: tests never touch a person's data folder.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="reading-room-test-")
os.environ["BROKER_PREFIX"] = f"{Path(os.environ['DATA_DIR']).name}:"

from .base import *  # noqa: F403  (a settings module is its base plus differences)
from .base import DATABASES, REST_FRAMEWORK

DATA_DIR = Path(os.environ["DATA_DIR"])
for _folder in ("media", "cache", "broker", "keys", "static"):
    (DATA_DIR / _folder).mkdir(parents=True, exist_ok=True)

SECRET_KEY = "not-a-secret-only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": {"sign_in": "1000/min", "sign_in_account": "1000/min", "signature": "1000/min"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the browser tests' server and the worker process open it too.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
