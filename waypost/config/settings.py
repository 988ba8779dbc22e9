"""Django settings, made from `environment.py`."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from waypost.config.environment import CHECKOUT, derived_token, read_environment
from waypost.postgres import embedded_url

ENVIRONMENT = read_environment()

SECRET_KEY, *SECRET_KEY_FALLBACKS = ENVIRONMENT.keys["WAYPOST_SECRET_KEY"]
DEBUG = ENVIRONMENT.is_debug
ALLOWED_HOSTS = ["*"]  # Links are built from WAYPOST_PUBLIC_URL, never from the Host header.
PUBLIC_URL = ENVIRONMENT.public_url
DATA_FOLDER = ENVIRONMENT.data
CREDENTIAL_KEYS = ENVIRONMENT.keys["WAYPOST_CREDENTIAL_KEY"]
LINK_KEYS = ENVIRONMENT.keys["WAYPOST_LINK_KEY"]
OUTBOUND_ALLOW_PRIVATE = ENVIRONMENT.allow_addresses
OUTBOUND_ORIGIN_MAP = ENVIRONMENT.origin_map

API_REQUESTS_PER_MINUTE = ENVIRONMENT.api_requests_per_minute

SANDBOX = ENVIRONMENT.is_sandbox
# Needs every room and the sandbox, so it lives here; the command line calls it by name.
EXAMPLE_LOADER = "waypost.config.example.load_example"
SANDBOX_CODE_KEYS = ENVIRONMENT.keys["WAYPOST_CODE_KEY"]
SANDBOX_PUBLIC_URL = PUBLIC_URL
SANDBOX_FRAME_TEMPLATE = "base.html"
SANDBOX_CONTROL_TOKEN = derived_token(SANDBOX_CODE_KEYS[0], "waypost sandbox control token")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "waypost.workspace",
    "waypost.people",
    "waypost.integrations",
    "waypost.workflows",
    "waypost.instances",
    "waypost.api",
    "waypost.web",
    "waypost.worker",
    "waypost.sandbox",
    "waypost.sandbox.twilio",
    "waypost.sandbox.sendgrid",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "waypost.api.wire.ApiPaths",  # Answers the API itself: what follows is for pages.
    "waypost.web.browser_rules.BrowserRules",
    "waypost.web.database_away.DatabaseAway",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "waypost.config.urls"
WSGI_APPLICATION = "waypost.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "waypost/web", CHECKOUT / "waypost/sandbox"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waypost.web.shell.shell",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """A Django database entry for `postgresql://user:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": query.get("port", parts.port or ""),
        "CONN_MAX_AGE": None,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1},
    }


DATABASE_URL = ENVIRONMENT.database_url or embedded_url(ENVIRONMENT.data)
DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
# An address is unique whatever its case: a constraint on lower(email), which this check cannot see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Wrong passwords are counted by address: without this, everybody behind a proxy shares its own.
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [CHECKOUT / "waypost/web/static", CHECKOUT / "waypost/sandbox/static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
