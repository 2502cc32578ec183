"""Money spread over time. Pure."""

from datetime import date


def by_year(cents: int, starts: date, ends: date) -> dict[int, int]:
    """`cents` spread evenly over the days from `starts` to `ends` (both included), for each calendar year.

    Whole cents that add up exactly: a year gets what is due by its last day, rounded down, less what came before.
    Raises ValueError where the end lies before the beginning.
    """
    if ends < starts:
        raise ValueError("the end lies before the beginning")
    days = (ends - starts).days + 1
    found, given = {}, 0
    for year in range(starts.year, ends.year + 1):
        passed = (min(ends, date(year, 12, 31)) - starts).days + 1
        due = cents * passed // days
        found[year] = due - given
        given = due
    return found
