"""Our JSON APIs: an operation without an access rule cannot be added; a caller is a session or a bearer token; errors
have one shape and stand in the document."""

from collections.abc import Callable
from typing import Any

import ninja
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError
from ninja.errors import ValidationError as NotAsAsked
from ninja.pagination import LimitOffsetPagination
from ninja.utils import check_csrf
from pydantic import Field

from allmende.spine.instance.domain.queries import room_enabled
from allmende.spine.people.access import PUBLIC, can
from allmende.spine.rooms import room_of

SAFE = {"GET", "HEAD", "OPTIONS"}


class FieldProblem(ninja.Schema):
    field: str
    message: str


class Problem(ninja.Schema):
    """What went wrong, and for 422 in which fields."""

    error: str
    fields: list[FieldProblem] | None = None


class Pages(LimitOffsetPagination):
    """Lists by the page: `@paginate(Pages)`. Nobody asks for all rows at once, nor beyond what the database counts."""

    class Input(ninja.Schema):
        limit: int = Field(100, ge=1, le=500)
        offset: int = Field(0, ge=0, le=10_000_000)


def _responses(methods: list[str], rule: str, response: Any) -> dict[Any, Any]:
    """What an operation answers, for the document: its own answers, and the errors that it may come to."""
    found = response if isinstance(response, dict) else {200: response}
    # 404 also where nothing is named: an operation of a closed room is not there.
    codes = {401, 404, 422}
    if rule != PUBLIC:
        codes.add(403)
    if not set(methods) <= SAFE:
        codes |= {400, 403, 409}
    return found | dict.fromkeys(codes - set(found), Problem)


class Router(ninja.Router):
    """A router whose operations carry `@access(…)`, checked before they run (401 without, 403 with a caller)."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Callable[..., Any], **kwargs: Any) -> Any:
        rule = getattr(view_func, "access_rule", None)
        if rule is None:
            raise LookupError(f"API operation {view_func.__qualname__} has no access rule")

        # As ninja's authentication: it runs before the body is read, which is nobody's business without the right.
        def guard(request: HttpRequest) -> bool:
            room = room_of(view_func.__module__)
            if room is not None and not room_enabled(room.room):
                raise HttpError(404, "room is switched off")
            if not can(request.user, rule):
                raise HttpError(403 if request.user.is_authenticated else 401, "not allowed")
            # A session rides along with whatever page sends the request, so it must show that the page is ours. A
            # token does not: `TokenMiddleware` marks its requests.
            if request.user.is_authenticated and request.method not in SAFE and check_csrf(request) is not None:
                raise HttpError(403, "CSRF token missing or wrong")
            return True

        if "response" in kwargs:
            kwargs["response"] = _responses(methods, rule, kwargs["response"])
        kwargs["auth"] = guard
        return super().add_api_operation(path, methods, view_func, **kwargs)


def answer_errors(api: ninja.NinjaAPI) -> None:
    """Give every error the shape of `Problem`."""

    def answer(request: HttpRequest, status: int, error: str, fields: Any = None) -> HttpResponse:
        body = {"error": error} | ({"fields": fields} if fields else {})
        return api.create_response(request, body, status=status)

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, str(error))

    @api.exception_handler(Http404)
    def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not found")

    @api.exception_handler(PermissionDenied)
    def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, 403, "not allowed")

    @api.exception_handler(NotAsAsked)
    def _not_as_asked(request: HttpRequest, error: NotAsAsked) -> HttpResponse:
        fields = [
            {"field": ".".join(str(part) for part in one["loc"]), "message": str(one["msg"])} for one in error.errors
        ]
        return answer(request, 422, "some values are not as asked", fields)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        """What a verb of the domain found wrong."""
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        fields = [{"field": name, "message": text} for name, texts in named.items() for text in texts]
        return answer(request, 422, "some values are not as asked", fields)
