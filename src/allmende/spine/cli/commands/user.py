"""`allmende user add|list|password|disable|token`: accounts from the terminal of the machine that the town runs on."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame

HELP = {
    "de": "Konten, Rollen und Zugangsschlüssel verwalten",
    "en": "manage accounts, roles and access tokens",
}
# Accounts of programs that have no person behind them; the domain is reserved (RFC 6761) and gets no mail.
SERVICE = "dienst-{role}@dienst.invalid"


class Refused(Exception):
    """What the person at the terminal asked for cannot be done."""

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code, self.hint = code, hint


def configure(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="action", required=True, metavar=frame.text("WAS", "WHAT"))
    add = _word(words, "add", frame.text("Konto anlegen und eine Rolle geben", "make an account and give it a role"))
    add.add_argument("email")
    add.add_argument("--role", required=True, metavar="R", help=frame.text("Rolle", "role"))
    add.add_argument("--scope", default="instance", metavar="S", help="instance, organisation:…, area:…, measure:…")
    add.add_argument("--until", type=date.fromisoformat, metavar=frame.text("DATUM", "DATE"), help="2027-12-31")
    add.add_argument("--name", default="", metavar="N")
    _word(words, "list", frame.text("Konten mit ihren Rollen auflisten", "list accounts with their roles"))
    password = _word(
        words,
        "password",
        frame.text(
            "Passwort setzen (gefragt, oder eine Zeile auf der Standardeingabe)", "set a password (asked, or stdin)"
        ),
    )
    password.add_argument("email")
    disable = _word(words, "disable", frame.text("Konto sperren", "disable an account"))
    disable.add_argument("email")
    token = _word(words, "token", frame.text("Zugangsschlüssel für ein Programm", "access token for a program"))
    token.add_argument("--role", required=True, metavar="R", help=frame.text("nur diese Rolle", "this role only"))
    token.add_argument("--email", default="", metavar="E", help=frame.text("Konto (sonst Dienstkonto)", "account"))
    token.add_argument(
        "--days", type=int, default=90, metavar="N", help=frame.text("Tage gültig, 1 bis 365", "1 to 365")
    )


def _word(words: Any, name: str, help: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = words.add_parser(name, help=help, description=help)
    # People write them after the word; what the frame set stays where they do not.
    one.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=argparse.SUPPRESS)
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return one


def run(args: argparse.Namespace) -> int:
    with frame.database(args) as dsn:
        frame.django(args.data, dsn)
        from django.core.exceptions import ValidationError
        from django.db import transaction
        from django.utils import translation

        from allmende.spine.supervisor.words import language

        action = {"add": _add, "list": _list, "password": _password, "disable": _disable, "token": _token}[args.action]
        with translation.override(language()):
            try:
                with transaction.atomic():
                    payload, lines = action(args)
            except Refused as refused:
                frame.fail(args, refused.code, str(refused), refused.hint)
                return 1
            except ValidationError as error:
                frame.fail(args, "invalid", " ".join(error.messages))
                return 1
    frame.emit(args, {"ok": True} | payload, lines)
    return 0


Result = tuple[dict[str, Any], list[str]]


def _role(word: str) -> Any:
    from allmende.spine.people.enums import Role

    try:
        return Role(word.replace("-", "_"))
    except ValueError:
        raise Refused(
            "unknown_role",
            frame.text(f"Die Rolle {word} gibt es nicht.", f"There is no role {word}."),
            " ".join(role.value for role in Role),
        ) from None


def _account(email: str) -> Any:
    from allmende.spine.people.domain.queries import account_by_email

    account = account_by_email(email)
    if account is None:
        raise Refused("unknown_account", frame.text(f"Kein Konto mit der Adresse {email}.", f"No account {email}."))
    return account


def _described(account: Any) -> dict[str, Any]:
    from allmende.spine.people.domain.queries import roles_today

    roles = [
        {
            "role": row.role,
            "scope": row.scope,
            "from": row.valid_from.isoformat(),
            "until": row.valid_to.isoformat() if row.valid_to else None,
        }
        for row in roles_today(account)
    ]
    return {"id": account.pk, "email": account.email, "name": account.name, "active": account.is_active, "roles": roles}


def _add(args: argparse.Namespace) -> Result:
    """An account that is there already only gets the role."""
    from allmende.spine.people import scopes
    from allmende.spine.people.domain.accounts import create_account
    from allmende.spine.people.domain.assignments import assign
    from allmende.spine.people.domain.queries import account_by_email

    role = _role(args.role)
    if not scopes.exists(args.scope):
        raise Refused("unknown_scope", frame.text(f"{args.scope} gibt es nicht.", f"There is no {args.scope}."))
    account = account_by_email(args.email)
    made = account is None
    if account is None:
        account = create_account(args.email, name=args.name, actor="terminal", how="terminal")
    assign(account, role, scope=args.scope, valid_to=args.until, reason="terminal", actor="terminal")
    lines = [
        frame.text(f"{account.email}: {role.label}", f"{account.email}: {role.label}"),
        frame.text("Passwort setzen: allmende user password ADRESSE", "set a password: allmende user password EMAIL"),
    ]
    return {"created": made, "account": _described(account)}, lines if made else lines[:1]


def _list(args: argparse.Namespace) -> Result:
    from allmende.spine.people.domain.queries import all_accounts

    rows = [_described(account) for account in all_accounts()]
    lines = [
        f"{row['email']:40} {'' if row['active'] else frame.text('(gesperrt) ', '(disabled) ')}"
        + ", ".join(
            role["role"] + ("" if role["scope"] == "instance" else f"@{role['scope']}") for role in row["roles"]
        )
        for row in rows
    ]
    return {"accounts": rows}, lines


def _password(args: argparse.Namespace) -> Result:
    from allmende.spine.people.domain.accounts import set_password

    account = _account(args.email)
    if sys.stdin.isatty():
        new = getpass.getpass(frame.text("Neues Passwort: ", "New password: "))
        if new != getpass.getpass(frame.text("Noch einmal: ", "Once more: ")):
            raise Refused("differs", frame.text("Die beiden sind nicht gleich.", "The two are not the same."))
    else:
        new = sys.stdin.readline().rstrip("\n")
    set_password(account, new, actor="terminal")
    done = frame.text("Das Passwort ist gesetzt, alle Sitzungen sind beendet.", "Password set, all sessions ended.")
    return {"account": _described(account)}, [done]


def _disable(args: argparse.Namespace) -> Result:
    from allmende.spine.people.domain.accounts import disable_account

    account = disable_account(_account(args.email), actor="terminal")
    return {"account": _described(account)}, [frame.text("Das Konto ist gesperrt.", "The account is disabled.")]


def _token(args: argparse.Namespace) -> Result:
    """A key narrowed to one role, for an account or else for the role's service account, made where it is missing."""
    from allmende.spine.people.access import has_role
    from allmende.spine.people.domain import tokens
    from allmende.spine.people.domain.service import service_account

    role = _role(args.role)
    if not 1 <= args.days <= tokens.LONGEST.days:
        raise Refused("days", frame.text("Ein Schlüssel gilt 1 bis 365 Tage.", "A token lives 1 to 365 days."))
    if args.email:
        account = _account(args.email)
    else:
        account = service_account(SERVICE.format(role=role.value.replace("_", "-")), role, days=args.days)
    account.via_token = True  # a key asks for no second factor, so its making does not either
    if not has_role(account, role):
        raise Refused(
            "role_not_held",
            frame.text(
                f"{account.email} hat die Rolle {role.value} nicht.", f"{account.email} does not hold {role.value}."
            ),
        )
    token, key = tokens.create_token(account, "terminal", role=role, days=args.days, actor="terminal")
    payload = {"token": key, "role": role.value, "email": account.email, "expires": token.expires.isoformat()}
    return payload, [key]
