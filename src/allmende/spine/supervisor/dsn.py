"""Database addresses: libpq URIs in, Django's dictionary out, and our own for the socket folder.

A socket folder is written percent-encoded as the host (`postgresql://allmende@%2Frun%2Fx:5432/allmende`), the
one form that libpq, psycopg, Django and pg_dump all take (PostgreSQL documentation, 34.1.1.2 "Connection
URIs").
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from allmende.spine.supervisor.errors import UsageProblem

SOCKET_PORT = 5432
"""Only a suffix of the socket's file name (`.s.PGSQL.5432`); nothing listens on a TCP port."""

_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def socket_dsn(folder: Path, user: str, dbname: str) -> str:
    return f"postgresql://{quote(user, safe='')}@{quote(str(folder), safe='')}:{SOCKET_PORT}/{quote(dbname, safe='')}"


def parse_conninfo(url: str) -> dict[str, str]:
    """The parts of a libpq URI or of a `key=value` string. Raises UsageProblem (without the password in
    it)."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as exc:
        raise UsageProblem("database_url_invalid") from exc
    if not url.strip() or "dbname" not in parts:
        raise UsageProblem("database_url_invalid")
    return parts


def parse_database_url(url: str) -> dict[str, object]:
    """Django's `DATABASES` entry for a libpq URI; the host may be a percent-encoded socket folder.

    Everything libpq knows besides name, user, password, host and port (sslmode, options, …) goes to OPTIONS.
    """
    parts = parse_conninfo(url)
    known: dict[str, object] = {name: parts.pop(key, "") for key, name in _DJANGO_NAMES.items()}
    return {"ENGINE": "django.db.backends.postgresql", **known, "OPTIONS": dict(parts)}


def without_password(url: str) -> str:
    """The address for logs and messages."""
    parts = parse_conninfo(url)
    return f"{parts.get('user', '')}@{parts.get('host', 'localhost')}:{parts.get('port', '5432')}/{parts['dbname']}"
