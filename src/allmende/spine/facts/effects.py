"""Effects outside the database, at least once, with a key that makes the repeat harmless."""

from collections.abc import Callable

from django.db import connection, transaction


def once(key: str, effect: Callable[[], None]) -> bool:
    """Run `effect` unless an earlier run with `key` finished. Returns whether it ran.

    The key is taken first and kept only if the effect succeeds; a second process with the same key waits for the
    outcome.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO facts_effect (key) VALUES (%s) ON CONFLICT DO NOTHING RETURNING key", [key])
        if cursor.fetchone() is None:
            return False
        effect()
        return True
