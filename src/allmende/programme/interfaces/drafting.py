"""Forms of a draft: each section edits some keys of the measure's document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.models import fields_for_model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..domain.document import PARTS, Document, Part
from ..domain.queries import indicators, measures_for, parties
from ..models import Measure, Phase, Revision, Topic

_LONG = {"reason": 6, "course": 8, "result": 6, "advice": 6, "easy": 6, "summary": 2}
_MIDDLE = ("input", "activity", "output", "outcome", "quality", "assumptions", "text")


@dataclass(frozen=True)
class Section:
    """A page of the draft: plain fields, then tables of rows."""

    slug: str
    title: str | Promise
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.fields, *self.parts)


SECTIONS = (
    Section(
        "texte", _("Texts"),
        ("title", "topic", "phase", "code", "summary", "reason", "course", "result", "advice", "easy", "maturity",
         "since", "place_name", "source_url"),
    ),
    Section("verlauf", _("Course"), (), ("milestones", "decisions")),
    Section(
        "herkunft", _("Origin and parties"), ("origin_kind", "origin_text", "origin_url", "adopted_from"),
        ("involvements",),
    ),
    Section(
        "wirkung", _("Effect"), ("input", "activity", "output", "outcome", "quality", "assumptions"), ("targets",)
    ),
    Section("risiken", _("Risks and dependencies"), (), ("risks", "dependencies")),
)  # fmt: skip
TITLES = {
    "milestones": _("Milestones"),
    "decisions": _("Decisions"),
    "involvements": _("Involved parties"),
    "targets": _("Targets"),
    "risks": _("Risks"),
    "dependencies": _("Dependencies"),
}


def section_of(slug: str) -> Section | None:
    return next((each for each in SECTIONS if each.slug == slug), None)


def _date(field: forms.Field) -> None:
    field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _columns(model: Any, names: Iterable[str], references: Iterable[str]) -> dict[str, forms.Field]:
    plain = [name for name in names if name not in references]
    found: dict[str, forms.Field] = fields_for_model(model, fields=plain)  # type: ignore[assignment]
    for name, field in found.items():
        if isinstance(field, forms.DateField):
            _date(field)
        elif name in _LONG or name in _MIDDLE:
            field.widget = forms.Textarea(attrs={"rows": _LONG.get(name, 3)})
        elif isinstance(field, forms.DecimalField):
            field.widget = forms.TextInput(attrs={"inputmode": "decimal"})
            field.localize = True
    return found


class FieldsForm(forms.Form):
    """The plain fields of a section. `version` travels along, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, section: Section, revision: Revision, data: Any = None) -> None:
        self.section = section
        initial = {name: revision.document.get(name) for name in section.fields} | {"version": revision.version}
        super().__init__(data, initial=initial)
        for name, field in _columns(Measure, section.fields, ("topic", "phase")).items():
            self.fields[name] = field
        if "topic" in section.fields:
            topics = [("", _("– please choose –")), *((row.slug, str(row)) for row in Topic.objects.all())]
            self.fields["topic"] = forms.ChoiceField(label=_("Topic"), choices=topics)
            phases = [("", _("No phase")), *((row.number, str(row)) for row in Phase.objects.all())]
            self.fields["phase"] = forms.TypedChoiceField(
                label=_("Phase"), choices=phases, coerce=int, empty_value=None, required=False
            )
        self.order_fields([*section.fields, "version"])

    def changes(self) -> Document:
        return {name: _jsonable(self.cleaned_data[name]) for name in self.section.fields}


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else format(value, "f")


class RowForm(forms.Form):
    """One row of a table. A row left empty does not count."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    part: Part

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in _columns(self.part.model, self.part.fields, self.part.references).items():
            self.fields[name] = field
        for name in self.part.references:
            label = self.part.model._meta.get_field(name).verbose_name
            options = [("", _("– please choose –")), *choices[name]]
            self.fields[name] = forms.ChoiceField(label=str(label).capitalize(), choices=options)
        if "baseline" in self.fields and self.part.name == "milestones":
            # The first plan is what is planned now; later it stays.
            self.fields["baseline"].required = False
            if self.initial.get("baseline"):
                self.fields["baseline"].disabled = True
        self.order_fields([*self.part.fields, "id"])

    def row(self) -> Document:
        out = {name: _jsonable(self.cleaned_data.get(name)) for name in self.part.fields}
        if self.part.name == "milestones":
            out["baseline"] = out["baseline"] or out["plan"]
        given = self.cleaned_data.get("id")
        return {"id": str(given)} | out if given else out


def _choices(part: Part, person: Any, measure: Measure | None) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    if part.name == "involvements":
        found["party"] = [(row.slug, row.name) for row in parties()]
    elif part.name == "dependencies":
        others = (
            measures_for(person)
            .select_related(None)
            .exclude(pk=(measure.pk if measure else None) or 0)
            .order_by("title")
        )
        found["needs"] = [(str(row.public_id), row.title) for row in others.only("public_id", "title")]
    elif part.name == "targets":
        found["indicator"] = [(row.slug, str(row)) for row in indicators()]
    return found


class RowSet:
    """The table of one kind of row."""

    def __init__(self, part: Part, revision: Revision, person: Any, data: Any = None) -> None:
        self.part, self.title = part, TITLES[part.name]
        made = type(f"{part.name.title()}Form", (RowForm,), {"part": part})
        factory: Any = forms.formset_factory(made, extra=2, can_delete=True, max_num=200, absolute_max=220)
        self.formset = factory(
            data,
            prefix=part.name,
            initial=revision.document.get(part.name) or [],
            form_kwargs={"choices": _choices(part, person, revision.measure)},
        )
        self.formset.deletion_widget = forms.CheckboxInput
        self.kept: list[RowForm] = []

    def rows(self) -> list[Document]:
        """What was typed, without rows to delete and rows left empty; remembers which form made which row."""
        initial = self.formset.initial_forms
        self.kept = [
            form
            for form in self.formset.forms
            if not form.cleaned_data.get("DELETE") and (form in initial or form.has_changed())
        ]
        return [form.row() for form in self.kept]


class SectionForms:
    """A section with everything typed into it."""

    def __init__(self, section: Section, revision: Revision, person: Any, data: Any = None) -> None:
        self.section = section
        self.fields = FieldsForm(section, revision, data)
        parts = {part.name: part for part in PARTS}
        self.sets = [RowSet(parts[name], revision, person, data) for name in section.parts]

    def is_valid(self) -> bool:
        return all([self.fields.is_valid(), *(rows.formset.is_valid() for rows in self.sets)])

    @property
    def version(self) -> int:
        return int(self.fields.cleaned_data["version"])

    def changes(self) -> Document:
        return self.fields.changes() | {rows.part.name: rows.rows() for rows in self.sets}

    def take_errors(self, error: ValidationError) -> None:
        """Each problem of the document to the field it is about."""
        by_path = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for path, found in by_path.items():
            form, name = self._place([int(part) if part.isdigit() else part for part in path.split(".")])
            for message in found:
                form.add_error(name if name in form.fields else None, message)

    def _place(self, path: list[Any]) -> tuple[forms.Form, str | None]:
        if len(path) == 1 and path[0] in self.section.fields:
            return self.fields, str(path[0])
        for rows in self.sets:
            if len(path) >= 2 and rows.part.name == path[0] and path[1] < len(rows.kept):
                return rows.kept[path[1]], str(path[2]) if len(path) > 2 else None
        return self.fields, None

    @property
    def all_forms(self) -> list[forms.Form]:
        return [self.fields, *(form for rows in self.sets for form in rows.formset.forms)]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.all_forms) or any(rows.formset.non_form_errors() for rows in self.sets)
