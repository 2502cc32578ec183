"""Forms of reports and papers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..reports.freeze import EARLIEST


class YearForm(forms.Form):
    """Which year a report is about."""

    year = forms.IntegerField(label=_("Year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["year"].initial = today.year - 1
        self.fields["year"].widget.attrs.update({"min": EARLIEST, "max": today.year})
