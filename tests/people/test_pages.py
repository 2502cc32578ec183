"""Every page of the log-in and the settings, in both languages."""

import pytest
from django.test import Client
from django.urls import reverse

from allmende.spine.people.enums import Role
from tests.factories import PASSWORD, make_account

pytestmark = pytest.mark.django_db
PUBLIC = [
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
    "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "people:address_taken",
]
OWN = [
    "people:my_settings",
    "account_email",
    "account_change_password",
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "socialaccount_connections",
]
STAFF = ["people:accounts", "people:invite", "people:organisations", "people:add_organisation"]


def log_in(client: Client, account) -> None:
    """Through the real form, so that the sign-in counts as recent."""
    answer = client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_are_ours(client, name):
    page = client.get(reverse(name), headers={"Accept-Language": "de"}).content.decode()
    assert page.count("<h1>") == 1
    assert 'class="al-header"' in page


@pytest.mark.parametrize("name", OWN)
def test_own_pages_are_ours(client, name):
    log_in(client, make_account())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.get(reverse(name), headers={"Accept-Language": "de"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1>") == 1
    assert 'class="al-header"' in page


@pytest.mark.parametrize("name", STAFF)
def test_staff_pages_are_for_staff(client, name):
    assert client.get(reverse(name)).status_code == 302
    log_in(client, make_account())
    assert client.get(reverse(name)).status_code == 403
    client = Client()
    log_in(client, make_account(Role.ADMINISTRATOR))
    assert client.get(reverse(name)).status_code == 200
