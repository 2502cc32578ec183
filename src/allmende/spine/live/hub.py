"""One reader, many listeners: every fact is read once and handed to each subscriber's bounded queue."""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass, field

import psycopg

from .log import BATCH, Log, Message, Position
from .topics import matches

log = logging.getLogger("allmende.live")

POLL = 0.25  # seconds between two looks at the log
IDLE = 1.0  # the same while nobody listens
QUEUE = 256  # facts that may wait for one subscriber
REPLAY = 500  # facts that a stream gets again after a break
REPLAY_READ = 5_000  # facts that are looked through for them
REPLAY_BACK = 100_000  # ids that a break may reach back


def encode(message: Message) -> bytes:
    """One server-sent event (WHATWG HTML, section 9.2.5)."""
    data = json.dumps(message.told(), ensure_ascii=False, separators=(",", ":"))
    return f"id: {message.id}\nevent: fact\ndata: {data}\n\n".encode()


@dataclass(eq=False)
class Subscriber:
    """One open stream."""

    topics: tuple[str, ...]
    staff: bool
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    gone: bool = False

    def wants(self, message: Message) -> bool:
        if not (message.public or self.staff):
            return False
        return any(matches(topic, message.kind, message.subject) for topic in self.topics)

    def end(self) -> None:
        """Nothing more comes: what waits is thrown away, the stream closes."""
        self.gone = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """Reads the log for ever (`run`) and tells subscribers. All of it in one event loop: no locks."""

    def __init__(self, source: Log) -> None:
        self.source = source
        self.position: Position = (0, 0, 0)
        self.public_id = 0
        self.subscribers: set[Subscriber] = set()
        self.ready = asyncio.Event()
        self.told = 0
        self.dropped = 0
        self._wake = asyncio.Event()

    def subscribe(self, subscriber: Subscriber) -> Position:
        """Add a listener and return the place behind which it will hear everything."""
        self.subscribers.add(subscriber)
        self._wake.set()
        return self.position

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self.subscribers.discard(subscriber)

    def mark(self, staff: bool) -> int:
        """The id to go on from later. Without `staff` a public fact's: how much else happens is nobody's business."""
        return self.position[2] if staff else self.public_id

    async def replay(self, subscriber: Subscriber, after: int, until: Position) -> list[Message] | None:
        """What was missed behind fact `after` up to the place `until`; None where that is too much or unknown."""
        if after == self.public_id and not subscriber.staff:
            return []
        if self.position[2] - after > REPLAY_BACK:
            return None
        start = await self.source.place(after)
        if start is None:
            return None
        if start >= until:
            return []
        messages = await self.source.after(start, REPLAY_READ + 1, subscriber.staff)
        if len(messages) > REPLAY_READ:
            return None
        missed = [message for message in messages if message.position <= until and subscriber.wants(message)]
        return missed if len(missed) <= REPLAY else None

    def publish(self, messages: list[Message]) -> None:
        """Hand facts on. Who cannot take them is dropped."""
        for message in messages:
            line: bytes | None = None
            for subscriber in list(self.subscribers):
                if not subscriber.wants(message):
                    continue
                line = line or encode(message)
                try:
                    subscriber.queue.put_nowait(line)
                    self.told += 1
                except asyncio.QueueFull:
                    self.dropped += 1
                    self.unsubscribe(subscriber)
                    subscriber.end()
            self.position = message.position
            if message.public:
                self.public_id = message.id

    def close(self) -> None:
        for subscriber in list(self.subscribers):
            self.unsubscribe(subscriber)
            subscriber.end()

    async def run(self) -> None:
        """Read until cancelled. A lost database is waited for; the place in the log is kept meanwhile."""
        pause = 0.0
        while True:
            try:
                if not self.ready.is_set():
                    self.public_id = await self.source.last_public()
                    self.position = await self.source.end()
                    self.ready.set()
                messages = await self.source.after(self.position)
            except psycopg.Error as error:
                if pause == 0.0:
                    log.warning("live lost the database", extra={"error": type(error).__name__})
                pause = min(2.0, pause * 2 or POLL)
                await asyncio.sleep(pause)
                continue
            if pause:
                log.warning("live has the database again")
                pause = 0.0
            self.publish(messages)
            if len(messages) < BATCH:
                await self._rest()

    async def _rest(self) -> None:
        if self.subscribers:
            await asyncio.sleep(POLL)
            return
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), IDLE)
