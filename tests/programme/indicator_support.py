"""Makers for the tests of indicators."""

import datetime as dt
from datetime import date
from typing import Any

from allmende.programme.domain.indicators import add_break, define_indicator, publish_indicator, record_values
from allmende.programme.models import Indicator
from allmende.spine.instance.domain.settings import change

MEANT = {
    "text": "Wie viele Pkw zugelassen sind.",
    "unit": "Pkw je 1.000 Menschen",
    "direction": "down",
    "source": "INKAR, © BBSR",
    "source_url": "https://www.inkar.de",
    "licence": "dl-de/by-2-0",
}


def make_indicator(published: bool = True, **values: Any) -> Indicator:
    indicator = define_indicator(MEANT | {"title": "Pkw-Dichte"} | values, actor="test")
    return publish_indicator(indicator, actor="test") if published else indicator


def our_town() -> None:
    """The town is Kaiserslautern: 07312 is its own code."""
    change({"town": "Kaiserslautern", "ags": "07312000"}, actor="test")


def row(indicator: Indicator, period: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator, "area": "07312", "period": period, "value": value} | more


def at(day: int, month: int = 1, year: int = 2024) -> dt.datetime:
    """Noon of a day, in universal time."""
    return dt.datetime(year, month, day, 12, tzinfo=dt.UTC)


def text_of(answer: Any) -> str:
    body: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode()


def shown() -> Indicator:
    """An indicator with a corrected value, a missing one and a break."""
    our_town()
    indicator = make_indicator()
    rows = [row(indicator, str(year), value) for year, value in ((2006, "1540.39"), (2007, None), (2008, "478.28"))]
    record_values(rows, vintage=at(1), actor="test")
    record_values([row(indicator, "2008", "478.06", note="Tippfehler")], vintage=at(5), actor="test")
    add_break(indicator, date=date(2008, 1, 1), reason="Ohne stillgelegte Fahrzeuge", actor="test")
    return Indicator.objects.get(pk=indicator.pk)
