"""Staff pages of what is to be done: my work, tasks and assessment of a measure, changes to many, calendar feed."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from allmende.spine import todos
from allmende.spine.people.access import access, require
from allmende.spine.people.models import Account

from ..domain import calendar, queries
from ..domain import work as verbs
from ..models import Measure, Task
from .work_forms import AssessmentForm, BatchForm, TaskForm

LISTED = 20


@access("programme.change_measure")
def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for me: returned drafts, reviews, tasks, milestones, stale entries."""
    assert isinstance(request.user, Account)
    found = verbs.my_work(request.user)
    address = reverse("programme:calendar", args=[request.user.pk, calendar.key_of(request.user)])
    context = {
        "work": found,
        "drafts": found.drafts[:LISTED],
        "reviews": found.reviews[:LISTED],
        "tasks": todos.of(todos.Ask(request.user, limit=LISTED)),
        "due": found.due[:LISTED],
        "stale": found.stale[:LISTED],
        "calendar": settings.BASE_URL + address,
    }
    return render(request, "programme/my_work.html", context)


@access("programme.change_measure")
def tasks(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Tasks and assessments of a measure; new ones."""
    measure = get_object_or_404(Measure, public_id=public_id)
    require(request.user, "programme.change_measure", measure)
    action = request.POST.get("action")
    task_form = TaskForm(measure, request.POST if action == "task" else None)
    assess_form = AssessmentForm(request.POST if action == "assess" else None)
    form: TaskForm | AssessmentForm = task_form if action == "task" else assess_form
    if action and form.is_valid():
        try:
            if isinstance(form, TaskForm):
                verbs.set_task(measure, **form.values(), actor=request.user)
            else:
                verbs.assess(measure, **form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:tasks", measure.public_id)
    page = Paginator(measure.tasks.select_related("assignee"), 50).get_page(request.GET.get("page"))
    context = {
        "measure": measure,
        "page": page,
        "task_form": task_form,
        "assess_form": assess_form,
        "assessments": measure.assessments.all()[:LISTED],
        "form": form if action else None,
    }
    return render(request, "programme/tasks.html", context, status=422 if action else 200)


@access("programme.change_measure")
@require_POST
def finish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Mark a task as done."""
    task = get_object_or_404(Task.objects.select_related("measure"), public_id=public_id)
    verbs.finish_task(task, actor=request.user)
    messages.success(request, _("Done."))
    if request.POST.get("back") == "work":
        return redirect("programme:my_work")
    return redirect("programme:tasks", task.measure.public_id)


@access("programme.change_measure")
def batch(request: HttpRequest) -> HttpResponse:
    """The same change to several measures, as drafts."""
    chosen = request.POST.getlist("measure") if request.method == "POST" else request.GET.getlist("measure")
    measures = list(queries.chosen(request.user, chosen))
    if not measures:
        messages.error(request, _("Choose at least one measure first."))
        return redirect("programme:staff_measures")
    form = BatchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            done = verbs.change_many(measures, form.changes(), submit=form.cleaned_data["submit"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            text = ngettext("%(number)s draft was changed.", "%(number)s drafts were changed.", done)
            messages.success(request, text % {"number": done})
            return redirect("programme:staff_measures")
    context = {"form": form, "measures": measures}
    return render(request, "programme/batch.html", context, status=422 if form.is_bound else 200)


@access("public")
def calendar_feed(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Somebody's tasks and milestones for a calendar program; the address itself is the key."""
    person = calendar.owner(pk, key)
    if person is None:
        raise Http404
    response = HttpResponse(calendar.feed(person), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    return response
