"""Who looks at a page, in a browser window of their own."""

import base64
import hmac
import struct
import time
from pathlib import Path
from typing import Any

from .site import Site

PASSWORD = "herzlich-digital"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
VISITOR = "visitor"
# Made by `objects.py`: one with an authenticator app, and one without anything who gets a security key here.
GUARDED, BARE = "zwei-faktoren@demo.example", "ohne-rolle@demo.example"
HEIGHTS = {320: 700, 360: 780, 1280: 900}


def address(person: str) -> str:
    """The demo account of a role; of somebody else made for the tests, their address."""
    return person if "@" in person else f"{person.replace('_', '-')}@demo.example"


def totp(secret: str, moment: float) -> str:
    """RFC 6238 with RFC 4226's truncation: six digits for the half minute of `moment`."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(moment // 30)), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Doors:
    """Opens windows. Everybody signs in once, in the browser; later windows take over their cookies."""

    def __init__(self, site: Site, browser: Any) -> None:
        self.site, self.browser = site, browser
        self._kept: dict[str, Any] = {}
        self._open: list[Any] = []
        self._pages: dict[tuple[str, str], Any] = {}

    def open(
        self, person: str = VISITOR, width: int = 1280, scheme: str = "light", language: str = "de", **more: Any
    ) -> Any:
        """A page without an address yet; relative addresses are the site's."""
        if person != VISITOR and person not in self._kept:
            self._kept[person] = self._sign_in(person)
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme=scheme,
            locale={"de": "de-DE", "en": "en-GB"}[language],
            base_url=self.site.url,
            storage_state=self._kept.get(person),
            **more,
        )
        context.set_default_timeout(20_000)
        self._open.append(context)
        return context.new_page()

    def again(self, person: str, language: str) -> Any:
        """A page that is used by one test after another, with what it has in its cache."""
        key = (person, language)
        if key not in self._pages:
            self._pages[key] = self.open(person, language=language)
            self._open.remove(self._pages[key].context)
            # Half a megabyte: handed over once, not for every page.
            self._pages[key].context.add_init_script(AXE)
        return self._pages[key]

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def close_all(self) -> None:
        self.close()
        for page in self._pages.values():
            page.context.close()

    def _sign_in(self, person: str) -> Any:
        context = self.browser.new_context(base_url=self.site.url, locale="de-DE")
        page = context.new_page()
        page.goto("/konto/anmelden/")
        sign_in(page, person)
        if "/zweiter-faktor/anmelden/" in page.url:
            page.fill("input[name=code]", totp(TOTP_SECRET, time.time()))
            page.press("input[name=code]", "Enter")
            page.wait_for_url(lambda url: "/zweiter-faktor/anmelden/" not in url)
        assert "/konto/anmelden/" not in page.url, page.locator("main").inner_text()
        if person == BARE:
            self.site.things["key"] = add_key(page)
        kept = context.storage_state()
        context.close()
        return kept


def sign_in(page: Any, person: str) -> None:
    """Fill the log-in form that `page` shows, and send it."""
    page.fill("input[name=login]", address(person))
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def confirm(page: Any) -> None:
    """Type the password again where a page asks for it."""
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def add_key(page: Any) -> str:
    """Register a security key with a virtual authenticator (WebAuthn § 11.2); the number in its address."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/konto/schluessel/neu/")
    confirm(page)
    page.fill("#id_name", "Schlüssel am Bund")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/konto/zweiter-faktor/codes/")
    page.goto("/konto/schluessel/")
    found = page.locator("a[href$='/entfernen/']").get_attribute("href")
    return str(found).split("/")[-3]
