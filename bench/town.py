"""A town of the bench's own: embedded PostgreSQL with the durability a real one has, migrated, in a scratch folder."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.cluster import make_folder

from allmende.spine.supervisor.postgres import EmbeddedPostgres


@contextmanager
def town(demo: bool = True) -> Iterator[Path]:
    """Data folder of a prepared town; Django is set up on it. Once a process."""
    folder = make_folder("alm-bench-")
    server = EmbeddedPostgres(folder)
    try:
        os.environ["DATABASE_URL"] = dsn = server.start()
        os.environ["ALLMENDE_DATA"] = str(folder)
        from allmende.config.prepare import prepare

        prepare(folder, dsn, demo, lambda line: None)
        gc.collect()
        gc.freeze()  # as the supervisor does before it starts the workers
        yield folder
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
