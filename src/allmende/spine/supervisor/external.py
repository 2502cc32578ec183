"""A database of the town's own (DATABASE_URL): waited for, and checked for what Allmende needs."""

from __future__ import annotations

import time
from collections.abc import Callable

from allmende.spine.supervisor.dsn import parse_conninfo, without_password
from allmende.spine.supervisor.errors import DatabaseUnreachable
from allmende.spine.supervisor.words import say

MINIMUM = 150000
_WORTH_WAITING = ("Connection refused", "No such file or directory", "starting up", "shutting down", "timeout")


def wait_for(url: str, progress: Callable[[str], None], seconds: float = 60) -> int:
    """Wait until the server answers; returns its `server_version_num`.

    Waits up to `seconds` for a server that is not up yet (systemd starts in parallel), not for a wrong password.
    Raises UsageProblem (no valid address), DatabaseUnreachable.
    """
    import psycopg

    parse_conninfo(url)
    begin = time.monotonic()
    said = begin
    while True:
        try:
            with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
                version = connection.info.server_version
                row = connection.execute("SHOW server_encoding").fetchone()
            break
        except psycopg.OperationalError as exc:
            text = str(exc).strip()
            waited = time.monotonic() - begin
            if waited > seconds or not any(sign in text for sign in _WORTH_WAITING):
                raise DatabaseUnreachable("database_unreachable", address=without_password(url), reason=text) from exc
            if time.monotonic() - said > 3:
                said = time.monotonic()
                progress(say("waiting_for_database", address=without_password(url), seconds=round(waited)))
            time.sleep(0.25)
    if version < MINIMUM:
        raise DatabaseUnreachable("database_too_old", found=version // 10000, address=without_password(url))
    if row is None or row[0] != "UTF8":
        raise DatabaseUnreachable("database_not_utf8", found=row[0] if row else "?", address=without_password(url))
    return version
