"""Districts from a GeoJSON file."""

import json
from pathlib import Path
from typing import Any

import pytest

from allmende.spine.imports import ImportRefused, discover
from allmende.spine.places.domain import queries
from allmende.spine.places.domain.areafile import import_areas
from allmende.spine.places.models import Area
from tests.places.conftest import silent

pytestmark = pytest.mark.django_db


def square(x: float, **properties: Any) -> dict[str, Any]:
    ring = [[x, 49.0], [x + 0.01, 49.0], [x + 0.01, 49.01], [x, 49.01], [x, 49.0]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def load(path: Path, **options: Any) -> dict[str, int]:
    return import_areas(
        path, silent, **{"kind": "district", "name": "name", "key": "", "credit": "", "data_date": None} | options
    )


def test_added_joined_changed_gone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", square(8.0, name="Nord"), square(8.0099, name="Nord"), square(8.1, name="Süd"))
    assert load(path) == {"added": 2, "changed": 0, "gone": 0}
    north = queries.areas().get(name="Nord")
    assert queries.nearest_area(8.015, 49.005) == north
    assert load(path) == {"added": 0, "changed": 0, "gone": 0}
    assert load(write(path, square(8.2, name="Nord"), square(8.3, name="Ost"))) == {"added": 1, "changed": 1, "gone": 1}
    assert queries.areas().get(name="Nord").public_id == north.public_id
    assert Area.objects.filter(current=False).get().name == "Süd"
    # Another kind is another file's business.
    assert load(write(path, square(8.4, name="67655")), kind="postcode")["gone"] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "not_geojson"),
        ("[]", "not_geojson"),
        ('{"type": "FeatureCollection"}', "not_geojson"),
        ('{"type": "FeatureCollection", "features": []}', "nothing"),
        (json.dumps({"type": "FeatureCollection", "features": [square(8.0, titel="x")]}), "no_name"),
        (json.dumps({"type": "FeatureCollection", "features": [square(8.0, name="A"), 5]}), "no_name"),
        (json.dumps({"type": "FeatureCollection", "features": [square(80.0, name="A")]}), "out_of_range"),
    ],
)
def test_refused(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(content)
    with pytest.raises(ImportRefused) as refused:
        load(path)
    assert refused.value.code == code and not Area.objects.exists()


def test_the_towns_own_outlines(map_folder_of_data: Path) -> None:
    assert load(map_folder_of_data / "districts.json", name="Name") == {"added": 10, "changed": 0, "gone": 0}
    postcodes = map_folder_of_data / "kaiserslautern_plz_opendatasoft.geojson"
    assert load(postcodes, kind="postcode", name="plz_code")["added"] == 5
    assert queries.nearest_area(7.7680, 49.4468).name == "Innenstadt"
    assert sorted(a.kind for a in queries.areas_at(7.7680, 49.4468)) == ["district", "postcode"]


def test_importers_are_found_without_django() -> None:
    assert {"osm", "areas"} <= set(discover())
