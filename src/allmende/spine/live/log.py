"""Reading the fact log for streams: one connection, in the order and below the horizon of `spine.facts.pump`."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

log = logging.getLogger("allmende.live")

Position = tuple[int, int, int]
"""(epoch, transaction, id). The transaction stays inside: told to the world it would link what was written together."""

BATCH = 500

_HORIZON = "(epoch < (SELECT max(id) FROM facts_epoch) OR xid < pg_snapshot_xmin(pg_current_snapshot()))"

_READ = f"""
    SELECT epoch, xid::text::bigint, id, time, kind, subject, url, public
    FROM facts_fact
    WHERE (epoch, xid, id) > (%s, %s::text::xid8, %s) AND {_HORIZON} AND (public OR %s)
    ORDER BY epoch, xid, id
    LIMIT %s
"""  # noqa: S608 - constants only

_END = f"""
    SELECT epoch, xid::text::bigint, id FROM facts_fact WHERE {_HORIZON}
    ORDER BY epoch DESC, xid DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants only

_LAST_PUBLIC = f"""
    SELECT id FROM facts_fact WHERE public AND {_HORIZON} ORDER BY time DESC, id DESC LIMIT 1
"""  # noqa: S608 - constants only

_PLACE = "SELECT epoch, xid::text::bigint, id FROM facts_fact WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Message:
    """A fact as streams know it."""

    position: Position
    time: datetime
    kind: str
    subject: str
    url: str
    public: bool

    @property
    def id(self) -> int:
        return self.position[2]

    def told(self) -> dict[str, Any]:
        """What leaves the process."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "url": self.url,
            "time": self.time.isoformat(),
        }


class Log:
    """The connection. Every call may raise psycopg.Error; the next one connects anew."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.answers = False
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()

    async def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        async with self._lock:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = await psycopg.AsyncConnection.connect(
                        self.dsn,
                        autocommit=True,
                        connect_timeout=5,
                        application_name="allmende live",
                        options="-c statement_timeout=5s -c default_transaction_read_only=on",
                    )
                rows = await (await self._connection.execute(query, values)).fetchall()  # type: ignore[arg-type]
            except psycopg.Error:
                self.answers = False
                await self._drop()
                raise
            except asyncio.CancelledError:
                # A query broken off leaves the connection in between: never use it again.
                await self._drop()
                raise
            self.answers = True
            return rows

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def close(self) -> None:
        async with self._lock:
            await self._drop()

    async def after(self, position: Position, limit: int = BATCH, everything: bool = True) -> list[Message]:
        """The next facts behind `position`, in order; only public ones unless `everything`."""
        rows = await self._rows(_READ, (position[0], str(position[1]), position[2], everything, limit))
        return [Message((row[0], row[1], row[2]), *row[3:]) for row in rows]

    async def end(self) -> Position:
        """The last place that can be read."""
        rows = await self._rows(_END, ())
        return tuple(rows[0]) if rows else (0, 0, 0)

    async def last_public(self) -> int:
        """The id of the last public fact, 0 where there is none."""
        rows = await self._rows(_LAST_PUBLIC, ())
        return int(rows[0][0]) if rows else 0

    async def place(self, fact_id: int) -> Position | None:
        """Where a fact stands, or None for an id that this log does not know."""
        rows = await self._rows(_PLACE, (fact_id,))
        return tuple(rows[0]) if rows else None
