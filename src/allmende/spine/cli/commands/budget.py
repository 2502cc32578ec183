"""`allmende budget count FILE.pb --rule …`: a participatory budget counted from a Pabulib file, and why.

Needs no database and no Django. Exit codes: 0 counted; 2 unreadable, or the wish makes no sense for these ballots.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame
from allmende.spine.supervisor.words import language

HELP = {
    "de": "Bürgerbudgets aus Pabulib-Dateien auszählen, mit Begründung je Vorhaben",
    "en": "count participatory budgets from Pabulib files, with a reason for each project",
}
DATA = False
UNREADABLE = 2
# The words of core/budget, which lies above us; a test keeps them the same.
RULES = ("greedy", "greedy-noskip", "greedy-threshold", "mes", "mes-add1", "mes-add1u", "phragmen")
SATISFACTIONS = ("cost", "cardinality", "points", "score")
_SHOWN = 20


def configure(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="action", required=True, metavar=frame.text("WAS", "WHAT"))
    count = _word(words, "count", frame.text("nach einer Regel auszählen", "count by a rule"))
    count.add_argument("--rule", required=True, choices=RULES, help=frame.text("die Regel", "the rule"))
    text = frame.text(
        "womit Zufriedenheit gemessen wird (sonst wie üblich)", "measure of satisfaction (else the usual)"
    )
    count.add_argument("--satisfaction", choices=SATISFACTIONS, help=text)
    text = frame.text("Mindestzahl (sonst die der Datei)", "minimum score (else that of the file)")
    count.add_argument("--threshold", metavar="N", help=text)
    text = frame.text("ungültige Stimmzettel ablehnen statt melden", "refuse ballots that break the limits")
    count.add_argument("--strict", action="store_true", help=text)
    text = frame.text(
        "was anders hätte sein müssen (ohne Kennung: für alle)", "what would have sufficed (no id: for all)"
    )
    count.add_argument("--explain", nargs="*", metavar="ID", help=text)
    text = frame.text("höchstens so viele Zählungen je Frage", "at most so many counts for each question")
    count.add_argument("--runs", type=_runs, default=40, metavar="N", help=text)
    text = frame.text("nach allen Regeln auszählen, nebeneinander", "count by all rules, side by side")
    _word(words, "compare", text)


def _word(words: Any, name: str, help: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = words.add_parser(name, help=help, description=help)
    one.add_argument("file", type=Path, metavar="FILE.pb", help=frame.text("auch .pb.gz", "also .pb.gz"))
    text = frame.text("Reihenfolge bei Gleichstand: eine Kennung je Zeile", "order in ties: one project id a line")
    one.add_argument("--order", type=Path, metavar="FILE", help=text)
    # People write it after the word; what the frame set stays where they do not.
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return one


def _runs(value: str) -> int:
    number = int(value)
    if not 1 <= number <= 100_000:
        raise ValueError
    return number


def run(args: argparse.Namespace) -> int:
    refused = _core("model").Unreadable
    try:
        election = _core("pabulib").read(_bytes(args.file), strict=getattr(args, "strict", False))
        order = _core("orders").read_order(_bytes(args.order)) if args.order else None
        if args.action == "compare":
            return _compare(args, election, order)
        return _count(args, election, order)
    except OSError as exc:
        frame.fail(args, "missing", f"{exc.filename or args.file}: {exc.strerror}")
    except refused as exc:
        frame.fail(args, exc.code, exc.text(language()))
    return UNREADABLE


def _core(part: str) -> Any:
    """A module of the room of dialogue, which lies above us: found by its name, as the frame finds the settings."""
    return importlib.import_module(f"allmende.dialogue.core.budget.{part}")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        data: bytes = stream.read(_core("sections").MAX_BYTES + 1)
    return data


def _count(args: argparse.Namespace, election: Any, order: Any) -> int:
    threshold: Fraction | None = _core("pabulib").threshold(args.threshold) if args.threshold else None
    result = _core("count").count(election, args.rule, order, args.satisfaction, threshold)
    payload = {"ok": True} | result.as_json() | {"file": _said(election, result)}
    payload["findings"] = [one.as_json() for one in result.findings]
    answers = {}
    if args.explain is not None:
        explain = _core("explain").explain
        asked = args.explain or [key for key in result.reasons if key not in result.winners]
        answers = {key: explain(result, key, args.runs) for key in asked}
        payload["explained"] = {
            key: {name: answer.as_json() for name, answer in found.items()} for key, found in answers.items()
        }
    frame.emit(args, payload, _lines(election, result, answers))
    return 0


def _said(election: Any, result: Any) -> dict[str, Any]:
    """What the file itself says: its rule, the projects it marks as selected, and whether these are ours."""
    marks = {one.id: one.fields.get("selected", "") for one in election.projects}
    selected = [key for key, mark in marks.items() if mark == "1"]
    same = set(selected) == set(result.winners) if any(marks.values()) else None
    return {"rule": election.meta.get("rule", ""), "selected": selected, "same": same}


def _lines(election: Any, result: Any, answers: Any) -> Iterator[str]:
    words, currency, lang = _core("words"), election.meta.get("currency", ""), language()
    cost, budget = (words.money(value, currency, lang) for value in (result.cost, result.budget))
    yield frame.text(
        f"{len(result.winners)} von {len(result.reasons)} Vorhaben für {cost} von {budget}; {result.voters} Stimmen",
        f"{len(result.winners)} of {len(result.reasons)} projects for {cost} of {budget}; {result.voters} voters",
    )
    lost = [key for key in result.reasons if key not in set(result.winners)]
    for sign, keys in (("+", result.winners), ("-", lost)):
        for key in keys:
            said = words.sentence(result.reasons[key], result.votes[key], result.scores[key], currency, lang)
            more = words.answers(answers.get(key, {}), currency, lang)
            cost = words.money(result.costs[key], currency, lang)
            yield f"{sign} {key}  {result.names[key]}  ({cost}): {said} {more}".rstrip()
    for one in result.findings[:_SHOWN]:
        yield f"! {one.text(lang)}"
    if len(result.findings) > _SHOWN:
        rest = len(result.findings) - _SHOWN
        yield frame.text(f"! … und {rest} weitere Hinweise (--json)", f"! … and {rest} more findings (--json)")


def _compare(args: argparse.Namespace, election: Any, order: Any) -> int:
    results = _core("count").compare(election, RULES, order)
    rules = {}
    for rule, result in results.items():
        found = result.as_json()
        rules[rule] = {key: found[key] for key in ("satisfaction", "winners", "cost", "left")}
    payload = {"ok": True, "voters": len(election.ballots), "rules": rules}
    frame.emit(args, payload, _table(election, results))
    return 0


def _table(election: Any, results: Any) -> Iterator[str]:
    width = max([len(one.id) for one in election.projects], default=2)
    yield " " * width + "  " + "  ".join(results)
    for one in election.projects:
        cells = (("x" if one.id in result.winners else ".").center(len(rule)) for rule, result in results.items())
        yield f"{one.id:{width}}  {'  '.join(cells)}  {one.name}".rstrip()
