"""An instance's state in the database: read for a step, written as what the step changed."""

from collections.abc import Iterator

from django.db import connection

from ..core.engine.rows import Delta, Row
from ..models import Instance

_READ = "SELECT key, position, doc FROM process_taskrow WHERE instance_id = %s ORDER BY position"
_NEW = """
INSERT INTO process_taskrow (instance_id, key, position, doc)
SELECT %s, * FROM unnest(%s::text[], %s::int[], %s::text[])"""
_CHANGED = """
UPDATE process_taskrow r SET doc = c.doc
FROM unnest(%s::text[], %s::text[]) AS c(key, doc) WHERE r.instance_id = %s AND r.key = c.key"""


def read(instance: Instance) -> Iterator[Row]:
    """The rows of an instance in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [instance.pk])
        yield from map(Row._make, cursor.fetchall())


def write(instance: Instance, delta: Delta) -> None:
    """Keep what a step changed. The caller saves the instance, whose head is set."""
    if delta.head is not None:
        instance.head = delta.head
    new = [row for row in delta.rows if row.position >= 0]
    changed = [row for row in delta.rows if row.position < 0]
    with connection.cursor() as cursor:
        if new:
            columns = [list(column) for column in zip(*new, strict=True)]
            cursor.execute(_NEW, [instance.pk, *columns])
        if changed:
            keys, docs = [row.key for row in changed], [row.doc for row in changed]
            cursor.execute(_CHANGED, [keys, docs, instance.pk])
        if delta.gone:
            cursor.execute(
                "DELETE FROM process_taskrow WHERE instance_id = %s AND key = ANY(%s)", [instance.pk, delta.gone]
            )
