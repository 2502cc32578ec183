"""Django settings, all from the environment (documented in docs/reference/settings.md; a contract test keeps that
true)."""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

from allmende.config import env
from allmende.spine.supervisor.dsn import parse_database_url

PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(env.get("ALLMENDE_DATA", "var")).resolve()
DEBUG = env.flag("ALLMENDE_DEBUG")
TESTING = False

_secrets = env.secrets(DATA)
SECRET_KEY = env.get("ALLMENDE_SECRET_KEY", "") or _secrets.get("secret_key", "")
if not SECRET_KEY:
    # Commands that touch no data (messages, schema) run without a data folder; whatever this key signs is void.
    SECRET_KEY = "unset-" + os.urandom(24).hex()

HOST = env.get("ALLMENDE_HOST", "127.0.0.1")
PORT = int(env.get("ALLMENDE_PORT", "8080"))
BASE_URL = env.get("ALLMENDE_BASE_URL", f"http://localhost:{PORT}").rstrip("/")
LIVE_URL = env.get("LIVE_URL", "").rstrip("/")
ALLOWED_HOSTS = env.words("ALLMENDE_ALLOWED_HOSTS") or [
    "localhost",
    "127.0.0.1",
    "[::1]",
    BASE_URL.split("//", 1)[1].split("/")[0].rsplit(":", 1)[0],
]
_https = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if _https else []
if env.flag("ALLMENDE_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "allmende", "allmende_csrf", "allmende_language"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_htmx",
    "allmende.spine.facts",
    "allmende.spine.people",
    "allmende.spine.instance",
    *(
        f"allmende.spine.{name}"
        for name in ("privacy", "places", "assets", "files", "search", "notify", "moderation", "actions", "ui")
        if (PACKAGE / "spine" / name / "apps.py").exists()
    ),
    "allmende.programme",
    "allmende.funding",
    "allmende.process",
    "allmende.dialogue",
    "allmende.portal",
    # Below ours, so that our templates and German words win over allauth's.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "allmende.config.middleware.DatabaseDownMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "allmende.config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "allmende.config.middleware.LanguageMiddleware",
    "allmende.spine.instance.middleware.SetupMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allmende.spine.people.middleware.TokenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allmende.spine.instance.middleware.ReachMiddleware",
    "allmende.spine.people.middleware.LastSeenMiddleware",
    "allmende.spine.people.middleware.AccessMiddleware",
]

ROOT_URLCONF = "allmende.config.urls"
WSGI_APPLICATION = "allmende.config.wsgi.application"
FORM_RENDERER = "allmende.spine.ui.forms.Renderer"
FORMS_URLFIELD_ASSUME_HTTPS = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allmende.config.context.site",
            ],
        },
    }
]
_database: dict[str, Any] = parse_database_url(env.get("DATABASE_URL", "postgresql:///allmende"))
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **_database,
        # One connection a process; `config.targets.web` puts a pool in its place for the threads of the web process.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "allmende",
            "connect_timeout": 5,
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
            **_database.get("OPTIONS", {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:after_login"
LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
from allmende.config.identity import *  # noqa: E402, F403

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
LOCALE_PATHS = [PACKAGE / "config" / "locale"]
USE_TZ = True
TIME_ZONE = env.get("ALLMENDE_TIME_ZONE", "Europe/Berlin")

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
# The live process knows no Django, so it is no app; its browser side is served all the same.
STATICFILES_DIRS = [PACKAGE / "spine" / "live" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "allmende.spine.files.capped.CappedUploadHandler",
]
# A virus scanner as argv; gets a path, exits with 0 (clean) or 1 (infected). Empty: no scan.
SCAN_COMMAND = env.get("ALLMENDE_SCAN_COMMAND", "")
# Networks that are not public and may be asked all the same, such as that of the council information system.
OUTGOING_NETWORKS = tuple(ipaddress.ip_network(word) for word in env.words("ALLMENDE_OUTGOING_NETWORKS"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = "allmende.config.mail.Backend"
DEFAULT_FROM_EMAIL = env.get("ALLMENDE_MAIL_FROM", "allmende@localhost")

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "allmende.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": sys.stderr}},
    "root": {"handlers": ["stderr"], "level": env.get("ALLMENDE_LOG_LEVEL", "WARNING")},
    "loggers": {"allmende": {"level": env.get("ALLMENDE_LOG_LEVEL", "INFO")}},
}
