"""The virus scan, by a real program and the EICAR test string."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.exceptions import ValidationError
from django.db import connection

from allmende.spine.facts.models import FactRow
from allmende.spine.files.domain import scanning, storage, uploads
from allmende.spine.files.domain.queries import waiting
from allmende.spine.files.models import StoredFile
from tests.factories import make_account

from . import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def scanner(tmp_path: Path, settings: Any) -> Path:
    """Finds EICAR like any scanner does; exits as clamdscan does. A file `broken` beside it makes it fail."""
    script = tmp_path / "scan it.sh"
    script.write_text(
        '#!/bin/sh\nif [ -e "$(dirname "$0")/broken" ]; then exit 2; fi\n'
        'if grep -q "EICAR-STANDARD-ANTIVIRUS-TEST-FILE" "$2"; then exit 1; fi\nexit 0\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    settings.SCAN_COMMAND = f"'{script}' --no-summary"
    return script


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'files.scan' ORDER BY id")
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_clean_files_wait_and_are_released(scanner: Path, client: Any) -> None:
    owner = make_account()
    file = uploads.store(makers.upload("a.txt", b"harmless"), actor=owner, kinds={"document"})
    assert (file.scan, file.readable, jobs(), list(waiting())) == ("waiting", False, [{"file_id": file.pk}], [file])
    client.force_login(owner)
    answer = client.get(file.get_absolute_url())
    assert (answer.status_code, b"harmless" in answer.content) == (409, False)
    assert scanning.scan(file.pk) == "clean"
    assert makers.body(client.get(file.get_absolute_url())) == b"harmless"
    assert FactRow.objects.filter(kind="files.file.scanned").get().payload == {"result": "clean"}
    # Known to be clean: the same bytes need not wait again.
    assert uploads.store(makers.upload("b.txt", b"harmless"), actor=owner, kinds={"document"}).scan == "clean"


def test_infected_files_are_refused_and_removed(
    scanner: Path, client: Any, django_capture_on_commit_callbacks: Any
) -> None:
    owner = make_account()
    one = uploads.store(makers.upload("a.txt", makers.EICAR), actor=owner, kinds={"document"})
    two = uploads.store(makers.upload("b.txt", makers.EICAR), actor=owner, kinds={"document"})
    with django_capture_on_commit_callbacks(execute=True):
        assert scanning.scan(one.pk) == "refused"
    two.refresh_from_db()
    assert (two.scan, storage.path(one).exists()) == ("refused", False)
    client.force_login(owner)
    for file in (one, two):
        answer = client.get(file.get_absolute_url())
        assert (answer.status_code, makers.EICAR in answer.content) == (409, False)
    with pytest.raises(ValidationError) as caught:
        uploads.store(makers.upload("c.txt", makers.EICAR), actor=owner, kinds={"document"})
    assert caught.value.code == "infected"


def test_a_scanner_that_fails_lets_nothing_through(scanner: Path, settings: Any) -> None:
    file = uploads.store(makers.upload("a.txt", b"harmless"), actor=make_account(), kinds={"document"})
    (scanner.parent / "broken").touch()
    with pytest.raises(scanning.ScanFailed, match="exit code 2"):
        scanning.scan(file.pk)
    settings.SCAN_COMMAND = "/no/such/scanner"
    with pytest.raises(scanning.ScanFailed, match="FileNotFoundError"):
        scanning.scan(file.pk)
    file.refresh_from_db()
    assert (file.scan, file.readable) == ("waiting", False)
    settings.SCAN_COMMAND = f"'{scanner}' -"
    (scanner.parent / "broken").unlink()
    assert scanning.scan(file.pk) == "clean"
    assert scanning.scan(file.pk) == "clean"


WORKER = """
import asyncio, sys, django
django.setup()
from pathlib import Path
from django.conf import settings
from django.db import connection
settings.DATA, settings.SCAN_COMMAND = Path(sys.argv[1]), sys.argv[3]
connection.settings_dict["NAME"] = sys.argv[2]
from allmende.spine.jobs import app
async def main():
    jobs = app.with_connector(app.connector.get_worker_connector())
    async with jobs.open_async():
        await jobs.run_worker_async(queues=["files"], wait=False, install_signal_handlers=False)
asyncio.run(main())
"""


@pytest.mark.django_db(transaction=True)
def test_the_worker_scans_what_waits(scanner: Path) -> None:
    owner = make_account()
    good = uploads.store(makers.upload("a.txt", b"harmless"), actor=owner, kinds={"document"})
    bad = uploads.store(makers.upload("b.txt", makers.EICAR), actor=owner, kinds={"document"})
    subprocess.run(
        [sys.executable, "-c", WORKER, str(live.DATA), connection.settings_dict["NAME"], live.SCAN_COMMAND],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "allmende.config.settings_test"},
        check=True,
        timeout=60,
    )
    assert dict(StoredFile.objects.values_list("pk", "scan")) == {good.pk: "clean", bad.pk: "refused"}
    assert (storage.path(good).exists(), storage.path(bad).exists()) == (True, False)
