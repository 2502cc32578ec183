"""Forms of the way in: file, sheet, columns."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..domain.queries import phases, topics
from ..enums import DecisionKind, InvolvementRole
from ..exchange import importing, mapping
from ..exchange.listing import Listed
from ..exchange.mapping import text_of
from ..exchange.planning import Plan
from ..exchange.workbook import LAST_ROW, Page
from ..models import ListImport, Measure


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File (.xlsx, .csv or .json)"),
        help_text=gettext_lazy("Your own list as an Excel workbook or CSV, or a file that was exported here."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.json"}),
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
        names = {
            page.title: _("%(sheet)s (hidden)") % {"sheet": page.title} if page.hidden else page.title for page in pages
        }
        self.fields["sheet"].choices = [(page.title, names[page.title]) for page in pages if page.rows]  # type: ignore[attr-defined]


def target_names() -> list[tuple[str, str]]:
    """What a column can be: (target, name), in the order of the select."""
    special = {
        "cost": _("Costs in euro"),
        "decision.date": _("Decision: day"),
        "decision.body": _("Decision: who decided"),
        "decision.kind": _("Decision: what it did"),
        "decision.number": _("Decision: number of the paper"),
        "decision.text": _("Decision: in words"),
    }
    roles = dict(InvolvementRole.choices)
    found = []
    for target in mapping.TARGETS:
        if target in special:
            found.append((target, special[target]))
        elif target in mapping.PARTIES:
            found.append((target, _("Organisations: %(role)s") % {"role": roles[target.partition(".")[2]]}))
        elif mapping.is_milestone(target):
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
        said = importing.answers_of(row)
        more = {"topic": row.topic, "decision_body": said.decision_body, "decision_kind": said.decision_kind}
        super().__init__(data, initial={f"column-{index}": target for index, target in chosen.items()} | more)
        self.width = len(found.labels)
        options = [("", _("– leave out –")), *target_names()]
        for index, label in enumerate(found.labels):
            self.fields[f"column-{index}"] = forms.ChoiceField(
                label=label[:80] or _("Column %(number)s") % {"number": index + 1},
                choices=options,
                required=False,
                help_text=_help(found, index),
            )
        choices = [("", _("– as the column says –")), *((topic.slug, str(topic)) for topic in topics())]
        self.fields["topic"] = forms.ChoiceField(
            label=_("Topic where a row names none"), choices=choices, required=False
        )
        self.fields["decision_body"] = forms.CharField(
            label=_("Who decided, where a row does not say"), max_length=120, required=False
        )
        self.fields["decision_kind"] = forms.ChoiceField(
            label=_("What the decisions did, where a row does not say"),
            choices=[("", _("– as the column says –")), *DecisionKind.choices],
            required=False,
        )

    def columns(self) -> dict[int, str]:
        return {index: self.cleaned_data[f"column-{index}"] for index in range(self.width)}


def _help(found: Listed, index: int) -> str:
    """The first entry of a column, and whether the file hides it."""
    first = next((text for _row, cells in found.rows if index < len(cells) and (text := text_of(cells[index]))), "")
    told = [_("For example: %(value)s") % {"value": first[:60]}] if first else []
    if index in found.page.hidden_columns:
        told.append(_("This column is hidden in the file."))
    return " ".join(told)


class NamesForm(forms.Form):
    """What is meant by topics and phases that nothing here has."""

    def __init__(self, plan: Plan, data: Any = None) -> None:
        said, reader = plan.reader.answers, plan.reader
        super().__init__(data, initial={"make_topics": said.make_topics, "make_phases": said.make_phases})
        self.asked: dict[str, tuple[str, str]] = {}  # name of a field -> (kind, folded name)
        self._ask("topics", reader.topics, said.topics, [(topic.slug, str(topic)) for topic in topics()])
        self._ask("phases", reader.phases, said.phases, [(phase.number, str(phase)) for phase in phases()])
        for name, missing, label in (
            ("make_topics", reader.topics, _("Create these topics, unless chosen above: %(names)s")),
            ("make_phases", reader.phases, _("Create these phases, unless chosen above: %(names)s")),
        ):
            if missing:
                told = label % {"names": "; ".join(missing.values())}
                self.fields[name] = forms.BooleanField(label=told, required=False)

    def _ask(self, kind: str, missing: dict[str, str], said: dict[str, Any], known: list[tuple[Any, str]]) -> None:
        label = _("Topic “%(name)s” of the list") if kind == "topics" else _("Phase “%(name)s” of the list")
        for number, (name, text) in enumerate(missing.items()):
            self.asked[f"{kind}-{number}"] = kind, name
            self.fields[f"{kind}-{number}"] = forms.ChoiceField(
                label=label % {"name": text}, choices=[("", _("– is not among them –")), *known],
                required=False, initial=said.get(name, ""),
            )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """Fields of `mapping.Answers`."""
        found: dict[str, Any] = {"topics": {}, "phases": {}}
        for field, (kind, name) in self.asked.items():
            if value := self.cleaned_data[field]:
                found[kind][name] = int(value) if kind == "phases" else value
        return found | {name: self.cleaned_data.get(name, False) for name in ("make_topics", "make_phases")}
