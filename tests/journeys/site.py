"""The real product for browser tests: `allmende up` on a scratch data folder with the demo town."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allmende.spine.supervisor import cluster, state
from allmende.spine.supervisor.paths import Layout
from tests.support.cluster import make_folder, plant

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """`url` and `live_url` have no trailing slash; `things`: values for addresses, from `objects.make()`."""

    url: str
    live_url: str
    data: Path
    pid: int
    things: dict[str, str]

    def process(self, name: str) -> state.ProcessState:
        found = state.read(self.data / "run")
        assert found is not None
        return next(process for process in found.processes if process.name == name)

    def postmaster(self) -> int:
        home = cluster.locate(Layout.of(self.data))
        assert home is not None
        return int((home / "postmaster.pid").read_text().split()[0])

    def own(self, address: str) -> bool:
        """Whether a request stays in the house."""
        return address.startswith((f"{self.url}/", f"{self.live_url}/", "data:", f"blob:{self.url}/"))


def two_ports() -> int:
    """A free port whose successor is free too: the live process takes it."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def environment() -> dict[str, str]:
    """Ours without what the test run set for itself."""
    names = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "LIVE_URL", "PORT", "DATA")
    kept = {key: value for key, value in os.environ.items() if key not in names and not key.startswith("ALLMENDE_")}
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


@contextmanager
def running(things: bool = True) -> Iterator[Site]:
    """A town that answers, and afterwards nothing of it. `things`: also what the demo lacks and pages need."""
    folder = make_folder("alm-site-")
    try:
        plant(folder)
        errors = (folder / "stderr.log").open("w")
        command = [sys.executable, "-m", "allmende.spine.cli.main", "up", "--json"]
        command += ["--port", str(two_ports()), "--data", str(folder)]
        if shutil.which("setpriv"):
            # Where the test run itself is killed, the town goes too.
            command = ["setpriv", "--pdeathsig", "TERM", *command]
        process = subprocess.Popen(
            command, cwd="/", env=environment(), text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=errors,
        )  # fmt: skip
        try:
            ready = _ready(process, folder)
            found = _things(folder) if things else {}
            yield Site(ready["url"], ready["live_url"], folder, process.pid, found)
        finally:
            _end(process)
            errors.close()
    finally:
        _forget(folder)


def _ready(process: subprocess.Popen[str], folder: Path) -> dict[str, Any]:
    late = threading.Timer(START_SECONDS, process.kill)
    late.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told.get("event") == "ready":
                return told
    finally:
        late.cancel()
    told = "\n".join(path.read_text()[-3000:] for path in (folder / "stderr.log", folder / "log" / "allmende.log"))
    raise AssertionError(f"the town did not come up: {told}")


def _things(folder: Path) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.beside", str(folder)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=START_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    made: dict[str, str] = json.loads(done.stdout)
    return made


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _forget(folder: Path) -> None:
    layout = Layout.of(folder)
    place = cluster.locate(layout) if folder.exists() else None
    if place is not None and layout.data not in place.parents:
        shutil.rmtree(place.parent, ignore_errors=True)
    shutil.rmtree(layout.runtime, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def until(ask: Any, what: str, seconds: float = 30) -> Any:
    """Ask again and again until the answer is true; the answer."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := ask():
            return answer
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)
