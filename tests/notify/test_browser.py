"""The pages of notices in a real browser: axe, widths, both schemes, and the way through without script."""

import os
import shutil
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.notify.domain import choices
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import MailSettings
from tests.factories import make_account, make_measure
from tests.support.full import whole_matrix

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]


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


@pytest.fixture
def person(live_server: Any, topic: str) -> Any:
    finish_setup()
    account, measure = make_account(), make_measure(title="Laufendes Licht")
    choices.follow(account, "programme.measures", measure.urn)
    choices.set_quiet_hours(account, time(22), time(7))
    notify(account, topic, "Die Maßnahme „Laufendes Licht“ wurde geändert", url=measure.get_absolute_url(), key="a")
    notify(account, topic, "Noch etwas", text="Mit Text\nin zwei Zeilen", key="b")
    return account


def cookies(account: Any, address: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(account)
    name = django_settings.SESSION_COOKIE_NAME
    return [{"name": name, "value": client.cookies[name].value, "url": address}]


@whole_matrix
def test_no_violation_at_any_width_and_scheme(live_server: Any, person: Any, topic: str, browser: Any) -> None:
    empty, paused = make_account(), make_account()
    MailSettings.objects.create(account=paused, paused="2026-01-01T00:00Z")
    token = choices.unsubscribe_token(person, [topic])
    pages = [
        (person, reverse("notify:notices")),
        (person, reverse("notify:settings")),
        (empty, reverse("notify:notices")),
        (paused, reverse("notify:settings")),
        (None, reverse("notify:unsubscribe", args=[token])),
        (None, reverse("notify:unsubscribe", args=["forged"])),
    ]
    found: list[object] = []

    def failed(error: object) -> None:
        found.append(str(error))

    for width in (360, 1280):
        for scheme in ("light", "dark"):
            for number, (account, path) in enumerate(pages):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme, locale="de-DE"
                )
                if account is not None:
                    context.add_cookies(cookies(account, live_server.url))
                page = context.new_page()
                page.on("pageerror", failed)
                page.goto(live_server.url + path, wait_until="load")
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found.append(f"{path} scrolls sideways at {width}")
                page.evaluate(AXE.read_text(encoding="utf-8"))
                result = page.evaluate("axe.run({resultTypes: ['violations']})")
                found += [
                    (path, width, scheme, v["id"], [n["target"] for n in v["nodes"]]) for v in result["violations"]
                ]
                if folder := os.environ.get("ALLMENDE_SCREENSHOTS"):
                    page.screenshot(path=str(Path(folder) / f"notify-{number}-{width}-{scheme}.png"), full_page=True)
                context.close()
    assert found == []


def test_the_way_through_without_script(live_server: Any, person: Any, browser: Any) -> None:
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    context.add_cookies(cookies(person, live_server.url))
    page = context.new_page()
    page.goto(live_server.url + reverse("notify:notices"))
    page.get_by_role("button", name="Als gelesen markieren: Noch etwas").press("Enter")
    assert page.get_by_text("Eine Mitteilung ist ungelesen.").count() == 1
    page.get_by_role("link", name="Was mir mitgeteilt wird, und wie").click()
    page.get_by_label("Maßnahmen, denen ich folge").select_option("weekly")
    page.get_by_role("button", name="Speichern").click()
    assert page.get_by_text("Gespeichert.").count() == 1
    assert page.get_by_label("Maßnahmen, denen ich folge").input_value() == "weekly"
    page.get_by_role("button", name="Nicht mehr folgen: Laufendes Licht").click()
    assert page.get_by_text("Sie folgen noch nichts.").count() == 1
    context.close()
