"""Settings of the town, a page a matter: one form, one way to save, one way to meet a second editor."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.rooms import closed, titles
from allmende.spine.ui.conflicts import differences

from ..domain import mail
from ..domain.settings import change, fingerprint
from ..models import Instance
from .forms import (
    AddressForm,
    BackupForm,
    BrandForm,
    ContactForm,
    ImprintForm,
    LanguagesForm,
    MailForm,
    PrivacyForm,
    RoomsForm,
    SettingsForm,
    TestMailForm,
    TownForm,
    optional_rooms,
)
from .preview import previews


@dataclass(frozen=True)
class Page:
    slug: str
    title: Any
    text: Any
    form: type[SettingsForm]
    right: str = "instance.change_settings"


PAGES = {
    page.slug: page
    for page in (
        Page("allgemein", gettext_lazy("Municipality"), gettext_lazy("Name, key, state"), TownForm),
        Page("marke", gettext_lazy("Brand"), gettext_lazy("Name of the programme, claim, colours, sign"), BrandForm,
             "instance.change_brand"),
        Page("sprachen", gettext_lazy("Languages"), gettext_lazy("Which languages the site offers"), LanguagesForm),
        Page("kontakt", gettext_lazy("Contact"), gettext_lazy("Where people write to"), ContactForm),
        Page("impressum", gettext_lazy("Imprint"), gettext_lazy("Who answers for the site"), ImprintForm),
        Page("datenschutz", gettext_lazy("Privacy notice"), gettext_lazy("What the town adds to it"), PrivacyForm),
        Page("raeume", gettext_lazy("Rooms"), gettext_lazy("What is open and what is closed"), RoomsForm),
        Page("post", gettext_lazy("Mail server"), gettext_lazy("How messages leave the site"), MailForm),
        Page("adresse", gettext_lazy("Public address"), gettext_lazy("Address and reverse proxy"), AddressForm),
        Page("sicherung", gettext_lazy("Backup"), gettext_lazy("Where backups go"), BackupForm),
    )
}  # fmt: skip


@access("instance.change_brand")
def overview(request: HttpRequest) -> HttpResponse:
    """The settings that one may change."""
    pages = [page for page in PAGES.values() if can(request.user, page.right)]
    return render(request, "instance/settings.html", {"pages": pages})


def _row() -> Instance:
    return Instance.objects.filter(pk=1).first() or Instance()


def _stored(page: Page, row: Instance) -> dict[str, Any]:
    return page.form.initial_of(model_to_dict(row))


@access("instance.change_brand")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of the settings; the mail server's also sends a test mail."""
    page = PAGES.get(slug)
    if page is None:
        raise Http404
    require(request.user, page.right)
    row = _row()
    if request.method == "POST" and request.POST.get("do") == "test":
        return _test(request, page, row)
    form = page.form(request.POST if request.method == "POST" else None, initial=_stored(page, row))
    if request.method != "POST":
        return _show(request, page, form, row)
    if not form.is_valid():
        return _show(request, page, form, row, seen=request.POST.get("seen"), status=422)
    if request.POST.get("do") == "preview" and isinstance(form, BrandForm):
        values = form.values()
        shown = previews(values["colours"], values["name"])
        return _show(request, page, form, row, seen=request.POST.get("seen"), previews=shown, unsaved=True)
    try:
        change(form.values(), actor=request.user, seen=request.POST.get("seen", ""))
    except VersionConflict as conflict:
        # Everything typed stays in the form; sending again saves it on top of what is shown beside it.
        now = conflict.current
        assert isinstance(now, Instance)
        found = differences(form, _stored(page, now))
        return _show(request, page, form, now, status=409, conflict=True, differences=found)
    except ValidationError as error:
        form.add_errors(error)
        return _show(request, page, form, row, seen=request.POST.get("seen"), status=422)
    if isinstance(form, MailForm):
        secret = form.secret()
        if secret is not None:
            mail.save_password(secret, actor=request.user)
    messages.success(request, _("Saved."))
    return redirect("instance:edit_settings", slug)


def _test(request: HttpRequest, page: Page, row: Instance) -> HttpResponse:
    """Send a test mail by the settings as they are saved."""
    test = TestMailForm(request.POST)
    form = page.form(initial=_stored(page, row))
    if page.form is not MailForm:
        raise Http404
    if not test.is_valid():
        return _show(request, page, form, row, test=test, status=422)
    if not row.mail:
        test.add_error(None, _("Without a mail server there is nothing to test."))
        return _show(request, page, form, row, test=test, status=422)
    try:
        mail.test_settings(test.cleaned_data["to"], actor=request.user)
    except mail.MailProblem as problem:
        test.add_error(None, str(problem))
        return _show(request, page, form, row, test=test, status=422)
    messages.success(request, _("The test mail was handed over. Look whether it arrives."))
    return redirect("instance:edit_settings", page.slug)


def _show(
    request: HttpRequest, page: Page, form: SettingsForm, row: Instance, *, seen: str | None = None,
    test: forms.Form | None = None, status: int = 200, **context: Any,
) -> HttpResponse:  # fmt: skip
    shown = {
        "page": page,
        "form": form,
        "seen": seen or fingerprint(row, page.form.names),
        "test": (test or TestMailForm(initial={"to": getattr(request.user, "email", "")}))
        if page.form is MailForm
        else None,
        "has_password": bool(mail.stored_password()) if page.form is MailForm else False,
        "rooms": _rooms(row) if page.form is RoomsForm else None,
        "previews": previews(row.colours, row.name) if page.form is BrandForm else None,
        "trail": [(_("Settings"), reverse("instance:settings"))],
    }
    return render(request, "instance/settings_edit.html", shown | context, status=status)


def _rooms(row: Instance) -> list[dict[str, Any]]:
    """What closing each room takes away. `because`: the closed rooms that a closed one stands on."""
    off = closed(row.rooms_off)
    return [
        {
            "title": config.title,
            "open": config.room not in off,
            "because": titles(off.get(config.room, ())),
            "requires": titles(config.requires),
            "menu": [entry.label for entry in config.menu],
            "processes": sorted(getattr(config, "processes", ())),
        }
        for config in optional_rooms()
    ]
