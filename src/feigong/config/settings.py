"""The one settings file. What differs from place to place comes from the environment; `docs/operator` lists it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from feigong.config.home import secret_key
from feigong.config.logs import logging_settings

HOME = Path(os.environ.get("FEIGONG_HOME", "var")).resolve()  # database, keys, uploads: everything that is kept
ADDRESS = os.environ.get("FEIGONG_ADDRESS", "http://127.0.0.1:8000")  # as users type it
DEBUG = os.environ.get("FEIGONG_DEBUG", "") == "1"

_PACKAGE = Path(__file__).resolve().parents[1]
_address = urlsplit(ADDRESS)
_https = _address.scheme == "https"

SECRET_KEY = secret_key(HOME)
KEYS = Path(os.environ.get("FEIGONG_KEYS", HOME / "keys" / "seals.json"))  # of sealed fields; never in the database
CIPHER = os.environ.get("FEIGONG_CIPHER", "aes-gcm")  # or sm4-gcm; what is sealed with the other is still read
ALLOWED_HOSTS = [h for h in {_address.hostname, "127.0.0.1", "localhost"} if h]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "feigong.apps.audit",
    "feigong.apps.seals",
    "feigong.apps.accounts",
    "feigong.apps.roll",
    "feigong.apps.jobs",
    "feigong.apps.imports",
    "feigong.apps.cases",
    "feigong.apps.coverage",
    "feigong.apps.documents",
    "feigong.apps.targets",
    "feigong.apps.settlers",
    "feigong.apps.liaison",
    "feigong.apps.movement",
    "feigong.web",
]

MIDDLEWARE = [
    "feigong.web.middleware.numbered",
    "feigong.config.requests.logged",
    "feigong.web.middleware.guarded",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "feigong.web.middleware.in_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "feigong.web.login.middleware.Doorkeeper",
]

ROOT_URLCONF = "feigong.config.urls"
WSGI_APPLICATION = "feigong.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "web" / "templates"],  # before those of other packages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "feigong.web.context.page",
            ],
        },
    }
]

_SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",  # a writer waits for its turn instead of failing half-way
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
}


def _database() -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'feigong.sqlite3'}"
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["OPTIONS"] = {**found.get("OPTIONS", {}), **_SQLITE}
    return found


DATABASES = {"default": _database()}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(f"FEIGONG_{name}", usual))


ACCOUNT_LIMITS = {  # what each is: `feigong.apps.accounts.limits`
    "idle_minutes": _number("IDLE_MINUTES", 60),
    "session_hours": _number("SESSION_HOURS", 12),
    "sessions": _number("SESSIONS", 3),
    "failures_name": _number("FAILURES", 5),
    "failures_address": _number("FAILURES_ADDRESS", 50),
    "lock_minutes": _number("LOCK_MINUTES", 15),
    "invitation_days": _number("INVITATION_DAYS", 7),
    "token_days": _number("TOKEN_DAYS", 366),
    "token_requests": _number("TOKEN_REQUESTS", 600),
}
# Roles that must have a second factor. With an https address, those that decide or administer; a trial on http: none.
_totp = "district_office system_administrator security_administrator audit_administrator" if _https else ""
TOTP_ROLES = frozenset(os.environ.get("FEIGONG_TOTP_ROLES", _totp).replace(",", " ").split())

ACCOUNT_ADAPTER = "feigong.web.login.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up is closed; without e-mail nothing else is asked
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser, at the latest with its sitting
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip"}  # against floods; who fails is stopped by `feigong.apps.accounts.locks`
ACCOUNT_FORMS = {"login": "feigong.web.login.forms.SignInForm"}
MFA_ADAPTER = "feigong.web.login.adapters.MfaAdapter"
MFA_FORMS = {"authenticate": "feigong.web.login.forms.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "非公党建"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks differ; a code is taken once only
SESSION_COOKIE_AGE = ACCOUNT_LIMITS["session_hours"] * 3600

OIDC_NAME = os.environ.get("FEIGONG_OIDC_NAME", "")  # on the button
OIDC_CLAIM = os.environ.get("FEIGONG_OIDC_CLAIM", "sub")  # what the security administrator enters for an account
SOCIALACCOUNT_ADAPTER = "feigong.web.login.adapters.OidcAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if os.environ.get("FEIGONG_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],
        "APPS": [
            {
                "provider_id": "office",
                "name": OIDC_NAME,
                "client_id": os.environ["FEIGONG_OIDC_CLIENT_ID"],
                "secret": os.environ["FEIGONG_OIDC_SECRET"],
                "settings": {
                    "server_url": os.environ["FEIGONG_OIDC_ISSUER"],
                    "uid_field": OIDC_CLAIM,
                    "fetch_userinfo": False,  # who it is stands signed in the token itself
                },
            }
        ],
    }

# Counts of attempts and codes already used must be one for all processes, and nothing more is to be installed for it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "door_cache"}}

# Map tiles of the intranet, such as https://tiles.example.local/{z}/{x}/{y}.png; without: areas and points only.
MAP_TILES = os.environ.get("FEIGONG_TILES", "")
CONTENT_SOURCES: dict[str, list[str]] = {}
if MAP_TILES:
    _tiles = urlsplit(MAP_TILES)
    CONTENT_SOURCES["img-src"] = [f"{_tiles.scheme}://{_tiles.netloc}"]
if SOCIALACCOUNT_PROVIDERS:  # the button leads to whichever host the provider names for coming in
    CONTENT_SOURCES["form-action"] = [f"{urlsplit(os.environ['FEIGONG_OIDC_ISSUER']).scheme}:"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
_collected = (STATIC_ROOT / "staticfiles.json").exists()  # names with hashes, once `feigong setup` has collected them
_manifest = "Manifest" if _collected and not DEBUG else ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{_manifest}StaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # the answer of an OIDC provider comes from outside
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "feigong.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked by watchers on the machine itself
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = logging_settings()
