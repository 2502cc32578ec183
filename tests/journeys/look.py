"""What has to be true of every page, whoever looks at it, on whatever screen."""

from itertools import pairwise
from typing import Any

from . import states
from .pages import Page
from .people import AXE, HEIGHTS, confirm
from .site import Site

SHAPE = """() => ({
  wide: document.documentElement.scrollWidth,
  h1: document.querySelectorAll("h1").length,
  title: document.title.trim(),
  lang: document.documentElement.lang,
  // On a phone a cell stands beside its heading: two parts in it would fall into two rows.
  split: Array.from(document.querySelectorAll(".al-table:not(.al-conflict__table) td[data-label]")).filter((cell) =>
    Array.from(cell.childNodes).filter((node) => node.nodeType === 3 ? node.data.trim()
      : node.nodeType === 1 && !node.matches(".kern-sr-only, input[type=hidden]")).length > 1,
  ).map((cell) => cell.dataset.label),
  levels: Array.from(document.querySelectorAll("h1, h2, h3, h4, h5, h6"), (heading) => Number(heading.tagName[1])),
})"""


class Watcher:
    """Notes what a page says to the console and asks from the network."""

    def __init__(self, page: Any, site: Site) -> None:
        self.noise: list[str] = []
        self._new = True
        page.on("framenavigated", lambda frame: self._arrived())
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.noise.append(f"script failed: {error}"))
        page.on("response", self._answer)
        page.on("request", lambda request: self._request(request.url, site))

    def again(self) -> None:
        """From the next page on: what the page before still had to say is not the next one's."""
        self._new = True

    def _arrived(self) -> None:
        if self._new:
            self.noise.clear()
            self._new = False

    def _console(self, kind: str, text: str) -> None:
        # A status is noted by `_answer`; stalls come of drawing maps in software, which no visitor does.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource: the server responded"):
            if "GPU stall" in text:
                return
            self.noise.append(f"console: {text}")

    def _answer(self, response: Any) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.noise.append(f"{response.status}: {response.url}")

    def _request(self, url: str, site: Site) -> None:
        if not site.own(url):
            self.noise.append(f"foreign request: {url}")


def open_page(page: Any, one: Page, things: dict[str, str]) -> int | None:
    """Show the page, through whatever has to be done first; the status it came with."""
    response = page.goto(one.path.format_map(things), wait_until="load")
    if "/konto/bestaetigen/" in page.url and one.route != "account_reauthenticate":
        with page.expect_response(
            lambda answer: answer.request.is_navigation_request() and answer.status < 300
        ) as told:
            confirm(page)
        response = told.value
    if one.after:
        navigated: list[Any] = []
        page.on("response", lambda answer: answer.request.is_navigation_request() and navigated.append(answer))
        getattr(states, one.after)(page)
        response = navigated[-1]
    return response.status if response else None


def shape(page: Any, width: int, scheme: str) -> None:
    """Make the window so wide and so bright or dark."""
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme=scheme)


def complaints(page: Any, width: int, scheme: str, language: str) -> list[str]:
    """What is wrong with the page as it stands now."""
    shape(page, width, scheme)
    form = page.evaluate(SHAPE)
    found = []
    if form["wide"] > width:
        found.append(f"scrolls sideways: {form['wide']} px at {width}")
    if form["h1"] != 1:
        found.append(f"{form['h1']} main headings")
    if not form["title"] or form["title"].startswith("–"):
        found.append(f"title is {form['title']!r}")
    if form["lang"] != language:
        found.append(f"language is {form['lang']!r}, not {language}")
    if form["split"]:
        found.append(f"cells of several parts: {sorted(set(form['split']))}")
    levels = [0, *form["levels"]]
    found += [f"heading {after} after {before}" for before, after in pairwise(levels) if after > before + 1]
    return found + violations(page)


def violations(page: Any) -> list[str]:
    # By the driver, which the page's policy does not hold back: the policy stays as visitors have it.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    # `preload` fetches every style sheet again, for experimental rules alone.
    result = page.evaluate("axe.run({resultTypes: ['violations'], preload: false})")
    return [
        f"axe {rule['id']}: {', '.join(str(node['target'][0]) for node in rule['nodes'][:4])}"
        for rule in result["violations"]
    ]
