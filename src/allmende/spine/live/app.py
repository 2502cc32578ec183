"""The HTTP side: `/live/stream` as a stream or, with `poll=1`, as JSON."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator

import psycopg
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .hub import Hub, Subscriber, encode
from .tickets import Ticket, TicketRefused, verify
from .topics import TopicRefused, parse

log = logging.getLogger("allmende.live")

STREAMS = 1_000  # open streams of one process
PER_TICKET = 8
LIFE = 600.0  # seconds after which a stream must come back with a new ticket
HEARTBEAT = 15
LONGEST_ADDRESS = 8_000  # characters
SEND_TIMEOUT = 10.0  # seconds that a stream may refuse to take a byte


class Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Live:
    """The application. `origins` are compared letter by letter (scheme, host, port)."""

    def __init__(self, hub: Hub, secret: str, origins: list[str]) -> None:
        self.hub = hub
        self.secret = secret
        self.origins = origins
        self.tickets: Counter[str] = Counter()
        self.asgi = Starlette(
            routes=[
                Route("/live/stream", self.stream, methods=["GET"]),
                Route("/live/stream", self.preflight, methods=["OPTIONS"]),
            ]
        )

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Origin"}
        origin = request.headers.get("origin")
        if origin in self.origins:
            headers["Access-Control-Allow-Origin"] = origin
        return headers

    def _check_origin(self, request: Request) -> None:
        # A page of the same origin sends none with GET; a foreign page always does.
        origin = request.headers.get("origin")
        if origin is not None and origin not in self.origins:
            raise Refusal(403, "origin")

    async def preflight(self, request: Request) -> Response:
        headers = self._headers(request)
        if "Access-Control-Allow-Origin" not in headers:
            return JSONResponse({"error": "origin"}, 403, headers)
        allowed = {"Access-Control-Allow-Methods": "GET", "Access-Control-Allow-Headers": "Last-Event-ID"}
        return Response(status_code=204, headers=headers | allowed | {"Access-Control-Max-Age": "600"})

    async def stream(self, request: Request) -> Response:
        headers = self._headers(request)
        try:
            self._check_origin(request)
            if len(request.url.query) > LONGEST_ADDRESS:
                raise Refusal(414, "too_long")
            ticket, topics = self._admit(request)
            after = self._after(request)
            if not self.hub.ready.is_set():
                raise Refusal(503, "database")
            if request.query_params.get("poll") == "1":
                return await self._poll(ticket, topics, after, headers)
            return self._stream(ticket, topics, after, headers)
        except Refusal as refusal:
            if refusal.status == 503:
                headers["Retry-After"] = "5"
            return JSONResponse({"error": refusal.code}, refusal.status, headers)
        except psycopg.Error:
            return JSONResponse({"error": "database"}, 503, headers | {"Retry-After": "5"})

    def _admit(self, request: Request) -> tuple[Ticket, tuple[str, ...]]:
        try:
            ticket = verify(self.secret, request.query_params.get("ticket", ""), time.time())
            wanted = request.query_params.get("topics")
            topics = parse(wanted) if wanted else ticket.topics
        except TicketRefused as error:
            raise Refusal(403, error.code) from None
        except TopicRefused:
            raise Refusal(400, "topics") from None
        if not ticket.grants(topics):
            raise Refusal(403, "topics")
        return ticket, topics

    @staticmethod
    def _after(request: Request) -> int | None:
        """The last fact that the browser has, from the header of a reconnection or the address."""
        text = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    async def _poll(
        self, ticket: Ticket, topics: tuple[str, ...], after: int | None, headers: dict[str, str]
    ) -> Response:
        asker = Subscriber(topics, ticket.staff)
        position, mark = self.hub.position, self.hub.mark(ticket.staff)
        missed = [] if after is None else await self.hub.replay(asker, after, position)
        facts = [message.told() for message in missed or []]
        body = {"facts": facts, "after": facts[-1]["id"] if facts else mark, "reset": missed is None}
        return JSONResponse(body, headers=headers)

    def _full(self, ticket: Ticket) -> Refusal | None:
        if len(self.hub.subscribers) >= STREAMS:
            return Refusal(503, "full")
        if self.tickets[ticket.name] >= PER_TICKET:
            return Refusal(429, "ticket_streams")
        return None

    def _stream(self, ticket: Ticket, topics: tuple[str, ...], after: int | None, headers: dict[str, str]) -> Response:
        refusal = self._full(ticket)
        if refusal:
            raise refusal
        return EventSourceResponse(
            self._events(ticket, Subscriber(topics, ticket.staff), after),
            headers=headers,
            ping=HEARTBEAT,
            ping_message_factory=lambda: ServerSentEvent(comment="", sep="\n"),
            send_timeout=SEND_TIMEOUT,
            cleanup_timeout=1.0,
            sep="\n",
        )

    async def _events(self, ticket: Ticket, subscriber: Subscriber, after: int | None) -> AsyncIterator[bytes]:
        # Asked again: several requests may have passed the first look at once. Counted here and not there, since a
        # stream whose browser went away before it began runs no `finally`.
        if self._full(ticket):
            return
        # From here on new facts queue up; what lies between `after` and here is replayed first: no gap, none twice.
        until = self.hub.subscribe(subscriber)
        mark = self.hub.mark(ticket.staff)
        self.tickets[ticket.name] += 1
        end = time.monotonic() + LIFE
        try:
            if after is not None:
                missed = await self.hub.replay(subscriber, after, until)
                if missed is None:
                    yield b"event: reset\ndata: {}\n\n"
                else:
                    for message in missed:
                        yield encode(message)
            # The id lets even a stream that heard nothing go on from here.
            yield f"id: {mark}\nevent: ready\ndata: {{}}\n\n".encode()
            while (
                line := await asyncio.wait_for(subscriber.queue.get(), max(0.0, end - time.monotonic()))
            ) is not None:
                yield line
        except (TimeoutError, psycopg.Error):
            return
        finally:
            self.hub.unsubscribe(subscriber)
            self.tickets[ticket.name] -= 1
            if self.tickets[ticket.name] <= 0:
                del self.tickets[ticket.name]
