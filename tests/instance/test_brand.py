"""Permissions to use the brand: terms, expiry, revocation, and who may reach the kit."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain import brand
from allmende.spine.instance.enums import EXPIRING_DAYS, PermissionState
from allmende.spine.instance.models import BrandPermission
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Organisation
from tests.factories import make_account

pytestmark = pytest.mark.django_db
LIST = "/intern/marke/erlaubnisse/"


@pytest.fixture
def office(town: Any) -> Account:
    return make_account(Role.PROGRAMME_OFFICE, name="Programmbüro")


def granted(office: Account, name: str = "Stadtwerke", start: int = 0, days: int = 365) -> BrandPermission:
    first = timezone.localdate() + timedelta(days=start)
    return brand.grant(
        Organisation.objects.get_or_create(name=name)[0],
        purpose="Broschüre", contact_role="Pressestelle", valid_from=first, valid_to=first + timedelta(days=days),
        actor=office,
    )  # fmt: skip


def test_the_state_follows_from_the_dates(office: Account) -> None:
    row = granted(office, days=200)
    first, last = row.valid_from, row.valid_to
    assert row.state_on(first - timedelta(days=1)) == PermissionState.PLANNED
    assert row.state_on(first) == PermissionState.VALID
    assert row.state_on(last - timedelta(days=EXPIRING_DAYS)) == PermissionState.VALID
    assert row.state_on(last - timedelta(days=EXPIRING_DAYS - 1)) == PermissionState.EXPIRING
    assert row.state_on(last) == PermissionState.EXPIRING
    assert row.state_on(last + timedelta(days=1)) == PermissionState.EXPIRED


def test_facts_name_no_person_and_no_partner(office: Account) -> None:
    row = granted(office)
    brand.extend(row, row.valid_to + timedelta(days=10), version=row.version, actor=office)
    brand.revoke(row, "Zweck entfallen", actor=office)
    facts = FactRow.objects.filter(kind__startswith="instance.brand_permission.").order_by("id")
    assert [(fact.kind.rpartition(".")[2], sorted(fact.payload), fact.public) for fact in facts] == [
        ("granted", ["valid_from", "valid_to"], False),
        ("extended", ["valid_to"], False),
        ("revoked", [], False),
    ]


@pytest.mark.parametrize(("start", "days"), [(0, -1), (0, 6 * 366)])
def test_terms_that_are_refused(office: Account, start: int, days: int) -> None:
    with pytest.raises(ValidationError) as caught:
        granted(office, start=start, days=days)
    assert list(caught.value.message_dict) == ["valid_to"]
    assert BrandPermission.objects.count() == 0


def test_extending_and_revoking(office: Account) -> None:
    row = granted(office)
    with pytest.raises(VersionConflict):
        brand.extend(row, row.valid_to + timedelta(days=1), version=row.version + 1, actor=office)
    with pytest.raises(ValidationError):
        brand.extend(row, row.valid_to, version=row.version, actor=office)
    with pytest.raises(ValidationError):
        brand.revoke(row, "  ", actor=office)
    done = brand.revoke(row, "Zweck entfallen", actor=office)
    assert (done.state, done.revoke_reason) == (PermissionState.REVOKED, "Zweck entfallen")
    # Once more changes nothing.
    assert brand.revoke(row, "anders", actor=office).revoke_reason == "Zweck entfallen"
    with pytest.raises(ValidationError):
        brand.extend(done, date(2099, 1, 1), version=done.version, actor=office)


def test_only_the_office_grants(town: Any) -> None:
    for role in (Role.EDITOR, Role.RESIDENT, Role.CONTRACTOR):
        with pytest.raises(PermissionDenied):
            granted(make_account(role))
    assert BrandPermission.objects.count() == 0


def test_a_partner_uses_the_kit_while_allowed(office: Account, client: Client) -> None:
    row = granted(office)
    partner = make_account(Role.CONTRACTOR, scope=row.organisation.urn)
    stranger = make_account(Role.CONTRACTOR, scope="organisation:00000000-0000-7000-8000-000000000000")
    resident = make_account(Role.RESIDENT)
    assert [brand.may_use(person) for person in (partner, stranger, resident)] == [True, False, False]
    client.force_login(partner)
    assert client.get("/intern/marke/").status_code == 200
    assert client.get("/intern/marke/zeichen.svg").status_code == 200
    assert client.get(LIST).status_code == 403
    brand.revoke(row, "Zweck entfallen", actor=office)
    assert client.get("/intern/marke/").status_code == 403
    assert client.get("/intern/marke/plakat/", {"title": "X", "url": "/", "size": "a4"}).status_code == 403
    client.force_login(stranger)
    assert client.get("/intern/marke/zeichen.svg").status_code == 403
    page = client.get("/marke/")
    assert page.status_code == 200 and "/intern/marke/" not in page.content.decode()


def test_the_pages(office: Account, client: Client) -> None:
    partner = Organisation.objects.create(name="Verkehrsbetriebe")
    client.force_login(office)
    assert "Noch hat kein Partner" in client.get(LIST).content.decode()
    values = {
        "organisation": str(partner.pk), "purpose": "Haltestellen", "contact_role": "Marketing",
        "valid_from": "2026-01-01", "valid_to": "2025-12-31",
    }  # fmt: skip
    refused = client.post(f"{LIST}neu/", values)
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["valid_to"]
    soon = (timezone.localdate() + timedelta(days=10)).isoformat()
    assert client.post(f"{LIST}neu/", values | {"valid_to": soon}).status_code == 302
    row = BrandPermission.objects.get()
    page = client.get(LIST)
    assert [one.pk for one in page.context["ending"]] == [row.pk]
    one = f"{LIST}{row.public_id}/"
    later = (timezone.localdate() + timedelta(days=300)).isoformat()
    stale = client.post(one, {"action": "extend", "valid_to": later, "version": "99"})
    assert stale.status_code == 422
    assert client.post(one, {"action": "extend", "valid_to": later, "version": str(row.version)}).status_code == 302
    assert client.post(one, {"action": "revoke", "reason": "Zweck entfallen"}).status_code == 302
    row.refresh_from_db()
    assert (row.valid_to.isoformat(), row.state) == (later, PermissionState.REVOKED)
    assert list(client.get(LIST).context["ending"]) == []


def test_the_list_costs_the_same_for_one_and_three(office: Account, client: Client) -> None:
    client.force_login(office)
    granted(office, "Eins")
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    granted(office, "Zwei", days=20)
    granted(office, "Drei", days=30)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(three) == len(one)
