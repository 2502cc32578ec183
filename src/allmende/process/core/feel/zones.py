"""Time zones as data for the sandbox, which has no clock and no files: when the offset of a zone changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypedDict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Outside these years the offset of the nearest one holds.
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)


class Zone(TypedDict):
    at: list[int]  # seconds since 1970 (UTC) of each change
    offsets: list[int]  # seconds east of UTC: before the first change, after it, after the second, …


@lru_cache(maxsize=600)
def transitions(name: str) -> Zone | None:
    """Changes of the zone's offset from 1900 to 2100; None when there is no such zone."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

    def offset(moment: datetime) -> int:
        found = moment.astimezone(zone).utcoffset()
        assert found is not None
        return int(found.total_seconds())

    at: list[int] = []
    offsets = [offset(FIRST)]
    moment = FIRST
    while moment < LAST:
        after = moment + STEP
        if (new := offset(after)) != offsets[-1]:
            at.append(_change(moment, after, offset))
            offsets.append(new)
        moment = after
    return {"at": at, "offsets": offsets}


def _change(before: datetime, after: datetime, offset: Callable[[datetime], int]) -> int:
    """The second of the change between two moments with different offsets."""
    low, high = int(before.timestamp()), int(after.timestamp())
    old = offset(before)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return high
