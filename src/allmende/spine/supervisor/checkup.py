"""The health of a town, asked from outside: every process over its socket, the database by a connection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from allmende.spine.supervisor import state
from allmende.spine.supervisor.dsn import parse_conninfo
from allmende.spine.supervisor.errors import SupervisorError
from allmende.spine.supervisor.health import ask
from allmende.spine.supervisor.locks import FileLock
from allmende.spine.supervisor.paths import Layout
from allmende.spine.supervisor.postgres import EmbeddedPostgres


def checkup(data: Path | str, database_url: str = "", timeout: float = 5.0) -> dict[str, Any]:
    """`{"ok", "data", "running", "url", "database": {…}, "processes": […]}`; the schema is cli/schemas/check.json.

    `running` says whether a supervisor holds the town; processes started alone are found by their sockets. A town
    without any process is not ok. `timeout` is seconds for each process.
    """
    layout = Layout.of(data)
    running = not FileLock(layout.run / "up.lock").free()
    town = state.read(layout.run) if running else None
    processes = [_supervised(entry, timeout) for entry in (town.processes if town else [])]
    known = {entry["name"] for entry in processes}
    for socket in sorted(layout.runtime.glob("*.sock")):
        if socket.stem not in known:
            processes.append(_alone(socket, timeout))
    database = _database(layout, database_url)
    return {
        "ok": database["ok"] and bool(processes) and all(entry["ok"] for entry in processes),
        "data": str(layout.data),
        "running": running,
        "url": town.url if town else "",
        "database": database,
        "processes": processes,
    }


def _supervised(entry: state.ProcessState, timeout: float) -> dict[str, Any]:
    found = _ask(Path(entry.socket), timeout) if state.alive(entry) else {"problem": f"ended with {entry.last_exit}"}
    return _result(entry.name, entry.pid, entry.state, entry.restarts, found)


def _alone(socket: Path, timeout: float) -> dict[str, Any]:
    found = _ask(socket, timeout)
    return _result(socket.stem, found.get("pid"), "gone" if found.get("problem") else "running", 0, found)


def _result(name: str, pid: int | None, phase: str, restarts: int, found: dict[str, Any]) -> dict[str, Any]:
    problem = str(found.get("problem", ""))
    checks = found.get("checks", {})
    if not problem and not found.get("ok"):
        bad = [f"{key}: {check['detail']}" for key, check in checks.items() if not check["ok"]]
        problem = "; ".join(bad) or "unwell"
    if not problem and phase == "failing":
        problem = "crashes repeatedly"
    return {
        "name": name,
        "pid": pid,
        "state": phase,
        "restarts": restarts,
        "ok": not problem,
        "problem": problem,
        "checks": checks,
    }


def _ask(socket: Path, timeout: float) -> dict[str, Any]:
    try:
        _, body = ask(socket, timeout=timeout)
        found = json.loads(body)
    except OSError as exc:
        return {"problem": f"does not answer ({exc.strerror or exc})"}
    except ValueError:
        return {"problem": "answers nonsense"}
    return found if isinstance(found, dict) else {"problem": "answers nonsense"}


def _database(layout: Layout, url: str) -> dict[str, Any]:
    import psycopg

    result: dict[str, Any] = {"ok": False, "embedded": not url, "detail": "", "oldest_writer_seconds": None}
    try:
        if not url:
            server = EmbeddedPostgres(layout.data)
            if not server.is_running():
                return result | {"detail": "not running"}
            url = server.dsn()
        parse_conninfo(url)  # psycopg's own complaint about a bad address repeats it, password and all
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            version = connection.info.server_version
            # An old writing transaction holds back the fact pump, also one in another database of the cluster.
            row = connection.execute(
                "SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float8"
                " FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
            ).fetchone()
    except (psycopg.Error, SupervisorError) as exc:
        return result | {"detail": str(exc).strip()}
    detail = f"PostgreSQL {version // 10000}.{version % 10000}"
    return result | {"ok": True, "detail": detail, "oldest_writer_seconds": row[0] if row else None}
