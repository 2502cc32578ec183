"""What people do with their contributions."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.moderation.domain.throttle import allowed
from allmende.spine.people.access import access
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.ui.conflicts import differences

from ..domain import contributing, queries
from ..enums import OPEN, Shown
from ..models import Contribution, Phase
from .forms import ChangeForm, ContributionForm, PlacedForm
from .public import phase_at

AN_HOUR = 20
PAGE = 25
LANGUAGES = ("de", "en")


def _add(form: PlacedForm, error: ValidationError) -> None:
    """A verb's errors at their fields; those of no field above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def _language() -> str:
    """What somebody writes in: the language of the page that they write on."""
    found = (translation.get_language() or "")[:2]
    return found if found in LANGUAGES else LANGUAGES[0]


@access("signed_in")
def add(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put something in."""
    phase = phase_at(request, slug, number)
    person: Any = request.user
    if not contributing.may_contribute(person, phase):
        return render(request, "dialogue/closed.html", {"phase": phase, "participation": phase.participation})
    form = ContributionForm(request.POST or None, request.FILES or None, phase=phase, account=person)
    if form.is_bound and form.is_valid():
        if form.by_a_program:
            return redirect(phase)
        try:
            row = _submit(phase, form, person)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _thanks(row))
            return redirect(row)
    context = {"form": form, "phase": phase, "participation": phase.participation}
    return render(request, "dialogue/compose.html", context, status=422 if form.is_bound else 200)


def _submit(phase: Phase, form: ContributionForm, person: Any) -> Contribution:
    """The public name, where one is chosen here, and the contribution. The name stays even if the rest is refused."""
    data = form.cleaned_data
    if not allowed(f"account:{person.pk}", AN_HOUR, what="contribution"):
        raise ValidationError(_("You have written a lot this hour. Please go on in the next."))
    if "pseudonym" in data:
        choose_pseudonym(person, data["pseudonym"], actor=person)
    return contributing.submit(
        phase,
        form.values() | {"lang": _language()},
        pictures=data.get("pictures"),
        alt=data.get("alt", ""),
        key=data["key"],
        actor=person,
    )


def _thanks(row: Contribution) -> str:
    """What happens next."""
    office = row.phase.participation.office
    told = {
        "number": row.number,
        "office": str(office) if office is not None else _("The administration"),
        "day": date_format(row.due, "DATE_FORMAT"),
    }
    if row.shown == Shown.HELD:
        text = _(
            "Thank you. Your contribution has the number %(number)s. It is shown once somebody has read it, usually "
            "within a day. %(office)s answers by %(day)s."
        )
    else:
        text = _(
            "Thank you. Your contribution has the number %(number)s. %(office)s answers by %(day)s, with reasons. You "
            "are told of every step."
        )
    return text % told


def _own(request: HttpRequest, public_id: uuid.UUID) -> Contribution:
    """One's own contribution. Raises Http404 where one sees none, PermissionDenied where it is another's."""
    row = queries.contribution_of(request.user, public_id)
    if row is None:
        raise Http404
    if row.author is None or row.author.account_id != request.user.pk:
        raise PermissionDenied
    return row


@access("signed_in")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change one's own words while the phase is open and nobody examines them."""
    row = _own(request, public_id)
    if not contributing.may_change(request.user, row):
        messages.error(request, _("This contribution can no longer be changed."))
        return redirect(row)
    conflict, found = False, []
    form = ChangeForm(request.POST or None, initial=ChangeForm.stored(row), phase=row.phase)
    if form.is_bound and form.is_valid():
        try:
            saved = contributing.change(row, form.values(), version=form.cleaned_data["version"], actor=request.user)
        except VersionConflict as newer:
            # Both texts side by side; sending again saves one's own on top of the version shown.
            stored = ChangeForm.stored(newer.current)
            conflict, found = True, differences(form, stored)
            data = request.POST.copy()
            data["version"] = str(newer.current.version)
            form = ChangeForm(data, initial=stored, phase=row.phase)
        except ValidationError as error:
            _add(form, error)
        else:
            held = saved.shown == Shown.HELD
            messages.success(request, _("Saved. It is shown once somebody has read it.") if held else _("Saved."))
            return redirect(saved)
    context = {
        "form": form, "contribution": row, "phase": row.phase, "participation": row.phase.participation,
        "conflict": conflict, "differences": found,
    }  # fmt: skip
    return render(request, "dialogue/compose.html", context, status=422 if form.is_bound else 200)


@access("signed_in")
def take_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, then take one's own contribution back."""
    row = _own(request, public_id)
    if row.shown != Shown.WITHDRAWN and row.standing not in OPEN:
        messages.error(request, _("It was answered already, and stays."))
        return redirect(row)
    if request.method == "POST":
        try:
            contributing.take_back(row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(row)
        messages.success(request, _("Your contribution is taken back."))
        return redirect("dialogue:own")
    context = {
        "title": _("Take your contribution back?"),
        "text": row.title,
        "consequence": _("Title, text, place and pictures are gone for good. Its number stays, and it is counted."),
        "action_label": _("Take it back"),
        "cancel_url": row.get_absolute_url(),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@access("signed_in")
@require_POST
def support(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Find a contribution good, or no longer."""
    row = queries.contribution_of(request.user, public_id)
    if row is None:
        raise Http404
    try:
        contributing.support(row, request.POST.get("wanted") == "1", actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(row.get_absolute_url() + "#zuspruch")


@access("signed_in")
def own(request: HttpRequest) -> HttpResponse:
    """What one put in, and what became of it."""
    page = Paginator(queries.own(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "dialogue/own.html", {"page": page})
