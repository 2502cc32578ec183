"""The picture in the README: `python tools/screenshot.py [ADDRESS]` of a running demo town, else of one of its own.

Needs chromium and what the tests need.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "home.png"


def take(address: str) -> None:
    """1280 pixels wide, light, German, the first 1,100 pixels."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(
            executable_path=shutil.which("chromium") or "chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1100}, locale="de-DE", color_scheme="light")
        page.goto(address)
        page.evaluate("document.fonts.ready")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(TARGET))
        browser.close()
    print(f"{TARGET}: {TARGET.stat().st_size / 1024:.0f} KB")


def main() -> None:
    if len(sys.argv) > 1:
        take(sys.argv[1])
        return
    sys.path.insert(0, str(ROOT))
    from tests.journeys.site import running

    with running(things=False) as site:
        take(f"{site.url}/")


if __name__ == "__main__":
    main()
