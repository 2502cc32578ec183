"""Second factors by code: set-up, log-in, recovery, and staff who must have one."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from django.urls import reverse

from allmende.spine.facts.models import FactRow
from allmende.spine.people.adapters import SecondFactorAdapter
from allmende.spine.people.enums import Role
from tests.factories import PASSWORD, make_account

from .support import GERMAN, confirm, log_in, signed_in

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> str:
    """An app for the account signed in; returns its secret."""
    confirm(client)
    page = client.get(reverse("mfa_activate_totp"), headers=GERMAN)
    secret = page.context["form"].secret
    assert page.content.decode().count(secret) == 1
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.django_db(transaction=True)
def test_the_app_is_asked_for_and_recovery_codes_help(client):
    account = make_account()
    log_in(client, account)
    secret = set_up(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    later = Client()
    assert log_in(later, account).url == reverse("mfa_authenticate")
    assert not signed_in(later)
    page = later.post(reverse("mfa_authenticate"), {"code": "000000"}, headers=GERMAN).content.decode()
    assert "Dieser Code stimmt nicht." in page
    assert not signed_in(later)
    later.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert signed_in(later)
    # A recovery code works once.
    again = Client()
    log_in(again, account)
    again.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not signed_in(again)
    stored = " ".join(str(row.data) for row in Authenticator.objects.filter(user=account))
    assert secret not in stored
    assert FactRow.objects.filter(subject=account.urn, payload={"fields": ["second_factor"]}).count() == 2
    assert [m.subject for m in mail.outbox][:1] == ["Authenticator-App eingerichtet"]


def test_an_unreadable_secret_refuses_instead_of_letting_in():
    adapter = SecondFactorAdapter()
    kept = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert (adapter.decrypt(kept), "JBSWY3DPEHPK3PXP" in kept) == ("JBSWY3DPEHPK3PXP", False)
    with override_settings(SECRET_KEY="another"), pytest.raises(PermissionDenied):
        adapter.decrypt(kept)
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["only-for-tests"]):
        assert adapter.decrypt(kept) == "JBSWY3DPEHPK3PXP"


class TestStaffMustHaveOne:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.STAFF_MFA = True

    def test_without_it_the_role_does_not_hold_and_the_way_is_shown(self, client):
        account = make_account(Role.ADMINISTRATOR)
        answer = log_in(client, account)
        assert answer.url == reverse("mfa_index")
        answer = client.get(reverse("people:accounts"))
        assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
        assert client.get("/api/programme/measures").status_code == 200
        # Not by another door either.
        assert client.get(reverse("people:accounts"), headers={"Accept": "application/json"}).status_code == 403
        page = client.get(reverse("mfa_index"), headers=GERMAN).content.decode()
        assert "Ihre Rolle braucht einen zweiten Faktor." in page
        set_up(client)
        assert client.get(reverse("people:accounts")).status_code == 200

    def test_residents_need_none(self, client):
        log_in(client, make_account(Role.RESIDENT))
        assert signed_in(client)
        assert client.get(reverse("people:accounts")).status_code == 403

    def test_on_ones_own_machine_none_is_needed(self, client, settings):
        settings.STAFF_MFA = False
        log_in(client, make_account(Role.ADMINISTRATOR))
        assert client.get(reverse("people:accounts")).status_code == 200

    def test_it_costs_no_further_query(self, client, django_assert_num_queries, settings):
        from allmende.spine.people.access import roles_of

        account = make_account(Role.ADMINISTRATOR)
        with django_assert_num_queries(1):
            roles_of(account.__class__(pk=account.pk))


def test_removing_it_needs_the_password_again(client):
    account = make_account()
    log_in(client, account)
    set_up(client)
    session = client.session
    session["account_authentication_methods"] = [
        row | {"at": row["at"] - 3600} for row in session["account_authentication_methods"]
    ]
    session.save()
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert Authenticator.objects.filter(user=account, type="totp").count() == 1
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=account).count() == 0
