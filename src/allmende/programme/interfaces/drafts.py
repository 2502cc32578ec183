"""Staff pages of a draft: edit by sections, submit, review, history."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.ui.conflicts import differences

from ..domain import compare, queries, revisions
from ..enums import RevisionState
from ..models import Measure, Revision
from .drafting import SECTIONS, Section, SectionForms, section_of
from .forms import ReviewForm, SubmitForm


@access("programme.change_measure")
def change(request: HttpRequest, public_id: uuid.UUID, section: str = "texte") -> HttpResponse:
    """Edit one section of the draft; a first save begins one. Two editors notice each other."""
    measure = get_object_or_404(Measure.objects.select_related("topic", "phase"), public_id=public_id)
    require(request.user, "programme.change_measure", measure)
    place = section_of(section)
    if place is None:
        raise Http404
    revision = revisions.draft_of(measure)
    if request.method != "POST":
        return _page(request, measure, revision, place, SectionForms(place, revision, request.user))
    typed = SectionForms(place, revision, request.user, request.POST)
    if typed.is_valid():
        try:
            revisions.save(revision, typed.changes(), version=typed.version, actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, measure, conflict.current, place, typed)
        except ValidationError as error:
            typed.take_errors(error)
        else:
            messages.success(request, _("The draft is saved. Everybody sees it after a review."))
            return redirect(request.get_full_path())
    return _page(request, measure, revision, place, typed, status=422)


def _page(
    request: HttpRequest, measure: Measure, revision: Revision, place: Section, typed: SectionForms,
    status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    person = request.user
    context = {
        "measure": measure,
        "revision": revision if revision.pk else None,
        "section": place,
        "sections": SECTIONS,
        "forms": typed,
        "locked": revision.state == RevisionState.REVIEW,
        "changed": compare.titles(revision.base, revision.document) if revision.pk else [],
        "submit_form": SubmitForm(),
        "may_publish": can(person, "programme.publish_measure", measure),
        "may_delete": can(person, "programme.delete_measure", measure),
        "comments": revision.comments.select_related("author") if revision.pk else [],
    }
    return render(request, "programme/change_measure.html", context | more, status=status)


def _conflict(
    request: HttpRequest, measure: Measure, current: Revision, place: Section, typed: SectionForms
) -> HttpResponse:
    """Both texts side by side. Sending again saves one's own on top of the version shown."""
    found = differences(typed.fields, {name: current.document.get(name) for name in place.fields})
    changes = typed.changes()
    found += compare.rows_as_differences(current.document, changes, place.parts)
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = SectionForms(place, current, request.user, data)
    more = {"conflict": True, "differences": found, "saved_at": current.changed, "saved_by": current.author}
    return _page(request, measure, current, place, again, status=409, **more)


def _revision(request: HttpRequest, public_id: uuid.UUID, right: str) -> Revision:
    row = get_object_or_404(Revision.objects.select_related("measure", "author", "reviewer"), public_id=public_id)
    require(request.user, right, row.measure)
    return row


@access("programme.change_measure")
@require_POST
def act(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Submit a draft, take it back, bring it up to date, discard it, or say something about it."""
    row = _revision(request, public_id, "programme.change_measure")
    action, person = request.POST.get("action"), request.user
    try:
        if action == "submit":
            revisions.submit(row, note=request.POST.get("note", ""), actor=person)
            messages.success(request, _("The draft is in review. A second person looks at it now."))
        elif action == "take_back":
            revisions.take_back(row, actor=person)
            messages.success(request, _("The draft is out of review and can be changed."))
        elif action == "update":
            revisions.bring_up_to_date(row, actor=person)
            messages.success(request, _("The draft builds on what is published now. Look through it and submit it."))
        elif action == "discard":
            revisions.discard(row, actor=person)
            messages.success(request, _("The draft is thrown away."))
        elif action == "comment":
            revisions.comment(row, request.POST.get("comment", ""), actor=person)
            messages.success(request, _("The comment is saved."))
            return redirect(_way_back(request, row))
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("programme:change_measure", row.measure.public_id)


def _way_back(request: HttpRequest, row: Revision) -> str:
    review = can(request.user, "programme.publish_measure", row.measure) and row.state == RevisionState.REVIEW
    return row.review_url if review else row.measure.change_url


@access("programme.publish_measure")
def review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What a draft changes; publish it, or give it back with a comment."""
    row = _revision(request, public_id, "programme.publish_measure")
    form = ReviewForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("action") == "return":
                revisions.return_to_author(row, comment=form.cleaned_data["comment"], actor=request.user)
                messages.success(request, _("The draft went back to its author."))
            else:
                revisions.publish(row, version=form.cleaned_data["version"], actor=request.user)
                messages.success(request, _("The measure is public."))
            return redirect("programme:reviews")
        except VersionConflict:
            row.refresh_from_db()
            form = _said_again(request, row)
            form.add_error(None, _("The draft was changed while you read it. Look at it again."))
        except ValidationError as error:
            form.add_error(None, error.messages)  # type: ignore[arg-type]
    context = {
        "revision": row,
        "measure": row.measure,
        "form": form,
        "diff": compare.diff(row.base, row.document),
        "own": row.author_id == request.user.pk,
        "outdated": row.based_on != row.measure.version,
        "comments": row.comments.select_related("author"),
    }
    return render(request, "programme/review.html", context, status=422 if form.is_bound else 200)


def _said_again(request: HttpRequest, row: Revision) -> ReviewForm:
    """What the reviewer typed, on the draft as it stands now."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    return ReviewForm(data)


@access("programme.publish_measure")
def reviews(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for a review, the longest waiting first."""
    page = Paginator(queries.reviews_for(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "programme/reviews.html", {"page": page})


@access("programme.change_measure")
def history(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Every published version and open draft of a measure."""
    measure = get_object_or_404(Measure, public_id=public_id)
    require(request.user, "programme.change_measure", measure)
    rows = measure.revisions.select_related("author", "reviewer").defer("document", "base")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "programme/history.html", {"measure": measure, "page": page})


@access("programme.change_measure")
def version(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What one revision changed."""
    row = _revision(request, public_id, "programme.change_measure")
    context = {"revision": row, "measure": row.measure, "diff": compare.diff(row.base, row.document)}
    return render(request, "programme/version.html", context)
