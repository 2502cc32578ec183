"""What browser tests of assets, moderation and live share."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.support.full import FULL

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MARKS = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Playwright's loop runs in this thread; Django would take it for an async context.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def cookies(account: Any, address: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(account)
    name = settings.SESSION_COOKIE_NAME
    return [{"name": name, "value": client.cookies[name].value, "url": address}]


def flaws(browser: Any, address: str, pages: list[tuple[Any, str]], name: str) -> list[object]:
    """Violations, errors and sideways scrolling on `pages` (account, path).

    Two widths and both schemes take turns over the pages; with ALLMENDE_TEST_FULL every page is seen in all four.
    """
    found: list[object] = []

    def failed(error: object) -> None:
        found.append(str(error))

    looks = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
    for number, (account, path) in enumerate(pages):
        for width, scheme in looks if FULL else [looks[number % 4]]:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE")
            if account is not None:
                context.add_cookies(cookies(account, address))
            page = context.new_page()
            page.on("pageerror", failed)
            answer = page.goto(address + path, wait_until="load")
            if answer.status != 200:
                found.append((path, answer.status))
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path} scrolls sideways at {width}")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate("axe.run({resultTypes: ['violations']})")
            found += [(path, width, scheme, v["id"], [n["target"] for n in v["nodes"]]) for v in result["violations"]]
            if folder := os.environ.get("ALLMENDE_SCREENSHOTS"):
                page.screenshot(path=str(Path(folder) / f"{name}-{number}-{width}-{scheme}.png"), full_page=True)
            context.close()
    return found
