"""The set-up and the counting as they run in service, and a data folder of each test's own."""

import secrets
import socket
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from django.test import Client

from allmende.spine.instance.domain import setup
from allmende.spine.instance.domain.reach import COUNTS
from allmende.spine.people.enums import Role
from tests.factories import make_account

SETUP = "allmende.spine.instance.middleware.SetupMiddleware"
REACH = "allmende.spine.instance.middleware.ReachMiddleware"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


@pytest.fixture
def closed(settings: Any) -> None:
    """A server as `up --no-demo` starts it."""
    after = settings.MIDDLEWARE.index("allmende.config.middleware.LanguageMiddleware") + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:after], SETUP, *settings.MIDDLEWARE[after:]]


@pytest.fixture
def counting(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reach is counted, but written by the test itself instead of by the thread."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, REACH]
    monkeypatch.setattr(COUNTS, "start", lambda: None)
    COUNTS._counts.clear()
    yield
    COUNTS._counts.clear()


@pytest.fixture
def opened(db: None, closed: None, client: Client) -> Client:
    """A browser whose person typed the code."""
    code = setup.setup_code()
    assert client.post("/einrichten/", {"code": code}).status_code == 302
    return client


@pytest.fixture
def town(db: None) -> Any:
    """A town in service."""
    from allmende.spine.instance.domain.settings import change, finish_setup

    change({"town": "Musterstadt", "ags": "07312000", "state": "RP", "name": "Muster digital"}, actor="test")
    return finish_setup(actor="test")


@pytest.fixture
def admin_client(town: Any, client: Client) -> Client:
    client.force_login(make_account(Role.ADMINISTRATOR, email="admin@example.org"))
    return client


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Letters:
    """What the mail server took in."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.user, self.password = "post", "".join(secrets.choice(string.ascii_letters) for _ in range(12))

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 taken"

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address.startswith("fremd@"):
            return "550 not your address"
        envelope.mail_from = address
        return "250 ok"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, auth_data: Any) -> AuthResult:
        right = isinstance(auth_data, LoginPassword) and auth_data.password == self.password.encode()
        return AuthResult(success=right, handled=False)


class SMTP(Controller):
    letters: Letters

    @property
    def mail(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1", "port": self.port, "security": "none", "user": self.letters.user,
            "sender": "stadt@example.org",
        }  # fmt: skip


@pytest.fixture
def smtp() -> Iterator[SMTP]:
    """A real mail server that asks for a password."""
    letters = Letters()
    server = SMTP(
        letters, hostname="127.0.0.1", port=free_port(), authenticator=letters.authenticate, auth_require_tls=False
    )
    server.letters = letters
    server.start()
    yield server
    server.stop()
