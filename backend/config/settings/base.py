"""Settings shared by every environment. Values come from variables by way of `backend.config.environment`."""

from typing import Any

from backend.config import environment

ROOT = environment.ROOT
DATA_DIR = environment.data_dir()
MEDIA_ROOT = DATA_DIR / "media"

DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "backend.audit",
    "backend.accounts",
    "backend.cases",
    "backend.studies",
    "backend.reads",
    "backend.truth",
    "backend.predictions",
    "backend.adjudication",
    "backend.reports",
    "backend.account_api",
    "backend.reader_api",
    "backend.adjudicator_api",
    "backend.desk_api",
    "backend.demo",
    "backend.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise: a worker script runs under the policy of its own response.
    "backend.config.csp.ContentSecurityPolicyMiddleware",
    "backend.config.caching.no_store_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.config.body_limit.body_limit_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "backend" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "backend.config.shell.csrf_failed"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
FRONTEND_DIST = ROOT / "frontend" / "dist"
STATICFILES_DIRS = [("app", FRONTEND_DIST)] if FRONTEND_DIST.is_dir() else []
# Vite names its files by content already, and its workers refer to each other by those names.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/.+-[\w-]{8}\.\w+$"
WHITENOISE_USE_FINDERS = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["backend.accounts.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # OPTIONS would describe a view to anybody who has signed in; nothing here needs it.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "backend.config.negotiation.OneAnswerForEverybody",
    "EXCEPTION_HANDLER": "backend.config.exceptions.exception_handler",
    # How many proxies of ours add to X-Forwarded-For; what a client writes there itself is not believed.
    "NUM_PROXIES": int(environment.text("NUM_PROXIES", "0")),
    "DEFAULT_THROTTLE_RATES": {
        "sign_in": environment.text("SIGN_IN_RATE", "10/min"),
        "sign_in_account": environment.text("SIGN_IN_ACCOUNT_RATE", "60/hour"),
        "signature": environment.text("SIGNATURE_RATE", "10/min"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Reading Room",
    "DESCRIPTION": "Blinded multi-reader, multi-case MRI reader studies.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "AUTHENTICATION_WHITELIST": [],
    "SECURITY": [{"session": []}],
    "ENUM_NAME_OVERRIDES": {"MouseDragEnum": "backend.accounts.preferences.DRAGS"},
    "APPEND_COMPONENTS": {
        "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "sessionid"}}
    },
}

# The embedded default needs no server: messages are files. Redis or RabbitMQ by one variable.
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL", "filesystem://")
BROKER_DIR = DATA_DIR / "broker"

# Counts of sign-in attempts: one for all processes of a host, and for all hosts where there is a Redis.
CACHES: dict[str, dict[str, str]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CELERY_BROKER_URL,
            "KEY_PREFIX": "web",
        }
        if CELERY_BROKER_URL.startswith(("redis://", "rediss://"))
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache" / "web"),
        }
    )
}

MODEL_PLUGINS = {"lpln-radiomics": "inference.models.lpln_radiomics_card:PLUGIN"}
INFERENCE_CACHE_DIR = DATA_DIR / "cache"
INFERENCE_THREADS = int(environment.text("INFERENCE_THREADS", "1"))
# Lease of a running job: a worker that is silent for longer is taken for dead, and its job is given to another.
JOB_LEASE_SECONDS = int(environment.text("JOB_LEASE_SECONDS", "60"))
JOB_SWEEP_SECONDS = int(environment.text("JOB_SWEEP_SECONDS", "30"))
# All files of a dataset that is given for analysis, or of a supplement, unpacked.
DATASET_MAX_BYTES = int(environment.text("DATASET_MAX_MB", "20")) * 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
}
