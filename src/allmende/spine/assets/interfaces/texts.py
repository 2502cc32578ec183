"""What people read when a table cannot be read."""

from django.utils.translation import gettext as _

from ..core.table import LARGEST, MOST_ROWS, TableRefused


def table_problem(error: TableRefused) -> str:
    texts = {
        "empty": _("The file is empty."),
        "too_large": _("The file is larger than %(size)s MB: please divide it.") % {"size": LARGEST // 1_000_000},
        "not_text": _("This is not a table in text form. In the spreadsheet program choose “Save as CSV”."),
        "no_rows": _("The table has headings but no rows."),
        "too_many_rows": _("The table has more than %(rows)s rows: please divide it.") % {"rows": MOST_ROWS},
        "ragged": _("Line %(line)s has more cells than the headings, or a quotation mark is not closed.")
        % {"line": error.line},
    }
    return texts[error.code]


def field_names() -> dict[str, str]:
    return {
        "number": _("Number of the thing"),
        "name": _("Name"),
        "place_name": _("Where it stands"),
        "owner": _("Owner"),
        "since": _("In service since"),
        "lon": _("Longitude"),
        "lat": _("Latitude"),
        "note": _("Note for staff"),
    }
