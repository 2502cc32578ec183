"""A browser for the pages of processes: what it complains about is kept."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {360: 780, 1280: 900}


@contextmanager
def chromium() -> Iterator[Any]:
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


class Window:
    """A page of somebody who is signed in. `noise`: errors, warnings and breaches of the policy; foreign requests."""

    def __init__(self, browser: Any, url: str, person: Any, *, width: int = 1280, **more: Any) -> None:
        self.context = browser.new_context(
            base_url=url, locale="de-DE", viewport={"width": width, "height": SIZES[width]}, **more
        )
        client = Client()
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.noise: list[str] = []
        self.page.on("console", lambda m: m.type in ("error", "warning") and self.noise.append(m.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on(
            "request", lambda r: r.url.startswith((url, "blob:", "data:")) or self.noise.append(f"foreign: {r.url}")
        )

    def axe(self) -> list[str]:
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")["violations"]
        return [f"{rule['id']}: {[str(node['target'][0]) for node in rule['nodes'][:4]]}" for rule in found]
