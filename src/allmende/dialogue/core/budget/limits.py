"""The limits that META sets for a ballot, checked on each ballot.

Which limits there are: pabulib.org/format, "Section 1". Limits of a category are a list in the order of `categories`,
or one number for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from .amounts import NotANumber, number, plain
from .model import ORDINAL, Ballot, Election, Finding
from .texts import MEASURES

# What META says about the selection; no rule here honours it, and it is said so.
SELECTION = ("budget_per_category", "budget_per_neighborhood")
# Of a ballot, for some of the projects or (None) all: what the limit is about.
Measure = Callable[[Ballot, frozenset[str] | None], Sequence[int | Fraction]]


def check_ballots(election: Election, lines: Mapping[str, int]) -> list[Finding]:
    """A Finding for each ballot and limit that it breaks, and for limits that cannot be read."""
    findings = [Finding("not_honoured", lines.get(key, 0), {"key": key}) for key in SELECTION if key in election.meta]
    # Whole numbers are quicker, and most costs are.
    costs = {one.id: one.cost if one.cost.denominator > 1 else int(one.cost) for one in election.projects}
    measures: dict[str, Measure] = {
        "length": lambda ballot, only: (len(_of(ballot, only)),),
        "sum_cost": lambda ballot, only: (sum([costs[one] for one in _of(ballot, only)]),),
        "points": lambda ballot, only: ballot.points or (),
        "sum_points": lambda ballot, only: (sum(ballot.points or ()),),
    }
    names = _list(election.meta.get("categories", ""))
    members = {
        name: frozenset(one.id for one in election.projects if name in _list(one.fields.get("category", "")))
        for name in names
    }
    for side in ("min", "max"):
        for kind, measure in measures.items():
            if kind in ("points", "sum_points") and election.vote_type in ORDINAL:
                continue  # there points only say ranks
            for limit, only, key in _limits(election, f"{side}_{kind}", names, members, lines, findings):
                if side == "min" and limit <= 0 and kind in ("length", "sum_cost"):
                    continue  # nothing is less
                for ballot in election.ballots:
                    findings += _broken(ballot, measure(ballot, only), side, kind, limit, key)
    if election.vote_type == "choose-1":
        for ballot in election.ballots:
            side = "min" if not ballot.projects else "max"
            findings += _broken(ballot, [len(ballot.projects)], side, "length", Fraction(1), "vote_type")
    return findings


def _limits(
    election: Election,
    key: str,
    names: list[str],
    members: Mapping[str, frozenset[str]],
    lines: Mapping[str, int],
    findings: list[Finding],
) -> list[tuple[Fraction, frozenset[str] | None, str]]:
    """Limit, the projects that it is about (None: all), and its name; for the key and for its form per category."""
    found: list[tuple[Fraction, frozenset[str] | None, str]] = []
    for name, cells in ((key, [election.meta.get(key, "")]), *_per_category(election, key, names)):
        for place, cell in enumerate(cells):
            if not cell:
                continue
            try:
                limit = number(cell)
            except NotANumber:
                findings.append(Finding("bad_limit", lines.get(name, 0), {"key": name, "value": cell}))
                continue
            category = names[place] if name != key else ""
            found.append((limit, members[category] if category else None, f"{name} {category}".strip()))
    return found


def _per_category(election: Election, key: str, names: list[str]) -> list[tuple[str, list[str]]]:
    name = f"{key}_per_category"
    cells = _list(election.meta.get(name, ""))
    if len(cells) == 1:
        cells *= len(names)
    return [(name, cells[: len(names)])]


def _broken(
    ballot: Ballot, found: Sequence[int | Fraction], side: str, kind: str, limit: Fraction, key: str
) -> list[Finding]:
    for value in found:
        if value < limit if side == "min" else value > limit:
            values = {
                "voter": ballot.voter, "what": MEASURES[kind], "found": plain(Fraction(value)), "limit": plain(limit),
                "key": key,
            }  # fmt: skip
            return [Finding("below" if side == "min" else "above", ballot.line, values, ballot=True)]
    return []


def _of(ballot: Ballot, only: frozenset[str] | None) -> Sequence[str]:
    if only is None:
        return ballot.projects
    return [one for one in ballot.projects if one in only]


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(",") if part.strip()]
