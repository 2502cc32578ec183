"""`allmende export programme` and `allmende import programme` as people and machines call them."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest
from django.db import connection

from allmende.programme.exchange import files, restore
from allmende.programme.models import Measure
from allmende.spine.facts.models import FactRow

from .exchange_support import empty_programme, make_world, source_of

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "src" / "allmende" / "spine" / "cli" / "schemas"
pytestmark = pytest.mark.django_db(transaction=True)


def allmende(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    settings = connection.settings_dict
    where = f"host={settings['HOST']}&user={settings['USER']}&port={settings['PORT'] or 5432}"
    url = f"postgresql:///{settings['NAME']}?{where}"
    return subprocess.run(
        [sys.executable, "-m", "allmende.spine.cli.main", *arguments, "--data", str(data)],
        env=os.environ | {"DATABASE_URL": url, "ALLMENDE_LANG": "de"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_out_and_in_again_in_every_format(tmp_path: Path) -> None:
    make_world()
    for kind in ("json", "xlsx", "zip"):
        done = allmende("export", "programme", str(tmp_path / f"p.{kind}"), "--json", data=tmp_path)
        assert done.returncode == 0, done.stderr + done.stdout
        answer = json.loads(done.stdout)
        jsonschema.validate(answer, json.loads((SCHEMAS / "export.json").read_text()))
        assert answer["models"]["massnahmen.csv" if kind == "zip" else "measures"] == (2 if kind == "zip" else 3)
    assert zipfile.ZipFile(tmp_path / "p.zip").testzip() is None
    for kind in ("json", "xlsx"):
        empty_programme()
        done = allmende("import", "programme", str(tmp_path / f"p.{kind}"), "--json", data=tmp_path)
        assert done.returncode == 0, done.stderr + done.stdout
        answer = json.loads(done.stdout)
        jsonschema.validate(answer, json.loads((SCHEMAS / "import.json").read_text()))
        assert (answer["importer"], answer["counts"]["measures"], answer["counts"]["values"]) == ("programme", 3, 10)
        assert Measure.objects.filter(published__isnull=False).count() == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    whole = json.loads(files.write(make_world(), "json"))
    whole["measures"][0]["document"]["summary"] = "Aus der Datei."
    (tmp_path / "p.json").write_text(json.dumps(whole), encoding="utf-8")
    before = (Measure.objects.values_list("summary", "version").first(), FactRow.objects.count())
    done = allmende("import", "programme", str(tmp_path / "p.json"), "--dry-run", "--json", data=tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads((SCHEMAS / "import.json").read_text()))
    assert answer["report"] == restore.rehearse(source_of(json.dumps(whole).encode()), actor="import").tally.as_json()
    assert (answer["dry_run"], answer["report"]["changed"], answer["report"]["changes"]) == (True, {"measures": 1}, [
        {"kind": "measures", "row": "Fauthweg: Licht & mehr", "field": "In einem Satz", "old": "Eine Straße.",
         "new": "Aus der Datei."},
    ])  # fmt: skip
    done = allmende("import", "programme", str(tmp_path / "p.json"), "--dry-run", data=tmp_path)
    assert "Geprüft, nichts geschrieben: p.json" in done.stdout + done.stderr
    assert "In einem Satz: Eine Straße. → Aus der Datei." in done.stdout + done.stderr
    whole["measures"][0]["document"]["topic"] = "gibt-es-nicht"
    (tmp_path / "p.json").write_text(json.dumps(whole), encoding="utf-8")
    done = allmende("import", "programme", str(tmp_path / "p.json"), "--dry-run", "--json", data=tmp_path)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, "rows")
    assert "measures[0].topic: Dieses Handlungsfeld gibt es nicht." in error["message"]
    assert (Measure.objects.values_list("summary", "version").first(), FactRow.objects.count()) == before


def test_what_does_not_work_is_said(tmp_path: Path) -> None:
    done = allmende("export", "programme", str(tmp_path / "p.json"), "--json", data=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "no_programme")
    done = allmende("export", "programme", str(tmp_path / "p.doc"), "--json", data=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "format")
    (tmp_path / "l.xlsx").write_bytes(b"keine")
    done = allmende("import", "programme", str(tmp_path / "l.xlsx"), "--json", data=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "not_xlsx")
    (tmp_path / "w.json").write_text('{"format": "allmende-programm-1"}')
    done = allmende("import", "programme", str(tmp_path / "w.json"), data=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "noch keines" in done.stderr
