"""A nursery of pumps for test_kill.py: forks one for each line read, tells its pid, then each batch, then its death."""

import os
import sys


def pump_until_killed() -> None:
    from django.db import connection

    from allmende.spine.facts import pump
    from allmende.spine.facts.handlers import Handler

    def write(rows: list) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO tests_seen (fact, number) VALUES (%s, %s)", [(r.id, r.payload["number"]) for r in rows]
            )
        os.write(1, b"batch\n")

    handlers = {"tests.child": Handler("tests.child", ("tests.pump.*",), write)}
    while True:
        if pump.pump_once(handlers, 3) == 0:
            # Nothing left: the parent may still be waiting for a line before it kills.
            os.write(1, b"idle\n")
            os.read(0, 1)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings_test")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DB_NAME"]
    django.setup()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.write(1, f"{os.getpid()}\n".encode())
            pump_until_killed()
        os.waitpid(child, 0)
        os.write(1, f"killed {child}\n".encode())


if __name__ == "__main__":
    main()
