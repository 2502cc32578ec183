"""Pages of the data protection officer, the auditor and the archivist."""

import csv
import io
import json
from typing import Any

import pytest

from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain import queries as instance
from allmende.spine.instance.models import Instance
from allmende.spine.people.enums import Role
from allmende.spine.privacy import register
from allmende.spine.privacy.domain import record, retention
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.models import AccessLogEntry, ArchiveOffer
from tests.factories import make_account

from .test_retention import days_ago, entry

pytestmark = pytest.mark.django_db
READERS = {Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/intern/datenschutz/", READERS),
        ("/intern/datenschutz/verzeichnis.csv", READERS),
        ("/intern/datenschutz/verzeichnis.json", READERS),
        ("/intern/datenschutz/zugriffe/", READERS - {Role.ADMINISTRATOR}),
        ("/intern/datenschutz/zugriffe.csv", READERS - {Role.ADMINISTRATOR}),
        ("/intern/archiv/", READERS | {Role.ARCHIVIST}),
    ],
)
def test_who_may_open_what(client: Any, path: str, roles: set[Role]) -> None:
    assert client.get(path).status_code == 302
    admitted = set()
    for role in Role:
        client.force_login(make_account(role))
        answer = client.get(path)
        if answer.status_code == 200:
            admitted.add(role)
        else:
            assert answer.status_code == 403
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert admitted == roles


def test_the_record_names_controller_officer_and_every_line(client: Any) -> None:
    Instance.objects.create(town="Musterstadt", contact_email="stadt@example.org")
    instance.forget()
    officer = make_account(Role.DATA_PROTECTION_OFFICER, name="Amt Datenschutz", email="dsb@example.org")
    client.force_login(officer)
    data = json.loads(client.get("/intern/datenschutz/verzeichnis.json").content)
    assert (data["controller"]["name"], data["controller"]["contact"], data["officers"]) == (
        "Musterstadt", "stadt@example.org", [{"name": "Amt Datenschutz", "contact": "dsb@example.org"}],
    )  # fmt: skip
    labels = sorted(line.label for line in register.lines())
    assert sorted(activity["key"] for activity in data["activities"]) == labels
    assert [a["key"] for a in data["activities"] if not all(a[name] for name in record.COLUMNS)] == []
    text = b"".join(client.get("/intern/datenschutz/verzeichnis.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert (rows[0], sorted(row[0] for row in rows[1:])) == (list(record.COLUMNS), labels)
    page = client.get("/intern/datenschutz/").content.decode()
    assert ("Musterstadt" in page, "dsb@example.org" in page) == (True, True)
    facts = FactRow.objects.filter(kind="privacy.record.exported")
    assert [fact.payload for fact in facts] == [{"what": "record"}] * 2


def test_access_log_page_filter_and_csv(client: Any) -> None:
    looker, other, about = make_account(Role.EDITOR, email="wer@example.org"), make_account(Role.EDITOR), make_account()
    record_access(looker, about.urn, "Prüfung A")
    record_access(other, "report:1", "Prüfung B")
    client.force_login(make_account(Role.DATA_PROTECTION_OFFICER))
    page = client.get("/intern/datenschutz/zugriffe/", {"person": "WER@example.org"}).content.decode()
    assert ("Prüfung A" in page, "Prüfung B" in page) == (True, False)
    text = b"".join(client.get("/intern/datenschutz/zugriffe.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[1:] for row in rows] == [
        ["viewer", "roles", "about", "record", "purpose"],
        [other.email, "editor", "", "report:1", "Prüfung B"],
        ["wer@example.org", "editor", about.urn, about.urn, "Prüfung A"],
    ]


def _queries(client: Any, path: str, counter: Any) -> int:
    client.get(path)
    with counter() as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.fixture
def count_queries() -> Any:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_lists_ask_as_often_for_three_rows_as_for_one(client: Any, count_queries: Any) -> None:
    officer, archivist = make_account(Role.DATA_PROTECTION_OFFICER), make_account(Role.ARCHIVIST)
    me = make_account()
    paths = [(officer, "/intern/datenschutz/zugriffe/"), (archivist, "/intern/archiv/"), (me, "/konto/meine-daten/")]

    def more() -> None:
        record_access(make_account(Role.EDITOR), me.urn, "Grund")
        offer = ArchiveOffer.objects.create(
            model="x.Y", description="d", count=1, oldest=days_ago(9), newest=days_ago(8), decision="declined",
            reason="r", decided=days_ago(1), decided_by=make_account(Role.ARCHIVIST), executed=days_ago(0),
        )  # fmt: skip
        assert offer.pk

    counts = []
    for rows in (1, 3):
        while AccessLogEntry.objects.count() < rows:
            more()
        found = []
        for account, path in paths:
            client.force_login(account)
            found.append(_queries(client, path, count_queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_archivist_decides_in_the_browser(client: Any, django_capture_on_commit_callbacks: Any) -> None:
    entry(400)
    [offer] = retention.offer_due()
    url = f"/intern/archiv/{offer.public_id}/"
    client.force_login(make_account(Role.AUDITOR))
    assert '<form method="post" class="al-column"' not in client.get(url).content.decode()
    assert client.post(url, {"version": 1, "decision": "declined", "reason": "x"}).status_code == 403
    assert client.post(url + "paket/").status_code == 403
    client.force_login(make_account(Role.ARCHIVIST))
    assert client.post(url, {"version": 1, "decision": "taken", "reason": ""}).status_code == 422
    assert client.post(url, {"version": 9, "decision": "taken", "reason": "x"}).status_code == 409
    assert client.post(url, {"version": 1, "decision": "taken", "reason": "Wert"}).status_code == 302
    assert client.post(url, {"version": 2, "decision": "declined", "reason": "x"}).status_code == 422
    assert client.post(url + "uebernommen/").status_code == 302
    offer.refresh_from_db()
    assert offer.handed_over is None
    answer = client.post(url + "paket/")
    content = b"".join(answer.streaming_content)
    assert (answer["Content-Type"], content[:2]) == ("application/zip", b"PK")
    assert client.get(url).content.decode().count("uebernommen/") == 1
    assert client.post(url + "uebernommen/").status_code == 302
    offer.refresh_from_db()
    assert (offer.handed_over is not None, offer.executed) == (True, None)
    retention.execute(offer.pk)
    offer.refresh_from_db()
    assert (offer.deleted_count, offer.executed is not None) == (1, True)


def test_access_log_entries_hold_roles_of_the_time() -> None:
    person = make_account(Role.EDITOR, Role.MODERATOR)
    found = record_access(person, "report:1", "Grund" * 100, about=make_account())
    assert found is not None
    assert (found.viewer_roles, len(found.purpose)) == ("editor,moderator", 120)
