import os
import signal
import subprocess
import sys
import time
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from allmende.spine.assets.core import table
from allmende.spine.assets.domain import importing
from allmende.spine.assets.models import Asset, ImportDraft
from allmende.spine.facts.models import FactRow
from allmende.spine.imports import ImportRefused, discover
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Organisation
from tests.assets.makers import make_asset
from tests.factories import make_account

GOOD = "Nummer;Standort;Länge;Breite;Seit;Eigentümer\n1;Fauthweg;7,7689;49,4361;12.08.2019;Stadtwerke\n2;;;;;\n"


def read(text: str) -> table.Table:
    return table.read(text.encode())


@pytest.mark.parametrize(
    "encoded", [GOOD.encode("utf-8-sig"), GOOD.encode("cp1252"), GOOD.replace("\n", "\r\n").encode()]
)
def test_a_table_of_any_program_is_read(encoded):
    found = table.read(encoded)
    assert found.columns == ["Nummer", "Standort", "Länge", "Breite", "Seit", "Eigentümer"]
    assert (found.rows[1], found.lines) == (["2", "", "", "", "", ""], [2, 3])
    assert table.guess(found.columns) == {
        "number": 0, "place_name": 1, "lon": 2, "lat": 3, "since": 4, "owner": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Nummer;Ort\n", "no_rows"),
        (b"PK\x03\x04\0\0", "not_text"),
        (b"a;b\n1;2;3\n", "ragged"),
        (b'a;b\n"1;2\n', "ragged"),
        (b"x" * (table.LARGEST + 1), "too_large"),
        (b"a\n" + b"1\n" * (table.MOST_ROWS + 1), "too_many_rows"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(table.TableRefused) as caught:
        table.read(data)
    assert caught.value.code == code


@pytest.mark.django_db
def test_rows_become_things_with_one_fact():
    works = Organisation.objects.create(name="Stadtwerke")
    found = read(GOOD)
    made = importing.import_table(found, table.guess(found.columns), "luminaire", actor="import")
    assert (len(made.create), len(made.change), made.problems) == (2, 0, [])
    one, two = Asset.objects.order_by("number")
    assert (one.number, one.place_name, one.since, one.owner, one.owner_room, one.public) == (
        "1", "Fauthweg", date(2019, 8, 12), works, "lighting", True,
    )  # fmt: skip
    assert (round(one.lonlat.lon, 4), round(one.lonlat.lat, 4), two.geom) == (7.7689, 49.4361, None)
    assert one.code != two.code
    told = FactRow.objects.filter(kind__startswith="assets.").values_list("kind", "payload", "public")
    assert list(told) == [("assets.asset.imported", {"thing": "luminaire", "created": 2, "changed": 0}, True)]


@pytest.mark.django_db
def test_the_same_table_again_changes_only_what_differs():
    found = read("Nr;Ort\n1;alt\n2;bleibt\n")
    importing.import_table(found, {"number": 0, "place_name": 1}, "bench", actor="import")
    codes = dict(Asset.objects.values_list("number", "code"))
    again = read("Nr;Ort\n1;neu\n2;bleibt\n3;dazu\n")
    made = importing.import_table(again, {"number": 0, "place_name": 1}, "bench", actor="import")
    assert ([a.number for a in made.create], [a.number for a in made.change], made.same) == (["3"], ["1"], 1)
    assert sorted(Asset.objects.values_list("number", "place_name", "version")) == [
        ("1", "neu", 2), ("2", "bleibt", 1), ("3", "dazu", 1),
    ]  # fmt: skip
    assert codes["1"] == Asset.objects.get(number="1").code


@pytest.mark.django_db
def test_every_error_is_named_by_line_and_nothing_is_saved():
    make_asset("9", kind="bench")
    found = read(
        "Nr;Ort;lon;lat;seit;Betreiber\n"
        "1;gut;7,7;49,4;2019;\n"
        ";ohne Nummer;;;;\n"
        "1;doppelt;;;;\n"
        "2;;49,4;7,7;;\n"
        "3;;7,7;;;\n"
        "4;;abc;49;;\n"
        "5;;;;gestern;\n"
        "6;;;;;Niemand\n"
        f"7;{'x' * 201};;;;\n"
        "8;;nan;49;;\n"
    )
    made = importing.import_table(found, table.guess(found.columns), "bench", actor="import")
    assert [(p.line, p.field) for p in made.problems] == [
        (3, "number"), (4, "number"), (5, "lat"), (6, "lat"), (7, "lat"), (8, "since"), (9, "owner"),
        (10, "place_name"), (11, "lat"),
    ]  # fmt: skip
    assert all(p.text for p in made.problems)
    assert list(Asset.objects.values_list("number", flat=True)) == ["9"]
    assert FactRow.objects.filter(kind="assets.asset.imported").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("mapping", [{}, {"name": 0}, {"number": 7}, {"number": 0, "lon": 1}, {"number": 0, "code": 1}])
def test_an_impossible_mapping_is_refused(mapping):
    with pytest.raises(ValidationError):
        importing.import_table(read("a;b\n1;2\n"), mapping, "bench", actor="import")


@pytest.mark.django_db
def test_who_may_import():
    for person in (make_account(Role.RESIDENT), make_account(Role.PROGRAMME_OFFICE, scope="organisation:x")):
        with pytest.raises(PermissionDenied):
            importing.import_table(read("a\n1\n"), {"number": 0}, "bench", actor=person)
        with pytest.raises(PermissionDenied):
            importing.upload(person, "x.csv", b"a\n1\n")
    assert (Asset.objects.count(), ImportDraft.objects.count()) == (0, 0)


CHILD = """
import django, sys
django.setup()
from allmende.spine.assets.core import table
from allmende.spine.assets.domain.importing import import_table
found = table.read(sys.stdin.buffer.read())
import_table(found, {"number": 0, "place_name": 1}, "bench", actor="import")
print("done", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_nothing_is_half_saved():
    rows = "Nr;Ort\n" + "".join(f"{n};Platz {n}\n" for n in range(10_000))
    url = connection.settings_dict
    host = url["HOST"].replace("/", "%2F")
    dsn = f"postgresql://{url['USER']}@{host}:{url['PORT'] or 5432}/{url['NAME']}"
    environment = os.environ | {"DATABASE_URL": dsn, "DJANGO_SETTINGS_MODULE": "allmende.config.settings"}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        child.stdin.write(rows.encode())
        child.stdin.close()
        end = time.monotonic() + 60
        # Its first batches are written when its transaction has a number and the table has grown.
        while not _writing():
            assert child.poll() is None, "the import ended before it could be killed"
            assert time.monotonic() < end
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert child.stdout.read() == b""
    child.stdout.close()
    assert Asset.objects.count() == 0
    found = table.read(rows.encode())
    importing.import_table(found, {"number": 0, "place_name": 1}, "bench", actor="import")
    assert Asset.objects.count() == 10_000


def _writing() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_xid IS NOT NULL AND query LIKE 'INSERT INTO \"assets_asset\"%'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_command_line_imports(tmp_path):
    import argparse

    importer = discover()["assets"]
    parser = argparse.ArgumentParser()
    importer.options(parser)
    file = tmp_path / "bänke.csv"
    file.write_text("Mast;Ort\n1;hier\n")
    said = []
    told = importer.run(
        parser.parse_args([str(file), "--kind", "bench", "--column", "number=Mast"]),
        lambda t, part=None: said.append(t),
    )
    assert told == {"kind": "bench", "created": 1, "changed": 0, "same": 0}
    assert len(said) == 1
    for arguments, code in (
        ([str(tmp_path / "none.csv"), "--kind", "bench"], "unreadable"),
        ([str(file), "--kind", "bench"], "mapping"),
        ([str(file), "--kind", "ufo", "--column", "number=Mast"], "mapping"),
        ([str(file), "--kind", "bench", "--column", "number=Pfosten"], "column"),
    ):
        with pytest.raises(ImportRefused) as caught:
            importer.run(parser.parse_args(arguments), lambda t, part=None: None)
        assert caught.value.code == code
    file.write_text("Nr;Ort\n1;a\n1;b\n")
    with pytest.raises(ImportRefused) as caught:
        importer.run(parser.parse_args([str(file), "--kind", "bench"]), lambda t, part=None: None)
    assert caught.value.code == "rows"
    assert "3: number:" in str(caught.value)
