"""kill -9 in the middle of storing leaves no row and no visible file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import connection

from allmende.spine.files.domain import storage
from allmende.spine.files.models import StoredFile
from tests.factories import make_account

CHILD = """
import os, sys
import django
django.setup()
from django.conf import settings
from pathlib import Path
settings.DATA = Path(sys.argv[1])
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[2]
from allmende.spine.files.domain import uploads
from allmende.spine.files.core import blobs

point = sys.argv[3]
if point == "moved":
    # After the blob has its name, before the row is committed.
    keep = blobs.Part.keep
    def kept(self, sha256):
        keep(self, sha256)
        print("here", flush=True)
        sys.stdin.read()
    blobs.Part.keep = kept

class Upload:
    name = "a.txt"
    left = [b"first half " * 1000, b"second half"]
    def read(self, size=-1):
        if point == "reading" and len(self.left) == 1:
            print("here", flush=True)
            sys.stdin.read()
        return self.left.pop(0) if self.left else b""

uploads.store(Upload(), actor=None, kinds={"document"})
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("point", "parts", "blobs"), [("reading", 1, 0), ("moved", 0, 1)])
def test_killed_while_storing(files_root: Path, point: str, parts: int, blobs: int) -> None:
    make_account()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(live.DATA), connection.settings_dict["NAME"], point],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "allmende.config.settings_test"},
    )
    assert child.stdout is not None and child.stdin is not None
    assert child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    child.stdin.close()
    assert StoredFile.objects.count() == 0
    left = sorted(path for path in files_root.rglob("*") if path.is_file())
    assert (len([p for p in left if p.suffix == ".part"]), len([p for p in left if p.suffix != ".part"])) == (
        parts,
        blobs,
    )
    for path in left:
        os.utime(path, (0, 0))
    assert storage.sweep() == (parts, blobs)
    assert [path for path in files_root.rglob("*") if path.is_file()] == []
