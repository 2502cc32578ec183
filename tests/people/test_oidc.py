"""The town's identity provider: the whole code flow against a provider that others wrote (oidc-provider-mock)."""

import re
import warnings
from collections.abc import Iterator

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from allmende.config.identity import oidc_provider
from allmende.spine.facts.models import FactRow
from allmende.spine.people.access import is_staff, roles_of
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account
from tests.factories import make_account

from .support import GERMAN, log_in, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with warnings.catch_warnings():
        # The provider's own libraries warn of what they will drop one day.
        warnings.simplefilter("ignore")
        import os

        os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
        from oidc_provider_mock import run_server_in_thread

        with run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"
        os.environ.pop("AUTHLIB_INSECURE_TRANSPORT")


@pytest.fixture(autouse=True)
def _configured(settings, issuer) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = oidc_provider(issuer, "Stadtkonto", "allmende", "geheim")
    settings.OIDC = {
        "issuer": issuer,
        "name": "Stadtkonto",
        "group_claim": "groups",
        "roles": "Programmbüro => programme_office; prüfung => auditor",
    }


def person(issuer: str, sub: str, **claims: object) -> None:
    answer = requests.put(f"{issuer}/users/{sub}", json={"claims": claims} | claims, timeout=5)
    assert answer.ok, answer.text


def through_provider(client: Client, sub: str, start: str = "") -> object:
    """Follow the link, say who one is at the provider, come back: what the site then answers."""
    begun = client.get(start or reverse("openid_connect_login", args=["stadt"]))
    assert begun.status_code == 302, begun.content
    with requests.Session() as browser:
        answer = browser.post(begun.url, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert answer.status_code in (302, 303), answer.text
    back = answer.headers["Location"]
    return client.get(re.sub(r"^https?://[^/]+", "", back))


def test_the_log_in_page_shows_the_way(client):
    page = client.get(reverse("account_login"), headers=GERMAN).content.decode()
    assert "Mit Stadtkonto anmelden" in page


def test_first_and_second_sign_in(client, issuer):
    person(issuer, "u1", email="anna@stadt.example", email_verified=True, name="Referat Eins", groups=["programmbüro"])
    through_provider(client, "u1")
    account = Account.objects.get()
    assert (account.email, account.name) == ("anna@stadt.example", "Referat Eins")
    assert not account.has_usable_password()
    assert signed_in(client)
    assert roles_of(account) == {(Role.PROGRAMME_OFFICE, INSTANCE)}
    assert FactRow.objects.get(kind="people.account.created").payload == {"how": "oidc"}
    # Another group at the next sign-in: the old role is gone.
    person(issuer, "u1", email="anna@stadt.example", email_verified=True, groups="prüfung")
    through_provider(again := Client(), "u1")
    assert signed_in(again)
    assert roles_of(Account.objects.get()) == {(Role.AUDITOR, INSTANCE)}
    assert SocialAccount.objects.count() == 1


def test_a_group_that_is_not_mapped_gives_nothing(client, issuer):
    person(issuer, "u2", email="ohne@stadt.example", email_verified=True, groups=["administrator", {"x": 1}])
    through_provider(client, "u2")
    assert signed_in(client)
    assert roles_of(Account.objects.get()) == set()


@pytest.mark.parametrize("verified", [True, False, "true", None])
def test_an_address_opens_no_existing_account(client, issuer, verified):
    victim = make_account(Role.ADMINISTRATOR, email="chef@stadt.example")
    person(issuer, f"evil{verified}", email="Chef@stadt.example", email_verified=verified, groups=[])
    answer = through_provider(client, f"evil{verified}")
    assert answer.url == reverse("people:address_taken")
    assert not signed_in(client)
    assert SocialAccount.objects.count() == 0
    assert list(Account.objects.all()) == [victim]


@pytest.mark.parametrize(("verified", "let_in"), [(True, True), (False, False), ("true", False), (None, False)])
def test_a_town_that_trusts_its_directory_links_verified_addresses_only(client, issuer, settings, verified, let_in):
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    account = make_account(Role.EDITOR, email="da@stadt.example")
    person(issuer, f"link{verified}", email="da@stadt.example", email_verified=verified)
    through_provider(client, f"link{verified}")
    assert signed_in(client) is let_in
    assert SocialAccount.objects.filter(user=account).count() == int(let_in)


def test_an_unverified_address_is_confirmed_by_code_first(client, issuer):
    person(issuer, "u3", email="neu@stadt.example", email_verified=False)
    answer = through_provider(client, "u3")
    assert answer.url == reverse("account_email_verification_sent")
    assert not signed_in(client)
    assert EmailAddress.objects.get().verified is False


def test_without_an_address_nobody_comes_in(client, issuer):
    person(issuer, "u4", name="Niemand")
    assert through_provider(client, "u4").url == reverse("socialaccount_login_error")
    assert Account.objects.count() == 0


def test_a_disabled_or_demo_account_stays_out(client, issuer):
    person(issuer, "u5", email="weg@stadt.example", email_verified=True)
    through_provider(client, "u5")
    Account.objects.update(is_active=False)
    assert through_provider(Client(), "u5").url == reverse("account_inactive")
    Account.objects.update(is_active=True, demo=True)
    assert through_provider(Client(), "u5").url == reverse("account_inactive")


def test_a_forged_answer_is_refused(client, issuer):
    callback = reverse("openid_connect_callback", args=["stadt"])
    answer = client.get(callback, {"code": "x", "state": "forged"}, headers=GERMAN)
    assert "Der Anmeldedienst hat Sie nicht eingelassen" in answer.content.decode()
    assert not signed_in(client)


def test_an_issuer_cannot_be_named_by_a_request(client):
    assert client.get("/konto/oidc/http-evil-example/").status_code == 404
    begun = client.get(reverse("openid_connect_login", args=["stadt"]), {"server_url": "http://evil.example"})
    assert begun.url.startswith("http://localhost:")


def test_connecting_needs_our_own_link(client, issuer):
    account = make_account(Role.EDITOR, email="da@stadt.example")
    log_in(client, account)
    start = reverse("openid_connect_login", args=["stadt"])
    assert client.get(start, {"process": "connect"}).status_code == 403
    assert client.get(start, {"process": "connect", "proof": "0" * 64}).status_code == 403
    page = client.get(reverse("socialaccount_connections"), headers=GERMAN).content.decode()
    link = re.search(r'href="([^"]+process=connect[^"]+)"', page)[1].replace("&amp;", "&")
    person(issuer, "u6", email="anders@stadt.example", email_verified=True)
    answer = through_provider(client, "u6", link)
    if answer.url.startswith(reverse("account_reauthenticate")):
        client.post(reverse("account_reauthenticate"), {"password": "a long enough password"})
    assert SocialAccount.objects.get().user == account
    through_provider(other := Client(), "u6")
    assert signed_in(other)
    assert Account.objects.count() == 1


def test_the_providers_own_second_factor_counts_where_the_town_says_so(client, issuer, settings):
    settings.STAFF_MFA = True
    person(issuer, "u7", email="mfa@stadt.example", email_verified=True, groups=["programmbüro"])
    through_provider(client, "u7")
    assert client.get(reverse("programme:staff_measures")).url == reverse("mfa_index")
    assert not is_staff(Account.objects.get())
    settings.OIDC_MFA = True
    assert client.get(reverse("programme:staff_measures")).status_code == 200
