"""Staff pages: accounts and their roles."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..access import access, can, require, visible_to
from ..domain import accounts as verbs
from ..domain import queries
from ..domain.assignments import assign, end
from ..domain.invitations import invite, invite_again
from ..enums import Role
from ..models import Account, Assignment
from .forms import AccountForm, AccountsFilter, AssignmentForm, InvitationForm

PAGE = 50


def _visible(request: HttpRequest, pk: int) -> Account:
    return get_object_or_404(visible_to(request.user, Account.objects.all()), pk=pk)


@access("people.view_account")
def account_list(request: HttpRequest) -> HttpResponse:
    """Accounts in one's scope, to be searched by name, role and state."""
    form = AccountsFilter(request.GET)
    page = Paginator(queries.accounts(request.user, **form.criteria()), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_invite": can(request.user, "people.add_account")}
    return render(request, "people/accounts.html", context)


@access("people.add_account")
def invite_account(request: HttpRequest) -> HttpResponse:
    """Make an account and send the link that opens it."""
    form = InvitationForm(request.POST or None, initial={"language": "de"})
    if request.method == "POST" and form.is_valid():
        try:
            account = invite(actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The account is made, the invitation is on its way. Now give it a role."))
            return redirect("people:account", account.pk)
    return render(request, "people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@access("people.view_account")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: who it is, its roles and who gave them."""
    row = _visible(request, pk)
    may_change = can(request.user, "people.change_account", row)
    if request.method == "POST":
        form = AccountForm(request.POST)
        if form.is_valid():
            verbs.change_account(row, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("people:account", row.pk)
    else:
        form = AccountForm(initial={"name": row.name, "phone": row.phone})
    return _account_page(request, row, 422 if form.is_bound else 200, form=form, may_change=may_change)


def _account_page(request: HttpRequest, row: Account, status: int = 200, **context: Any) -> HttpResponse:
    roles = [(role, can(request.user, "people.assign_role", role.assignment)) for role in queries.roles_of_account(row)]
    shown = {
        "account": row,
        "roles": roles,
        "itself": row.pk == request.user.pk,
        "may_assign": can(request.user, "people.assign_role") and row.pk != request.user.pk,
    }
    return render(request, "people/account.html", shown | context, status=status)


@access("people.assign_role")
def assign_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an account a role: where, and from when until when."""
    row = _visible(request, pk)
    form = AssignmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assign(row, Role(form.cleaned_data["role"]), actor=request.user, **form.values())
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The role is given."))
            return redirect("people:account", row.pk)
    status = 422 if form.is_bound else 200
    return render(request, "people/assign.html", {"form": form, "account": row}, status=status)


def _add_errors(form: AssignmentForm, error: ValidationError) -> None:
    """An unknown scope belongs to the field in which it was named."""
    for field, texts in error.message_dict.items():
        place = {"scope": "urn"}.get(field, field)
        form.add_error(place if place in form.fields else None, texts)


@access("people.assign_role")
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end a role at once."""
    row = get_object_or_404(Assignment.objects.select_related("account"), pk=pk)
    account = _visible(request, row.account_id)
    back = reverse("people:account", args=[account.pk])
    if request.method == "POST":
        try:
            end(row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The role has ended."))
        return redirect(back)
    return _ask(
        request,
        title=_("End the role %(role)s?") % {"role": row.get_role_display()},
        text=str(account),
        consequence=_("It ends at once. That it was held stays recorded."),
        action_label=_("End the role"),
        cancel_url=back,
    )


def _ask(request: HttpRequest, **context: str) -> HttpResponse:
    return render(request, "ui/confirm.html", context | {"base_template": "ui/staff.html", "danger": True})


@access("people.change_account")
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock an account or open it again."""
    row = _visible(request, pk)
    require(request.user, "people.change_account", row)
    back = reverse("people:account", args=[row.pk])
    if request.method != "POST":
        return _ask(
            request,
            title=_("Disable this account?"),
            text=str(row),
            consequence=_("Sessions and tokens stop working at once. Nothing is deleted; it can be enabled again."),
            action_label=_("Disable"),
            cancel_url=back,
        )
    try:
        if row.is_active:
            verbs.disable_account(row, actor=request.user)
            messages.success(request, _("The account is disabled."))
        else:
            verbs.enable_account(row, actor=request.user)
            messages.success(request, _("The account is enabled."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(back)


@access("people.change_account")
@require_POST
def send_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link that opens the account once more."""
    row = _visible(request, pk)
    invite_again(row, actor=request.user)
    messages.success(request, _("The mail with the link is on its way."))
    return redirect("people:account", row.pk)


@access("people.change_account")
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of an account."""
    row = _visible(request, pk)
    verbs.sign_out_everywhere(row, actor=request.user)
    messages.success(request, _("The account is signed out on all devices."))
    return redirect("people:account", row.pk)
