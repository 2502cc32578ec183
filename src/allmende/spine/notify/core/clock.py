"""Quiet hours and digest times by the wall clock of the town. Pure; both DST nights included."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

DIGEST_HOUR = 7
MONDAY = 0
_MINUTE = timedelta(minutes=1)


def is_quiet(now: datetime, quiet_from: time | None, quiet_to: time | None, zone: ZoneInfo) -> bool:
    """Whether the wall clock stands in [from, to). Over midnight where `to` is earlier; never where both are the
    same."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return False
    wall = now.astimezone(zone).time()
    if quiet_from < quiet_to:
        return quiet_from <= wall < quiet_to
    return wall >= quiet_from or wall < quiet_to


def next_allowed(now: datetime, quiet_from: time | None, quiet_to: time | None, zone: ZoneInfo) -> datetime:
    """`now`, or the first whole minute after it whose wall clock is not in the quiet hours.

    Goes minute by minute in real time, so a night with a missing or a doubled hour needs no case of its own.
    """
    if not is_quiet(now, quiet_from, quiet_to, zone):
        return now
    moment = now.replace(second=0, microsecond=0) + _MINUTE
    while is_quiet(moment, quiet_from, quiet_to, zone):
        moment += _MINUTE
    return moment


def latest_due(now: datetime, weekly: bool, zone: ZoneInfo) -> datetime:
    """The last 7 o'clock (of a Monday, if `weekly`) that is not after `now`: what came before it goes into that
    digest."""
    wall = now.astimezone(zone)
    due = datetime.combine(wall.date(), time(DIGEST_HOUR), tzinfo=zone)
    if weekly:
        due = datetime.combine(wall.date() - timedelta(days=wall.weekday() - MONDAY), time(DIGEST_HOUR), tzinfo=zone)
    if due > now:
        due = datetime.combine(due.date() - timedelta(days=7 if weekly else 1), time(DIGEST_HOUR), tzinfo=zone)
    return due
