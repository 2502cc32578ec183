"""`allmende reindex` on a real database, in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from django.db import connection

from allmende.spine.search.models import Document
from tests.factories import make_measure

SCHEMAS = Path(__file__).resolve().parents[2] / "src" / "allmende" / "spine" / "cli" / "schemas"


def database_url() -> str:
    """The URL of this test's database."""
    url, name = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    base, _, query = url.partition("?")
    return base.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")


@pytest.mark.django_db(transaction=True)
def test_rebuild_from_the_terminal(tmp_path: Path) -> None:
    published = make_measure(title="Laufendes Licht")
    make_measure(title="Entwurf", published=None)
    Document.objects.create(urn="gone:1", kind="gone", title="Weg", url="/", changed=published.changed)
    done = subprocess.run(
        [sys.executable, "-m", "allmende.spine.cli.main", "reindex", "--data", str(tmp_path), "--json"],
        env=os.environ | {"DATABASE_URL": database_url(), "ALLMENDE_LANG": "de"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, json.loads((SCHEMAS / "reindex.json").read_text()))
    assert answer == {"ok": True, "documents": 2}
    found = set(Document.objects.values_list("urn", flat=True))
    assert found == {published.urn, f"topic:{published.topic_id}"}
