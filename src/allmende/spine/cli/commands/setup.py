"""`allmende setup`: a fresh database becomes a town, in the terminal (in the browser: `allmende up --no-demo`)."""

from __future__ import annotations

import argparse
import getpass
import sys
import tomllib
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame
from allmende.spine.supervisor.errors import EXIT_PROBLEM, EXIT_USAGE
from allmende.spine.supervisor.paths import Layout

HELP = {"de": "eine frische Stadt einrichten", "en": "set a fresh town up"}

# Option, section and field of the answers file, German and English help.
OPTIONS = [
    ("town", "town", "town", "Gemeinde", "municipality"),
    ("ags", "town", "ags", "Gemeindeschlüssel, acht Stellen", "municipality key, eight digits"),
    ("state", "town", "state", "Land, zum Beispiel RP", "state, for example RP"),
    ("name", "brand", "name", "Name des Programms", "name of the programme"),
    ("claim", "brand", "claim", "Leitspruch", "claim"),
    ("admin-email", "account", "email", "E-Mail der Verwaltung", "e-mail of the administrator"),
    ("admin-name", "account", "name", "Name der Verwaltung", "name of the administrator"),
    ("admin-password-file", "account", "password_file", "Datei mit dem Passwort", "file that holds the password"),
    ("mail-host", "mail", "host", "Mailserver", "mail server"),
    ("mail-port", "mail", "port", "Port des Mailservers", "port of the mail server"),
    ("mail-security", "mail", "security", "starttls, tls oder none", "starttls, tls or none"),
    ("mail-user", "mail", "user", "Benutzername am Mailserver", "user name at the mail server"),
    ("mail-password-file", "mail", "password_file", "Datei mit dem Mailpasswort", "file that holds the mail password"),
    ("mail-sender", "mail", "sender", "Absenderadresse", "sender address"),
    ("mail-test", "mail", "test", "Testmail an diese Adresse", "send a test mail to this address"),
    ("base-url", "address", "base_url", "öffentliche Adresse", "public address"),
    ("backup-target", "backup", "backup_target", "Ordner für Sicherungen", "folder for backups"),
]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE.toml",
        help=frame.text(
            "Antworten aus einer Datei (docs/adopt/answers.toml)", "answers from a file (docs/adopt/answers.toml)"
        ),
    )
    for option, _section, _field, german, english in OPTIONS:
        parser.add_argument(f"--{option}", default=None, metavar="X", help=frame.text(german, english))
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        default=None,
        help=frame.text("ein Reverse-Proxy steht davor", "a reverse proxy stands in front"),
    )
    parser.add_argument(
        "--close",
        default=None,
        metavar="A,B",
        help=frame.text("Räume, die geschlossen bleiben", "rooms that stay closed"),
    )
    parser.add_argument(
        "--no-input",
        action="store_true",
        help=frame.text("nichts fragen, lieber ablehnen", "ask nothing, rather refuse"),
    )


def run(args: argparse.Namespace) -> int:
    answers = _answers(args)
    if answers is None:
        return EXIT_USAGE
    asking = not (args.json or args.no_input) and sys.stdin.isatty()
    layout = Layout.of(args.data).ensure()
    with frame.database(args) as dsn:
        frame.django(layout.data, dsn)
        from django.db import connections
        from django.utils import translation

        from allmende.spine.supervisor.words import language

        prepare = frame.composition("prepare")
        try:
            prepare.migrate(frame.say(args))
            with translation.override(language()):
                return _set_up(args, answers, asking)
        finally:
            connections.close_all()


def _set_up(args: argparse.Namespace, answers: dict[str, dict[str, Any]], asking: bool) -> int:
    from allmende.spine.instance.domain.mail import MailProblem
    from allmende.spine.instance.domain.setup import AlreadySetUp
    from allmende.spine.instance.interfaces import terminal

    try:
        done = terminal.run(answers, ask=_ask if asking else None, tell=print)
    except AlreadySetUp:
        frame.fail(
            args,
            "already_set_up",
            frame.text("Diese Stadt ist schon eingerichtet.", "This town is set up already."),
            frame.text(
                "Einstellungen ändern: im Browser unter Intern.", "Change settings: in the browser, staff pages."
            ),
        )
        return EXIT_PROBLEM
    except terminal.AnswersRefused as refused:
        frame.fail(args, "refused", str(refused), frame.text("Nichts wurde gespeichert.", "Nothing was saved."))
        return EXIT_USAGE
    except MailProblem as problem:
        frame.fail(
            args, f"mail_{problem.code}", str(problem), frame.text("Nichts wurde gespeichert.", "Nothing was saved.")
        )
        return EXIT_PROBLEM
    payload = {
        "ok": True,
        "town": done.town,
        "administrator": done.administrator,
        "mail_tested": done.mail_tested,
        "rooms_off": done.rooms_off,
    }
    lines = frame.text(
        f"{done.town} ist eingerichtet. Starten: allmende up --no-demo",
        f"{done.town} is set up. Start it: allmende up --no-demo",
    )
    frame.emit(args, payload, lines)
    return 0


def _answers(args: argparse.Namespace) -> dict[str, dict[str, Any]] | None:
    """The answers file with the options laid over it; None after saying what is wrong with a file."""
    try:
        answers: dict[str, Any] = tomllib.loads(args.answers.read_text()) if args.answers else {}
        for option, section, field, _german, _english in OPTIONS:
            value = getattr(args, option.replace("-", "_"))
            if value is not None:
                answers.setdefault(section, {})[field] = value
        if args.behind_proxy:
            answers.setdefault("address", {})["behind_proxy"] = True
        if args.close is not None:
            closed = [word.strip() for word in args.close.split(",") if word.strip()]
            answers.setdefault("rooms", {})["closed"] = closed
        for section in ("account", "mail"):
            if path := answers.get(section, {}).pop("password_file", None):
                answers[section]["password"] = Path(path).read_text().rstrip("\n")
    except (OSError, tomllib.TOMLDecodeError, AttributeError, TypeError) as error:
        frame.fail(args, "answers", f"{type(error).__name__}: {error}")
        return None
    return answers


def _ask(label: str, default: str, secret: bool) -> str:
    if secret:
        return getpass.getpass(f"{label}: ")
    typed = input(f"{label} [{default}]: " if default else f"{label}: ").strip()
    return typed or default
