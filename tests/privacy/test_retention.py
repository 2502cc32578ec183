"""Nothing is deleted at the end of its time before the archive has decided."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Token
from allmende.spine.privacy.domain import archive, retention
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.models import AccessLogEntry, ArchiveOffer, UnusedWarning
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def local(days: int) -> date:
    return timezone.localdate(days_ago(days))


def entry(days: int, purpose: str = "Auskunft") -> AccessLogEntry:
    made = record_access(make_account(Role.EDITOR), make_account().urn, purpose)
    assert made is not None
    AccessLogEntry.objects.filter(pk=made.pk).update(time=days_ago(days))
    return made


def unused(days: int, **fields: Any) -> Account:
    account = make_account(**fields)
    Account.objects.filter(pk=account.pk).update(last_seen=local(days), created=days_ago(days + 10))
    return Account.objects.get(pk=account.pk)


def jobs(task: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_what_is_due_is_offered_once() -> None:
    old, older, young = entry(366), entry(500), entry(364)
    [offer] = retention.offer_due()
    assert (offer.model, offer.count, offer.oldest, offer.newest, offer.decision) == (
        "privacy.AccessLogEntry", 2, local(500), local(366), "open",
    )  # fmt: skip
    assert retention.offer_due() == []
    fact = FactRow.objects.filter(kind="privacy.retention.offered").get()
    assert fact.payload == {"model": "privacy.AccessLogEntry", "count": 2}
    with pytest.raises(PermissionError):
        retention.execute(offer.pk)
    assert AccessLogEntry.objects.count() == 3
    assert {old.pk, older.pk, young.pk} == set(AccessLogEntry.objects.values_list("pk", flat=True))


def test_declined_data_are_deleted_and_only_those() -> None:
    entry(366)
    young = entry(364)
    [offer] = retention.offer_due()
    archivist = make_account(Role.ARCHIVIST)
    offer = retention.decide(offer, "declined", "Kein bleibender Wert", actor=archivist, version=1)
    assert jobs("privacy.execute_offer") == [{"offer_id": offer.pk}]
    # Due by now, but not part of the offer: has to be offered itself.
    later = entry(365)
    assert retention.execute(offer.pk) == 1
    assert retention.execute(offer.pk) == 0
    assert set(AccessLogEntry.objects.values_list("pk", flat=True)) == {young.pk, later.pk}
    offer.refresh_from_db()
    assert (offer.deleted_count, offer.executed is not None, offer.decided_by, offer.reason) == (
        1, True, archivist, "Kein bleibender Wert",
    )  # fmt: skip
    facts = FactRow.objects.filter(kind__startswith="privacy.retention").order_by("id")
    assert [(row.kind, row.payload) for row in facts] == [
        ("privacy.retention.offered", {"model": "privacy.AccessLogEntry", "count": 1}),
        ("privacy.retention.decided", {"model": "privacy.AccessLogEntry", "decision": "declined"}),
        ("privacy.retention.deleted", {"model": "privacy.AccessLogEntry", "count": 1}),
    ]
    assert [found.count for found in retention.offer_due()] == [1]


def test_taken_data_are_handed_over_before_they_go() -> None:
    entry(400, purpose="=HYPERLINK()")
    [offer] = retention.offer_due()
    archivist = make_account(Role.ARCHIVIST)
    with pytest.raises(ValidationError):
        archive.package(offer, actor=archivist)
    offer = retention.decide(offer, "taken", "Stadtgeschichte", actor=archivist)
    with pytest.raises(PermissionError):
        retention.execute(offer.pk)
    with pytest.raises(ValidationError) as caught:
        retention.confirm_handover(offer, actor=archivist)
    assert caught.value.code == "package"
    with archive.package(offer, actor=archivist) as file, zipfile.ZipFile(io.BytesIO(file.read())) as package:
        assert sorted(package.namelist()) == ["angebot.json", "daten.csv", "daten.json"]
        about, rows = json.loads(package.read("angebot.json")), json.loads(package.read("daten.json"))
        table = package.read("daten.csv").decode("utf-8-sig").splitlines()
    assert (about["offer"], about["count"], about["decision"]["reason"]) == (offer.urn, 1, "Stadtgeschichte")
    assert [row["purpose"] for row in rows] == ["=HYPERLINK()"]
    assert (len(table), "'=HYPERLINK()" in table[1]) == (2, True)
    assert AccessLogEntry.objects.filter(subject_urn=offer.urn, viewer=archivist).count() == 1
    retention.confirm_handover(offer, actor=archivist)
    assert retention.execute(offer.pk) == 1
    with pytest.raises(ValidationError):
        archive.package(offer, actor=archivist)


def test_only_the_archivist_decides_once_with_a_reason() -> None:
    entry(366)
    [offer] = retention.offer_due()
    for role in (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR):
        with pytest.raises(PermissionDenied):
            retention.decide(offer, "declined", "nein", actor=make_account(role))
    archivist = make_account(Role.ARCHIVIST)
    with pytest.raises(ValidationError) as caught:
        retention.decide(offer, "declined", "  ", actor=archivist)
    assert list(caught.value.message_dict) == ["reason"]
    with pytest.raises(VersionConflict):
        retention.decide(offer, "declined", "nein", actor=archivist, version=7)
    retention.decide(offer, "declined", "nein", actor=archivist)
    with pytest.raises(ValidationError) as caught:
        retention.decide(offer, "taken", "doch", actor=archivist)
    assert caught.value.code == "decided"


def test_the_database_itself_refuses_a_deletion_without_decision() -> None:
    entry(366)
    [offer] = retention.offer_due()
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveOffer.objects.filter(pk=offer.pk).update(executed=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveOffer.objects.filter(pk=offer.pk).update(decision="declined")


def test_unused_accounts_are_warned_offered_and_deleted(django_capture_on_commit_callbacks: Any) -> None:
    admin = make_account(Role.ADMINISTRATOR)
    soon, fresh, never = unused(705, email="bald@example.org"), unused(600), make_account()
    Account.objects.filter(pk=never.pk).update(last_seen=None, created=days_ago(800))
    demo = unused(2000, demo=True)
    assert retention.warn_unused() == 2
    assert retention.warn_unused() == 0
    assert jobs("privacy.send_warning") == [{"account_id": soon.pk}, {"account_id": never.pk}]
    assert retention.send_warning(soon.pk) is True
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["bald@example.org"], "Ihr Konto wird bald gelöscht")
    ]
    # Long unused, but only just warned: nobody goes without 30 days' notice.
    assert retention.offer_due() == []
    later = timezone.localdate() + timedelta(days=31)
    [offer] = retention.offer_due(later)
    assert (offer.model, offer.count) == ("people.Account", 2)
    # One of them comes back: the warning is void, the account no longer the offer's.
    Account.objects.filter(pk=never.pk).update(last_seen=timezone.localdate() + timedelta(days=1))
    UnusedWarning.objects.update(sent=days_ago(31))
    Account.objects.filter(pk=soon.pk).update(last_seen=local(740))
    retention.decide(offer, "declined", "Kein bleibender Wert", actor=make_account(Role.ARCHIVIST))
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.execute(offer.pk) == 1
    left = set(Account.objects.values_list("pk", flat=True))
    assert {admin.pk, fresh.pk, never.pk, demo.pk} - left == set()
    assert soon.pk not in left
    assert retention.warn_unused() == 0
    assert UnusedWarning.objects.count() == 0


def test_an_unused_last_administrator_stays(django_capture_on_commit_callbacks: Any) -> None:
    last = unused(800)
    from allmende.spine.people.domain.assignments import assign

    assign(last, Role.ADMINISTRATOR)
    UnusedWarning.objects.create(account=last, sent=days_ago(40))
    [offer] = retention.offer_due()
    retention.decide(offer, "declined", "nein", actor=make_account(Role.ARCHIVIST))
    assert retention.execute(offer.pk) == 0
    assert Account.objects.filter(pk=last.pk).exists()


def test_roles_that_still_hold_are_never_due() -> None:
    account = make_account(Role.EDITOR)
    account.assignments.update(created=days_ago(4000))
    assert retention.offer_due() == []


def test_rows_used_up_go_line_by_line() -> None:
    account = make_account()
    Token.objects.create(account=account, name="alt", digest="d" * 64, expires=days_ago(300))
    Token.objects.update(created=days_ago(400))
    [offer] = retention.offer_due()
    retention.decide(offer, "declined", "technisch", actor=make_account(Role.ARCHIVIST))
    assert (retention.execute(offer.pk), Token.objects.count(), Account.objects.filter(pk=account.pk).count()) == (
        1,
        0,
        1,
    )
