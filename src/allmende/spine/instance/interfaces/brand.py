"""The brand kit: what the brand is, who may use it, and everything to print."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can
from allmende.spine.ui.brand import LABELS, palette

from ..domain import brand, prints
from ..domain.queries import current
from ..models import BrandPermission
from .brand_forms import ExtendForm, PermissionForm, PosterForm, PressForm, QRForm, RevokeForm

TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


def _download(content: bytes | str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)[:60] or "allmende"}.{kind}"'
    return response


def _require_use(request: HttpRequest) -> None:
    if not brand.may_use(request.user):
        raise PermissionDenied("no valid brand permission")


@access("public")
def about(request: HttpRequest) -> HttpResponse:
    """What the brand stands for and who may use it, for everybody."""
    return render(request, "instance/brand_about.html", {"may_use": brand.may_use(request.user)})


@access("instance.use_brand")
def kit(request: HttpRequest) -> HttpResponse:
    """Colours, sign and everything to print, for staff and partners with a permission."""
    _require_use(request)
    row = current()
    shades = palette(row.colours)["light"]
    return render(
        request,
        "instance/brand_kit.html",
        {
            "colours": [(LABELS[key], shades[_shade(key)]) for key in LABELS],
            "poster": PosterForm(),
            "qr": QRForm(),
            "press": PressForm(initial={"place": row.town, "contact": row.contact_email}),
            "may_grant": can(request.user, "instance.grant_brand"),
        },
    )


def _shade(key: str) -> str:
    return {"ink": "text"}.get(key, key)


@access("instance.use_brand")
def sign(request: HttpRequest, kind: str) -> HttpResponse:
    """The sign as SVG or PNG."""
    _require_use(request)
    row = current()
    if kind not in ("svg", "png") or row.sign == "none":
        raise Http404
    return _download(prints.sign_svg(row) if kind == "svg" else prints.sign_png(row), kind, row.name)


@access("instance.use_brand")
def poster(request: HttpRequest) -> HttpResponse:
    """A poster or table card as PDF."""
    _require_use(request)
    form = PosterForm(request.GET or None)
    if form.is_valid():
        data = form.cleaned_data
        return _download(prints.poster(current(), **data), "pdf", data["title"])
    return _print_page(request, _("Poster and table card"), form)


@access("instance.use_brand")
def qr(request: HttpRequest) -> HttpResponse:
    """A QR code as SVG, PNG or PDF."""
    _require_use(request)
    form = QRForm(request.GET or None)
    if form.is_valid():
        data = form.cleaned_data
        kind, url, title = data["kind"], data["url"], data["title"]
        content = prints.qr_pdf(current(), url=url, title=title) if kind == "pdf" else prints.qr_bytes(url, kind)
        return _download(content, kind, title)
    return _print_page(request, _("QR code"), form)


@access("instance.use_brand")
def press(request: HttpRequest) -> HttpResponse:
    """A press release in the town's dress, as PDF."""
    _require_use(request)
    form = PressForm(request.POST or None)
    if form.is_valid():
        release = prints.Release(**form.cleaned_data)
        return _download(prints.press_release(current(), release), "pdf", release.title)
    return _print_page(request, _("Press release"), form, post=True)


def _print_page(request: HttpRequest, title: str, form: Any, post: bool = False) -> HttpResponse:
    context = {"form": form, "title": title, "post": post}
    return render(request, "instance/brand_print.html", context, status=422 if form.is_bound else 200)


# ---- permissions ----


@access("instance.grant_brand")
def permissions(request: HttpRequest) -> HttpResponse:
    """Who besides the town may use the brand, those that end soon on top."""
    today = timezone.localdate()
    context = {
        "ending": list(brand.expiring(today)),
        "rows": list(brand.permissions()),
    }
    return render(request, "instance/brand_permissions.html", context)


@access("instance.grant_brand")
def grant(request: HttpRequest) -> HttpResponse:
    """Allow an organisation to use the brand for a term."""
    form = PermissionForm(request.POST or None)
    if form.is_valid():
        try:
            brand.grant(**form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The permission is granted."))
            return redirect("instance:brand_permissions")
    context = {"form": form, "title": _("Grant a permission")}
    return render(request, "instance/brand_permission.html", context, status=422 if form.is_bound else 200)


@access("instance.grant_brand")
def permission(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One permission: extend or revoke it."""
    row = get_object_or_404(brand.permissions(), public_id=public_id)
    action = request.POST.get("action")
    extend = ExtendForm(request.POST if action == "extend" else None, initial={"version": row.version})
    revoke = RevokeForm(request.POST if action == "revoke" else None)
    bound = extend if action == "extend" else revoke
    if bound.is_bound and bound.is_valid():
        try:
            _act(row, bound, request.user)
        except VersionConflict:
            bound.add_error(None, _("Somebody else has changed this permission meanwhile. Look at it again."))
        except ValidationError as error:
            bound.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("instance:brand_permission", public_id)
    context = {"row": row, "extend": extend, "revoke": revoke}
    return render(request, "instance/brand_permission_one.html", context, status=422 if bound.is_bound else 200)


def _act(row: BrandPermission, form: ExtendForm | RevokeForm, actor: Any) -> None:
    if isinstance(form, ExtendForm):
        brand.extend(row, form.cleaned_data["valid_to"], version=form.cleaned_data["version"], actor=actor)
    else:
        brand.revoke(row, form.cleaned_data["reason"], actor=actor)
