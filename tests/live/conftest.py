from collections.abc import Iterator

import psycopg
import pytest

from tests.live.support import SQL, LiveProcess
from tests.support import cluster


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.EmbeddedPostgres]:
    """A PostgreSQL with nothing but the fact log, that a test may stop and start."""
    folder = cluster.make_folder()
    dsn = cluster.start_test_cluster(folder)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SQL.read_text())
        connection.execute("SELECT facts_ensure_epoch()")
    yield cluster._RUNNING[folder][1]
    cluster.stop_test_cluster(folder)


@pytest.fixture
def dsn(town: cluster.EmbeddedPostgres) -> str:
    return town.dsn()


@pytest.fixture
def database(dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def live(dsn: str) -> Iterator[LiveProcess]:
    process = LiveProcess(dsn)
    yield process
    process.stop()
