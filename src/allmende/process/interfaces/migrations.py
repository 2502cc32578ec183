"""Staff pages of migrations: planned, tried out, moved, moved back."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.people.access import access

from ..core.migrate import Question
from ..domain import instances, migrating
from ..enums import MigrationState, MoveState
from ..models import Migration, Model, Version

UNDER_WAY = (MigrationState.TRYING, MigrationState.MOVING, MigrationState.REVERTING)


class FromToForm(forms.Form):
    """Which version is left, and for which."""

    source = forms.ChoiceField(label=gettext_lazy("Cases of version"))
    target = forms.ChoiceField(label=gettext_lazy("move to version"))

    def __init__(self, running: list[Version], released: list[Version], data: Any = None, **initial: Any) -> None:
        super().__init__(data, initial=initial)
        label = gettext_lazy("%(number)d (%(running)d running)")
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (each.number, label % {"number": each.number, "running": each.running})  # type: ignore[attr-defined]
            for each in running
        ]
        self.fields["target"].choices = [(each.number, str(each.number)) for each in released]  # type: ignore[attr-defined]


class CounterpartsForm(forms.Form):
    """Where steps without a sure counterpart go. Field names are places: elements have any name."""

    def __init__(self, questions: list[Question], data: Any = None) -> None:
        super().__init__(data)
        self.questions = questions
        for place, each in enumerate(questions):
            choices = [("", _("– no counterpart: such cases stay –"))]
            choices += [(one.element, one.name) for one in each.choices]
            self.fields[f"step-{place}"] = forms.ChoiceField(label=each.place.name, choices=choices, required=False)

    def chosen(self) -> dict[str, str]:
        found = {each.place.element: self.cleaned_data[f"step-{place}"] for place, each in enumerate(self.questions)}
        return {element: to for element, to in found.items() if to}


def _version(rows: list[Version], text: str) -> Version | None:
    return next((each for each in rows if str(each.number) == text), None)


@access("process.migrate")
def migrate(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the versions, then counterparts of the steps that have no sure one; a trial comes first in any case."""
    model = get_object_or_404(Model, slug=slug)
    running = migrating.running_versions(model)
    released = list(model.versions.filter(released__isnull=False).defer("source").order_by("-number"))
    current = instances.released(model)
    older = next((each for each in running if current is None or each.number != current.number), None)
    asked = request.POST if request.method == "POST" else request.GET
    source = _version(running, asked.get("source", "")) or older
    target = _version(released, asked.get("target", "")) or current
    context: dict[str, Any] = {
        "model": model,
        "source": source,
        "target": target,
        "migrations": Migration.objects.filter(source__model=model).select_related("source", "target")[:20],
    }
    status = 200
    if source is not None and target is not None:
        pair = FromToForm(running, released, source=source.number, target=target.number)
        form = CounterpartsForm(migrating.questions(source, target), request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                row = migrating.plan(source, target, form.chosen(), actor=request.user)
            except ValidationError as error:
                form.add_error(None, " ".join(error.messages))
            else:
                return redirect("process:migration", row.public_id)
        status = 422 if form.is_bound else 200
        context |= {"pair": pair, "form": form, "known": len(migrating.suggestion(source, target))}
    return render(request, "process/migrate.html", context, status=status)


@access("process.migrate")
def migration(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a migration is, what each case comes to, and what may be done next."""
    rows = Migration.objects.select_related("source__model", "target", "author")
    row = get_object_or_404(rows, public_id=public_id)
    if request.method == "POST":
        verb = {"apply": migrating.apply, "revert": migrating.revert}.get(request.POST.get("action", ""))
        if verb is None:
            raise Http404
        try:
            verb(row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("process:migration", row.public_id)
    found = migrating.counts(row)
    moves = row.moves.select_related("instance").defer("kept", "instance__head")
    context = {
        "migration": row,
        "model": row.source.model,
        "page": Paginator(moves, 50).get_page(request.GET.get("page")),
        "counts": [(MoveState(state).label, found[state]) for state in MoveState.values if state in found],
        "all": sum(found.values()),
        "open": _open(row, found),
        "done": sum(found.values()) - _open(row, found),
        "under_way": row.state in UNDER_WAY,
        "may_apply": row.state == MigrationState.TRIED and found.get(MoveState.FITS, 0),
        "may_revert": row.state == MigrationState.MOVED and found.get(MoveState.MOVED, 0),
    }
    return render(request, "process/migration.html", context)


def _open(row: Migration, found: dict[str, int]) -> int:
    """How many cases the work under way still has before it."""
    waiting = {
        MigrationState.TRYING: MoveState.NEW,
        MigrationState.MOVING: MoveState.FITS,
        MigrationState.REVERTING: MoveState.MOVED,
    }
    state = waiting.get(MigrationState(row.state))
    return found.get(state, 0) if state else 0
