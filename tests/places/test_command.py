"""`allmende import` as people and machines call it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from django.db import connection

from allmende.spine.places.domain import queries

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "src" / "allmende" / "spine" / "cli" / "schemas"
pytestmark = pytest.mark.django_db(transaction=True)


def allmende(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    settings = connection.settings_dict
    where = f"host={settings['HOST']}&user={settings['USER']}&port={settings['PORT'] or 5432}"
    url = f"postgresql:///{settings['NAME']}?{where}"
    return subprocess.run(
        [sys.executable, "-c", "import sys; from allmende.spine.cli.main import main; sys.exit(main())", *arguments],
        env=os.environ
        | {"DATABASE_URL": url, "DATA": str(data), "ALLMENDE_LANG": "en", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_for_machines(town_file: Path, map_data: Path) -> None:
    done = allmende(
        "import", "osm", str(town_file), "--date", "2025-02-03", "--data", str(map_data), "--json", data=map_data
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads((SCHEMAS / "import.json").read_text()))
    assert (answer["data_date"], answer["counts"]["addresses"]) == ("2025-02-03", 9)
    assert queries.addresses().count() == 9


def test_a_wrong_file(tmp_path: Path, map_data: Path) -> None:
    path = tmp_path / "list.osm"
    path.write_text("name;street")
    done = allmende("import", "osm", str(path), "--json", data=map_data)
    assert done.returncode == 1 and json.loads(done.stdout)["error"]["code"] == "not_osm"
    done = allmende("import", "osm", str(tmp_path / "absent.osm"), data=map_data)
    assert done.returncode == 1 and "absent.osm" in done.stderr and "Traceback" not in done.stderr
