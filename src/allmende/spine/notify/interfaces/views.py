"""One's notices, how one wants to be told, following, and the way out of e-mail without signing in."""

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from allmende.spine.people.access import access
from allmende.spine.people.models import Account

from ..domain import choices, queries
from ..domain.notices import mark_read
from ..topics import TOPICS
from .forms import FollowForm, SettingsForm

PAGE = 25


def _me(request: HttpRequest) -> Account:
    """Whom a view for people signed in works for."""
    return cast(Account, request.user)


@access("signed_in")
@require_safe
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    page = Paginator(queries.notices_of(_me(request)), PAGE).get_page(request.GET.get("page"))
    rows = [(row, TOPICS.get(row.topic)) for row in page]
    return render(
        request, "notify/notices.html", {"page": page, "rows": rows, "unread": queries.unread_count(_me(request))}
    )


@access("signed_in")
@require_safe
@never_cache
def open_notice(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Where a notice leads; it is read by that."""
    row = queries.notice_of(_me(request), public_id)
    if row is None:
        raise Http404
    mark_read(_me(request), public_id)
    return redirect(row.url or "notify:notices")


@access("signed_in")
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice, or all, as read."""
    try:
        public_id = uuid.UUID(request.POST["notice"]) if "notice" in request.POST else None
    except ValueError:
        raise Http404 from None
    mark_read(_me(request), public_id)
    return redirect("notify:notices")


@access("signed_in")
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    """How often e-mail comes, about what, and when not; what one follows."""
    form = SettingsForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                choices.set_quiet_hours(_me(request), *form.quiet())
                choices.choose(_me(request), form.cadences())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("notify:settings")
    return render(
        request,
        "notify/settings.html",
        {"form": form, "followed": queries.followed_by(_me(request)), "mail": queries.settings_of(_me(request))},
        status=422 if form.is_bound else 200,
    )


@access("signed_in")
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Send e-mail again to an address that had refused it."""
    choices.resume_mail(_me(request))
    messages.success(request, _("E-mail comes again."))
    return redirect("notify:settings")


@access("signed_in")
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Follow a thing, or no longer."""
    form = FollowForm(request.POST)
    if not form.is_valid() or form.cleaned_data["topic"] not in TOPICS:
        raise Http404
    topic, subject = form.cleaned_data["topic"], form.cleaned_data["subject"]
    if form.cleaned_data["action"] == "unfollow":
        choices.unfollow(_me(request), topic, subject)
        messages.success(request, _("You no longer follow this."))
    else:
        try:
            thing = choices.follow(_me(request), topic, subject)
        except PermissionDenied:
            # Whether a draft exists is nobody's business.
            raise Http404 from None
        messages.success(request, _("You now follow “%(title)s”.") % {"title": thing.title})
    back = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(back if back and safe else "notify:settings")


@access("public")
@csrf_exempt
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST of the mail program ends the e-mail, without cookie, log-in or CSRF token; the signed address is
    the proof. A GET only asks, since link checkers follow every link in a mail."""
    read = choices.read_token(token)
    if read is None:
        return render(request, "notify/unsubscribe.html", {"state": "void"}, status=404)
    account, topics = read
    if request.method == "POST":
        choices.unsubscribe(account, topics)
    state = "done" if request.method == "POST" else "ask"
    known = [TOPICS[key].label for key in topics if key in TOPICS]
    response = render(request, "notify/unsubscribe.html", {"state": state, "topics": known})
    # The address is a key: it must not travel on as a referrer.
    response["Referrer-Policy"] = "no-referrer"
    return response
