"""The supervisor: nothing is left behind, whoever dies how; one town once; what crashes comes back."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from allmende.spine.supervisor import state
from allmende.spine.supervisor.checkup import checkup
from allmende.spine.supervisor.health import ask
from allmende.spine.supervisor.locks import FileLock
from allmende.spine.supervisor.paths import Layout
from allmende.spine.supervisor.postgres import EmbeddedPostgres
from tests.support.cluster import plant

from .support import alive, processes_of, python, read_until, until

ROUNDS = 10  # for each of two signals: twenty of twenty


class Up:
    """A running town and what is known about it."""

    def __init__(self, folder: Path, *options: str, wait: str = "READY") -> None:
        self.folder = folder
        plant(folder)
        self.process = python("-m", "tests.supervisor.town", str(folder), *options)
        self.lines = read_until(self.process, wait)
        self.port = int(self.lines[-1].split()[1]) if wait == "READY" else 0

    @property
    def town(self) -> state.TownState:
        found = state.read(self.folder / "run")
        assert found is not None
        return found

    def of(self, name: str) -> state.ProcessState:
        return next(process for process in self.town.processes if process.name == name)

    def end(self, number: int = signal.SIGTERM, seconds: float = 10) -> int:
        self.process.send_signal(number)
        return self.wait(seconds)

    def wait(self, seconds: float = 10) -> int:
        code = self.process.wait(seconds)
        assert self.process.stdout is not None
        self.lines += self.process.stdout.read().splitlines()
        self.process.stdout.close()
        return code


@pytest.fixture
def up(town: Path) -> Iterator[Up]:
    one = Up(town)
    yield one
    if one.process.poll() is None:
        one.end()


def gone(folder: Path, seconds: float = 10) -> None:
    until(lambda: not processes_of(folder), "every process of the town is gone", seconds)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_leaves_nothing(town: Path, number: int) -> None:
    """Every second time after an earlier kill -9 of the supervisor."""
    for turn in range(ROUNDS):
        one = Up(town)
        if turn % 2:
            one.process.kill()
            one.wait()
            one = Up(town)  # at once, into whatever is still leaving
        pids = processes_of(town)
        assert len(pids) > 6
        assert one.end(number) == 0
        assert [pid for pid in pids if alive(pid)] == []
        assert processes_of(town) == []
        assert not (town / "run" / "processes.json").exists()
        assert not Layout.of(town).runtime.exists()
        assert port_is_free(one.port)


def test_kill_9_of_the_supervisor_takes_all_along(up: Up) -> None:
    pids = processes_of(up.folder)
    up.process.kill()
    up.wait()
    gone(up.folder)
    assert [pid for pid in pids if alive(pid)] == []


def test_a_process_that_ignores_sigterm_is_killed_within_ten_seconds(town: Path) -> None:
    one = Up(town, "--processes", "web,stubborn")
    begin = time.monotonic()
    assert one.end(seconds=15) == 0
    assert time.monotonic() - begin < 10
    assert processes_of(town) == []


def test_a_stubborn_process_ends_also_without_its_supervisor(town: Path) -> None:
    """The pipe: SIGTERM, then SIGKILL after seven seconds."""
    one = Up(town, "--processes", "web,stubborn")
    one.process.kill()
    one.wait()
    gone(town, 12)


def test_a_second_ctrl_c_does_not_wait(town: Path) -> None:
    one = Up(town, "--processes", "web,stubborn")
    begin = time.monotonic()
    one.process.send_signal(signal.SIGINT)
    until(lambda: one.town.phase == "stopping", "the first Ctrl-C is heard")
    one.process.send_signal(signal.SIGINT)
    assert one.wait() == 0
    assert time.monotonic() - begin < 5
    assert processes_of(town) == []


def test_a_stop_while_starting_leaves_nothing(town: Path) -> None:
    one = Up(town, "--slow-prepare", wait="PREPARE")
    assert one.end() == 0
    assert processes_of(town) == []


def test_a_crashed_process_comes_back(up: Up) -> None:
    first = up.of("worker").pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: up.of("worker").restarts == 1 and up.of("worker").pid not in (None, first), "the worker is back")
    second = up.of("worker")
    assert second.last_exit == -signal.SIGKILL
    until(lambda: Path(second.socket).exists(), "and has its health door")
    assert ask(Path(second.socket))[0] == 200
    assert up.of("web").restarts == 0


def test_grandchildren_do_not_survive_their_parent(up: Up) -> None:
    """As with granian: its workers must not keep the port after a kill -9 of the main process."""
    pid = up.of("web").pid
    assert pid is not None
    workers = [child.pid for child in psutil.Process(pid).children()]
    assert len(workers) == 2
    os.kill(pid, signal.SIGKILL)
    until(lambda: not any(alive(worker) for worker in workers), "the workers are gone", 5)
    until(lambda: up.of("web").pid not in (None, pid), "web is back")


def test_a_process_that_keeps_crashing_is_reported_and_tried_for_ever(town: Path) -> None:
    one = Up(town, "--processes", "web,crasher")
    until(lambda: (town / "crashes").exists() and len((town / "crashes").read_text().split()) > 8, "many tries")
    until(lambda: one.of("crasher").state == "failing", "reported as failing")
    found = checkup(town)
    assert found["ok"] is False
    assert {entry["name"]: entry["ok"] for entry in found["processes"]} == {"web": True, "crasher": False}
    log = [json.loads(line) for line in (town / "log" / "allmende.log").read_text().splitlines()]
    assert any("crashed on purpose" in entry.get("exception", "") and entry["process"] == "crasher" for entry in log)
    assert one.end() == 0


def test_a_killed_database_is_started_again_and_the_processes_find_it(town: Path) -> None:
    one = Up(town, "--processes", "web,touchy")
    first = EmbeddedPostgres(town).pid
    assert first is not None
    until(lambda: Path(one.of("touchy").socket).exists(), "the first rows are written")
    os.kill(first, signal.SIGKILL)
    until(lambda: EmbeddedPostgres(town).pid not in (None, first), "a new server")
    until(lambda: one.of("touchy").restarts >= 1 and one.of("touchy").state == "running", "touchy works again")
    assert one.town.database_state == "running"
    with psycopg.connect(EmbeddedPostgres(town).dsn()) as connection:
        row = connection.execute("SELECT count(*) FROM beats").fetchone()
    assert row is not None and row[0] > 0
    assert one.end() == 0


def test_a_second_up_names_the_holder(up: Up) -> None:
    second = python("-m", "tests.supervisor.town", str(up.folder))
    assert second.stdout is not None
    answer = json.loads(second.communicate(timeout=30)[0])
    assert second.returncode == 3
    assert answer["error"]["code"] == "already_running"
    assert f"process {up.process.pid}," in answer["error"]["message"]
    assert f"port {up.port}" in answer["error"]["message"]
    assert checkup(up.folder)["ok"], "the first one is not disturbed"


def test_a_taken_port_names_its_holder(town: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = python("-m", "tests.supervisor.town", str(town), "--port", str(port))
        answer = json.loads(process.communicate(timeout=30)[0])
    assert process.returncode == 4
    assert answer["error"]["code"] == "port_taken"
    assert f"(pid {os.getpid()})" in answer["error"]["message"]
    assert not (town / "pg").exists(), "refused before anything was made"


def test_a_port_shared_by_a_leftover_counts_as_taken(town: Path) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = python("-m", "tests.supervisor.town", str(town), "--port", str(listener.getsockname()[1]))
        process.communicate(timeout=30)
    assert process.returncode == 4


def test_leftovers_of_a_killed_supervisor_are_ended_only_if_they_are_ours(town: Path) -> None:
    """A number in processes.json may meanwhile belong to somebody else."""
    Layout.of(town).ensure()
    stranger = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    mine = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
    born = state.born(mine.pid)
    entries = [
        state.ProcessState("stranger", pid=stranger.pid, born=1.0),
        state.ProcessState("mine", pid=mine.pid, born=born),
    ]
    state.TownState(pid=1, started=0, processes=entries).write(town / "run")
    try:
        assert state.sweep(town / "run") == ["mine"]
        assert mine.wait(5) == -signal.SIGTERM
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_health_and_metrics_of_every_process(up: Up) -> None:
    found = checkup(up.folder)
    assert found["ok"] and found["running"]
    assert [(entry["name"], entry["ok"]) for entry in found["processes"]] == [("web", True), ("worker", True)]
    assert found["processes"][0]["checks"] == {"web": {"ok": True, "detail": {"port": up.port}}}
    assert found["database"]["detail"].startswith("PostgreSQL 18")
    door = Path(up.of("web").socket)
    assert ask(door, "/metrics") == (200, b"visitors 1\n")
    assert ask(door, "/other")[0] == 404
    assert door.stat().st_mode & 0o777 == 0o600
    assert len(str(door)) < 100


def test_the_town_without_processes_is_not_well(town: Path) -> None:
    found = checkup(town)
    assert (found["ok"], found["running"], found["processes"]) == (False, False, [])


def test_the_lock_dies_with_its_holder_not_with_its_children(up: Up) -> None:
    lock = FileLock(up.folder / "run" / "up.lock")
    assert not lock.free()
    up.process.kill()
    up.wait()
    assert lock.free()
    gone(up.folder)


def test_the_log_is_json_lines_and_rotated_by_size(town: Path) -> None:
    from allmende.spine.supervisor.logs import EventLog, rotate

    path = town / "allmende.log"
    log = EventLog(path)
    for turn in range(3):
        for number in range(100):
            log.write("info", "line", number=number, turn=turn)
        assert rotate(path, max_bytes=1000, keep=2)
    log.write("info", "after")
    log.close()
    assert json.loads(path.read_text())["message"] == "after", "an open file goes on at the start"
    assert sorted(found.name for found in town.iterdir()) == ["allmende.log", "allmende.log.1", "allmende.log.2"]
    kept = [json.loads(line)["turn"] for line in (town / "allmende.log.1").read_text().splitlines()]
    assert set(kept) == {2}
