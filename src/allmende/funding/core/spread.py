"""Money spread over time. Pure."""

from datetime import date


def by_year(cents: int, starts: date, ends: date) -> dict[int, int]:
    """`cents` spread evenly over the days from `starts` to `ends` (both included), for each calendar year.

    Adds up exactly: a year gets what is due by its last day less what came before, in whole euros, because cents would
    pretend to a precision that an even spread does not have; cents of the amount itself come in the last year.
    Raises ValueError where the end lies before the beginning.
    """
    if ends < starts:
        raise ValueError("the end lies before the beginning")
    before, last = starts.toordinal() - 1, ends.toordinal()
    found, given = {}, 0
    for year in range(starts.year, ends.year):
        due = cents * (date(year, 12, 31).toordinal() - before) // (100 * (last - before)) * 100
        found[year] = due - given
        given = due
    return found | {ends.year: cents - given}
