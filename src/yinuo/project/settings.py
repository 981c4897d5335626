"""Django settings. What differs between installations stands in the home and the environment."""

import os
from collections.abc import MutableMapping
from pathlib import Path

from csp.constants import NONE, SELF

from yinuo.kernel.proxies import networks
from yinuo.project import home
from yinuo.project.database import database_settings
from yinuo.web.caching import ASK_AGAIN, FOR_EVER

HOME = home.directory()
INSTALLATION = home.load(HOME)

SECRET_KEY = home.secret_key(HOME)
DEBUG = False
HERE = ("127.0.0.1", "localhost", "[::1]")
"""How this machine calls itself: whoever watches it from here asks by these names."""
ALLOWED_HOSTS = [*HERE, *filter(None, os.environ.get("YINUO_HOSTS", "").split(","))]
YINUO_HTTPS = bool(os.environ.get("YINUO_HTTPS"))
YINUO_PROXIES = networks(os.environ.get("YINUO_PROXIES", ""))
"""Whose word is taken for who asks."""
CSRF_TRUSTED_ORIGINS = list(filter(None, os.environ.get("YINUO_ORIGINS", "").split(",")))

YINUO_CITY = INSTALLATION.city if INSTALLATION else ""
YINUO_DEMO_DATE = INSTALLATION.demo_date if INSTALLATION else ""
YINUO_ORIGIN = INSTALLATION.origin if INSTALLATION else ""
YINUO_LEDGER_KEY = HOME / "ledger.key"
YINUO_MARKS_KEY = home.marks_key(HOME)
"""By which people are found again by their number; `SECRET_KEY` may change, this one never."""
YINUO_SEALER_MEMORY = Path(os.environ.get("YINUO_SEALER_MEMORY", HOME / "sealer.checkpoint"))
"""Not in the database and not in its backups; better still on another disk."""
YINUO_TRUST = Path(os.environ.get("YINUO_TRUST", HOME / "trust.policy"))
"""Whose cosignatures this installation asks for and counts; need not exist."""
YINUO_FILES = Path(os.environ.get("YINUO_FILES", HOME / "files"))
"""Evidence and workbooks by hash, outside the web root; shared by all web nodes."""
YINUO_LAKE = Path(os.environ.get("YINUO_LAKE", HOME / "lake"))
"""Event logs as Parquet, by batch; shared by all web nodes."""
YINUO_LAKE_MEMORY = os.environ.get("YINUO_LAKE_MEMORY", "2GB")
"""For one piece of work on credit data; what needs more is put on disk meanwhile."""
YINUO_SPARK = os.environ.get("YINUO_SPARK", "")
"""Master of the Spark that resolves and publishes; without it DuckDB does so on this machine."""
YINUO_CREDIT_CENTRE = os.environ.get("YINUO_CREDIT_CENTRE", "DL-XYZX")
"""Code of the unit that publishes credit data and judges joins (信用中心)."""
YINUO_READS = Path(os.environ.get("YINUO_READS", HOME / "reads"))
"""Who looked at whose credit records; shared by all web nodes."""
YINUO_FONTS = Path(__file__).parent.parent / "web" / "static" / "vendor" / "noto-serif-sc"
"""The faces in which papers are set as PDF."""
YINUO_IDENTITY = Path(os.environ.get("YINUO_IDENTITY", HOME / "identity.toml"))
"""The identity platform of firms and citizens; no file, no sign-in for them."""
YINUO_NOTICES = Path(os.environ.get("YINUO_NOTICES", HOME / "notices.toml"))
"""Through which services messages leave; without the file none does."""
YINUO_CONTENT = HOME / "content"
"""The city's own calendars and tables; what is missing here is taken from what is shipped."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "ninja",
    "yinuo.ledger",
    "yinuo.parties",
    "yinuo.notices",
    "yinuo.content",
    "yinuo.commitments",
    "yinuo.goals",
    "yinuo.cases",
    "yinuo.credit",
    "yinuo.benefits",
    "yinuo.supervision",
    "yinuo.api",
    "yinuo.web",
]
MIDDLEWARE = [
    "yinuo.web.middleware.behind",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yinuo.web.language.middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yinuo.web.middleware.viewer",
    "yinuo.api.problem.problems",
    "yinuo.web.middleware.errors",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "yinuo.project.urls"
WSGI_APPLICATION = "yinuo.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yinuo.web.context.site",
            ],
        },
    },
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "parties.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "board"
FILE_UPLOAD_HANDLERS = ["yinuo.web.uploads.Bounded"]
# A long working day: at a window the next morning somebody else may sit at the same machine.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = YINUO_HTTPS
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""Hours: a quarter of an hour after five wrong passwords."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 100_000
"""Against a disk full of guesses; else they go by age, see `forget_sign_ins`."""
AXES_LOCKOUT_CALLABLE = "yinuo.web.views.signin.locked_out"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "track"]
"""Never written down with a failed attempt; `track` is a 查询码."""

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600


def how_long(headers: MutableMapping[str, str], _path: str, url: str) -> None:
    """Say for how long browsers may keep a static file, where it is not the usual time.

    Modules of the browser check import each other by name: all must be of one version. Fonts are
    named by the style sheet with a mark of their version.
    """
    if "/yinuo/proof/" in url:
        headers["Cache-Control"] = ASK_AGAIN
    elif url.endswith(".woff2"):
        headers["Cache-Control"] = FOR_EVER


WHITENOISE_ADD_HEADERS_FUNCTION = how_long

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "script-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"masked": {"()": "yinuo.project.masking.MaskedLinks"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["masked"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
