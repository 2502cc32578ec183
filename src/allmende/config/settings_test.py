"""Settings of the test suite: the same town, errors loud, hashing cheap."""

from allmende.config.settings import *  # noqa: F403

TESTING = True
SECRET_KEY = "only-for-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
# Every test comes from the same address; the tests of the limits themselves turn them on.
ACCOUNT_RATE_LIMITS = False
# A test database holds no town that is set up, and counts reach of nobody; tests/instance puts both back.
MIDDLEWARE = [name for name in MIDDLEWARE if ".instance.middleware." not in name]  # noqa: F405
