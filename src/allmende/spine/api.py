"""Our JSON APIs: an operation without an access rule cannot be added; a caller is a session or a bearer token."""

import functools
from collections.abc import Callable
from typing import Any

import ninja
from django.http import HttpRequest
from ninja.errors import HttpError

from allmende.spine.people.access import can


class Router(ninja.Router):
    """A router whose operations carry `@access(…)`, checked before they run (401 without, 403 with a caller)."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Callable[..., Any], **kwargs: Any) -> Any:
        rule = getattr(view_func, "access_rule", None)
        if rule is None:
            raise LookupError(f"API operation {view_func.__qualname__} has no access rule")

        @functools.wraps(view_func)
        def guarded(request: HttpRequest, *args: Any, **inner: Any) -> Any:
            if not can(request.user, rule):
                raise HttpError(403 if request.user.is_authenticated else 401, "not allowed")
            return view_func(request, *args, **inner)

        return super().add_api_operation(path, methods, guarded, **kwargs)
