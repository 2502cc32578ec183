"""Staff page on which somebody says that what a case waits for has arrived."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.people.access import access, can, require
from allmende.spine.people.models import Account

from ..domain import arrivals as verbs
from ..models import Instance


def _back(request: HttpRequest, case: Instance) -> HttpResponse:
    """To the case, or to one's tasks where one may not see the whole of it."""
    if can(request.user, "process.view_instance", case):
        return redirect("process:instance", case.public_id)
    return redirect("process:items")


@access("process.work")
def arrived(request: HttpRequest, public_id: uuid.UUID, waited: uuid.UUID) -> HttpResponse:
    """What came, by the form of the model, with a note."""
    assert isinstance(request.user, Account)
    case = get_object_or_404(Instance.objects.select_related("version_of"), public_id=public_id)
    row = verbs.waiting(case).filter(public_id=waited).first()
    if row is None:
        require(request.user, "process.view_instance", case)
        messages.error(request, verbs.reported(case, waited))
        return _back(request, case)
    require(request.user, "process.work", verbs.as_item(row))
    form = verbs.build(row, request.POST or None, person=request.user)
    if request.method == "POST":
        try:
            verbs.report(case, waited, request.POST, actor=request.user)
        except ValidationError as error:
            if getattr(error, "code", "") == "gone":
                messages.error(request, " ".join(error.messages))
                return _back(request, case)
            form = verbs.build(row, request.POST, person=request.user)
            form.is_valid()
            if not hasattr(error, "error_dict"):
                form.add_error(None, error)
        else:
            messages.success(request, _("Noted. The case goes on."))
            return _back(request, case)
    context = {"form": form, "case": case, "name": verbs.name_of(row), "step": verbs.step_of(row)}
    return render(request, "process/arrived.html", context, status=422 if request.method == "POST" else 200)
