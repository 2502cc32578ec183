"""The pump: reads the log in order and lets each handler react, effect and cursor in one transaction.

Order and completeness: facts are read by `(epoch, xid, id)`, those of the current epoch only below
`pg_snapshot_xmin(pg_current_snapshot())`, so no fact can still appear below a cursor. Facts of former epochs were
committed in another cluster, before the dump, and are wholly visible.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from .handlers import HANDLERS, FactRow, Handler

log = logging.getLogger("allmende.pump")

BATCH = 500
TRIES = 5

Position = tuple[int, int, int]

_READ = """
    SELECT epoch, xid::text::bigint, id, time, actor, kind, subject, url, origin, payload, public
    FROM facts_fact
    WHERE (epoch, xid, id) > (%s, %s::text::xid8, %s)
      AND (epoch < (SELECT max(id) FROM facts_epoch) OR xid < pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY epoch, xid, id
    LIMIT %s
"""


def ensure_cursors(handlers: Iterable[Handler]) -> None:
    """Every handler has a cursor; a new one starts before the first fact."""
    with connection.cursor() as cursor:
        for handler in handlers:
            cursor.execute("INSERT INTO facts_cursor (handler) VALUES (%s) ON CONFLICT DO NOTHING", [handler.name])


def ensure_epoch() -> int:
    """Begin a new epoch where the database was moved or restored. Returns the current epoch."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts_ensure_epoch()")
        return int(cursor.fetchone()[0])


def pump_once(handlers: dict[str, Handler] | None = None, batch: int = BATCH) -> int:
    """Deal with the next batch of every handler. Returns how many facts were dealt with (0: all are up to date).

    Handlers that stand at the same place share one read and one commit; one that fails falls back alone.
    """
    table = HANDLERS if handlers is None else handlers
    groups: dict[tuple[Position, int], list[Handler]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT handler, epoch, xid::text::bigint, fact_id, failures FROM facts_cursor"
            " WHERE handler = ANY(%s) AND (retry_at IS NULL OR retry_at <= clock_timestamp())",
            [list(table)],
        )
        for name, epoch, xid, fact_id, failures in cursor.fetchall():
            # After a failure a handler goes on alone and fact by fact, so that one bad fact can be told from the rest.
            groups[(epoch, xid, fact_id), failures].append(table[name])
    done = 0
    for (position, failures), members in groups.items():
        if failures:
            for member in members:
                done += _advance([member], position, 1)
        else:
            done += _advance(members, position, batch)
    return done


def _advance(members: list[Handler], position: Position, limit: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        names = [member.name for member in members]
        cursor.execute(
            "SELECT handler FROM facts_cursor"
            " WHERE handler = ANY(%s) AND (epoch, xid, fact_id) = (%s, %s::text::xid8, %s)"
            " ORDER BY handler FOR UPDATE SKIP LOCKED",
            [names, position[0], str(position[1]), position[2]],
        )
        # Another pump may be at it, or may have been: only cursors that still stand here are ours.
        held = {row[0] for row in cursor.fetchall()}
        members = [member for member in members if member.name in held]
        if not members:
            return 0
        cursor.execute(_READ, [position[0], str(position[1]), position[2], limit])
        rows = [_row(row) for row in cursor.fetchall()]
        if not rows:
            return 0
        moved = [member.name for member in members if _react(member, rows, single=limit == 1)]
        last = rows[-1]
        cursor.execute(
            "UPDATE facts_cursor SET epoch = %s, xid = %s::text::xid8, fact_id = %s, failures = 0, retry_at = NULL,"
            " error = '', moved = clock_timestamp() WHERE handler = ANY(%s)",
            [last.epoch, str(last.xid), last.id, moved],
        )
        return len(rows) if moved else 0


def _row(columns: tuple[Any, ...]) -> FactRow:
    """Django leaves jsonb of a raw query as text."""
    epoch, xid, fact_id, time, actor, kind, subject, url, origin, payload, public = columns
    if isinstance(payload, str):
        payload = json.loads(payload)
    return FactRow(epoch, xid, fact_id, time, actor, kind, subject, url, origin, payload, public)


def _react(member: Handler, rows: list[FactRow], single: bool) -> bool:
    """Let one handler react inside a savepoint. False: it failed and its cursor stays."""
    wanted = [row for row in rows if member.wants(row.kind)]
    if not wanted:
        return True
    try:
        with transaction.atomic():
            member.react(wanted)
        return True
    except Exception as error:
        # A handler is any room's code: whatever it raises must not stop the others.
        log.exception("fact handler failed", extra={"handler": member.name, "fact": wanted[0].id})
        return _failed(member, wanted[0], error, single)


def _failed(member: Handler, row: FactRow, error: Exception, single: bool) -> bool:
    text = f"{type(error).__name__}: {error}"[:500]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE facts_cursor SET failures = failures + 1, error = %s,"
            " retry_at = clock_timestamp() + least(60, power(2, failures)) * interval '1 second'"
            " WHERE handler = %s RETURNING failures",
            [text, member.name],
        )
        failures = cursor.fetchone()[0]
        if single and failures >= TRIES:
            cursor.execute(
                "INSERT INTO facts_parked (handler, fact_id, error) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [member.name, row.id, text],
            )
            return True
    return False


def lag() -> dict[str, object]:
    """How far behind the pump is: facts not yet dealt with by the slowest handler, seconds of the oldest, parked
    facts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH slowest AS (SELECT epoch, xid, fact_id FROM facts_cursor WHERE handler = ANY(%s)"
            " ORDER BY epoch, xid, fact_id LIMIT 1)"
            " SELECT count(f.id), coalesce(extract(epoch FROM clock_timestamp() - min(f.time)), 0)::float"
            " FROM slowest s LEFT JOIN facts_fact f ON (f.epoch, f.xid, f.id) > (s.epoch, s.xid, s.fact_id)",
            [list(HANDLERS)],
        )
        waiting, seconds = cursor.fetchone()
        cursor.execute(
            "SELECT handler, failures, error FROM facts_cursor"
            " WHERE failures > 0 AND handler = ANY(%s) ORDER BY handler",
            [list(HANDLERS)],
        )
        failing = [{"handler": h, "failures": n, "error": e} for h, n, e in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM facts_parked")
        parked = cursor.fetchone()[0]
        # A writing transaction left open anywhere in the cluster holds the horizon back.
        cursor.execute(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float FROM pg_stat_activity"
            " WHERE backend_xid IS NOT NULL"
        )
        oldest = cursor.fetchone()[0]
    return {
        "waiting": waiting,
        "seconds": round(seconds, 3),
        "failing": failing,
        "parked": parked,
        "oldest_write_seconds": round(oldest, 3),
    }


def run(should_stop: Callable[[], bool], wait: Callable[[float], object], idle: float = 0.2) -> None:
    """Pump until `should_stop()`. `wait(seconds)` returns early when the process is asked to stop."""
    ensure_epoch()
    ensure_cursors(HANDLERS.values())
    while not should_stop():
        if pump_once() == 0:
            wait(idle)


def purge_effects(older_than: timedelta, now: datetime) -> int:
    """Forget idempotency keys that no retry can still ask for."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM facts_effect WHERE done < %s", [now - older_than])
        return int(cursor.rowcount)
