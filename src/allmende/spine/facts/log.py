"""Writing facts, in the transaction of the change."""

import json
from typing import Protocol

from django.db import transaction

from .kinds import Fact


class Subject(Protocol):
    @property
    def urn(self) -> str: ...


class Actor(Protocol):
    pk: object


def actor_name(actor: object) -> str:
    """`account:7` for a person, `system` for nobody, a string as it is (`device:…`, `import`)."""
    if actor is None:
        return "system"
    if isinstance(actor, str):
        return actor
    key = getattr(actor, "pk", None)
    return "anonymous" if key is None else f"account:{key}"


def emit(
    fact: Fact,
    *,
    subject: Subject | str = "",
    actor: object = None,
    public: bool | None = None,
    url: str | None = None,
    origin: str = "",
) -> int:
    """Write `fact` into the log and return its id.

    `public` overrides the kind's default (a change to a draft is not public). Raises RuntimeError outside a
    transaction, since a fact without its change, or a change without its fact, must not exist.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("a fact is written in the transaction of the change it tells")
    if url is None:
        get_url = getattr(subject, "get_absolute_url", None)
        url = get_url() if get_url else ""
    urn = subject if isinstance(subject, str) else subject.urn
    is_public = fact.public if public is None else public
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT emit_fact(%s, %s, %s::jsonb, %s, %s, %s, %s)",
            [fact.kind, urn, json.dumps(fact.payload()), actor_name(actor), is_public, url, origin],
        )
        return int(cursor.fetchone()[0])
