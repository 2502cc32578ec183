"""What must be true before the processes start: secrets, settings, schema, static files, the demo, the epoch."""

import hashlib
import secrets as random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.config import env
from allmende.spine.supervisor.context import ProcessContext
from allmende.spine.supervisor.words import language

Say = Callable[[str], object]


def ensure_secrets(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if "secret_key" not in env.secrets(data):
        env.save_secrets(data, secret_key=random.token_urlsafe(48))


def setup_django() -> None:
    import django

    django.setup()


def prepare(data: Path, dsn: str, demo: bool, say: Say) -> None:
    """Bring the town in `data` to the state that this version of the code needs. Repeatable; quick when nothing is
    to do.

    Leaves no connection open, since processes are forked afterwards.
    """
    ensure_secrets(data)
    setup_django()
    from django.db import connections

    try:
        with override(language()):
            migrate(say)
            collect_static(say)
            _ensure_town(demo, say)
    finally:
        for connection in connections.all(initialized_only=True):
            connection.close()


def migrate(say: Say) -> bool:
    """Apply migrations unless the stamp in the database says that this very set is applied. Returns whether any ran."""
    from django.core.management import call_command
    from django.db import connection

    from allmende.spine.facts.pump import ensure_epoch

    stamp = schema_digest()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS allmende_stamp (key text PRIMARY KEY, value text NOT NULL)")
        cursor.execute("SELECT value FROM allmende_stamp WHERE key = 'schema'")
        row = cursor.fetchone()
    ran = row is None or row[0] != stamp
    if ran:
        say(_("The database is brought up to date …"))
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO allmende_stamp VALUES ('schema', %s)"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                [stamp],
            )
    ensure_epoch()
    return ran


def schema_digest() -> str:
    """Digest of all migration files of the installed apps, by name and content."""
    from django.apps import apps

    digest = hashlib.sha256()
    for config in apps.get_app_configs():
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def collect_static(say: Say) -> bool:
    """Collect and compress static files unless nothing changed since the last time. Returns whether it ran."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    stamp_file = settings.STATIC_ROOT / ".stamp"
    if stamp_file.exists() and stamp_file.read_text() == digest.hexdigest():
        return False
    say(_("Files for the web site are collected …"))
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    stamp_file.write_text(digest.hexdigest())
    return True


def _ensure_town(demo: bool, say: Say) -> None:
    from allmende.spine.instance.models import Instance

    town: Any = Instance.objects.filter(pk=1).first()
    if demo and (town is None or not town.set_up):
        from allmende.config.demo import load

        say(_("The demo town is loaded …"))
        load(say)


def closed_processes() -> set[str]:
    """Processes of rooms that the town has closed: they are not started. Leaves no connection open."""
    from django.db import connection

    from allmende.spine.instance.domain.queries import closed_processes as of_closed_rooms

    try:
        return of_closed_rooms()
    finally:
        connection.close()


def greeting(ctx: ProcessContext, demo: bool) -> list[str]:
    """What the terminal says once the site answers: the demo's log-ins, or how to set the town up."""
    from django.db import connection

    from allmende.spine.instance.models import Instance

    with override(language()):
        try:
            town = Instance.objects.filter(pk=1).first()
        finally:
            connection.close()
        if town is None or not town.set_up:
            from allmende.spine.instance.domain.setup import setup_code

            return [_("The town is not set up yet. Open the address and enter this code: %s") % setup_code(), ""]
        if not town.demo:
            return []
        from allmende.config.demo import PASSWORD, logins

        lines = [_("Demo log-ins, on this machine only. Password for all of them: %s") % PASSWORD]
        return [*lines, *(f"  {address:<42} {role}" for role, address in logins()), ""]
