"""Settings for looking at the components alone: no database, no rooms, the real Content-Security-Policy."""

SECRET_KEY = "only-for-looking"
ALLOWED_HOSTS = ["*"]
DEBUG = False
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
STATIC_URL = "/static/"
ROOT_URLCONF = "tests.spine_ui.server"
INSTALLED_APPS = ["django.contrib.staticfiles", "allmende.spine.ui"]
FORM_RENDERER = "allmende.spine.ui.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
