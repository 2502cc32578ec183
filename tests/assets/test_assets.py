import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections

from allmende.spine.assets import kinds
from allmende.spine.assets.core import codes
from allmende.spine.assets.domain import assets as verbs
from allmende.spine.assets.domain import queries
from allmende.spine.assets.enums import AssetState
from allmende.spine.assets.layer import document, rows
from allmende.spine.assets.models import Asset
from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Organisation
from tests.assets.makers import HALL, make_asset
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def facts(asset: Asset) -> list[tuple[str, bool, dict]]:
    return [(f.kind, f.public, f.payload) for f in FactRow.objects.filter(subject=asset.urn).order_by("id")]


def test_a_thing_has_number_code_place_and_one_fact():
    asset = make_asset("11", at=HALL, place_name="Fauthweg")
    assert (str(asset), asset.owner_room, asset.public, asset.state) == ("Leuchte 11", "lighting", True, "in_service")
    assert asset.get_absolute_url() == f"/a/{asset.code}/"
    assert (round(asset.lonlat.lon, 6), round(asset.lonlat.lat, 6)) == HALL
    assert facts(asset) == [("assets.asset.created", True, {"thing": "luminaire", "number": "11"})]


def test_what_is_not_public_stays_inside():
    hidden, shown = make_asset("S 1", kind="cabinet", at=HALL), make_asset("1", at=HALL)
    assert facts(hidden) == [("assets.asset.created", False, {"thing": "cabinet", "number": "S 1"})]
    nobody = None
    assert queries.by_code(nobody, hidden.code) is None
    assert queries.by_number(nobody, "cabinet", "S 1") is None
    assert [a.pk for a in queries.nearest(nobody, *HALL, limit=9)] == [shown.pk]
    assert [a.pk for a in rows(None)] == [shown.pk]
    assert document(hidden.urn) is None
    assert document(shown.urn).title == "Leuchte 1"
    assert queries.by_code(make_account(Role.LIGHTING_OPERATOR), hidden.code) == hidden


def test_a_number_stands_once_until_the_thing_is_removed():
    first = make_asset("11")
    make_asset("11", kind="bench")
    with pytest.raises(ValidationError) as caught:
        make_asset("  11 ")
    assert list(caught.value.message_dict) == ["number"]
    verbs.retire_asset(first, actor="test")
    second = make_asset("11")
    assert second.code != first.code
    assert queries.by_number(None, "luminaire", "11") == second
    assert queries.by_code(None, first.code) == first
    with pytest.raises(ValidationError):
        verbs.set_state(first, AssetState.IN_SERVICE, actor="test")


@pytest.mark.django_db(transaction=True)
def test_two_who_record_the_same_number_at_once():
    gate, outcomes = threading.Barrier(2), []

    def record():
        try:
            gate.wait()
            outcomes.append(make_asset("77").number)
        except ValidationError:
            outcomes.append("taken")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["77", "taken"]


def test_a_change_names_its_fields_and_a_note_is_nobodys_business():
    asset = make_asset("11")
    row = verbs.change_asset(asset, {"place_name": "Bahnhof", "number": "12"}, version=1, actor="test")
    assert (row.version, row.place_name, row.sort_key) == (2, "Bahnhof", "00000012")
    verbs.change_asset(row, {"note": "Schlüssel bei der Wache"}, version=2, actor="test")
    told = facts(asset)[1:]
    assert [(kind, public, payload["fields"]) for kind, public, payload in told] == [
        ("assets.asset.changed", True, ["number", "place_name"]),
        ("assets.asset.changed", False, ["note"]),
    ]
    assert "Schlüssel" not in str(told)


def test_no_difference_no_fact():
    asset = make_asset("11", at=HALL)
    same = {"type": "Point", "coordinates": list(HALL)}
    assert verbs.change_asset(asset, {"number": "11"}, version=1, actor="test", geometry=same).version == 1
    verbs.set_state(asset, AssetState.IN_SERVICE, actor="test")
    assert len(facts(asset)) == 1


def test_two_editors_notice_each_other():
    asset = make_asset("11")
    verbs.change_asset(asset, {"name": "A"}, version=1, actor="test")
    with pytest.raises(VersionConflict) as caught:
        verbs.change_asset(asset, {"name": "B"}, version=1, actor="test")
    assert caught.value.current.name == "A"


def test_the_states_are_told():
    asset = make_asset("11")
    for state in (AssetState.OUT_OF_SERVICE, AssetState.IN_SERVICE, AssetState.REMOVED):
        verbs.set_state(asset, state, actor="test")
    sentences = [f.sentence for f in FactRow.objects.filter(subject=asset.urn).order_by("id")]
    assert sentences == [
        "Leuchte 11 wurde erfasst",
        "Leuchte 11 ist außer Betrieb",
        "Leuchte 11 ist in Betrieb",
        "Leuchte 11 wurde entfernt",
    ]


def test_who_may_keep_things():
    own = Organisation.objects.create(name="Stadtwerke", kind="company")
    other = Organisation.objects.create(name="Grünamt")
    keeper = make_account(Role.LIGHTING_OPERATOR, scope=own.urn)
    mine, foreign = make_asset("1", owner=own), make_asset("2", owner=other)
    verbs.change_asset(mine, {"name": "x"}, version=1, actor=keeper)
    verbs.create_asset("luminaire", {"number": "3", "owner": own}, actor=keeper)
    for attempt in (
        lambda: verbs.change_asset(foreign, {"name": "x"}, version=1, actor=keeper),
        lambda: verbs.set_state(foreign, AssetState.REMOVED, actor=keeper),
        lambda: verbs.change_asset(mine, {"owner": other}, version=2, actor=keeper),
        lambda: verbs.create_asset("luminaire", {"number": "4"}, actor=keeper),
        lambda: verbs.create_asset("luminaire", {"number": "4"}, actor=make_account(Role.RESIDENT)),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert sorted(Asset.objects.values_list("number", "owner__name")) == [
        ("1", "Stadtwerke"),
        ("2", "Grünamt"),
        ("3", "Stadtwerke"),
    ]


def test_unknown_kinds_and_fields():
    with pytest.raises(ValidationError):
        make_asset("1", kind="spaceship")
    with pytest.raises(ValueError, match="not changeable"):
        make_asset("1", code="AAAAAAA")
    with pytest.raises(ValueError, match="another room"):
        kinds.register("luminaire", "x", "x", room="drone")


def test_codes_are_read_as_people_type_them():
    assert [codes.read(text) for text in ("4k7 9xtr", "4K7-9XTR", "O1IL000", "4K79XT", "4K79XTRU", "")] == [
        "4K79XTR", "4K79XTR", "0111000", None, None, None,
    ]  # fmt: skip
    drawn = {codes.draw() for _ in range(500)}
    assert {codes.read(code) for code in drawn} == drawn


def test_numbers_stand_in_the_order_that_people_count():
    for number in ("10", "2", "10a", "A 3", "1"):
        make_asset(number)
    listed = [a.number for a in queries.assets_for(make_account(Role.ADMINISTRATOR))]
    assert listed == ["1", "2", "10", "10a", "A 3"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("11", ["11", "110"]), ("leuchte 11", ["11", "110"]), ("bahnhof", ["7"]), ("bank", ["11"]), ("11 bahnhof", [])],
)
def test_the_list_is_narrowed_by_words(text, numbers):
    for number, place in (("11", ""), ("110", ""), ("7", "Am Bahnhof")):
        make_asset(number, place_name=place)
    make_asset("11", kind="bench")
    found = queries.filtered(queries.assets_for(None), text)
    if text == "11":
        found = found.filter(kind="luminaire")
    assert [a.number for a in found] == numbers


def test_the_nearest_come_first():
    lon, lat = HALL
    far, near = make_asset("1", at=(lon, lat + 0.01)), make_asset("2", at=(lon + 0.0001, lat))
    verbs.retire_asset(make_asset("3", at=HALL), actor="test")
    found = queries.nearest(None, lon, lat, limit=5)
    assert [a.pk for a in found] == [near.pk, far.pk]
    assert found[0].distance_m == pytest.approx(7.2, abs=0.1)
    assert [a.pk for a in queries.nearest(None, lon, lat, kind="bench")] == []


def test_ten_thousand_things_are_listed_by_index():
    Asset.objects.bulk_create(
        [
            Asset(kind="luminaire", owner_room="lighting", public=True, number=str(n), sort_key=codes.sort_key(str(n)))
            for n in range(10_000)
        ],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assets_asset")
        page = queries.assets_for(None)[:50]
        cursor.execute("EXPLAIN " + str(page.query).replace("WHERE", "WHERE", 1))
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "assets_asset_order" in plan, plan
    assert [a.number for a in page][:3] == ["0", "1", "2"]
