"""Staff pages of decisions: a new model, one version, a trial, a step of a case that rules failed to decide."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.people.access import access, can, require
from allmende.spine.people.models import Account

from ..core.dmn import spelling
from ..domain import decisions as verbs
from ..domain import decisions_cases as cases
from ..domain import decisions_reading as reading
from ..domain import decisions_shipped as shipped
from ..domain import decisions_trial as trial
from ..domain import doing, versions
from ..domain import forms as form_verbs
from ..enums import ItemKind, ItemState, ModelKind, VersionState
from ..models import DecisionCase, Model, Version, WorkItem
from .decisions_forms import BeginForm, ByHandForm, CaseForm, DecisionFileForm, DecisionImportForm, TrialForm

MAX_BYTES = 5_000_000


def version_or_404(public_id: uuid.UUID) -> Version:
    """A version of a decision."""
    rows = Version.objects.select_related("model", "author", "releaser").filter(model__kind=ModelKind.DECISION)
    return get_object_or_404(rows, public_id=public_id)


@access("process.change_model")
def add(request: HttpRequest, slug: str = "") -> HttpResponse:
    """A new model, from a file or with an empty table; or the next version of one from a file."""
    model = get_object_or_404(Model, slug=slug, kind=ModelKind.DECISION) if slug else None
    sent = request.POST.get("action") if request.method == "POST" else None
    made = DecisionImportForm if model is None else DecisionFileForm
    file = made(request.POST, request.FILES, prefix="file") if sent == "import" else made(prefix="file")
    begin = BeginForm(request.POST if sent == "begin" else None, prefix="begin")
    try:
        row = _added(request, sent, model, file, begin)
    except ValidationError as error:
        form = begin if sent == "begin" else file
        form.add_error(None, [text for texts in _by_field(error, form) for text in texts])
        row = None
    if row is not None:
        return redirect("process:decision", row.public_id)
    context = {"model": model, "file": file, "begin": begin, "shipped": [] if model else shipped.open_()}
    return render(request, "process/decision_add.html", context, status=422 if sent else 200)


def _by_field(error: ValidationError, form: Any) -> list[list[str]]:
    """Puts the messages of known fields to them; the others come back."""
    if not hasattr(error, "error_dict"):
        return [list(error.messages)]
    rest = []
    for name, texts in error.message_dict.items():
        if name in form.fields:
            form.add_error(name, texts)
        else:
            rest.append(list(texts))
    return rest


def _added(request: HttpRequest, sent: str | None, model: Model | None, file: Any, begin: BeginForm) -> Version | None:
    if sent == "import" and file.is_valid():
        sent_file = file.cleaned_data["file"]
        return verbs.import_file(
            sent_file.read(MAX_BYTES + 1),
            title=file.cleaned_data.get("title", ""),
            filename=sent_file.name,
            model=model,
            note=file.cleaned_data["note"],
            actor=request.user,
        )
    if sent == "begin" and model is None and begin.is_valid():
        told = begin.cleaned_data
        output = (" ".join(told["output"].split()), told["output_type"])
        return verbs.begin(told["title"], begin.names(), output, actor=request.user)
    if sent == "take_over" and model is None:
        return shipped.take_over(request.POST.get("name", ""), actor=request.user)
    return None


@access("process.view_model")
def decision(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One version: what it decides, its tables, test cases, release."""
    row = version_or_404(public_id)
    if request.method == "POST":
        action = request.POST.get("action", "")
        require(request.user, "process.release_version" if action == "release" else "process.change_model")
        return _act(request, row, action)
    read = reading.of(row)
    runs = cases.run(row)
    newest = not row.model.versions.filter(number__gt=row.number).exists()
    may_change = can(request.user, "process.change_model")
    context = {
        "version": row,
        "model": row.model,
        "read": read,
        "elements": reading.listed(row),
        "names": trial.names(row),
        "questions": trial.questions(row, ""),
        "runs": runs,
        "passed": sum(each.passed for each in runs),
        "missing": verbs.missing(row, runs) if row.state != VersionState.RETIRED else [],
        "may_change": may_change,
        "may_edit": may_change and newest and row.state != VersionState.REVIEW,
        "may_release": can(request.user, "process.release_version"),
        "own": row.author_id == request.user.pk,
    }
    return render(request, "process/decision.html", context)


def _act(request: HttpRequest, row: Version, action: str) -> HttpResponse:
    person = request.user
    try:
        if action == "submit":
            versions.submit(row, actor=person)
            messages.success(request, _("The version waits for its release by a second person."))
        elif action == "take_back":
            versions.take_back(row, actor=person)
        elif action == "release":
            versions.release(row, actor=person)
            messages.success(request, _("The version is released. From now on it decides."))
        elif action.startswith("remove:"):
            case = _case(row.model, action.removeprefix("remove:"))
            if case is None:
                raise Http404
            cases.remove(case, actor=person)
            messages.success(request, _("The test case is removed."))
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("process:decision", row.public_id)


def _case(model: Model, public_id: str) -> DecisionCase | None:
    return next((each for each in model.cases.all() if str(each.public_id) == public_id), None)


@access("process.view_model")
def download(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The model as a file for any modeller."""
    row = version_or_404(public_id)
    response = HttpResponse(bytes(row.xml), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{row.model.slug}-{row.number}.dmn"'
    return response


@access("process.view_model")
def try_out(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A form of the decision's inputs; the result and the way to it; kept as a test case where wanted."""
    row = version_or_404(public_id)
    try:
        name = trial.chosen(row, request.GET.get("entscheidung", ""))
    except LookupError as error:
        raise Http404 from error
    sent = request.method == "POST"
    form = TrialForm(trial.questions(row, name), request.POST if sent else None, initial=_of_case(request, row))
    keeping = sent and request.POST.get("action") == "keep"
    outcome = trial.decide(row, name, form.values()) if sent and form.is_valid() else None
    case = None
    if outcome is not None and not outcome.error:
        case = CaseForm(
            request.POST if keeping else None, prefix="case", initial={"expected": spelling.spell(outcome.value)}
        )
        if keeping and _kept(request, row.model, name, form, case):
            return redirect("process:decision", row.public_id)
    failed = (sent and outcome is None) or (keeping and case is not None)
    context = {
        "version": row,
        "model": row.model,
        "names": trial.names(row),
        "name": name,
        "form": form,
        "outcome": outcome,
        "case": case,
        "may_change": can(request.user, "process.change_model"),
    }
    return render(request, "process/decision_trial.html", context, status=422 if failed else 200)


def _of_case(request: HttpRequest, row: Version) -> dict[str, Any]:
    """The inputs of a test case, to begin with."""
    case = _case(row.model, request.GET.get("fall", ""))
    if case is None:
        return {}
    questions, values = trial.questions(row, case.decision), cases.inputs_of(case)
    return {
        f"input-{place}": trial.typed_in(each, values[each.name])
        for place, each in enumerate(questions)
        if each.name in values
    }


def _kept(request: HttpRequest, model: Model, name: str, form: TrialForm, case: CaseForm) -> bool:
    require(request.user, "process.change_model")
    if not case.is_valid():
        return False
    told = case.cleaned_data
    try:
        cases.keep(
            model,
            title=told["title"],
            decision=name,
            inputs=form.values(),
            expected=told["expected"],
            actor=request.user,
        )
    except ValidationError as error:
        case.add_error("title", error.messages)
        return False
    messages.success(request, _("The test case is kept."))
    return True


@access("process.work")
def decide_item(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A step of the system that failed: tried again, or, where rules should decide, entered by hand."""
    rows = WorkItem.objects.select_related("instance__version_of__model")
    row = get_object_or_404(rows, public_id=public_id)
    require(request.user, "process.work", row)
    assert isinstance(request.user, Account)
    step = form_verbs.step_of(row)
    if row.kind != ItemKind.ACTION or row.state != ItemState.OPEN or not row.trouble:
        return redirect("process:item", row.public_id)
    by_hand = request.POST.get("action") == "enter" and bool(step.decision)
    form = ByHandForm(request.POST if by_hand else None)
    if request.method == "POST" and not by_hand:
        done = doing.again(row, actor=request.user)
        if done.state == ItemState.DONE:
            messages.success(request, _("The step is done."))
            return redirect("process:instance", row.instance.public_id) if row.instance else redirect("process:items")
        messages.error(request, done.trouble)
        return redirect("process:decide_item", row.public_id)
    if by_hand and form.is_valid():
        try:
            doing.enter(row, form.cleaned_data["value"], reason=form.cleaned_data["reason"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The result is entered."))
            return redirect("process:instance", row.instance.public_id) if row.instance else redirect("process:items")
    rules = Model.objects.filter(slug=step.decision, kind=ModelKind.DECISION).first() if step.decision else None
    context = {"item": row, "step": step, "form": form, "rules": rules}
    return render(request, "process/decision_item.html", context, status=422 if by_hand else 200)
