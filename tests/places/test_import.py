"""Importing an OpenStreetMap extract: the made-up town always, the real one where it is."""

import bz2
import datetime
import gzip
import os
from pathlib import Path

import osmium
import pytest
from pmtiles.reader import MmapSource, Reader, all_tiles

from allmende.spine.facts.models import FactRow
from allmende.spine.imports import ImportRefused
from allmende.spine.places.domain import importing, queries, staging
from allmende.spine.places.domain.drawn import load_drawn
from allmende.spine.places.domain.mapfile import map_folder
from allmende.spine.places.enums import ImportState
from allmende.spine.places.models import Address, Area, Building, Import, Landmark, Street
from tests.places.conftest import silent
from tests.places.town import made_up, write_town

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def snapshot() -> dict[str, list[tuple[object, ...]]]:
    """Everything an import leaves for readers, without keys."""
    return {
        "streets": sorted(queries.streets().values_list("ref", "name", "postcode", "city", "district", "centre")),
        "addresses": sorted(
            (a.street.name, a.house_number, a.postcode, a.city, a.district, a.centre) for a in queries.addresses()
        ),
        "landmarks": sorted(queries.landmarks().values_list("ref", "kind", "name", "rank")),
        "buildings": sorted(queries.buildings().values_list("ref", "kind")),
        "areas": sorted(queries.areas().values_list("ref", "kind", "name", "public_id")),
    }


def test_the_made_up_town(town_file: Path) -> None:
    run = importing.import_osm(town_file, silent)
    assert run.state == ImportState.ACTIVE and run.data_date == datetime.date(2024, 5, 4)
    assert run.counts["skipped"] == {"addresses_without_number": 1, "addresses_without_street": 1, "incomplete": 1}
    found = snapshot()
    # One name, two places: two streets; an address without any way of its name makes its street.
    assert {(s[1], s[3], s[4]) for s in found["streets"]} == {
        ("Waldhof", "Musterstadt", "Mitte"),
        ("Hauptstraße", "Musterstadt", "Mitte"),
        ("Ring & Söhne", "", "Mitte"),
        ("Müllerweg", "", "Mitte"),
        ("Hauptstraße", "Oberdorf", "Oberdorf"),
    }
    assert len(found["streets"]) == 5
    assert [a[:2] for a in found["addresses"] if a[3] == "Musterstadt" and a[0] == "Hauptstraße"] == sorted(
        ("Hauptstraße", n) for n in ("1", "3", "3a", "12", "14–16", "20", "22")
    )
    assert {(m[1], m[2]) for m in found["landmarks"]} == {
        ("townhall", "Rathaus"),
        ("stop", "Rathaus"),
        ("park", "Stadtpark"),
        ("water", "Inselsee"),
    }
    assert {(a[1], a[2]) for a in found["areas"]} == {
        ("municipality", "Musterstadt"),
        ("village", "Oberdorf"),
        ("district", "Mitte"),
    }
    assert len(found["buildings"]) == run.counts["buildings"] == 10
    fact = FactRow.objects.filter(kind="places.import.finished").get()
    assert fact.payload["credit"] == "© OpenStreetMap contributors, 04.05.2024" and fact.public is False


def test_the_building_stands_for_its_address(town_file: Path) -> None:
    importing.import_osm(town_file, silent)
    address = queries.addresses().get(street__name="Hauptstraße", city="Musterstadt", number=1, suffix="")
    assert address.ref.startswith("w")  # not the bakery in it


def test_an_island_is_no_water_and_tiles_can_be_read(town_file: Path) -> None:
    run = importing.import_osm(town_file, silent)
    with (map_folder() / run.map_file).open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
        tiles = list(all_tiles(MmapSource(file)))
    assert (
        header["tile_type"].name == "MVT" and header["max_zoom"] == 15 and len(tiles) == header["addressed_tiles_count"]
    )
    names = {layer["id"] for layer in metadata["vector_layers"]}
    assert names == {"water", "green", "roads", "rail", "buildings", "labels", "numbers"}
    assert "04.05.2024" in metadata["attribution"]


def test_importing_again_changes_nothing(town_file: Path) -> None:
    first = importing.import_osm(town_file, silent)
    before = snapshot()
    second = importing.import_osm(town_file, silent)
    assert snapshot() == before and first.counts["streets"] == second.counts["streets"]
    first.refresh_from_db()
    assert (first.state, second.state) == (ImportState.REPLACED, ImportState.ACTIVE)
    # Of the first nothing is left but its line in the history.
    for model in (Street, Address, Building, Landmark):
        assert set(model.objects.values_list("generation_id", flat=True)) == {second.pk}
    assert [path.name for path in map_folder().iterdir()] == [second.map_file]
    assert set(Area.objects.values_list("version", flat=True)) == {1}


def test_a_newer_extract_replaces_and_areas_keep_their_identity(town_file: Path, tmp_path: Path) -> None:
    importing.import_osm(town_file, silent)
    ids = dict(Area.objects.values_list("name", "public_id"))
    town = made_up()
    town.parts = [p.replace("Hauptstraße", "Neue Straße").replace('v="Mitte"', 'v="Innenstadt"') for p in town.parts]
    town.parts = [p for p in town.parts if "Oberdorf" not in p or "place" not in p]
    importing.import_osm(write_town(tmp_path / "newer.osm", town), silent)
    assert not queries.streets().filter(name="Hauptstraße").exists()
    assert queries.areas().get(name="Innenstadt").public_id == ids["Mitte"]
    gone = Area.objects.get(name="Oberdorf")
    assert gone.current is False and gone not in queries.areas()


@pytest.mark.parametrize("form", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_every_format_whatever_its_name(town_file: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "extract.dat"
    if form == "osm.pbf":
        built = tmp_path / "town.osm.pbf"
        with osmium.SimpleWriter(str(built)) as writer:
            for thing in osmium.FileProcessor(str(town_file)):
                writer.add(thing)
        built.rename(path)
    else:
        pack = {"osm": bytes, "osm.gz": gzip.compress, "osm.bz2": bz2.compress}[form]
        path.write_bytes(pack(town_file.read_bytes()))
    run = importing.import_osm(path, silent, credit="© Somebody", data_date=datetime.date(2025, 1, 2))
    assert run.counts["addresses"] == 9 and run.data_date == datetime.date(2025, 1, 2)
    assert run.credit == "© Somebody"


def _wrong(town: bytes) -> dict[str, tuple[bytes, str]]:
    packed = gzip.compress(town)
    return {
        "empty": (b"", "empty"),
        "text": (b"name;street\n", "not_osm"),
        "html": (b"<!doctype html><html></html>", "not_osm"),
        "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_osm"),
        "zip": (b"PK\x03\x04" + bytes(100), "not_osm"),
        "gzip of something else": (gzip.compress(b"hello"), "not_osm"),
        "cut xml": (town[: len(town) // 2], "damaged"),
        "cut gzip": (packed[: len(packed) // 2], "damaged"),
        "cut early": (packed[:30], "damaged"),
        "cut bz2": (bz2.compress(town)[:200], "damaged"),
        "not well formed": (town.replace(b"</osm>", b"<way"), "damaged"),
        "no objects": (b'<?xml version="1.0"?><osm version="0.6"></osm>', "nothing"),
        "pbf header only": (b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7c" + bytes(20), "damaged"),
    }


@pytest.mark.parametrize("case", list(_wrong(b"")))
def test_a_wrong_file_changes_nothing(town_file: Path, tmp_path: Path, case: str) -> None:
    importing.import_osm(town_file, silent)
    before, files = snapshot(), sorted(p.name for p in map_folder().iterdir())
    content, code = _wrong(town_file.read_bytes())[case]
    path = tmp_path / "wrong.osm.gz"
    path.write_bytes(content)
    with pytest.raises(ImportRefused) as refused:
        importing.import_osm(path, silent)
    assert refused.value.code == code and path.name in str(refused.value)
    assert snapshot() == before
    assert sorted(p.name for p in map_folder().iterdir()) == files
    assert not Import.objects.filter(state=ImportState.RUNNING).exists()


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        importing.import_osm(tmp_path / "absent.osm", silent)
    assert refused.value.code == "missing" and not Import.objects.exists()


def test_a_failure_in_the_last_step_leaves_the_old_map(town_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = importing.import_osm(town_file, silent)
    before = snapshot()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, "merge", full)
    with pytest.raises(ImportRefused) as refused:
        importing.import_osm(town_file, silent)
    assert refused.value.code == "disk_full"
    assert snapshot() == before and [p.name for p in map_folder().iterdir()] == [old.map_file]
    assert Import.objects.filter(state=ImportState.FAILED).count() == 1


def test_no_writing_transaction_is_long(town_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    copy = staging._copy
    monkeypatch.setattr(staging, "BATCH", 4)
    monkeypatch.setattr(
        staging,
        "_copy",
        lambda table, columns, rows: (sizes.append(len(rows := list(rows))), copy(table, columns, rows))[1],
    )
    run = importing.import_osm(town_file, silent)
    assert max(sizes) == 4 and sum(sizes) == sum(
        run.counts[k] for k in ("streets", "addresses", "buildings", "landmarks")
    )


def test_the_drawn_demo_map_gives_way_to_an_extract(town_file: Path) -> None:
    drawn = load_drawn(ROOT / "demo" / "kaiserslautern" / "map.geojson")
    assert queries.streets().filter(name="Fauthweg").count() == 1
    assert queries.nearest_area(7.7724, 49.4445).name == "Altstadt"
    assert {a.name for a in queries.areas(kinds=("district",))} >= {"Innenstadt", "Siegelbach", "Dansenberg"}
    importing.import_osm(town_file, silent)
    drawn.refresh_from_db()
    assert drawn.state == ImportState.REPLACED and not queries.areas().filter(name="Innenstadt").exists()
    assert not queries.streets().filter(name="Fauthweg").exists()


def test_the_real_extract(map_folder_of_data: Path) -> None:
    whole = os.environ.get("ALLMENDE_TEST_FULL") == "1"
    name, least = ("kaiserslautern", 11_000) if whole else ("kaiserslautern_cc", 1_500)
    run = importing.import_osm(map_folder_of_data / f"{name}.osm.gz", silent)
    assert run.data_date is None  # every object says 1969
    assert run.counts["addresses"] >= least
    for street in ("Fackelstraße", "Eisenbahnstraße", "Stiftsplatz"):
        assert queries.streets().filter(name=street).count() == 1
    if whole:
        assert queries.streets().filter(name="Fauthweg").count() == 1
        assert (run.counts["buildings"], run.counts["streets"]) == (15_120, 580)
