"""In a real browser: passkeys with a virtual authenticator, an expired log-in without JavaScript, accessibility."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from allmende.programme.models import Revision
from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.people.domain import accounts, tokens
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.enums import Role
from tests.factories import PASSWORD, make_account, make_measure
from tests.support.full import whole_matrix

CHROMIUM = "/usr/bin/chromium"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is absent: apt-get install chromium"),
]
AXE = Path(__file__).parents[1] / "vendor/axe/axe.min.js"


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would refuse the database beside it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium) -> Iterator[object]:
    context = chromium.new_context(locale="de-DE")
    one = context.new_page()
    complaints: list[str] = []
    one.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    one.on("pageerror", lambda error: complaints.append(str(error)))
    yield one
    context.close()
    # A word of the Content Security Policy would be here.
    assert [text for text in complaints if "Content Security Policy" in text or "Error" in text] == []


def authenticator(page) -> str:
    """A platform authenticator that verifies its user, as WebAuthn's test interface makes them."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def enter(page, base: str, account, password: str = PASSWORD) -> None:
    page.goto(base + reverse("account_login"))
    page.fill("#id_login", account.email)
    page.fill("#id_password", password)
    page.click("#login button")


def add_key(page, base: str, passwordless: bool) -> None:
    page.goto(base + reverse("mfa_add_webauthn"))
    if page.locator("#id_password").count():
        page.fill("#id_password", PASSWORD)
        page.click("main form button")
    page.fill("#id_name", "Mein Gerät")
    if passwordless:
        page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(base + reverse("mfa_view_recovery_codes"))


def here(base: str) -> str:
    """The live server under the name that browsers allow passkeys for."""
    return base.replace("127.0.0.1", "localhost")


def test_a_passkey_lets_in_without_password(page, live_server):
    base, account = here(live_server.url), make_account(name="Kauz")
    authenticator(page)
    enter(page, base, account)
    add_key(page, base, passwordless=True)
    page.goto(base + reverse("mfa_list_webauthn"))
    assert page.locator("tbody tr th").all_inner_texts() == ["Mein Gerät"]
    assert page.locator('td[data-label="Art"]').all_inner_texts() == ["Passkey"]
    page.context.clear_cookies()
    page.goto(base + reverse("people:my_settings"))
    assert page.locator("h1").inner_text() == "Anmelden"
    page.click("#passkey_login")
    page.wait_for_url(lambda url: reverse("account_login") not in url)
    page.goto(base + reverse("people:my_settings"))
    assert page.locator("#id_name").input_value() == "Kauz"


def test_a_key_as_second_factor(page, live_server):
    base, account = here(live_server.url), make_account(name="Kauz")
    authenticator(page)
    enter(page, base, account)
    add_key(page, base, passwordless=False)
    page.context.clear_cookies()
    enter(page, base, account)
    page.wait_for_url(base + reverse("mfa_authenticate"))
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)
    page.goto(base + reverse("people:my_settings"))
    assert page.locator("#id_name").input_value() == "Kauz"
    # It is no passkey: alone it does not let in, and that is said in words.
    page.context.clear_cookies()
    page.goto(base + reverse("account_login"))
    page.click("#passkey_login")
    page.locator("#passkey-problem:not(:empty)").wait_for()
    assert page.locator("#passkey-problem").inner_text().startswith("Das Gerät wurde nicht gefragt")


def test_without_javascript_keys_are_not_offered_and_codes_are(chromium, live_server):
    context = chromium.new_context(locale="de-DE", java_script_enabled=False)
    page, base, account = context.new_page(), here(live_server.url), make_account()
    enter(page, base, account)
    page.goto(base + reverse("mfa_index"))
    assert page.locator("h1").inner_text() == "Zweiter Faktor"
    page.goto(base + reverse("mfa_add_webauthn"))
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    assert "brauchen JavaScript" in page.locator("main").inner_text()
    assert not page.locator("#mfa_webauthn_add").is_visible()
    page.goto(base + reverse("mfa_activate_totp"))
    assert page.locator("main img").is_visible()
    context.close()


def test_an_expired_log_in_in_mid_form_without_javascript(chromium, live_server):
    context = chromium.new_context(locale="de-DE", java_script_enabled=False)
    page, base = context.new_page(), here(live_server.url)
    account, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    enter(page, base, account)
    page.goto(base + reverse("programme:change_measure", args=[measure.public_id]))
    page.fill("#id_reason", "Eine Stunde getippt:\n“Ä & <b>”")
    context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.locator("form:has(#id_reason) button").first.click()
    assert page.locator("h1").inner_text() == "Anmelden"
    page.fill("#id_login", account.email)
    page.fill("#id_password", PASSWORD)
    page.click("#login button")
    assert page.locator("h1").inner_text() == "Ihre Anmeldung war abgelaufen"
    assert "Eine Stunde getippt:" in page.locator("main").inner_text()
    page.get_by_role("button", name="Jetzt absenden").click()
    assert Revision.objects.get().document["reason"] == "Eine Stunde getippt:\n“Ä & <b>”"
    context.close()


@pytest.fixture
def town(live_server):
    finish_setup(demo=True)
    demo = accounts.create_account("editor@demo.example", password="herzlich-digital", demo=True, actor="demo")
    assign(demo, Role.EDITOR, actor="demo")
    chief = make_account(Role.ADMINISTRATOR, name="Zentrale")
    person = make_account(Role.EDITOR, name="Ärger")
    add_organisation("Haus der Vereine", "club", actor=None)
    tokens.create_token(chief, "Bericht")
    return here(live_server.url), chief, person


@whole_matrix
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(chromium, town, width):
    base, chief, person = town
    context = chromium.new_context(locale="de-DE", viewport={"width": width, "height": 900})
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str, *args: object) -> None:
        page.goto(base + reverse(name, args=args))
        page.evaluate(AXE.read_text())
        result = page.evaluate("axe.run()")
        wrong = [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in result["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append("wider than the window")
        if wrong:
            found[name] = wrong

    for name in ("account_login", "account_signup", "account_reset_password", "people:address_taken"):
        look(name)
    enter(page, base, chief)
    page.goto(base + reverse("account_reauthenticate"))
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    for name in (
        "people:my_settings", "account_email", "account_change_password", "mfa_index", "mfa_activate_totp",
        "mfa_add_webauthn", "mfa_list_webauthn", "socialaccount_connections", "people:accounts", "people:invite",
        "people:organisations", "people:add_organisation",
    ):  # fmt: skip
        look(name)
    for name in ("people:account", "people:assign_role", "people:disable"):
        look(name, person.pk)
    context.close()
    assert found == {}


def test_one_click_for_the_demo_accounts(page, town):
    base, _chief, _person = town
    page.goto(base + reverse("account_login"))
    assert page.locator("tbody tr th").all_inner_texts() == ["Redaktion"]
    page.get_by_role("button", name="Anmelden als Redaktion").click()
    page.goto(base + reverse("people:my_settings"))
    assert "editor@demo.example" in page.locator("main").inner_text()
