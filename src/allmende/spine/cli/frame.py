"""What every command needs: output for people or machines, the town's database, Django when it is time for it."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allmende.spine.supervisor.errors import SupervisorError
from allmende.spine.supervisor.words import language, message


def text(german: str, english: str) -> str:
    """The wording for this terminal."""
    return german if language() == "de" else english


def emit(args: argparse.Namespace, payload: Mapping[str, Any], lines: str | Iterable[str] = ()) -> None:
    """The result: one JSON object with --json, else the lines."""
    if args.json:
        print(json.dumps(payload, ensure_ascii=False, default=str), flush=True)
        return
    for line in [lines] if isinstance(lines, str) else lines:
        print(line, flush=True)


def say(args: argparse.Namespace) -> Callable[[str], None]:
    """Progress: beside the result, not in it."""

    def progress(line: str) -> None:
        print(line, file=sys.stderr if args.json else sys.stdout, flush=True)

    return progress


def fail(args: argparse.Namespace | None, code: str, what: str, hint: str = "", *, as_json: bool = False) -> None:
    """An error for people on stderr, for machines as `{"ok": false, "error": …}` on stdout."""
    if as_json or (args is not None and args.json):
        print(json.dumps({"ok": False, "error": {"code": code, "message": what, "hint": hint}}, ensure_ascii=False))
        return
    print(f"{text('Fehler', 'Error')}: {what}", file=sys.stderr)
    if hint:
        print(f"  {hint}", file=sys.stderr)


def fail_with(args: argparse.Namespace, error: SupervisorError) -> int:
    said = message(error)
    fail(args, error.code, said.text, said.hint)
    return error.exit_code


def database_url() -> str:
    """The town's own database, if it has one."""
    return os.environ.get("DATABASE_URL", "")


@contextmanager
def database(args: argparse.Namespace, start: bool = True) -> Iterator[str]:
    """The DSN of a database that answers: DATABASE_URL, or the embedded server of DATA, which is started for the time
    of this block if nobody runs it (`start`). Raises DatabaseError and what starting may raise."""
    from allmende.spine.supervisor import external
    from allmende.spine.supervisor.errors import DatabaseError
    from allmende.spine.supervisor.postgres import EmbeddedPostgres

    if url := database_url():
        external.wait_for(url, say(args))
        yield url
        return
    server = EmbeddedPostgres(args.data)
    if not start and not server.is_running():
        raise DatabaseError("no_database", data=server.layout.data)
    try:
        yield server.start(say(args))
    finally:
        server.stop()


def django(data: Path, dsn: str) -> None:
    """Set the environment and Django up for a command that works on the town."""
    os.environ["DATABASE_URL"] = dsn
    os.environ["ALLMENDE_DATA"] = str(Path(data).expanduser().resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    prepare = composition("prepare")
    prepare.ensure_secrets(Path(os.environ["ALLMENDE_DATA"]))
    prepare.setup_django()


def composition(part: str) -> Any:
    """A module of the composition root, which lies above us: found by its name, as Django finds its settings."""
    return importlib.import_module(f"allmende.config.{part}")
