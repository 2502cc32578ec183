"""Signing up, in and out by e-mail; what an outsider can find out; rate limits; demo accounts."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from allmende.config import demo as demo_town
from allmende.spine.facts.models import FactRow
from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.people.access import roles_of
from allmende.spine.people.domain import accounts, queries
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account
from tests.factories import PASSWORD, make_account

from .support import GERMAN, code_in, link_in, log_in, signed_in

pytestmark = pytest.mark.django_db


def _register(client, email, password=PASSWORD):
    values = {"email": email, "password1": password, "password2": password}
    return client.post(reverse("account_signup"), values, headers=GERMAN)


def test_sign_up_by_code_makes_a_resident(client):
    answer = _register(client, "Neu@Example.org")
    assert answer.url == reverse("account_email_verification_sent")
    assert not signed_in(client)
    [message] = mail.outbox
    assert message.to == ["neu@example.org"]
    assert message.subject == "Ihr Code für Allmende"
    answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(message)})
    assert answer.status_code == 302
    assert signed_in(client)
    account = Account.objects.get()
    assert (account.email, account.has_usable_password()) == ("neu@example.org", True)
    assert roles_of(account) == {(Role.RESIDENT, INSTANCE)}
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("neu@example.org", True, True)]
    facts = FactRow.objects.filter(subject=account.urn).order_by("id")
    assert [(row.kind, row.payload.get("how")) for row in facts] == [
        ("people.account.created", "signup"),
        ("people.role.assigned", None),
    ]
    assert [row.kind for row in facts if "neu@example.org" in str(row.payload)] == []


def test_a_wrong_code_lets_nobody_in(client):
    _register(client, "neu@example.org")
    for _attempt in range(3):
        client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
    assert not signed_in(client)
    # After three wrong ones the right one is void too.
    client.post(reverse("account_email_verification_sent"), {"code": code_in(mail.outbox[0])})
    assert not signed_in(client)


@override_settings(SIGNUP_OPEN=False)
def test_a_town_may_close_registration(client):
    _register(client, "neu@example.org")
    assert Account.objects.count() == 0
    assert reverse("account_signup") not in client.get(reverse("account_login")).content.decode()


def test_signing_up_with_a_taken_address_looks_the_same_from_outside(client):
    make_account(email="da@example.org")
    fresh, taken = _register(Client(), "frei@example.org"), _register(client, "da@example.org")
    assert (taken.status_code, taken.url) == (fresh.status_code, fresh.url)
    first, second = mail.outbox
    assert first.to == ["frei@example.org"]
    assert (second.to, second.subject) == (["da@example.org"], "Sie haben bereits ein Konto bei Allmende")
    pages = [c.get(reverse("account_email_verification_sent"), headers=GERMAN) for c in (client,)]
    assert [page.status_code for page in pages] == [200]
    assert Account.objects.filter(email="da@example.org").count() == 1


def test_log_in_and_reset_say_the_same_for_known_and_unknown(client):
    make_account(email="da@example.org")
    url = reverse("account_login")
    pages = [
        client.post(url, {"login": email, "password": "wrong password"}, headers=GERMAN).content.decode()
        for email in ("da@example.org", "weg@example.org")
    ]
    blank = [page.replace("da@example.org", "X").replace("weg@example.org", "X") for page in pages]
    strip = [__import__("re").sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page) for page in blank]
    assert strip[0] == strip[1]
    assert "Die E-Mail-Adresse und/oder das Passwort" in pages[0]
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})
        for email in ("da@example.org", "weg@example.org")
    ]
    assert [(a.status_code, a.url) for a in answers] == [(302, reverse("account_reset_password_done"))] * 2


def test_password_reset_by_link(client):
    account = make_account()
    other = Client()
    log_in(other, account)
    client.post(reverse("account_reset_password"), {"email": account.email}, headers=GERMAN)
    [message] = mail.outbox
    assert message.subject == "Neues Passwort für Allmende festlegen"
    answer = client.get(link_in(message))
    answer = client.post(answer.url, {"password1": "ganz anderes Wort", "password2": "ganz anderes Wort"})
    assert answer.url == reverse("account_reset_password_from_key_done")
    account.refresh_from_db()
    assert account.check_password("ganz anderes Wort")
    assert not signed_in(other)
    assert FactRow.objects.filter(kind="people.account.changed", payload={"fields": ["password"]}).count() == 1
    # The link works once.
    assert "funktioniert nicht mehr" in client.get(link_in(message), headers=GERMAN).content.decode()


def test_a_weak_password_is_said_in_german(client):
    page = _register(client, "neu@example.org", "kurz").content.decode()
    assert "Dieses Passwort ist zu kurz" in page
    assert Account.objects.count() == 0


def test_changing_the_address_needs_a_code_and_keeps_the_old_one_until_then(client):
    account = make_account(email="alt@example.org")
    log_in(client, account)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    answer = client.post(reverse("account_email"), {"email": "neu@example.org", "action_add": "1"})
    assert answer.url == reverse("account_email_verification_sent")
    account.refresh_from_db()
    assert account.email == "alt@example.org"
    to_new = next(message for message in mail.outbox if message.to == ["neu@example.org"])
    client.post(reverse("account_email_verification_sent"), {"code": code_in(to_new)})
    account.refresh_from_db()
    assert account.email == "neu@example.org"
    assert [row.email for row in EmailAddress.objects.all()] == ["neu@example.org"]
    assert FactRow.objects.filter(payload={"fields": ["email"]}, subject=account.urn).count() == 1


def test_a_disabled_account_is_out_at_once(client):
    account = make_account(Role.EDITOR)
    log_in(client, account)
    assert signed_in(client)
    accounts.disable_account(account)
    assert not signed_in(client)
    assert log_in(Client(), account).url == reverse("account_inactive")


def test_signing_out_all_other_devices(client):
    account = make_account()
    here, there = Client(), Client()
    for one in (here, there, client):
        log_in(one, account)
    log_in(stranger := Client(), make_account())
    assert here.post(reverse("people:sign_out_others")).status_code == 302
    assert [signed_in(one) for one in (here, there, client, stranger)] == [True, False, False, True]


@override_settings(ACCOUNT_RATE_LIMITS={})
def test_guessing_passwords_is_slowed_down_in_the_database(client):
    cache.clear()
    account = make_account()
    url = reverse("account_login")
    for _attempt in range(5):
        # Another browser each time: what counts is kept on the server.
        Client().post(url, {"login": account.email, "password": "wrong password"})
    page = client.post(url, {"login": account.email, "password": PASSWORD}, headers=GERMAN).content.decode()
    assert "Zu viele gescheiterte Anmeldeversuche" in page
    assert not signed_in(client)
    cache.clear()
    log_in(client, account)
    assert signed_in(client)


class TestDemoAccounts:
    @pytest.fixture(autouse=True)
    def _town(self):
        finish_setup(demo=True)
        for role in (Role.EDITOR, Role.MODERATOR):
            account = accounts.create_account(
                demo_town.address_of(role), password=demo_town.PASSWORD, demo=True, actor="demo"
            )
            assign(account, role, actor="demo")
        make_account(Role.TREASURER, email="echt@example.org")

    def _try(self, client, **extra):
        values = {"login": demo_town.address_of(Role.EDITOR), "password": demo_town.PASSWORD}
        client.post(reverse("account_login"), values, **extra)
        return "_auth_user_id" in client.session

    def test_the_password_is_the_one_of_the_demo(self):
        assert queries.DEMO_PASSWORD == demo_town.PASSWORD

    def test_from_this_machine(self, client):
        assert self._try(client)
        assert signed_in(client)

    @pytest.mark.parametrize(
        "extra",
        [
            {"headers": {"X-Forwarded-For": "127.0.0.1"}},
            {"headers": {"Forwarded": "for=127.0.0.1"}},
            {"headers": {"X-Real-IP": "127.0.0.1"}},
            {"headers": {"X-Forwarded-Proto": "http"}},
            {"headers": {"Via": "1.1 proxy"}},
            {"headers": {"Host": "stadt.example.org"}},
            {"headers": {"Host": "localhost.example.org"}},
            {"REMOTE_ADDR": "10.0.0.5"},
            {"REMOTE_ADDR": "2001:db8::1"},
            {"REMOTE_ADDR": ""},
        ],
    )
    def test_not_from_elsewhere(self, client, extra):
        assert not self._try(client, **extra)
        # A session made here does not travel either.
        assert self._try(client)
        assert client.get(reverse("people:my_settings"), **extra).status_code == 403

    def test_the_list_on_the_page(self, client):
        page = client.get(reverse("account_login"), headers=GERMAN).content.decode()
        assert page.count("@demo.example</td>") == 2
        assert demo_town.PASSWORD in page
        assert "echt@example.org" not in page
        away = client.get(reverse("account_login"), headers=GERMAN | {"X-Forwarded-For": "10.0.0.5"}).content.decode()
        assert "demo.example" not in away
        assert demo_town.PASSWORD not in away

    def test_no_list_in_a_real_town(self, client):
        finish_setup(demo=False)
        assert "demo.example" not in client.get(reverse("account_login")).content.decode()


def test_after_signing_in_language_and_appearance_follow_the_account(client):
    account = make_account()
    accounts.change_account(account, actor=account, language="en", theme="dark")
    answer = log_in(client, account)
    assert (answer.cookies["allmende_language"].value, answer.cookies["theme"].value) == ("en", "dark")
