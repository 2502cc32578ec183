"""Every page: axe, widths, both schemes, headings, languages, console, requests.

An ordinary run looks at each page once, in a variant that changes with every commit; ALLMENDE_TEST_FULL=1 looks at
all of them.
"""

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.site_map import routes
from tests.support.full import FULL

from .look import Watcher, complaints, open_page, shape
from .pages import NO_PAGE, PAGES, Page
from .people import VISITOR, Doors
from .site import Site

pytestmark = pytest.mark.browser
WATCHERS: dict[Any, Watcher] = {}
VARIANTS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
# The pages that the most people see have to fit the smallest screens too.
NARROW = ["/", "/massnahmen/", "/massnahmen/{measure}/", "/karte/", "/aktuelles/", "/suche/?q=Licht", "/zahlen/",
          "/barrierefreiheit/", "/konto/anmelden/", "/konto/registrieren/", "/datenschutz/"]  # fmt: skip


def turn() -> int:
    """How often this run's choice has moved on: the number of commits, or 0 outside of a checkout."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=root, capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else 0


def plan() -> list[Any]:
    """(page, person, variants, language) of this run; the identifiers name them, so that each can be repeated."""
    found = []
    moved = turn()
    for one in PAGES:
        name = f"{one.route} {one.path}" + (f" {one.after}" if one.after else "")
        if FULL:
            for person in one.people:
                for width in (360, 1280):
                    shown = [variant for variant in VARIANTS if variant[0] == width]
                    found.append(pytest.param(one, person, shown, "de", id=f"{name} {person} {width}"))
            found.append(pytest.param(one, one.people[0], VARIANTS[:1], "en", id=f"{name} {one.people[0]} 360 en"))
            continue
        rest = zlib.crc32(name.encode()) + moved
        rest, scheme = divmod(rest, len(VARIANTS))
        rest, who = divmod(rest, len(one.people))
        language = "en" if rest % 3 == 0 else "de"
        variant, person = VARIANTS[scheme], one.people[who]
        label = f"{name} {person} {variant[0]} {variant[1]} {language}"
        found.append(pytest.param(one, person, [variant], language, id=label))
    return found


@pytest.mark.parametrize(("one", "person", "variants", "language"), plan())
def test_nothing_to_complain_of(
    one: Page,
    person: str,
    variants: list[tuple[int, str]],
    language: str,
    site: Site,
    doors: Doors,
    window: Callable[..., Any],
) -> None:
    width, scheme = variants[0]
    # What leaves traces in the session gets a window of its own.
    page = window(person, language=language) if one.traces else doors.again(person, language)
    if page not in WATCHERS:
        WATCHERS[page] = Watcher(page, site)
    watcher = WATCHERS[page]
    watcher.again()
    shape(page, width, scheme)
    status = open_page(page, one, site.things)
    found = {f"{width} {scheme}": complaints(page, width, scheme, language) for width, scheme in variants}
    assert (status, found, watcher.noise) == (one.status, {key: [] for key in found}, [])


def test_the_narrowest_phone_scrolls_only_downwards(site: Site, window: Callable[..., Any]) -> None:
    page = window(VISITOR, 320)
    found = []
    for path in NARROW:
        page.goto(path.format_map(site.things))
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320:
            found.append((path, wide))
    assert found == []


def test_every_route_is_looked_at() -> None:
    names = {route.name for route in routes() if not route.name.startswith("api:")}
    looked_at = {page.route for page in PAGES} - {"404", "403"}
    assert (sorted(names - looked_at - set(NO_PAGE)), sorted((looked_at | set(NO_PAGE)) - names)) == ([], [])


def test_what_counts_as_no_page_is_none(site: Site, window: Callable[..., Any]) -> None:
    """Routes without parameters that are left out must not answer with a page."""
    request = window("administrator").request
    shown = []
    for route in routes():
        if route.name in NO_PAGE and not route.parameters:
            answer = request.get(f"{site.url}/{route.pattern}", max_redirects=0)
            if answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html"):
                shown.append(route.name)
    assert shown == []
