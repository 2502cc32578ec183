"""A town that is not set up shows nothing but its set-up; a town in service counts its reach."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from allmende.spine.people.middleware import rule_of

from .domain import queries
from .domain.reach import COUNTS, counted

Next = Callable[[HttpRequest], HttpResponse]


class SetupMiddleware:
    """Until the town is set up every address leads to the set-up, which wants the code from the terminal.

    Comes after the language and before anything that asks who somebody is.
    """

    OPEN = ("/einrichten/", "/design.css", "/sprache/", "/static/")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if queries.current().set_up is None and not request.path.startswith(self.OPEN):
            # Another process may have finished the set-up within the last two seconds.
            queries.forget()
            if queries.current().set_up is None:
                return self._closed(request)
        return self.get_response(request)

    def _closed(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse({"error": "this town is not set up yet"}, status=503)
        return redirect(reverse("instance:setup"))


class ReachMiddleware:
    """Counts public pages (see `domain.reach`). Costs no query; comes last, where the view is known."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._rules: dict[str, str | None] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None:
            route = match.view_name
            if route not in self._rules:
                self._rules[route] = rule_of(match.func, route)
            found = counted(request, response, self._rules[route])
            if found is not None:
                COUNTS.add(*found)
                COUNTS.start()
        return response
