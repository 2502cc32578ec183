"""Pages for everybody about the data that the town keeps about them."""

import uuid
from typing import IO

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from allmende.spine.people.access import access
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account

from ..domain import collecting, copies, erasure
from ..domain.access_log import entries_about
from ..domain.queries import register_lines
from ..models import DataCopy
from .forms import DeleteForm

PAGE = 25


class Request(HttpRequest):
    """A request that passed `@access("signed_in")`, as the type checker should see it."""

    user: Account  # type: ignore[assignment]


@access("public")
@require_safe
def register(request: HttpRequest) -> HttpResponseBase:
    """Which personal data the town keeps, why, on what ground and for how long."""
    return render(request, "privacy/register.html", {"register": register_lines()})


@access("signed_in")
@never_cache
@require_safe
def my_data(request: Request) -> HttpResponseBase:
    """What is kept, who looked, the ways to a copy and to deletion."""
    page = Paginator(entries_about(request.user), PAGE).get_page(request.GET.get("page"))
    looks = [(entry, [role_label(name) for name in entry.viewer_roles.split(",") if name]) for entry in page]
    context = {
        "lines": collecting.overview(request.user),
        "page": page,
        "looks": looks,
        "copies": copies.copies_of(request.user),
    }
    return render(request, "privacy/my_data.html", context)


def role_label(name: str) -> str:
    return str(Role(name).label) if name in Role.values else name


@access("signed_in")
@never_cache
@reauthentication_required
def my_copy(request: Request) -> HttpResponseBase:
    """Ask (GET), then hand out (POST) the copy: at once, or later where there is much."""
    if request.method != "POST":
        return render(request, "privacy/my_copy.html", {"large": copies.is_large(request.user)})
    if copies.is_large(request.user):
        copies.request_copy(request.user)
        messages.success(request, _("Your copy is being prepared. You get a mail when it is ready."))
        return redirect("privacy:my_data")
    return _zip(copies.copy_now(request.user))


def _zip(file: IO[bytes]) -> HttpResponseBase:
    name = f"meine-daten-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@access("signed_in")
@never_cache
@require_safe
@reauthentication_required
def download_copy(request: Request, public_id: uuid.UUID) -> HttpResponseBase:
    """The finished copy of one's own data, a ZIP."""
    copy = get_object_or_404(DataCopy, public_id=public_id)
    try:
        path = copies.hand_out(copy, actor=request.user)
    except PermissionDenied:
        # Nobody learns that somebody else has asked for a copy.
        raise Http404 from None
    except FileNotFoundError:
        raise Http404 from None
    return _zip(path.open("rb"))


@access("signed_in")
@never_cache
@reauthentication_required
def delete_account(request: Request) -> HttpResponseBase:
    """Say what goes and what stays, then delete one's own account."""
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure.delete_account(request.user, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session.flush()
            request.user = AnonymousUser()  # type: ignore[assignment]
            return redirect("privacy:deleted")
    context = {"form": form, "lines": collecting.overview(request.user)}
    return render(request, "privacy/delete_account.html", context, status=422 if form.is_bound else 200)


@access("public")
@require_safe
def deleted(request: HttpRequest) -> HttpResponseBase:
    """Good-bye after the deletion of an account."""
    return render(request, "privacy/deleted.html")
