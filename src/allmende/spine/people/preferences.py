"""Language and appearance of a browser: cookies, so that they hold before and without signing in."""

from typing import Any

from django.conf import settings

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
YEAR_SECONDS = 365 * 24 * 3600


def remember(response: Any, *, language: str = "", theme: str = "") -> None:
    """Set the cookies for what was chosen; an empty value leaves the browser's choice alone."""
    common = {
        "max_age": YEAR_SECONDS,
        "samesite": "Lax",
        "secure": settings.SESSION_COOKIE_SECURE,
        "httponly": True,
    }
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **common)
    if theme == "auto":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    elif theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, **common)
