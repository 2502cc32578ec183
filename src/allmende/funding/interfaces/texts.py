"""Sentences that several pages share."""

from django.utils.translation import gettext as _

from ..enums import Counting


def chart_title(counting: str) -> str:
    if counting == Counting.NOTICE:
        return _("Granted in the year of the notice, all towns")
    return _("Granted, spread evenly over the period, all towns")
