"""Money spread over time. Pure."""

from datetime import date


def by_year(cents: int, starts: date, ends: date) -> dict[int, int]:
    """`cents` spread evenly over the days from `starts` to `ends` (both included), for each calendar year.

    Whole cents that add up exactly: a year gets what is due by its last day, rounded down, less what came before.
    Raises ValueError where the end lies before the beginning.
    """
    if ends < starts:
        raise ValueError("the end lies before the beginning")
    before, last = starts.toordinal() - 1, ends.toordinal()
    found, given = {}, 0
    for year in range(starts.year, ends.year + 1):
        passed = last if year == ends.year else date(year, 12, 31).toordinal()
        due = cents * (passed - before) // (last - before)
        found[year] = due - given
        given = due
    return found
