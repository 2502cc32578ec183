"""What people settle about themselves."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..access import access, roles_of
from ..domain import accounts, pseudonyms, queries, tokens
from ..enums import Role
from ..models import Account, Pseudonym, Token
from ..preferences import remember
from .forms import PseudonymForm, SettingsForm, ThemeForm, TokenForm


def _me(request: HttpRequest) -> Account:
    """The account signed in; every view here asks for one."""
    return cast(Account, request.user)


def _page(request: HttpRequest, status: int = 200, **forms: Any) -> HttpResponse:
    me = _me(request)
    public = Pseudonym.objects.filter(account=me).first()
    context = {
        "form": SettingsForm(initial={n: getattr(me, n) for n in accounts.EDITABLE}),
        "pseudonym_form": PseudonymForm(initial={"pseudonym": public.name if public else ""}),
        "token_form": TokenForm(roles=_roles(request)),
        "tokens": queries.tokens_of(me),
        "roles": [role for role in queries.roles_of_account(me) if role.state == "now"],
        "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "people/my_settings.html", context | forms, status=status)


def _roles(request: HttpRequest) -> set[Role]:
    return {role for role, _scope in roles_of(request.user)}


@access("signed_in")
@never_cache
def my_settings(request: HttpRequest) -> HttpResponse:
    """Settings of one's own account."""
    if request.method != "POST":
        return _page(request)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, form=form)
    values = {name: form.cleaned_data[name] for name in accounts.EDITABLE}
    accounts.change_account(_me(request), actor=_me(request), **values)
    language = values["language"] or translation.get_language()
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("people:my_settings")
    remember(response, language=values["language"], theme=values["theme"])
    return response


@access("signed_in")
@require_POST
def choose_pseudonym(request: HttpRequest) -> HttpResponse:
    """Choose or change one's public name."""
    form = PseudonymForm(request.POST)
    if form.is_valid():
        try:
            pseudonyms.choose_pseudonym(_me(request), form.cleaned_data["pseudonym"], actor=_me(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your public name is saved."))
            return redirect("people:my_settings")
    return _page(request, 422, pseudonym_form=form)


@access("signed_in")
@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End one's sessions on all other devices."""
    account = accounts.sign_out_everywhere(_me(request), actor=_me(request))
    update_session_auth_hash(request, account)
    messages.success(request, _("All other devices are signed out."))
    return redirect("people:my_settings")


@access("signed_in")
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a key for programs; it is shown once, in this answer."""
    form = TokenForm(request.POST, roles=_roles(request))
    if not form.is_valid():
        return _page(request, 422, token_form=form)
    role = Role(form.cleaned_data["role"]) if form.cleaned_data["role"] else None
    _token, key = tokens.create_token(
        _me(request), form.cleaned_data["name"], role=role, days=form.cleaned_data["days"], actor=_me(request)
    )
    # Shown in this very answer and never again: the key is not even kept in the session.
    return _page(request, new_key=key)


@access("signed_in")
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then make one of one's own keys void."""
    token = get_object_or_404(Token, pk=pk, account=_me(request))
    if request.method == "POST":
        tokens.revoke_token(token, actor=_me(request))
        messages.success(request, _("The token no longer works."))
        return redirect("people:my_settings")
    return render(
        request,
        "ui/confirm.html",
        {
            "title": _("Revoke the token “%(name)s”?") % {"name": token.name},
            "consequence": _("Programs that use it are locked out at once."),
            "action_label": _("Revoke"),
            "cancel_url": reverse("people:my_settings"),
            "danger": True,
        },
    )


@csrf_exempt  # readers get no cookie, so the footer carries no token; all it changes is how the page looks
@access("public")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device; for anybody, kept in a cookie and, signed in, in the account."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    form = ThemeForm(request.POST)
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        if request.user.is_authenticated:
            accounts.change_account(_me(request), actor=_me(request), theme=theme)
        remember(response, theme=theme)
    return response
