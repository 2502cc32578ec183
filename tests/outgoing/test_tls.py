"""Whose answer it is: TLS is verified against the name that was asked for."""

import datetime as dt
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from allmende.spine.outgoing import Refused, Unreachable, fetch

from .peer import LOOPBACK, answer, refused, resolver, serving


@pytest.fixture
def _inside(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = LOOPBACK


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS with a certificate of its own for `name`, and the file to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / "cert.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


@pytest.mark.usefixtures("_inside")
def test_tls_is_verified_against_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"]))
    tls, trusted = certificate(tmp_path, "rat.example")
    asked: list[str | None] = []
    tls.sni_callback = lambda sock, name, context: asked.append(name)
    with serving(lambda handler: answer(handler, b"safe"), tls) as port:
        assert refused(f"https://rat.example:{port}/") == (Unreachable, "certificate")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert fetch(f"https://rat.example:{port}/").body == b"safe"
        assert refused(f"https://fremd.example:{port}/") == (Unreachable, "certificate")
        assert refused(f"https://127.0.0.1:{port}/") == (Unreachable, "certificate")
    assert asked == ["rat.example", "rat.example", "fremd.example", None]


@pytest.mark.usefixtures("_inside")
def test_protection_is_not_given_up_by_a_redirect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"]))
    tls, trusted = certificate(tmp_path, "rat.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(lambda handler: answer(handler, status=302, Location="http://rat.example/"), tls) as port:
        assert refused(f"https://rat.example:{port}/") == (Refused, "downgrade")
