"""Fixtures of the whole suite. The database is started by `tests/support/bootstrap.py`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _fresh_instance() -> Iterator[None]:
    """Settings and frames of pages are kept in a process: not from one test to the next."""
    from django.core.cache import caches

    from allmende.spine.instance.domain import queries

    queries.forget()
    caches["template_fragments"].clear()
    yield
    queries.forget()


SURROUNDINGS = pytest.StashKey[dict[str, str]]()


@pytest.fixture(autouse=True)
def _same_surroundings(request: pytest.FixtureRequest) -> None:
    """What a test finds; fixtures of its module have been set up by now."""
    request.node.stash[SURROUNDINGS] = dict(os.environ)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """The command line exports what it finds in its data folder; the next test starts without it. After all fixtures:
    one that puts variables back may put back what the test itself had exported."""
    yield
    before = item.stash.get(SURROUNDINGS, None)
    if before is None:
        return
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in before.items() if name in os.environ})


@pytest.fixture
def data_folder() -> Path:
    """`../shared/data`, or a skip that says why."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip("the shared data folder is absent on this machine")
    return folder
