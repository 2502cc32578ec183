"""Pages for what went wrong: what happened, where, what to do. JSON for programs."""

import sys
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from allmende.config.middleware import LOST, unavailable
from allmende.spine.people.middleware import wants_json


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": status.phrase.lower()}, status=status)
    return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever failed may be what a page needs: this one needs nothing."""
    # Called while the exception is at hand. Of a middleware's exceptions nobody else is told.
    if isinstance(sys.exc_info()[1], LOST):
        return unavailable(request)
    if wants_json(request):
        return JsonResponse({"error": "internal server error"}, status=500)
    return HttpResponse(get_template("500.html").render({}), status=500)
