"""Asking an OParl server."""

import json
from typing import Any
from urllib.parse import urlsplit

from allmende.spine.outgoing import OutgoingError, fetch

from . import shapes
from .problems import CouncilProblem

MAX_BYTES = 10_000_000
SECONDS = 30
# Requests of one run; the next one goes on.
BUDGET = 1000


# What is looked up for many agenda items (meetings, bodies, papers) is remembered, as far as it is used.
_REMEMBERED = 300
_USED = ("id", "type", "name", "shortName", "reference", "start", "organization", "paper", "web", "deleted")


class Client:
    """Asks one server, and no other. `left`: requests that this run may still make."""

    def __init__(self, url: str) -> None:
        self._home = urlsplit(url)
        self._known: dict[str, shapes.Object] = {}
        self.left = BUDGET

    def url(self, text: str) -> str:
        """An address as it is asked: on the same server, and as protected as the source itself. Raises
        CouncilProblem."""
        try:
            parts = urlsplit(text)
            if parts.hostname != self._home.hostname:
                raise CouncilProblem("elsewhere", text)
        except ValueError:
            raise CouncilProblem("elsewhere", text) from None
        if self._home.scheme == "https" and parts.scheme == "http":
            parts = parts._replace(scheme="https", netloc=self._home.netloc)
        return parts._replace(fragment="").geturl()

    def get(self, text: str) -> shapes.Object:
        """The object at an address. Raises CouncilProblem."""
        self.left -= 1
        return _fetched(self.url(text))

    def look_up(self, text: str) -> shapes.Object:
        """What is used of the object at an address, asked once in a while. Raises CouncilProblem."""
        url = self.url(text)
        if url not in self._known:
            found = self.get(url)
            while len(self._known) >= _REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[url] = {name: found[name] for name in _USED if name in found}
        return self._known[url]

    def page(self, text: str) -> shapes.Page:
        """A page of a list. Raises CouncilProblem."""
        found = shapes.page(self.get(text))
        if found is None:
            raise CouncilProblem("not_oparl", text)
        return found


def _fetched(url: str) -> shapes.Object:
    try:
        answer = fetch(url, accept="application/json", max_bytes=MAX_BYTES, timeout=SECONDS)
    except OutgoingError as error:
        raise CouncilProblem.of(error) from None
    if answer.status != 200:
        raise CouncilProblem("status", f"{answer.status} {url}")
    try:
        found: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise CouncilProblem("not_json", url) from None
    if not isinstance(found, dict):
        raise CouncilProblem("not_oparl", url)
    return found
