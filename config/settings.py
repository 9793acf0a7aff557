"""Every setting, from the environment, in one file.

Two ways to run. *Local* (no DAYBOOK_URL): answers on this machine's own names, makes its secret key, starts its own
PostgreSQL and Valkey when none are given. *Production* (DAYBOOK_URL set): everything must be given, nothing is guessed,
and what is missing or unsafe stops the start with a message that names the variable. docs/deploy.md lists them all.
"""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import embedded, secrets

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = embedded.var()
VAR.mkdir(parents=True, exist_ok=True)

env = environ.Env()
DEBUG = env.bool("DAYBOOK_DEBUG", default=False)

# --- Where it answers -------------------------------------------------------------------------------------------------

DAYBOOK_URL: str = env.str("DAYBOOK_URL", default="").rstrip("/")
PRODUCTION = bool(DAYBOOK_URL)
# Where links in mails lead. `manage.py up` says which port it found.
LINKS_URL: str = DAYBOOK_URL or env.str("DAYBOOK_LOCAL_URL", default="http://127.0.0.1:8000")
# Offers the demo people on the sign-in page, with their passwords; never where real work is done.
DAYBOOK_DEMO = env.bool("DAYBOOK_DEMO", default=True) and not PRODUCTION
_url = urlsplit(DAYBOOK_URL)
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

if PRODUCTION and (_url.scheme not in {"http", "https"} or not _url.hostname):
    raise ImproperlyConfigured(
        f"DAYBOOK_URL is {DAYBOOK_URL!r}. Give the address people open, like https://crm.example.com."
    )
SECURE = _url.scheme == "https"
if PRODUCTION and not SECURE and _url.hostname not in {"localhost", "127.0.0.1", "::1"}:
    raise ImproperlyConfigured("DAYBOOK_URL must begin with https:// - passwords would travel readable otherwise.")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "DAYBOOK_DEBUG shows the program's inside to everybody. Remove it, or remove DAYBOOK_URL."
    )

ALLOWED_HOSTS = [*_LOOPBACK, *([_url.hostname] if _url.hostname else []), *env.list("DAYBOOK_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [DAYBOOK_URL] if PRODUCTION else []
SECRET_KEY = secrets.secret_key(given=env.str("DAYBOOK_SECRET_KEY", default=""), production=PRODUCTION, var=VAR)

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
X_FRAME_OPTIONS = "DENY"
# A check takes a time of day in a model for the moment of the start, in the ten seconds around it: at 8:00 a morning at 8:00 fails.
SILENCED_SYSTEM_CHECKS = ["fields.W161"]

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bars and rings carry their figure as a style attribute; style elements stay forbidden.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- What it is made of -----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "reports",
    "migrations_data",
    "discipline",
    "crm",
    "notifications",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "config.static.UsedStaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A board is 100 kB of markup and 10 kB on the way. Django hides the length against guessing, and masks the token.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Deny by default: a view opens to strangers only by saying `login_not_required`.
    "accounts.middleware.SignInFirst",
    "accounts.middleware.PersonalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "discipline.middleware.WatchTimetable",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    }
]

# --- Where it keeps things --------------------------------------------------------------------------------------------

_database_url: str = env.str("DATABASE_URL", default="")
_redis_url: str = env.str("REDIS_URL", default="")
if PRODUCTION and not (_database_url and _redis_url):
    raise ImproperlyConfigured("With DAYBOOK_URL set, DATABASE_URL and REDIS_URL must be set too. See docs/deploy.md.")
if not _database_url and not embedded.installed():
    raise ImproperlyConfigured("Set DATABASE_URL, or run `make setup`, which brings a PostgreSQL of its own.")

if PRODUCTION:
    secrets.refuse_guessable(DATABASE_URL=_database_url, REDIS_URL=_redis_url)

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **(env.db_url_config(_database_url) if _database_url else embedded.database()),
        "ENGINE": "django.db.backends.postgresql",
        # Without persistent connections a third of the time of a page goes into connecting.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=10,
    # The statements here are short: compiling them costs more than it saves. A forgotten transaction holds the locks
    # that closing a day waits for, so the server ends it.
    options="-c jit=off -c idle_in_transaction_session_timeout=60000",
)

REDIS_URL = _redis_url or embedded.valkey_url()
CACHES = {
    "default": {
        "BACKEND": "accounts.throttling.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "daybook",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
    }
}

MEDIA_ROOT = VAR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("DAYBOOK_STATIC", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "gif", "webp", "woff", "woff2", "gz", "br", "ico")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStaticFiles"
    },
}

# --- Who signs in -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "notifications.adapter.PostingAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are made by the coordinator, who knows their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Django's own: that of django-allauth keeps a second list of addresses, by which an old one would still sign in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/h/key"}
# How many proxies of ours stand in front: decides which address of X-Forwarded-For throttling may believe.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("DAYBOOK_PROXIES", default=0)
MFA_TOTP_ISSUER = "Daybook"

# --- Languages and time -----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("pl", _("Polish")), ("ru", _("Russian")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail -------------------------------------------------------------------------------------------------------------

if "EMAIL_URL" in env:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DAYBOOK_MAIL_FROM", default="Daybook <daybook@localhost>")

# --- Background work --------------------------------------------------------------------------------------------------

_VISIBILITY_S = 900
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": _VISIBILITY_S,
    # A dead worker's task comes back after some 20 seconds instead of 100.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
    "global_keyprefix": "daybook:",
}
CELERY_VISIBILITY_TIMEOUT = _VISIBILITY_S
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": _VISIBILITY_S}
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Counts as a retry, so a task that kills its worker stops after Task.max_retries (3) instead of going round for ever.
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The sender of a nudge must not wait for a broker that is away: the planner finds the row anyway.
CELERY_TASK_PUBLISH_RETRY = False

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The token first: its header is what a 401 asks for.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "config.api_schema.Described",
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "config.api.answer",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/minute"},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Daybook",
    "DESCRIPTION": "Everything the pages do, under the same rules.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Source": "crm.models.Source",
        "TaskKind": "crm.models.TaskKind",
        "TaskStatus": "crm.models.TaskStatus",
        "DealStatus": "crm.models.DealStatus",
        "ActivityKind": "crm.models.ActivityKind",
        "ActivityResult": "crm.models.ActivityResult",
        "ContractStatus": "crm.models.ContractStatus",
        "ComplaintKind": "crm.models.ComplaintKind",
        "ComplaintStatus": "crm.models.ComplaintStatus",
        "PurchaseKind": "crm.models.PurchaseKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Words on the console ---------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "filters": {"without secrets": {"()": "config.logs.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["without secrets"],
            "stream": sys.stderr,
        },
    },
    "root": {"handlers": ["console"], "level": env.str("DAYBOOK_LOG", default="INFO")},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
