"""Numbers, money, ages as people of the active language write them."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Context, Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

NBSP = "\u00a0"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
Number = int | float | Decimal
# Wide enough for every float: rounding in the usual 28 digits refuses larger numbers.
_WIDE = Context(prec=400)


_SINGLE = str.maketrans("„“”", "‚‘’")


def within_quotes(title: str) -> str:
    """A title as it stands within quotation marks: its own become single ones."""
    return title.translate(_SINGLE)


def english() -> bool:
    return (get_language() or "de").startswith("en")


def number(value: Number | None, decimals: int | None = None, unit: str = "") -> str:
    """1234.5 as `1.234,5` (German) or `1,234.5`; None reads as "unknown". Rounded half to even to `decimals` places,
    or, without them, to as many as the value has, at most three: 0.1 + 0.2 is 0,3."""
    if value is None:
        return pgettext("a figure", "unknown")
    exact = Decimal(str(value))
    if decimals is None:
        exact = _rounded(exact, 3).normalize(_WIDE)
        decimals = max(0, -int(exact.as_tuple().exponent))
    exact = _rounded(exact, decimals)
    text = number_format(exact, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    text = text.replace("-", "\u2212", 1) if text.startswith("-") else text
    return f"{text}{NBSP}{unit}" if unit else text


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """A zero has no sign, whatever it was rounded from."""
    found = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _WIDE)
    return found if found else abs(found)


def money(cents: int | None, style: str = "", currency: str = "EUR") -> str:
    """Integer cents as text. Whole amounts without cents; `exact` always with; `compact` in millions."""
    if cents is None:
        return pgettext("a figure", "unknown")
    amount = Decimal(cents) / 100
    symbol = SYMBOLS.get(currency, currency)
    if style == "compact" and abs(amount) >= 1_000_000:
        digits = number(round(amount / 1_000_000, 2))
        text = f"{digits}{NBSP}{pgettext('short for million', 'm')}"
    else:
        whole = style != "exact" and cents % 100 == 0
        text = number(amount, 0 if whole else 2)
    if not english():
        return f"{text}{NBSP}{symbol}"
    return f"\u2212{symbol}{text[1:]}" if text.startswith("\u2212") else f"{symbol}{text}"


def age(since: dt.datetime | dt.date, now: dt.datetime | None = None) -> str:
    """How long ago in the largest whole unit: `3 days`, `2 hours`; below a minute `just now`."""
    days, seconds = _passed(since, now)
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)}
    if seconds >= 3600:
        hours = seconds // 3600
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    if seconds >= 60:
        minutes = seconds // 60
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return gettext("today") if _is_date(since) else gettext("just now")


def ago(since: dt.datetime | dt.date, now: dt.datetime | None = None) -> str:
    """`3 days ago`: like age(), as a time of its own (German needs another case)."""
    days, seconds = _passed(since, now)
    if days:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": number(days)}
    if seconds >= 3600:
        hours = seconds // 3600
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    if seconds >= 60:
        minutes = seconds // 60
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    return gettext("today") if _is_date(since) else gettext("just now")


def deadline(due: dt.datetime | dt.date, now: dt.datetime | None = None) -> str:
    """`3 days left`, `due today`, `2 days late`, counted in local days."""
    today = timezone.localtime(now).date()
    last = due if not isinstance(due, dt.datetime) else timezone.localtime(due).date()
    left = (last - today).days
    if left > 0:
        return ngettext("%(count)s day left", "%(count)s days left", left) % {"count": number(left)}
    if left == 0:
        return gettext("due today")
    return ngettext("%(count)s day late", "%(count)s days late", -left) % {"count": number(-left)}


def _is_date(value: dt.datetime | dt.date) -> bool:
    return not isinstance(value, dt.datetime)


def _passed(since: dt.datetime | dt.date, now: dt.datetime | None) -> tuple[int, int]:
    moment = now or timezone.now()
    if isinstance(since, dt.datetime):
        passed = max(moment - since, dt.timedelta())
        return passed.days, passed.seconds
    return max((timezone.localtime(moment).date() - since).days, 0), 0
