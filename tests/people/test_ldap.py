"""The town's directory, against Debian's slapd with StartTLS, real binds and groups."""

import datetime
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail
from django.urls import reverse

from allmende.spine.facts.models import FactRow
from allmende.spine.people import ldap
from allmende.spine.people.access import roles_of
from allmende.spine.people.domain.directory import parse_mapping, roles_for
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account, DirectoryIdentity
from tests.factories import make_account

from .support import signed_in

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else "")
peer = [
    pytest.mark.peer,
    pytest.mark.skipif(not SLAPD, reason="slapd is absent: apt-get install slapd"),
    pytest.mark.filterwarnings("ignore:ssl.match_hostname:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.* is deprecated. Please use:DeprecationWarning"),
]
# ldap3 2.9 uses names that pyasn1 and ssl will drop one day, and has its own where they are gone.
quiet = pytest.mark.filterwarnings("ignore:.* is deprecated. Please use:DeprecationWarning")
CONF = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {home}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {home}/cert.pem
TLSCertificateKeyFile {home}/key.pem
database mdb
suffix dc=stadt,dc=example
rootdn cn=admin,dc=stadt,dc=example
rootpw admin-geheim
directory {home}/db
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact=cn=suche,dc=stadt,dc=example read by * none
"""
PEOPLE = """
dn: dc=stadt,dc=example
objectClass: domain
dc: stadt

dn: cn=suche,dc=stadt,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: suche
userPassword: suche-geheim

dn: ou=leute,dc=stadt,dc=example
objectClass: organizationalUnit
ou: leute

dn: uid=eins,ou=leute,dc=stadt,dc=example
objectClass: inetOrgPerson
uid: eins
cn: Referat Eins
sn: Eins
displayName: Referat für Eins
mail: Eins@stadt.example
userPassword: passwort-eins

dn: uid=zwei,ou=leute,dc=stadt,dc=example
objectClass: inetOrgPerson
uid: zwei
cn: Referat Zwei
sn: Zwei
mail: zwei@stadt.example
userPassword: passwort-zwei

dn: uid=doppelt1,ou=leute,dc=stadt,dc=example
objectClass: inetOrgPerson
uid: doppelt1
cn: Doppelt
sn: Doppelt
mail: doppelt@stadt.example
userPassword: passwort-doppelt

dn: uid=doppelt2,ou=leute,dc=stadt,dc=example
objectClass: inetOrgPerson
uid: doppelt2
cn: Doppelt
sn: Doppelt
mail: doppelt@stadt.example
userPassword: passwort-doppelt

dn: ou=gruppen,dc=stadt,dc=example
objectClass: organizationalUnit
ou: gruppen

dn: cn=Redaktion,ou=gruppen,dc=stadt,dc=example
objectClass: groupOfNames
cn: Redaktion
member: uid=eins,ou=leute,dc=stadt,dc=example

dn: cn=kaemmerei,ou=gruppen,dc=stadt,dc=example
objectClass: groupOfNames
cn: kaemmerei
member: uid=zwei,ou=leute,dc=stadt,dc=example
"""


def _certificate(home: Path) -> None:
    """A certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (home / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Iterator[dict[str, object]]:
    home = tmp_path_factory.mktemp("slapd")
    (home / "db").mkdir()
    _certificate(home)
    (home / "slapd.conf").write_text(CONF.format(home=home))
    (home / "people.ldif").write_text(PEOPLE.lstrip())
    subprocess.run(
        [SLAPD.replace("slapd", "slapadd"), "-f", home / "slapd.conf", "-l", home / "people.ldif"], check=True
    )
    port = _free_port()
    server = subprocess.Popen(
        [SLAPD, "-f", home / "slapd.conf", "-h", f"ldap://127.0.0.1:{port}/", "-d", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None and time.monotonic() < deadline, "slapd does not answer"
        yield {
            "url": f"ldap://localhost:{port}",
            "starttls": True,
            "ca": str(home / "cert.pem"),
            "bind_dn": "cn=suche,dc=stadt,dc=example",
            "bind_password": "suche-geheim",
            "base": "ou=leute,dc=stadt,dc=example",
            "filter": "(&(objectClass=person)(mail={login}))",
            "uid": "entryUUID",
            "groups": "(member={dn})",
            "group_base": "ou=gruppen,dc=stadt,dc=example",
            "roles": "redaktion => editor; cn=kaemmerei,ou=gruppen,dc=stadt,dc=example => treasurer",
        }
    finally:
        server.terminate()
        server.wait(10)


class TestAgainstSlapd:
    pytestmark = [*peer, pytest.mark.django_db]

    @pytest.fixture(autouse=True)
    def _configured(self, settings, directory):
        settings.LDAP = dict(directory)

    def _log_in(self, client, email, password):
        client.post(reverse("account_login"), {"login": email, "password": password})
        return signed_in(client)

    def test_first_sign_in_makes_the_account_with_its_roles(self, client):
        assert self._log_in(client, "eins@stadt.example", "passwort-eins")
        account = Account.objects.get()
        assert (account.email, account.name) == ("eins@stadt.example", "Referat für Eins")
        assert not account.has_usable_password()
        assert roles_of(account) == {(Role.EDITOR, INSTANCE)}
        assert mail.outbox == []
        assert FactRow.objects.get(kind="people.account.created").payload == {"how": "ldap"}

    def test_a_group_by_its_full_name(self, client):
        assert self._log_in(client, "zwei@stadt.example", "passwort-zwei")
        assert roles_of(Account.objects.get()) == {(Role.TREASURER, INSTANCE)}

    @pytest.mark.parametrize(
        ("email", "password"),
        [
            ("eins@stadt.example", "falsch"),
            ("eins@stadt.example", "passwort-zwei"),
            ("eins@stadt.example", ""),
            ("nie@stadt.example", "passwort-eins"),
            ("*", "passwort-eins"),
            ("*)(uid=eins", "passwort-eins"),
            ("eins@stadt.example)(|(uid=*", "passwort-eins"),
            # Two entries with one address are nobody.
            ("doppelt@stadt.example", "passwort-doppelt"),
        ],
    )
    def test_refused(self, email, password):
        assert ldap.authenticate(email, password) is None

    def test_a_changed_address_keeps_the_account(self, client):
        assert self._log_in(client, "eins@stadt.example", "passwort-eins")
        account = Account.objects.get()
        Account.objects.update(email="umbenannt@stadt.example")
        assert self._log_in(client.__class__(), "eins@stadt.example", "passwort-eins")
        assert Account.objects.get().pk == account.pk

    def test_an_address_opens_no_existing_account(self, client, settings):
        victim = make_account(Role.ADMINISTRATOR, email="eins@stadt.example")
        assert not self._log_in(client, "eins@stadt.example", "passwort-eins")
        assert DirectoryIdentity.objects.count() == 0
        settings.DIRECTORY_LINK = True
        assert self._log_in(client, "eins@stadt.example", "passwort-eins")
        assert DirectoryIdentity.objects.get().account == victim
        assert roles_of(Account.objects.get()) == {(Role.ADMINISTRATOR, INSTANCE), (Role.EDITOR, INSTANCE)}

    def test_a_disabled_account_stays_out(self, client):
        assert self._log_in(client, "eins@stadt.example", "passwort-eins")
        Account.objects.update(is_active=False)
        assert not self._log_in(client.__class__(), "eins@stadt.example", "passwort-eins")

    def test_a_foreign_certificate_is_refused(self, settings):
        settings.LDAP = settings.LDAP | {"ca": ""}
        assert ldap.authenticate("eins@stadt.example", "passwort-eins") is None

    def test_a_wrong_search_account_is_refused(self, settings):
        settings.LDAP = settings.LDAP | {"bind_password": "falsch"}
        assert ldap.authenticate("eins@stadt.example", "passwort-eins") is None

    def test_local_passwords_still_work(self, client):
        account = make_account(email="lokal@example.org")
        assert self._log_in(client, account.email, "a long enough password")


BARE = {
    "url": "", "starttls": True, "ca": "", "bind_dn": "", "bind_password": "", "base": "dc=x",
    "filter": "(mail={login})", "uid": "entryUUID", "groups": "memberOf", "group_base": "", "roles": "",
}  # fmt: skip


@quiet
def test_a_directory_that_is_down_lets_nobody_in_and_nobody_wait(settings):
    settings.LDAP = BARE | {"url": f"ldap://127.0.0.1:{_free_port()}"}
    assert ldap.authenticate("eins@stadt.example", "passwort-eins") is None


@quiet
def test_passwords_never_leave_the_machine_unencrypted(settings):
    settings.LDAP = BARE | {"url": "ldap://192.0.2.1", "starttls": False}
    assert ldap.authenticate("eins@stadt.example", "passwort-eins") is None


def test_the_mapping_of_groups():
    mapping = parse_mapping("A => editor; b=>treasurer@organisation:1\nA => moderator;")
    assert roles_for(["a"], mapping) == {(Role.EDITOR, INSTANCE), (Role.MODERATOR, INSTANCE)}
    assert roles_for(["CN=B,ou=x"], mapping) == {(Role.TREASURER, "organisation:1")}
    assert roles_for(["c", ""], mapping) == set()
    for bad in ("A => king", "A editor", "=> editor"):
        with pytest.raises(ValueError):
            parse_mapping(bad)
