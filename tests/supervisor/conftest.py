"""Town folders that leave nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from allmende.spine.supervisor.postgres import EmbeddedPostgres
from tests.support.cluster import plant

from .support import close_all, processes_of, town_folder, until

QUICK = {"fsync": "off", "max_connections": "20", "shared_buffers": "32MB", "dynamic_shared_memory_type": "mmap"}


@pytest.fixture
def town() -> Iterator[Path]:
    with town_folder() as folder:
        yield folder
        close_all()
        left = processes_of(folder)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        assert left == [], "the test left processes behind"


@pytest.fixture
def server(town: Path) -> Iterator[EmbeddedPostgres]:
    """A running server that a test may treat badly."""
    plant(town)
    one = EmbeddedPostgres(town, QUICK)
    one.start()
    yield one
    one.stop(grace=5)
    until(lambda: not one.is_running(), "the server stops")
