from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import settings as hypothesis_settings

from tests.places.town import write_town

# A busy machine is no fault: nothing here is a timed test.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def map_data(settings: LazySettings, tmp_path: Path) -> Path:
    """A data folder of its own: base maps of one test are not those of another."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


@pytest.fixture
def town_file(tmp_path: Path) -> Path:
    """The made-up town as .osm."""
    return write_town(tmp_path / "town.osm")


@pytest.fixture
def map_folder_of_data(data_folder: Path) -> Path:
    return data_folder / "map"


def silent(text: str, part: float | None = None) -> None:
    """Progress that nobody reads."""
