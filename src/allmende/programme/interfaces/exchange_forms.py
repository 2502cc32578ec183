"""Forms of the way in: file, sheet, columns."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.queries import topics
from ..exchange import mapping
from ..exchange.mapping import Listed
from ..exchange.workbook import LAST_ROW, Page
from ..models import ListImport, Measure


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (.xlsx or .json)"),
        help_text=gettext_lazy("Your own list as an Excel workbook, or a file that was exported here."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.json"}),
    )


class SheetForm(forms.Form):
    """Where in the workbook the list stands."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header = forms.IntegerField(
        label=gettext_lazy("Row with the headings"),
        min_value=1,
        max_value=LAST_ROW,
        help_text=gettext_lazy("Its number at the left edge of the sheet. Titles above it are left out."),
    )

    def __init__(self, pages: list[Page], row: ListImport, data: Any = None) -> None:
        super().__init__(data, initial={"sheet": row.sheet, "header": row.header})
        self.fields["sheet"].choices = [(page.title, page.title) for page in pages if page.rows]  # type: ignore[attr-defined]


def target_names() -> list[tuple[str, str]]:
    """What a column can be: (target, name), in the order of the select."""
    special = {"cost": _("Costs in euro")}
    found = []
    for target in mapping.TARGETS:
        if target in special:
            found.append((target, special[target]))
        elif target.startswith("m") and target[1].isdigit():
            number, what = target[1:].split(".")
            text = {
                "title": _("Milestone %(number)s: what is reached"),
                "plan": _("Milestone %(number)s: planned for"),
                "done": _("Milestone %(number)s: reached on"),
            }[what]
            found.append((target, text % {"number": number}))
        else:
            found.append((target, str(Measure._meta.get_field(target).verbose_name)))  # type: ignore[union-attr]
    return found


class ColumnsForm(forms.Form):
    """What each column of a list is; a proposal where nothing was said yet."""

    def __init__(self, found: Listed, row: ListImport, data: Any = None) -> None:
        chosen = {int(index): target for index, target in row.columns.items()} or mapping.guess(found.labels)
        initial = {f"column-{index}": target for index, target in chosen.items()} | {"topic": row.topic}
        super().__init__(data, initial=initial)
        self.width = len(found.labels)
        options = [("", _("– leave out –")), *target_names()]
        sample = found.rows[0][1] if found.rows else []
        for index, label in enumerate(found.labels):
            value = mapping.as_text(sample[index].value)[:60] if index < len(sample) else ""
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=label[:80] or _("Column %(number)s") % {"number": index + 1},
                choices=options,
                required=False,
                help_text=_("For example: %(value)s") % {"value": value} if value else "",
            )
        choices = [("", _("– as the column says –")), *((topic.slug, str(topic)) for topic in topics())]
        self.fields["topic"] = forms.ChoiceField(
            label=_("Topic where a row names none"), choices=choices, required=False
        )

    def columns(self) -> dict[int, str]:
        return {index: self.cleaned_data[f"column-{index}"] for index in range(self.width)}
