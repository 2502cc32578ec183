"""The accessibility statement with its feedback form, and its settings."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can
from allmende.spine.ui.conflicts import differences

from ..domain import accessibility as domain
from ..domain.throttle import allowed
from .forms import FeedbackForm, Limitations, StatementForm
from .public import _add
from .sender import sender_of

FEEDBACK_AN_HOUR = 5


@access("public")
def statement(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, and the form to report a barrier."""
    initial = {"page": request.GET.get("seite", "")[:300]}
    form = FeedbackForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            # A program learns nothing from the answer: it is thanked like everybody.
            if form.by_a_program:
                return redirect("moderation:accessibility_thanks")
            if not allowed(sender_of(request), FEEDBACK_AN_HOUR, what="feedback"):
                status = 429
                text = _("From here a lot was written this hour. Please try again in the next, or write an e-mail.")
                form.add_error(None, text)
            else:
                data = form.cleaned_data
                try:
                    domain.give_feedback(data["text"], page=data["page"], email=data["email"])
                except ValidationError as error:
                    _add(form, error)
                else:
                    return redirect("moderation:accessibility_thanks")
    context = {
        "form": form,
        "statement": domain.statement(),
        "may_change": can(request.user, "moderation.change_statement"),
    }
    return render(request, "moderation/accessibility.html", context, status=status)


@access("public")
def thanks(request: HttpRequest) -> HttpResponse:
    """Thanks for a reported barrier, and by when an answer comes."""
    return render(request, "moderation/accessibility_thanks.html", {"weeks": domain.ANSWER_WITHIN.days // 7})


@access("moderation.change_statement")
def change(request: HttpRequest) -> HttpResponse:
    """Change the accessibility statement; two editors notice each other."""
    row = domain.stored()
    data = request.POST if request.method == "POST" else None
    form = StatementForm(data, initial=StatementForm.stored(row))
    rows = Limitations(data, initial=row.limitations, prefix="limitation")
    context: dict[str, Any] = {"form": form, "limitations": rows}
    status = 200
    if data is not None:
        status = 422
        if form.is_valid() and rows.is_valid():
            values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
            values["limitations"] = [one.cleaned_data for one in rows if one.cleaned_data]
            try:
                domain.change_statement(values, version=form.cleaned_data["version"], actor=request.user)
            except VersionConflict as conflict:
                status = 409
                saved = StatementForm.stored(conflict.current)  # type: ignore[arg-type]
                again = request.POST.copy()
                again["version"] = str(saved["version"])
                context |= {
                    "conflict": True,
                    "differences": differences(form, saved),
                    "form": StatementForm(again, initial=saved),
                }
            except ValidationError as error:
                _add(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("moderation:change_statement")
    return render(request, "moderation/staff/statement.html", context, status=status)
