"""Making notices and marking them as read."""

import uuid
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from allmende.spine.ids import uuid7

from ..enums import Cadence
from ..models import Notice
from ..topics import get
from . import mailing
from .queries import cadences


@transaction.atomic
def notify(accounts: Any, topic: str, title: str, *, text: str = "", url: str = "", key: str) -> int:
    """Tell one account or several (any iterable). Returns how many had not been told yet under `key`; the rest stay as
    they are.

    `url` is an address of this site, beginning with one slash. Raises LookupError for an unknown topic, ValueError for
    a foreign address.
    """
    declared = get(topic)
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError("a notice leads to an address of this site")
    people = {one.pk: one for one in ([accounts] if hasattr(accounts, "pk") else accounts) if one.is_active}
    if not people:
        return 0
    wanted = cadences(people, declared)
    ids = sorted(people)
    title = " ".join(title.split())[:300]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notify_notice (public_id, account_id, cadence, topic, key, title, text, url, created)"
            " SELECT u.public_id, u.account, u.cadence, %s, %s, %s, %s, %s, %s"
            " FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS u(public_id, account, cadence)"
            " ON CONFLICT (account_id, key) DO NOTHING RETURNING cadence",
            [
                *(topic, key, title, text, url[:500], timezone.now()),
                [uuid7() for _ in ids],
                ids,
                [str(wanted[pk]) for pk in ids],
            ],
        )
        made = [row[0] for row in cursor.fetchall()]
    if Cadence.IMMEDIATELY in made:
        mailing.collect_soon()
    return len(made)


def mark_read(account: Any, public_id: uuid.UUID | None = None) -> int:
    """Mark one notice of this account as read, or all. Returns how many were unread."""
    rows = Notice.objects.filter(account=account, read__isnull=True)
    if public_id is not None:
        rows = rows.filter(public_id=public_id)
    return rows.update(read=timezone.now())
