"""One town and one browser for all journeys."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from .people import Doors
from .site import Site, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# The folder, not the session: a second playwright in the same thread would find the first one's loop running.
@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("install chromium")
    # Playwright's loop runs in this thread; Django would take it for an async context.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def site(browser: Any) -> Iterator[Site]:
    """Asks for the browser first: without one there is nothing to serve for."""
    with running() as town:
        yield town


@pytest.fixture(scope="package")
def doors(site: Site, browser: Any) -> Iterator[Doors]:
    opened = Doors(site, browser)
    yield opened
    opened.close_all()


@pytest.fixture
def window(doors: Doors) -> Iterator[Any]:
    """`window(person, width, …)`: a page of a new browser context, closed after the test."""
    yield doors.open
    doors.close()
