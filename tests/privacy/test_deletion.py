"""After deletion nobody is left: no column of any table names the person."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from allmende.spine.facts.models import FactRow
from allmende.spine.files.domain import storage
from allmende.spine.files.domain.uploads import store
from allmende.spine.files.models import StoredFile
from allmende.spine.people.domain.accounts import change_account
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Pseudonym
from allmende.spine.privacy.domain import copies
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.domain.erasure import delete_account
from allmende.spine.privacy.models import AccessLogEntry
from tests.factories import make_account

pytestmark = pytest.mark.django_db
NAMES = ("weg.person@example.org", "Wegda Verschwindsky", "0631 555-0199", "Alias Verschwindsky")


def everything() -> dict[str, str]:
    """The whole database as text, table by table, with sessions opened."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT string_agg(t::text, E'\\n') FROM {table} t")
            found[table] = cursor.fetchone()[0] or ""
    found["sessions, opened"] = "\n".join(str(row.get_decoded()) for row in Session.objects.all())
    return found


def where_named() -> set[tuple[str, str]]:
    return {(table, name) for table, text in everything().items() for name in NAMES if name.lower() in text.lower()}


@pytest.fixture
def person() -> Any:
    """Somebody with data in every table that we know of."""
    account = make_account(Role.EDITOR, email=NAMES[0], name=NAMES[1])
    change_account(account, actor=account, phone=NAMES[2])
    account.refresh_from_db()
    Pseudonym.objects.create(account=account, name=NAMES[3])
    create_token(account, f"Skript von {NAMES[1]}", actor=account)
    EmailAddress.objects.update_or_create(user=account, email=NAMES[0], defaults={"verified": True, "primary": True})
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x", "label": NAMES[1]})
    SocialAccount.objects.create(user=account, provider="oidc", uid="7", extra_data={"email": NAMES[0]})
    store(SimpleUploadedFile(f"{NAMES[1]}.txt", b"eigenes"), actor=account, kinds={"document"})
    store(
        SimpleUploadedFile(f"{NAMES[1]}.txt", b"zur Sache"),
        actor=account,
        kinds={"document"},
        subject="report:1",
    )
    record_access(make_account(Role.ADMINISTRATOR), account.urn, "Auskunft")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) "
            "VALUES ('q', 'mail.send', jsonb_build_object('to', %s::text), 'todo')",
            [NAMES[0].upper()],
        )
    return account


def test_nothing_names_the_person_any_more(person: Any, sign_in: Any, django_capture_on_commit_callbacks: Any) -> None:
    signing_up = Client()
    session = signing_up.session
    session["account_login"] = {"email": NAMES[0]}
    session.save()
    copy = copies.request_copy(person)
    copies.make(copy.pk)
    bystander = make_account(Role.EDITOR, email="bleibt@example.org", name="Bleibt Da")
    client = sign_in(person)
    assert {table for table, _ in where_named()} >= {
        "public.people_account", "public.people_pseudonym", "public.people_token", "public.account_emailaddress",
        "public.mfa_authenticator", "public.socialaccount_socialaccount", "public.files_storedfile",
        "public.procrastinate_jobs", "sessions, opened",
    }  # fmt: skip
    urn = person.urn
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/konto/meine-daten/loeschen/", {"sure": "on"})
    assert (answer.status_code, answer["Location"]) == (302, "/konto/geloescht/")
    assert where_named() == set()
    assert Account.objects.filter(email="bleibt@example.org").get() == bystander
    # The public name stays, unnamed; the file of a matter stays, ownerless; the own file is gone with its bytes.
    assert list(Pseudonym.objects.values_list("name", "account")) == [("Gelöschtes Konto", None)]
    kept = StoredFile.objects.get()
    assert (kept.subject, kept.owner, kept.name) == ("report:1", None, "datei.txt")
    blobs = [path for path in storage.root().rglob("*") if path.is_file()]
    assert blobs == [storage.path(kept)]
    assert not copies.path_of(copy).exists()
    # Facts stay and point nowhere.
    assert [
        (row.kind, row.payload, row.subject, row.actor)
        for row in FactRow.objects.filter(kind__in=["privacy.account.deletion_requested", "people.account.deleted"])
    ] == [
        ("people.account.deleted", {}, urn, urn),
        ("privacy.account.deletion_requested", {"why": "wish"}, urn, urn),
    ]
    entry = AccessLogEntry.objects.get()
    assert (entry.about, entry.subject_urn) == (None, urn)
    assert [(message.to, message.subject) for message in mail.outbox] == [([NAMES[0]], "Ihr Konto ist gelöscht")]
    # All log-ins are over.
    assert client.get("/konto/meine-daten/")["Location"].split("?")[0] == reverse("account_login")
    assert client.get("/konto/geloescht/").status_code == 200


def test_the_box_must_be_ticked(person: Any, sign_in: Any) -> None:
    answer = sign_in(person).post("/konto/meine-daten/loeschen/")
    assert (answer.status_code, Account.objects.filter(pk=person.pk).exists()) == (422, True)
    assert "Kreuzen Sie das Kästchen an" in answer.content.decode()


def test_the_last_administrator_stays(sign_in: Any) -> None:
    last = make_account(Role.ADMINISTRATOR)
    answer = sign_in(last).post("/konto/meine-daten/loeschen/", {"sure": "on"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert ("letzte" in text, Account.objects.filter(pk=last.pk).exists()) == (True, True)
    assert FactRow.objects.filter(kind__startswith="privacy.").count() == 0
    second = make_account(Role.ADMINISTRATOR)
    delete_account(second, actor=second)
    with pytest.raises(ValidationError):
        delete_account(last, actor=last)


def test_nobody_deletes_somebody_else_without_the_right(person: Any) -> None:
    with pytest.raises(PermissionDenied):
        delete_account(person, actor=make_account(Role.EDITOR))
    delete_account(person, actor=make_account(Role.ADMINISTRATOR))
    assert not Account.objects.filter(email=NAMES[0]).exists()


def test_a_mail_server_that_is_down_does_not_undo_the_deletion(
    person: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    # Port 9 of loopback: nobody listens.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(person, actor=person)
    assert where_named() == set()
