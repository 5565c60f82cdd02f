"""Several machines behind TLS: everything that differs comes from the environment."""

from backend.config import environment

from .base import *  # noqa: F403  (a settings module is its base plus differences)
from .base import DATA_DIR

for _folder in ("media", "cache", "broker", "keys", "static"):
    (DATA_DIR / _folder).mkdir(parents=True, exist_ok=True)
SECRET_KEY = environment.text("SECRET_KEY")
WHITENOISE_USE_FINDERS = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = environment.text("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
