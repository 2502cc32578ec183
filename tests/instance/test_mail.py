"""The test mail really leaves, and every way to fail is said so that it helps."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain import mail, setup
from allmende.spine.instance.domain.queries import current
from allmende.spine.instance.domain.settings import change
from allmende.spine.people.enums import Role
from allmende.spine.secrets import save_secrets, secrets
from tests.factories import make_account

from .conftest import SMTP, free_port

WIZARD = "/einrichten/post/"
PAGE = "/intern/einstellungen/post/"


def send(values: dict[str, Any], password: str = "", to: str = "amt@example.org") -> None:
    mail.send_test(values, password, to, name="Musterstadt")


def problem(values: dict[str, Any], password: str = "", to: str = "amt@example.org") -> mail.MailProblem:
    with pytest.raises(mail.MailProblem) as caught:
        send(values, password, to)
    return caught.value


def test_a_mail_arrives(smtp: SMTP) -> None:
    send(smtp.mail, smtp.letters.password)
    (letter,) = smtp.letters.taken
    assert (letter.mail_from, letter.rcpt_tos) == ("stadt@example.org", ["amt@example.org"])
    assert "Musterstadt" in letter.content.decode()


def test_a_wrong_password(smtp: SMTP) -> None:
    found = problem(smtp.mail, "falsch")
    assert found.code == "auth"
    assert str(found) == "Der Server 127.0.0.1 hat Benutzername und Passwort abgelehnt (Benutzername: post)."
    assert smtp.letters.taken == []


def test_a_foreign_sender(smtp: SMTP) -> None:
    assert problem(smtp.mail | {"sender": "fremd@example.net"}, smtp.letters.password).code == "sender"


def test_protection_that_is_not_offered(smtp: SMTP) -> None:
    assert problem(smtp.mail | {"security": "starttls"}, smtp.letters.password).code == "unsupported"
    assert problem(smtp.mail | {"security": "tls"}, smtp.letters.password).code == "tls"


def test_nobody_listens() -> None:
    port = free_port()
    values = {"host": "127.0.0.1", "port": port, "security": "none", "user": "", "sender": "stadt@example.org"}
    with translation.override("en"):
        found = problem(values)
    assert (found.code, str(found)) == (
        "refused",
        f"The server 127.0.0.1 takes no mail on port {port}. "
        "Check the port, and whether a firewall lets the connection out.",
    )


def test_a_name_that_nobody_has() -> None:
    values = {"host": "mail.invalid", "port": 25, "security": "none", "user": "", "sender": "stadt@example.org"}
    assert problem(values).code == "host_unknown"


def test_a_server_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        values = {
            "host": "127.0.0.1", "port": server.getsockname()[1], "security": "none", "user": "",
            "sender": "stadt@example.org",
        }  # fmt: skip
        assert problem(values).code in {"disconnected", "unreachable"}
        thread.join()


def test_an_untrusted_certificate(tmp_path: Path) -> None:
    context = self_signed(tmp_path)

    def greet() -> None:
        peer, _ = server.accept()
        try:
            context.wrap_socket(peer, server_side=True).close()
        except OSError:
            peer.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=greet)
        thread.start()
        values = {
            "host": "127.0.0.1", "port": server.getsockname()[1], "security": "tls", "user": "",
            "sender": "stadt@example.org",
        }  # fmt: skip
        assert problem(values).code == "certificate"
        thread.join()


def self_signed(folder: Path) -> ssl.SSLContext:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "anders.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def typed(smtp: SMTP, **more: Any) -> dict[str, Any]:
    return smtp.mail | {"port": str(smtp.port), "password": smtp.letters.password, "to": "amt@example.org"} | more


@pytest.mark.django_db(transaction=True)
def test_in_the_wizard_the_draft_is_kept_and_the_mail_sent(opened: Client, smtp: SMTP, data: Path) -> None:
    response = opened.post(WIZARD, typed(smtp, do="test"))
    assert (response.status_code, response["Location"]) == (302, WIZARD)
    assert len(smtp.letters.taken) == 1
    assert secrets(data) == {"setup_mail_password": smtp.letters.password}
    # The password is not shown and need not be typed again.
    again = opened.get(WIZARD)
    assert smtp.letters.password not in again.content.decode()
    assert opened.post(WIZARD, typed(smtp, password="", do="test")).status_code == 302
    assert len(smtp.letters.taken) == 2
    assert smtp.letters.password not in str(list(setup.drafts().values()))


@pytest.mark.django_db(transaction=True)
def test_in_the_wizard_a_failure_stands_at_the_form(opened: Client, smtp: SMTP) -> None:
    response = opened.post(WIZARD, typed(smtp, password="falsch", do="test"))
    assert response.status_code == 422
    assert "hat Benutzername und Passwort abgelehnt" in response.content.decode()
    assert response.context["form"]["host"].value() == "127.0.0.1"


@pytest.mark.django_db(transaction=True)
def test_on_the_settings_page(admin_client: Client, smtp: SMTP, data: Path) -> None:
    page = admin_client.get(PAGE)
    seen = page.context["seen"]
    saved = admin_client.post(PAGE, typed(smtp, seen=seen))
    assert saved.status_code == 302
    assert current().mail == smtp.mail
    assert secrets(data)["mail_password"] == smtp.letters.password
    assert smtp.letters.password not in admin_client.get(PAGE).content.decode()
    assert admin_client.post(PAGE, {"do": "test", "to": "amt@example.org"}).status_code == 302
    assert [letter.rcpt_tos for letter in smtp.letters.taken] == [["amt@example.org"]]
    save_secrets(data, mail_password="falsch")
    failed = admin_client.post(PAGE, {"do": "test", "to": "amt@example.org"})
    assert failed.status_code == 422
    outcomes = FactRow.objects.filter(kind="instance.mail.tested").order_by("id").values_list("payload", flat=True)
    assert list(outcomes) == [{"outcome": "sent"}, {"outcome": "auth"}]
    # Without a user name there is no password to keep.
    seen = admin_client.get(PAGE).context["seen"]
    admin_client.post(PAGE, typed(smtp, user="", password="", seen=seen))
    assert "mail_password" not in secrets(data)


@pytest.mark.django_db
def test_only_administrators_reach_it(town: Any, client: Client, smtp: SMTP) -> None:
    change({"mail": smtp.mail}, actor="test")
    client.force_login(make_account(Role.EDITOR))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"do": "test", "to": "amt@example.org"}).status_code == 403
    assert smtp.letters.taken == []
