"""One's copy: everything about oneself, nothing about others, for oneself alone."""

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.files.domain.uploads import store
from allmende.spine.people.domain.accounts import change_account
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Pseudonym
from allmende.spine.privacy.domain import copies
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.models import DataCopy
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def rich_person(email: str, name: str) -> Any:
    """An account with something in many tables."""
    account = make_account(Role.PROJECT_LEAD, email=email, name=name)
    change_account(account, actor=account, phone="0631 555-0101")
    account.refresh_from_db()
    Pseudonym.objects.create(account=account, name=f"Alias {name}")
    create_token(account, f"Skript von {name}", actor=account)
    store(SimpleUploadedFile(f"{name}.txt", f"Text von {name}".encode()), actor=account, kinds={"document"})
    return account


def unpack(answer: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_copy_holds_all_of_one_and_nothing_of_others(sign_in: Any) -> None:
    one = rich_person("erste@example.org", "Erste Person")
    two = rich_person("zweite@example.org", "Zweite Person")
    record_access(two, one.urn, "Rückfrage")
    archive = unpack(sign_in(one).post("/konto/meine-daten/kopie/"))
    data = json.loads(archive.read("meine-daten.json"))
    rows = {part["key"]: part["rows"] for part in data["data"]}
    assert rows["people.Account"] == [
        {
            "email": "erste@example.org",
            "name": "Erste Person",
            "phone": "0631 555-0101",
            "language": "",
            "last_login": rows["people.Account"][0]["last_login"],
            "last_seen": timezone.localdate().isoformat(),
        }
    ]
    assert rows["people.Pseudonym"] == [{"name": "Alias Erste Person", "account": one.urn}]
    assert [row["name"] for row in rows["people.Token"]] == ["Skript von Erste Person"]
    assert [row["role"] for row in rows["people.Assignment"]] == ["project_lead"]
    looks = rows["privacy.AccessLogEntry"]
    assert [(row["viewer"], row["viewer_roles"], row["purpose"]) for row in looks] == [
        ("eine andere Person", "project_lead", "Rückfrage")
    ]
    assert data["files"] == ["dateien/0001-Erste Person.txt"]
    assert archive.read("dateien/0001-Erste Person.txt") == b"Text von Erste Person"
    assert [fact["kind"] for fact in data["facts"]] == [
        "files.file.stored",
        "people.token.created",
        "people.account.changed",
    ]
    whole = "".join(archive.read(name).decode() for name in archive.namelist())
    for secret in ("zweite@example.org", "Zweite Person", one.password, "session_data"):
        assert secret not in whole
    page = archive.read("meine-daten.html").decode()
    assert ("erste@example.org" in page, "Rückfrage" in page) == (True, True)
    fact = FactRow.objects.filter(kind="privacy.data.exported").get()
    assert (fact.payload, fact.subject, fact.actor) == ({"how": "at once"}, one.urn, f"account:{one.pk}")


@pytest.mark.parametrize("path", ["/konto/meine-daten/kopie/", "/konto/meine-daten/loeschen/"])
def test_the_password_is_asked_afresh(sign_in: Any, path: str) -> None:
    client = sign_in(make_account(), afresh=False)
    for answer in (client.get(path), client.post(path, {"sure": "on"})):
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_reauthenticate"))
    assert FactRow.objects.filter(kind__startswith="privacy.").count() == 0


def test_pages_need_an_account(client: Any) -> None:
    for path in ("/konto/meine-daten/", "/konto/meine-daten/kopie/", "/konto/meine-daten/loeschen/"):
        assert client.get(path)["Location"].split("?")[0] == reverse("account_login")


def test_my_data_shows_who_looked_without_naming_them(sign_in: Any) -> None:
    me, colleague = make_account(), make_account(Role.ADMINISTRATOR, name="Kollegin Geheim")
    record_access(colleague, me.urn, "Konto ändern")
    record_access(me, me.urn, "eigene Seite")
    text = sign_in(me, afresh=False).get("/konto/meine-daten/").content.decode()
    assert text.count("Konto ändern") == 1
    assert ("Kollegin Geheim" in text, colleague.email in text, "eigene Seite" in text) == (False, False, False)


def test_much_data_is_prepared_by_a_job(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(copies, "LARGE_ROWS", 1)
    me, other = rich_person("viel@example.org", "Viel"), make_account()
    client = sign_in(me)
    for _ in range(2):
        assert client.post("/konto/meine-daten/kopie/").status_code == 302
    row = DataCopy.objects.get()
    assert (row.account, row.state) == (me, "waiting")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text, queue_name FROM procrastinate_jobs WHERE task_name = 'privacy.make_copy'")
        assert cursor.fetchall() == [(json.dumps({"copy_id": row.pk}), "privacy")]
    url = f"/konto/meine-daten/kopie/{row.public_id}/"
    assert client.get(url).status_code == 404
    assert (copies.make(row.pk), copies.make(row.pk)) == (True, False)
    assert [(m.to, m.subject) for m in mail.outbox] == [(["viel@example.org"], "Die Kopie Ihrer Daten ist bereit")]
    assert json.loads(unpack(client.get(url)).read("meine-daten.json"))["about"] == me.urn
    assert sign_in(other).get(url).status_code == 404
    DataCopy.objects.update(created=timezone.now() - timedelta(days=8))
    with django_capture_on_commit_callbacks(execute=True):
        assert copies.sweep() == 1
    assert list(copies.folder().iterdir()) == []


CHILD = """
import sys, django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
settings.DATA = Path(sys.argv[1])
connection.settings_dict["NAME"] = sys.argv[2]
from allmende.spine.privacy.domain import copies, collecting
facts = collecting.facts_of
def slow(account):
    yield from facts(account)
    print("here", flush=True)
    sys.stdin.read()
collecting.facts_of = slow
copies.make(int(sys.argv[3]))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_while_making_a_copy(data_root: Path) -> None:
    me = make_account()
    row = copies.request_copy(me)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(live.DATA), connection.settings_dict["NAME"], str(row.pk)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "allmende.config.settings_test"},
    )
    assert child.stdout is not None and child.stdin is not None
    assert child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    row.refresh_from_db()
    assert (row.state, copies.path_of(row).exists()) == ("waiting", False)
    assert copies.make(row.pk) is True
    assert zipfile.ZipFile(copies.path_of(row)).testzip() is None
