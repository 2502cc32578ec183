"""The page of figures with figures, in a real browser: before and after an agreement with the staff is recorded."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from allmende.process.domain import agreements
from allmende.process.models import WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.browsing import CHROMIUM, SIZES, Window, chromium
from tests.process.moving import OLD
from tests.process.sheets import EVIL
from tests.process.test_migration import version_of
from tests.process.test_statistics import NOW, done

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


def test_figures_stand_well_in_every_window(browser: Any, live_server: Any) -> None:
    office, *_others = (make_account(Role.PROGRAMME_OFFICE) for _number in range(3))
    make_account(Role.EDITOR)
    model, admin = version_of(OLD).model, make_account(Role.ADMINISTRATOR)
    done(model, [1, 2, 3, 4, 50], [0.5] * 5)
    done(model, [2, 4, 8, 16, 32, 64], [1, 1, 2, 3, 5, 8], element="check", role=Role.EDITOR)
    WorkItem.objects.filter(element="check").update(title="Prüfen")
    values = {"title": f"DV {EVIL}", "day": NOW.date() - dt.timedelta(days=9), "scope": "Alles.", "document": ""}
    for agreed, shown in ((False, ["Aufnehmen"]), (True, ["Aufnehmen", "Prüfen"])):
        if agreed:
            agreements.record(values | {"ends": None}, actor=admin)
        for width in SIZES:
            for scheme in ("light", "dark"):
                window = Window(browser, live_server.url, office, width=width, color_scheme=scheme)
                page = window.page
                page.goto(f"/intern/prozesse/{model.slug}/zahlen/")
                headings = page.locator("table th[scope=row]").all_text_contents()
                assert [name for name in ("Aufnehmen", "Prüfen") if name in headings] == shown
                assert (EVIL in page.locator("main").inner_text()) is agreed
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert (window.axe(), window.noise) == ([], [])
                window.context.close()
