"""`allmende opinions map DIR`: groups of people who vote alike, from the files that Polis exports.

Needs no database and no Django. Exit codes: 0 a map was made; 1 more groups asked for than people can form;
2 unreadable.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame
from allmende.spine.supervisor.words import language

HELP = {
    "de": "Meinungskarte: wer ähnlich abstimmt, was alle teilen, was trennt (Polis-Export)",
    "en": "opinion map: who votes alike, what all share, what divides (Polis export)",
}
DATA = False
UNREADABLE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="action", required=True, metavar=frame.text("WAS", "WHAT"))
    text = frame.text("die Karte eines Gesprächs rechnen", "compute the map of a conversation")
    one = words.add_parser("map", help=text, description=text)
    one.add_argument(
        "folder", type=Path, metavar="DIR",
        help=frame.text("Ordner mit comments.csv, votes.csv, participants-votes.csv, summary.csv (auch .gz)",
                        "folder with comments.csv, votes.csv, participants-votes.csv, summary.csv (also .gz)"),
    )  # fmt: skip
    _number(
        one,
        "--seed",
        0,
        0,
        frame.text("Anfang des Zufalls: gleiche Zahl, gleiche Karte", "the same number, the same map"),
    )
    _number(one, "--groups", 1, None, frame.text("so viele Gruppen (sonst gefunden)", "so many groups (else found)"))
    _number(one, "--most-groups", 2, 10, frame.text("höchstens so viele versuchen", "try so many at most"))
    text = frame.text("so viele Achsen (2–9, sonst gefunden; Polis: 2)", "so many axes (2–9, else found; Polis: 2)")
    _number(one, "--dimensions", 2, None, text, 9)
    text = frame.text("ab so vielen Stimmen formt jemand Gruppen mit", "votes from which somebody forms groups")
    _number(one, "--min-votes", 1, 7, text)
    text = frame.text("Wiederholungen für die Stabilität", "resamples for the stability")
    _number(one, "--resamples", 0, 50, text, 10_000)
    # People write it after the word; what the frame set stays where they do not.
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _number(
    parser: argparse.ArgumentParser, name: str, least: int, default: int | None, help: str, most: int = 2**63 - 1
) -> None:
    def whole(value: str) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError
        return number

    whole.__name__ = "number"  # argparse says it in its message
    said = help if default is None else f"{help} ({default})"
    parser.add_argument(name, type=whole, default=default, metavar="N", help=said)


def run(args: argparse.Namespace) -> int:
    tables, exports = _core("tables"), _core("exports")
    try:
        conversation = exports.read(args.folder)
    except tables.Unreadable as exc:
        frame.fail(args, exc.code, exc.text(language()))
        return UNREADABLE
    mapping, result = _core("mapping"), _core("result")
    options = mapping.Options(args.seed, args.groups, args.dimensions, args.most_groups, args.min_votes, args.resamples)
    try:
        made = mapping.compute(conversation.votes, options)
    except mapping.Impossible as exc:
        said = frame.text(
            f"So viele Gruppen gibt es nicht, höchstens {exc.most}.", f"There are {exc.most} groups at most."
        )
        frame.fail(args, "too_many_groups", said)
        return 1
    payload = {
        "ok": True,
        "conversation": result.conversation_json(conversation, made),
        **result.as_json(made),
    }
    frame.emit(args, payload, _lines(payload))
    return 0


def _core(part: str) -> Any:
    """A module of the room of dialogue, which lies above us: found by its name, as the frame finds the settings."""
    return importlib.import_module(f"allmende.dialogue.core.opinions.{part}")


def _lines(payload: dict[str, Any]) -> Iterator[str]:
    counts = payload["run"]["counts"]
    text = {one["id"]: one["text"] or f"#{one['id']}" for one in payload["statements"]}
    yield payload["conversation"]["topic"] or frame.text("Meinungskarte", "Opinion map")
    yield frame.text(
        f"{counts['votes']} Stimmen von {counts['people']} Personen zu {counts['statements']} Aussagen; "
        f"{counts['people_in_groups']} Personen in {payload['k']} Gruppen",
        f"{counts['votes']} votes of {counts['people']} people on {counts['statements']} statements; "
        f"{counts['people_in_groups']} people in {payload['k']} groups",
    )
    for group in payload["groups"]:
        stable = "–" if group["stability"] is None else f"{group['stability']:.2f}"
        yield frame.text(
            f"Gruppe {group['id']}: {group['size']} Personen, Stabilität {stable}",
            f"Group {group['id']}: {group['size']} people, stability {stable}",
        )
        for one in group["representative"]:
            side = frame.text("dafür", "agree") if one["side"] == "agree" else frame.text("dagegen", "disagree")
            yield f"  {side} {one['votes']}/{one['of']}: {_short(text[one['statement']])}"
    shared = frame.text("Alle Gruppen stimmen zu", "All groups agree")
    for id in payload["consensus"][:5]:
        yield f"{shared}: {_short(text[id])}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"
