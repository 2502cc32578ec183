"""Middleware that belongs to no single room."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.cache import patch_vary_headers
from psycopg_pool import PoolTimeout

from allmende.spine.instance.domain.queries import current

log = logging.getLogger("allmende.web")
Next = Callable[[HttpRequest], HttpResponse]
# No server, no free connection, or one that broke while it was in use.
LOST = (OperationalError, InterfaceError, PoolTimeout)


def policy() -> str:
    connect = f"'self' {settings.LIVE_URL}".strip()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src {connect}; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=()")
        return response


class DatabaseDownMiddleware:
    """A lost database is said in the person's language, with 503 and a time to come back; nothing is half-saved.

    Django brings it what a view raises. What a middleware raises (the session, the person) ends at
    `errors.server_error`.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError) and "NUL" in str(error):
            # PostgreSQL stores no such character, and nobody types one: a mistake of the request, not ours.
            from allmende.config.errors import bad_request  # which imports this module

            return bad_request(request, error)
        return unavailable(request) if isinstance(error, LOST) else None


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page of a lost database. Uses nothing that would ask the database again."""
    log.error("database unavailable")
    if request.path.startswith("/api/"):
        response: HttpResponse = JsonResponse({"error": "database unavailable"}, status=503)
    else:
        # What the town offers may not be known now; what the person asks for is.
        language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
        with translation.override(language):
            response = HttpResponse(get_template("503.html").render({}), status=503)
    response["Retry-After"] = "10"
    response.headers.setdefault("Content-Security-Policy", policy())
    return response


class LanguageMiddleware:
    """The language somebody chose (cookie), else the browser's, among those the town offers; German where neither
    helps."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            offered = current().languages
        except LOST:
            return unavailable(request)
        language = translation.get_language_from_request(request)
        if language not in offered:
            language = offered[0] if offered else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response
