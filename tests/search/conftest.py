from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from allmende.spine.search import registry
from allmende.spine.search.domain.indexing import put
from allmende.spine.search.registry import SearchDoc


@pytest.fixture
def shelf(db: None) -> Iterator[dict[str, SearchDoc]]:
    """Things of two kinds that only this test has, by URN; `load` reads them as a room would."""
    things: dict[str, SearchDoc] = {}

    def load(urn: str) -> SearchDoc | None:
        return things.get(urn)

    for kind, label in (("page", "Page"), ("notice", "Notice board")):
        registry.register(kind, label, load, lambda kind=kind: [urn for urn in things if urn.startswith(kind)])
    yield things
    for kind in ("page", "notice"):
        registry.KINDS.pop(kind)


Add = Callable[..., SearchDoc]


@pytest.fixture
def add(shelf: dict[str, SearchDoc]) -> Add:
    """Put a document on the shelf and into the index."""

    def make(title: str, text: str = "", *, kind: str = "page", days: int = 0, **values: Any) -> SearchDoc:
        urn = f"{kind}:{len(shelf) + 1}"
        doc = SearchDoc(urn, title, text, f"/{len(shelf) + 1}/", timezone.now() - timedelta(days=days), **values)
        shelf[urn] = doc
        put([doc])
        return doc

    return make
