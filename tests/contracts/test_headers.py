"""What every answer carries, and what no request gets away with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from allmende.config import urls
from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.people.access import PUBLIC, access
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.middleware import rule_of
from tests.factories import PASSWORD, make_account, make_measure

from .site_map import Route, routes

pytestmark = pytest.mark.django_db

WORDS = {
    "pk": 1, "place": 1, "public_id": "01a2056f-a264-7a67-b354-f43017f80a0c",
    "waited": "01a2056f-a264-7a67-b354-f43017f80a0c", "uidb36": "1", "key": "a-b",
    "code": "AAAAAAA",
}  # fmt: skip
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def address(route: Route) -> str:
    """An address of the route; its thing need not exist."""
    return reverse(route.name, kwargs={name: WORDS.get(name, "x") for name in route.parameters})


def every_route() -> dict[str, Route]:
    return {route.name: route for route in routes()}


def directives(answer: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: rest for name, _, rest in parts}


def guarded(answer: Any) -> dict[str, str]:
    """The headers that must be the same on every answer."""
    return {name: answer.headers.get(name, "absent") for name in ("X-Content-Type-Options", "X-Frame-Options")}


@pytest.mark.parametrize("who", ["visitor", "administrator"])
def test_every_answer_carries_the_policy(client: Client, who: str) -> None:
    if who == "administrator":
        client.force_login(make_account(Role.ADMINISTRATOR))
    wrong = []
    for name, route in every_route().items():
        for answer in (client.get(address(route)), client.put(address(route))):
            if answer.streaming:
                b"".join(answer.streaming_content)
            ok = (
                directives(answer) == POLICY
                and guarded(answer) == {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
                and answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
                and answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            )
            if not ok:
                wrong.append((name, answer.status_code))
    assert wrong == []


def _raise(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    @access(PUBLIC)
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


class Broken:
    """The site's addresses, and some behind which something fails."""

    urlpatterns = [
        *urls.urlpatterns,
        path("kaputt/", _raise(RuntimeError("geheim-7f3a"))),
        path("verboten/", _raise(PermissionDenied("geheim-7f3a"))),
        path("seltsam/", _raise(SuspiciousOperation("geheim-7f3a"))),
        path("ohne-datenbank/", _raise(OperationalError("geheim-7f3a"))),
    ]
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        urls.handler404,
        urls.handler500,
    )


@pytest.mark.parametrize(
    ("where", "status"),
    [("kaputt", 500), ("verboten", 403), ("seltsam", 400), ("ohne-datenbank", 503), ("gibt-es-nicht", 404)],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_errors_carry_it_too_and_tell_nothing(settings: LazySettings, where: str, status: int, kind: str) -> None:
    settings.ROOT_URLCONF = Broken
    answer = Client(raise_request_exception=False).get(f"/{where}/", headers={"accept": kind})
    assert answer.status_code == status
    assert directives(answer) == POLICY
    assert guarded(answer) == {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert b"geheim" not in answer.content
    assert b"Traceback" not in answer.content
    assert list(answer.cookies) == []


def test_a_foreign_host_name_is_refused(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert (answer.status_code, directives(answer)) == (400, POLICY)
    assert b"evil.example" not in answer.content


# Pages for visitors with a form of their own: its CSRF cookie belongs to it.
WITH_A_FORM = {
    "account_login",
    "account_signup",
    "account_reset_password",
    "moderation:accessibility",
}


def test_a_reader_gets_no_cookie() -> None:
    finish_setup(actor="test")
    make_measure()
    with_cookie = {}
    for name, route in every_route().items():
        if rule_of(route.callback, name) == PUBLIC and not route.parameters:
            answer = Client().get(address(route))
            if answer.cookies:
                with_cookie[name] = sorted(answer.cookies)
    assert with_cookie == {name: ["allmende_csrf"] for name in WITH_A_FORM}


# What a POST without our token may do: choose language and appearance of one's own pages, for which readers must get no
# cookie (SameSite=Lax keeps the session out of foreign forms), and end e-mail by a signed address (RFC 8058).
# Operations of the API ask for the token themselves (see test_api).
EXEMPT = {"set_language", "people:set_theme", "notify:unsubscribe"}


def test_no_form_is_taken_without_our_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_account(*Role.__members__.values()))
    taken = set()
    for name, route in every_route().items():
        if name.startswith("api:"):
            continue
        answer = client.post(address(route), {"name": "x"})
        if answer.status_code != 403:
            taken.add(name)
    assert taken == EXEMPT


def test_log_in_needs_it_too() -> None:
    """Else somebody could sign a person in to a foreign account and watch what they write there."""
    account = make_account()
    client = Client(enforce_csrf_checks=True)
    form = {"login": account.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), form).status_code == 403
    assert "_auth_user_id" not in client.session
    client.get(reverse("account_login"))
    form["csrfmiddlewaretoken"] = client.cookies["allmende_csrf"].value
    assert client.post(reverse("account_login"), form).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_key_for_programs_opens_no_page() -> None:
    account = make_account(Role.ADMINISTRATOR)
    headers = {"authorization": f"Bearer {create_token(account, 't', actor=account)[1]}"}
    assert Client().get("/api/actions/", headers=headers).status_code == 200
    taken = {
        name: answer.status_code
        for name, route in every_route().items()
        if not name.startswith("api:")
        for answer in (Client().get(address(route), headers=headers), Client().post(address(route), headers=headers))
        if answer.status_code != 401 or answer.cookies
    }
    assert taken == {}


@pytest.mark.parametrize("header", ["Token {}", "Basic {}", "{}", "Bearer x{}", "Bearer {}x", "Bearer"])
def test_a_key_counts_in_one_form_only(header: str) -> None:
    account = make_account(Role.ADMINISTRATOR)
    key = create_token(account, "t", actor=account)[1]
    assert Client().get("/api/actions/", headers={"authorization": header.format(key)}).status_code == 401
    assert Client().get(f"/api/actions/?token={key}&access_token={key}").status_code == 401
