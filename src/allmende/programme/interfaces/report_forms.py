"""Forms of reports and papers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from allmende.spine.files.forms import CheckedFileField

from ..domain.queries import filter_choices
from ..reports.freeze import EARLIEST
from ..reports.letterheads import KIND


class YearForm(forms.Form):
    """Which year a report is about."""

    year = forms.IntegerField(label=_("Year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["year"].initial = today.year - 1
        self.fields["year"].widget.attrs.update({"min": EARLIEST, "max": today.year})


class StatusForm(forms.Form):
    """Of which measures a status report is made."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = filter_choices(get_language() or "")
        self.fields["topic"].choices = [("", _("All topics")), *found["topic"]]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [("", _("All phases")), *found["phase"]]  # type: ignore[attr-defined]

    def choice(self) -> str:
        """What was chosen, in words: `Energie, Phase 1`."""
        names = [
            str(dict(self.fields[name].choices)[self.cleaned_data[name]])  # type: ignore[attr-defined]
            for name in ("topic", "phase")
            if self.cleaned_data[name]
        ]
        return ", ".join(names) or gettext("All measures")


class TemplateForm(forms.Form):
    """A Word template of the town's own."""

    file = CheckedFileField(label=_("Template (Word)"), kinds={KIND})
