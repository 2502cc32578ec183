"""Reasons as sentences, in German and English."""

from __future__ import annotations

from fractions import Fraction

from .amounts import decimal
from .explain import Answer
from .outcome import Reason, Why

_TEXTS: dict[str, tuple[str, str]] = {
    "supporters_pay": (
        "{position}. gekauft: {paying} Stimmen zahlen ihren vollen Anteil{payment}, {poor} alles, was sie noch haben.",
        "bought in round {position}: {paying} voters pay their full part{payment}, {poor} all they have left.",
    ),
    "supporters_pay_alone": (
        "{position}. gekauft: {paying} Stimmen zahlen{payment}.",
        "bought in round {position}: {paying} voters pay{payment}.",
    ),
    "load": (
        "{position}. gekauft, sobald {paying} Stimmen zusammen genug Geld hatten.",
        "bought in round {position}, as soon as {paying} voters together had the money.",
    ),
    "free": ("kostet nichts und wird unterstützt.", "costs nothing and has supporters."),
    "rank": (
        "Rang {position} mit {votes} Stimmen (Punkte: {score}).",
        "rank {position} with {votes} votes (score {score}).",
    ),
    "completion": (
        "Rang {position}; aus dem Rest ergänzt, {votes} Stimmen.",
        "rank {position}; added from what was left, {votes} votes.",
    ),
    "no_support": ("niemand hat Geld dafür gegeben: {votes} Stimmen.", "nobody gave money for it: {votes} votes."),
    "supporters_money": (
        "{votes} Stimmen, die zusammen noch {available} haben; es fehlen {missing}.",
        "{votes} votes, which together have {available} left; {missing} are missing.",
    ),
    "does_not_fit": (
        "{votes} Stimmen; übrig waren {available}, es fehlen {missing}.",
        "{votes} votes; {available} were left, {missing} are missing.",
    ),
    "stopped": (
        "{votes} Stimmen; die Auswahl endete vorher, bei {by}.",
        "{votes} votes; the selection ended before, at {by}.",
    ),
    "threshold": (
        "{votes} Stimmen (Punkte: {score}); verlangt sind {threshold}.",
        "{votes} votes (score {score}); {threshold} are required.",
    ),
    "withdrawn": ("zurückgezogen.", "withdrawn."),
}
_TIED = (" Gleichstand mit {tied}: die Reihenfolge entschied.", " Tied with {tied}: the order decided.")
_ANSWERS = {
    "supporters": ("{number} weitere Unterstützer hätten genügt", "{number} more supporters would have sufficed"),
    "cost": ("{number} weniger Kosten hätten genügt", "{number} less cost would have sufficed"),
}


def sentence(reason: Reason, votes: int, score: Fraction, currency: str, language: str) -> str:
    """Why a project is in or out. `language` is `de` or `en`."""
    place = 0 if language == "de" else 1
    key = reason.why.value
    if reason.why is Why.SUPPORTERS_PAY:
        key = "load" if reason.load is not None else key if reason.poor else "supporters_pay_alone"
    paid = ""
    if reason.payment is not None:
        paid = (" je {}", " {} each")[place].format(money(reason.payment, currency, language))
    values = {
        "position": reason.position, "paying": reason.paying, "poor": reason.poor, "payment": paid, "votes": votes,
        "score": _number(score, language), "by": reason.by,
    }  # fmt: skip
    for name in ("available", "missing"):
        value = getattr(reason, name)
        values[name] = money(value, currency, language) if value is not None else ""
    values["threshold"] = _number(reason.threshold or Fraction(0), language)
    tied = _TIED[place].format(tied=", ".join(reason.tied)) if reason.tied else ""
    return _TEXTS[key][place].format(**values) + tied


def answers(found: dict[str, Answer], currency: str, language: str) -> str:
    """Such as: 7 more supporters would have sufficed; 1,200 EUR less cost would have sufficed. Or nothing."""
    place = 0 if language == "de" else 1
    parts = []
    for key, answer in found.items():
        if answer.enough is not None:
            number = money(Fraction(answer.enough), currency, language) if key == "cost" else str(answer.enough)
            parts.append(_ANSWERS[key][place].format(number=number))
    return "; ".join(parts) + "." if parts else ""


def money(value: Fraction, currency: str, language: str) -> str:
    places = 0 if value.denominator == 1 else 2
    return f"{_grouped(decimal(value, places), language)} {currency}".strip()


def _number(value: Fraction, language: str) -> str:
    return _grouped(decimal(value, 0 if value.denominator == 1 else 2), language)


def _grouped(text: str, language: str) -> str:
    whole, _, rest = text.partition(".")
    point, comma = (",", ".") if language == "de" else (".", ",")
    return f"{int(whole):,}".replace(",", comma) + (point + rest if rest else "")
