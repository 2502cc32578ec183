"""The set-up in the browser: a code, seven steps, a summary. Every page works without JavaScript."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from allmende.spine.people.access import access

from ..domain import mail, setup
from .forms import STEP_FORMS, AccountForm, CodeForm, MailForm, SettingsForm, TestMailForm
from .summary import lines_of

# Address of each step, and its heading.
SLUGS = {
    "town": "ort", "brand": "marke", "account": "konto", "mail": "post", "address": "adresse",
    "backup": "sicherung", "rooms": "raeume",
}  # fmt: skip
STEPS_BY_SLUG = {slug: step for step, slug in SLUGS.items()}
TITLES = {
    "town": gettext_lazy("Municipality"),
    "brand": gettext_lazy("Brand"),
    "account": gettext_lazy("Administrator"),
    "mail": gettext_lazy("Mail server"),
    "address": gettext_lazy("Public address"),
    "backup": gettext_lazy("Backup"),
    "rooms": gettext_lazy("Rooms"),
}
# In the session of whoever knew the code.
OPENED = "setup_opened"


def _refused(request: HttpRequest) -> HttpResponse | None:
    """Nobody sets up a town that is set up, and nobody without the code."""
    if setup.is_set_up():
        return redirect("portal:home")
    return None if request.session.get(OPENED) else redirect("instance:setup")


def _next(step: str) -> HttpResponse:
    position = setup.STEPS.index(step) + 1
    if position == len(setup.STEPS):
        return redirect("instance:setup_review")
    return redirect("instance:setup_step", SLUGS[setup.STEPS[position]])


@never_cache
@access("public")
def start(request: HttpRequest) -> HttpResponse:
    """The code, then the first step that is not filled in yet."""
    if setup.is_set_up():
        return redirect("portal:home")
    if request.session.get(OPENED):
        found = setup.drafts()
        step = next((step for step in setup.STEPS if step not in found), None)
        return redirect("instance:setup_step", SLUGS[step]) if step else redirect("instance:setup_review")
    setup.setup_code()
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        request.session[OPENED] = True
        return redirect("instance:setup")
    return _page(request, "instance/setup_code.html", form=form)


@never_cache
@access("public")
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """One step of the set-up; what is sent is kept as a draft until the end."""
    refused = _refused(request)
    if refused:
        return refused
    if slug not in STEPS_BY_SLUG:
        raise Http404
    name = STEPS_BY_SLUG[slug]
    kept = setup.drafts()
    form = _form(name, kept.get(name, {}), request.POST if request.method == "POST" else None)
    test = TestMailForm(request.POST) if request.POST.get("do") == "test" else TestMailForm()
    if request.method == "POST" and form.is_valid():
        try:
            setup.save_step(name, form.values(), secret=form.secret() if isinstance(form, MailForm) else None)  # type: ignore[attr-defined]
        except setup.AlreadySetUp:
            return redirect("portal:home")
        if request.POST.get("do") != "test":
            return _next(name)
        if test.is_valid() and _tried(request, form, test):
            return redirect("instance:setup_step", slug)
    return _page(
        request,
        "instance/setup_step.html",
        form=form,
        test=test if name == "mail" else None,
        step=name,
        heading=TITLES[name],
        number=setup.STEPS.index(name) + 1,
        needed=name in setup.NEEDED,
        steps=_overview(kept, name),
        kept=name in kept,
    )


def _form(name: str, values: dict[str, Any], data: Any) -> forms.Form:
    kind = STEP_FORMS[name]
    if kind is AccountForm:
        initial = {key: values[key] for key in ("email", "name") if key in values}
        return AccountForm(data, initial=initial, kept=values.get("password_hash", ""))
    assert issubclass(kind, SettingsForm)
    return kind(data, initial=kind.initial_of(values))


def _tried(request: HttpRequest, form: forms.Form, test: TestMailForm) -> bool:
    """Send the test mail; a failure stands at the form, which keeps what was typed."""
    values = form.values()["mail"]  # type: ignore[attr-defined]
    if not values:
        form.add_error("host", _("Without a mail server there is nothing to test."))
        return False
    secret = form.secret()  # type: ignore[attr-defined]
    password = setup.mail_password() if secret is None else secret
    try:
        mail.send_test(values, password, test.cleaned_data["to"], name=values["sender"])
    except mail.MailProblem as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("The test mail was handed over. Look whether it arrives."))
    return True


def _overview(kept: dict[str, Any], current: str) -> list[dict[str, Any]]:
    return [
        {
            "title": TITLES[step],
            "slug": SLUGS[step],
            "current": step == current,
            "done": step in kept,
            "needed": step in setup.NEEDED,
        }
        for step in setup.STEPS
    ]


@never_cache
@access("public")
def review(request: HttpRequest) -> HttpResponse:
    """Everything on one page, then into service."""
    refused = _refused(request)
    if refused:
        return refused
    kept = setup.drafts()
    problems: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            setup.finish(kept)
        except setup.AlreadySetUp:
            return redirect("portal:home")
        except ValidationError as error:
            problems = _problems(error)
        else:
            del request.session[OPENED]
            messages.success(request, _("The town is set up. Log in with the account just made."))
            return redirect("account_login")
    sections = [
        {"title": TITLES[step], "slug": SLUGS[step], "done": step in kept, "needed": step in setup.NEEDED,
         "lines": lines_of(step, kept.get(step, {}))}
        for step in setup.STEPS
    ]  # fmt: skip
    missing = setup.missing(kept)
    return _page(
        request,
        "instance/setup_review.html",
        status=422 if problems else 200,
        sections=sections,
        problems=problems,
        missing=[(TITLES[step], SLUGS[step]) for step in missing],
        steps=_overview(kept, ""),
    )


# Which step a column of Instance belongs to, for errors found at the end.
def _step_of(field: str) -> str:
    field = field.partition(".")[0]
    for step, kind in STEP_FORMS.items():
        if (
            field == step
            or field in getattr(kind, "names", ())
            or (step == "account" and field in ("email", "password"))
        ):
            return step
    return "town"


def _problems(error: ValidationError) -> list[tuple[str, str, str]]:
    """(heading, address part, message)"""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        (str(TITLES[_step_of(field)]), SLUGS[_step_of(field)], text) for field, texts in found.items() for text in texts
    ]


def _page(request: HttpRequest, template: str, status: int = 0, **context: Any) -> HttpResponse:
    form = context.get("form")
    bad = form is not None and form.is_bound and form.errors
    return render(request, template, {"total": len(setup.STEPS) + 1} | context, status=status or (422 if bad else 200))
