"""kill -9 in the middle of an import: the old map stays, the next import clears away and succeeds."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from allmende.spine.places.domain import importing, queries
from allmende.spine.places.domain.mapfile import map_folder
from allmende.spine.places.enums import ImportState
from allmende.spine.places.models import Address, Import
from tests.places.conftest import silent
from tests.places.town import address, made_up, write_town

CHILD = """
import os, sys, time
from pathlib import Path
import django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = os.environ["TEST_DB_NAME"]
settings.DATA = Path(os.environ["TEST_DATA"])
from allmende.spine.places.domain import importing, staging
staging.BATCH = 50
def say(text, part=None):
    print(text, part, flush=True)
    if part is not None and part >= float(os.environ["TEST_STOP_AT"]):
        time.sleep(60)
importing.import_osm(Path(sys.argv[1]), say)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stop_at", ["0.35", "0.8", "0.95"])
def test_killed_import(town_file: Path, tmp_path: Path, map_data: Path, stop_at: str) -> None:
    old = importing.import_osm(town_file, silent)
    count = queries.addresses().count()
    town = made_up()
    for number in range(1, 200):
        town.house(-2 + number / 50, 0.2, **address("Hauptstraße", str(100 + number)))
    newer = write_town(tmp_path / "newer.osm", town)
    environment = os.environ | {
        "TEST_DB_NAME": str(connection.settings_dict["NAME"]),
        "TEST_DATA": str(map_data),
        "TEST_STOP_AT": stop_at,
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(newer)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    for line in child.stdout:
        part = line.split()[-1]
        if part != "None" and float(part) >= float(stop_at):
            break
    else:
        pytest.fail("the import ended before it could be killed")
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    child.stdout.close()
    assert queries.active_import() == old and queries.addresses().count() == count
    assert Import.objects.filter(state=ImportState.RUNNING).count() == 1
    assert Address.objects.count() > count  # staged, and seen by nobody
    again = _import_when_free(newer)
    assert queries.active_import() == again and queries.addresses().count() == count + 199
    assert Address.objects.exclude(generation=again).count() == 0
    assert [path.name for path in map_folder().iterdir()] == [again.map_file]
    assert Import.objects.get(state=ImportState.FAILED).error == "interrupted"


def _import_when_free(path: Path) -> Import:
    # The server notices the dead client within moments; its lock is free then.
    for _ in range(100):
        try:
            return importing.import_osm(path, silent)
        except importing.ImportRefused as refused:
            if refused.code != "busy":
                raise
            time.sleep(0.1)
    raise AssertionError("the lock of the killed import was never free")


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once(town_file: Path) -> None:
    import psycopg

    parameters = connection.get_connection_params()
    known = {k: v for k, v in parameters.items() if k in ("dbname", "user", "host", "port", "password")}
    with psycopg.connect(**known, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [importing._LOCK])
        with pytest.raises(importing.ImportRefused) as refused:
            importing.import_osm(town_file, silent)
        assert refused.value.code == "busy" and not Import.objects.exists()
