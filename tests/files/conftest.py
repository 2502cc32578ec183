import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of the test's own."""
    settings.DATA = tmp_path
    yield tmp_path / "files"
    shutil.rmtree(tmp_path, ignore_errors=True)
