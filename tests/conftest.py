"""A real PostgreSQL for every test run: the embedded one, made for the run, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_scratch = Path(tempfile.mkdtemp(prefix="alm-test-"))
_scratch.chmod(0o755)

os.environ["ALLMENDE_DATA"] = str(_scratch / "data")
os.environ.setdefault("ALLMENDE_LOG_LEVEL", "ERROR")


def pytest_configure(config: pytest.Config) -> None:
    from tests.support.cluster import start_test_cluster

    if "ALLMENDE_TEST_DATABASE_URL" in os.environ:
        # The smoke part runs on Debian's PostgreSQL 15: the caller owns the server.
        os.environ["DATABASE_URL"] = os.environ["ALLMENDE_TEST_DATABASE_URL"]
    else:
        os.environ["DATABASE_URL"] = start_test_cluster(_scratch)


def pytest_unconfigure(config: pytest.Config) -> None:
    from tests.support.cluster import stop_test_cluster

    stop_test_cluster(_scratch)
    shutil.rmtree(_scratch, ignore_errors=True)


@pytest.fixture(autouse=True)
def _fresh_instance() -> Iterator[None]:
    """Settings are kept for two seconds in a process: not from one test to the next."""
    from allmende.spine.instance.domain import queries

    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def data_folder() -> Path:
    """`../shared/data`, or a skip that says why."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip("the shared data folder is absent on this machine")
    return folder
