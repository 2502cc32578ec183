"""Requests by the thousand: the real middleware, views and database, less what does not decide who gets in.

Left out are the test client's own book-keeping, the drawing of the pages of refusal (callers say that they want JSON),
and the drawing of a page that was drawn before at the same address: by then it is decided who gets in. Sessions travel
in signed cookies, which spares a query. Everything that was done at an address is undone.
"""

import functools
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import got_request_exception, request_finished
from django.db import close_old_connections, transaction
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.urls import reverse

from allmende.spine.people.models import Account
from tests.factories import PASSWORD

NAMES = {401: "login", 403: "forbidden", 404: "absent", 405: "method"}


FAILURES: list[BaseException | None] = []


class _Undo(Exception):
    pass


@functools.cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def _failed(**kwargs: Any) -> None:
    FAILURES.append(sys.exc_info()[1])


class Walker:
    """One person's way through the site."""

    def __init__(self, person: Account | None) -> None:
        self.cookie = self._sign_in(person) if person else ""

    @staticmethod
    def _sign_in(person: Account) -> str:
        client = Client()
        client.force_login(person, backend="allmende.spine.people.backends.Backend")
        # Pages that ask for the password again let the person through.
        assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
        return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    def outcome(self, method: str, address: str) -> str:
        """`ok`: the view was reached; a GET that leads `elsewhere`; else the refusal."""
        request = RequestFactory(headers={"accept": "application/json"}).generic(method, address)
        request.META["HTTP_COOKIE"] = self.cookie
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        response: Any = _handler().get_response(request)
        if response.streaming:
            b"".join(response.streaming_content)
        response.close()
        if response.status_code >= 500:
            raise AssertionError(f"{method} {address}: {response.status_code}") from FAILURES[-1]
        if response.status_code in (301, 302):
            return "elsewhere" if method == "GET" else "ok"
        return NAMES.get(response.status_code, "ok")


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves nothing behind."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass


@contextmanager
def walking() -> Iterator[set[str]]:
    """Inside, a template is drawn only while its name is not in the set given; the caller empties it per address."""
    drawn: set[str] = set()
    draw = Template.render

    def once(self: Template, context: Any = None, request: Any = None) -> Any:
        name = str(self.template.name)
        if name in drawn:
            return ""
        drawn.add(name)
        return draw(self, context, request)

    logging.disable(logging.CRITICAL)
    request_finished.disconnect(close_old_connections)
    got_request_exception.connect(_failed)
    try:
        with patch.object(Template, "render", once):
            yield drawn
    finally:
        got_request_exception.disconnect(_failed)
        request_finished.connect(close_old_connections)
        logging.disable(logging.NOTSET)
