"""`allmende <command> …`: finds the command's module, reads the options, says errors in the person's language.

Exit codes: 0 done, 1 a problem was found, 2 wrong use, 3 already running, 4 port taken, 5 database, 6 disk full,
7 permission, 8 archive refused, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from allmende.spine.address import export_address
from allmende.spine.cli import commands, frame
from allmende.spine.supervisor.errors import EXIT_PROBLEM, EXIT_USAGE, SupervisorError
from allmende.spine.supervisor.paths import default_data
from allmende.spine.supervisor.words import language

EXIT_INTERRUPTED = 130

DESCRIPTION = {
    "de": "Allmende: eine Plattform, auf der eine Gemeinde ihr Digitalprogramm betreibt.",
    "en": "Allmende: one platform on which a municipality runs its digital programme.",
}
EPILOGUE = {
    "de": "Rückgabewerte: 0 gut, 1 Problem gefunden, 2 falscher Aufruf, 3 läuft schon, 4 Port belegt, 5 Datenbank,\n"
    "6 Datenträger voll, 7 Rechte, 8 Sicherung abgelehnt, 130 abgebrochen.  Sprache: ALLMENDE_LANG=de|en",
    "en": "Exit codes: 0 done, 1 problem found, 2 wrong use, 3 already running, 4 port taken, 5 database,\n"
    "6 disk full, 7 permission, 8 archive refused, 130 interrupted.  Language: ALLMENDE_LANG=de|en",
}


class Parser(argparse.ArgumentParser):
    """Wrong use is said like every other error, as JSON where JSON was asked for."""

    as_json = False

    def error(self, message: str) -> NoReturn:
        if Parser.as_json:
            hint = frame.text(f"Hilfe: {self.prog} --help", f"Help: {self.prog} --help")
            frame.fail(None, "usage", message, hint, as_json=True)
            raise SystemExit(EXIT_USAGE)
        super().error(message)


def names() -> list[str]:
    """The commands there are: the modules in `commands/`."""
    return sorted(found.name for found in pkgutil.iter_modules(commands.__path__) if not found.name.startswith("_"))


def load(name: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{name}")


def build(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands, or of one (quicker)."""
    lang = language()
    parser = Parser(
        prog="allmende",
        description=DESCRIPTION[lang],
        epilog=EPILOGUE[lang],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"allmende {_version()}")
    choices = parser.add_subparsers(dest="command", metavar=frame.text("BEFEHL", "COMMAND"), required=True)
    for name in [only] if only else names():
        module = load(name)
        text = module.HELP[lang]
        one = choices.add_parser(name.replace("_", "-"), help=text, description=text)
        _common(one, module)
        module.configure(one)
        one.set_defaults(run=module.run)
    return parser


def _common(parser: argparse.ArgumentParser, module: ModuleType) -> None:
    if getattr(module, "DATA", True):
        parser.add_argument(
            "--data",
            type=Path,
            default=None,
            metavar="DIR",
            help=frame.text("Datenordner (sonst $DATA)", "data folder (else $DATA)"),
        )
    if getattr(module, "JSON", True):
        parser.add_argument("--json", action="store_true", help=frame.text("für Maschinen", "for machines"))


def main(argv: Sequence[str] | None = None) -> int:
    """The entry point; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if language() == "de":
        from allmende.spine.cli.german import speak_german

        speak_german()
    Parser.as_json = "--json" in arguments
    only = arguments[0].replace("-", "_") if arguments else None
    try:
        args = build(only if only in names() else None).parse_args(arguments)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else EXIT_USAGE
    args.json = getattr(args, "json", False)
    if getattr(args, "data", None) is None:
        args.data = default_data()
    export_address(args.data)
    return _run(args)


def _run(args: Any) -> int:
    try:
        return int(args.run(args) or 0)
    except SupervisorError as exc:
        return frame.fail_with(args, exc)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # `allmende … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return EXIT_PROBLEM
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else EXIT_PROBLEM
    except Exception as exc:
        if os.environ.get("ALLMENDE_DEBUG"):
            raise
        hint = frame.text("Mit ALLMENDE_DEBUG=1 kommt die ganze Spur.", "ALLMENDE_DEBUG=1 shows the whole trace.")
        frame.fail(args, "internal", f"{type(exc).__name__}: {exc}", hint)
        return EXIT_PROBLEM


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("allmende")
    except metadata.PackageNotFoundError:
        return "checkout"


if __name__ == "__main__":
    sys.exit(main())
