"""Staff pages: contributions that wait for a look, and removing them with the eyes of two."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allmende.spine.files.domain.queries import files_of
from allmende.spine.moderation.enums import UNLAWFUL, Hold
from allmende.spine.people.access import access

from ..domain import moderating as verbs
from ..domain import queries
from ..enums import Shown
from ..models import Contribution
from .staff import contribution_for, listed
from .staff_forms import OwedFilter, RemovalForm

RIGHT = "dialogue.moderate_contribution"


@access(RIGHT)
def held(request: HttpRequest) -> HttpResponse:
    """What waits for a look, the oldest first."""
    rows = queries.held(request.user)
    return listed(request, rows, OwedFilter(request.GET, queries.public_participations()), "held")


@access(RIGHT)
def moderate(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Read it, show it, propose to remove it, decide as the second person, bring it back."""
    row = contribution_for(request, public_id, RIGHT)
    if request.method != "POST":
        return _page(request, row, RemovalForm())
    form = RemovalForm(request.POST if request.POST.get("action") == "propose" else None)
    try:
        if form.is_bound:
            if not form.is_valid():
                return _page(request, row, form, 422)
            verbs.propose_removal(row, **form.cleaned_data, actor=request.user)
            told = _("Proposed. A second person decides.")
        else:
            told = _act(request, row)
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            form.add_error(None, error)
            return _page(request, row, form, 422)
        messages.error(request, " ".join(error.messages))
        return redirect("dialogue:moderate", row.public_id)
    messages.success(request, told)
    return redirect("dialogue:moderate", row.public_id)


def _act(request: HttpRequest, row: Contribution) -> str:
    """What a button asks for. Raises Http404, PermissionDenied, ValidationError."""
    action, actor = request.POST.get("action"), request.user
    if action == "release":
        verbs.release(row, actor=actor)
        return _("The contribution is shown.")
    if action == "restore":
        verbs.restore(row, actor=actor)
        return _("The contribution is shown.")
    if action not in ("confirm", "refuse"):
        raise Http404
    removal = verbs.proposal(row)
    if removal is None:
        raise ValidationError(_("Somebody has decided this in the meantime."), code="decided")
    if action == "confirm":
        verbs.confirm_removal(removal, actor=actor)
        return _("The contribution is removed. The author is told.")
    verbs.refuse_removal(removal, actor=actor)
    return _("The contribution is not removed.")


def _page(request: HttpRequest, row: Contribution, form: RemovalForm, status: int = 200, **more: Any) -> HttpResponse:
    proposal = verbs.proposal(row)
    context = {
        "contribution": row,
        "participation": row.phase.participation,
        "pictures": list(files_of(row)),
        "holds": [str(Hold(each).label) if each != Hold.FIRST else _("something of this person was removed before")
                  for each in row.holds if each in Hold.values],
        "proposal": proposal,
        "own_proposal": proposal is not None and proposal.proposer_id == request.user.pk,
        "removals": list(row.removals.select_related("proposer", "decider")),
        "held": row.shown == Shown.HELD,
        "hidden": row.shown == Shown.HIDDEN,
        "may_propose": row.shown in (Shown.VISIBLE, Shown.HELD) and proposal is None,
        "unlawful": [str(each.label) for each in sorted(UNLAWFUL)],
        "form": form,
    }  # fmt: skip
    return render(request, "dialogue/moderate.html", context | more, status=status)
