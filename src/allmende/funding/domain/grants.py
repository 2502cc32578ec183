"""Recording, changing, publishing grants, and sharing them out among measures."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.programme.models import Measure, Phase
from allmende.spine.facts import emit
from allmende.spine.files.domain import uploads
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import require_actor
from allmende.spine.slugs import free_slug
from allmende.spine.ui.formats import money

from ..facts import GrantChanged, GrantPublished, GrantRecorded, GrantWithdrawn
from ..models import Grant, Share

RIGHT = "funding.change_grant"
EDITABLE = (
    "title", "scheme", "scheme_url", "authority", "recipient", "ags", "reference", "notice_date", "amount_cents",
    "qualifier", "quota", "quota_at_least", "own_share_cents", "starts", "ends", "phase", "document_url",
    "source_title", "source_url", "note",
)  # fmt: skip
# Money of the town's programme lies within these years; a slip of the finger (0202, 20222) does not.
YEARS = (1949, 2099)


def _one_at_a_time() -> None:
    """Addresses and reference numbers are taken one after the other; recording a grant is rare."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('funding.grant', 0))")


def _free_slug(title: str) -> str:
    return free_slug(title, lambda slug: Grant.objects.filter(slug=slug).exists(), longest=100, fallback="bescheid")


def _put(grant: Grant, values: dict[str, Any]) -> None:
    """Set fields. Raises ValueError for unknown ones, ValidationError for a phase that does not exist."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    for name, value in values.items():
        if name == "phase" and isinstance(value, int):
            value = Phase.objects.filter(number=value).first()
            if value is None:
                raise ValidationError({"phase": _("There is no such phase.")})
        # Pasted numbers and names carry blanks that nobody sees.
        setattr(grant, name, " ".join(value.split()) if isinstance(value, str) else value)


def _fill_in(grant: Grant) -> None:
    """This town is written in one way: without a key, with its name."""
    here = current()
    if here.ags and grant.ags == here.ags:
        grant.ags = ""
    if not grant.ags and not grant.recipient:
        grant.recipient = here.town


def _check(grant: Grant) -> None:
    """Raises ValidationError with every problem at its field."""
    problems: dict[str, list[str]] = {}
    try:
        grant.clean_fields(exclude=["slug", "document"])
    except ValidationError as error:
        problems |= error.message_dict
    for name, value in ((name, getattr(grant, name)) for name in ("notice_date", "starts", "ends")):
        if isinstance(value, date) and not YEARS[0] <= value.year <= YEARS[1]:
            first, last = YEARS
            problems[name] = [_("The year must lie between %(first)s and %(last)s.") % {"first": first, "last": last}]
    if "notice_date" not in problems and grant.notice_date and grant.notice_date > timezone.localdate():
        problems["notice_date"] = [_("A notice is not dated in the future.")]
    if not problems.keys() & {"starts", "ends"} and grant.starts and grant.ends and grant.ends < grant.starts:
        problems["ends"] = [_("The end lies before the beginning.")]
    if grant.ags and not grant.recipient:
        problems.setdefault("recipient", []).append(_("Name the town that this key belongs to."))
    if grant.quota_at_least and grant.quota is None:
        problems.setdefault("quota", []).append(_("Say the quota that is the lower bound."))
    if grant.reference and "reference" not in problems:
        same = Grant.objects.filter(authority=grant.authority, reference=grant.reference).exclude(pk=grant.pk).first()
        if same is not None:
            text = _("“%(grant)s” of this authority has this number already.") % {"grant": same}
            problems["reference"] = [text]
    if problems:
        raise ValidationError(problems)


def _actor_of_upload(actor: Any) -> Any:
    return None if isinstance(actor, str) else actor


@transaction.atomic
def record_grant(values: dict[str, Any], *, actor: Any) -> Grant:
    """Record what a notice says; nobody outside sees it yet. `values`: names of EDITABLE; `phase` a row or its number.

    Raises PermissionDenied, ValidationError with every problem at its field, ValueError for unknown names.
    """
    require_actor(actor, RIGHT)
    _one_at_a_time()
    grant = Grant()
    _put(grant, values)
    _fill_in(grant)
    _check(grant)
    grant.slug = _free_slug(grant.title)
    grant.save()
    emit(GrantRecorded(title=grant.title, amount_cents=grant.amount_cents), subject=grant, actor=actor, url="")
    return grant


@transaction.atomic
def change_grant(grant: Grant, values: dict[str, Any], *, version: int, actor: Any) -> Grant:
    """Save changed fields on top of `version`. No difference, no fact.

    Raises PermissionDenied, VersionConflict (carries the grant as saved meanwhile), ValidationError with every problem
    at its field – also where shares already exceed the new amount –, ValueError for unknown names.
    """
    require_actor(actor, RIGHT, grant)
    _one_at_a_time()
    row = Grant.locked(grant.pk, version)
    before = {name: getattr(row, name) for name in EDITABLE}
    _put(row, values)
    _fill_in(row)
    _check(row)
    changed = sorted(name for name in EDITABLE if getattr(row, name) != before[name])
    if not changed:
        return row
    given = sum(cents for cents in row.shares.values_list("amount_cents", flat=True) if cents)
    if given > row.amount_cents:
        text = _("Measures already get %(amount)s of this grant.") % {"amount": money(given)}
        raise ValidationError({"amount_cents": text})
    return _saved(row, changed, actor)


def _saved(row: Grant, fields: list[str], actor: Any) -> Grant:
    row.version += 1
    row.save()
    shown = row.published is not None
    emit(
        GrantChanged(title=row.title, fields=fields, version=row.version),
        subject=row, actor=actor, public=shown, url=None if shown else "",
    )  # fmt: skip
    return row


@transaction.atomic
def publish_grant(grant: Grant, *, version: int | None = None, actor: Any) -> Grant:
    """Show a grant to everybody. `version`: the one that was looked at. One that is public stays as it is.

    Raises PermissionDenied, VersionConflict.
    """
    require_actor(actor, RIGHT, grant)
    row = Grant.locked(grant.pk, version)
    if row.published is None:
        row.published = timezone.now()
        row.version += 1
        row.save()
        emit(GrantPublished(title=row.title, amount_cents=row.amount_cents), subject=row, actor=actor)
    return row


@transaction.atomic
def withdraw_grant(grant: Grant, *, actor: Any) -> Grant:
    """Take a grant off the public pages; it stays for staff. Raises PermissionDenied."""
    require_actor(actor, RIGHT, grant)
    row = Grant.locked(grant.pk)
    if row.published is not None:
        row.published = None
        row.version += 1
        row.save()
        emit(GrantWithdrawn(title=row.title), subject=row, actor=actor, url="")
    return row


@transaction.atomic
def share_out(
    grant: Grant, shares: Sequence[tuple[Measure, int | None]], *, version: int, actor: Any
) -> Grant:  # fmt: skip
    """Say which measures get what: all shares of a grant at once, in cents; None where no amount is named.

    Raises PermissionDenied, VersionConflict, ValidationError: a list whose errors have `params["row"]`, the position
    among `shares`, or None where it is about all of them.
    """
    require_actor(actor, RIGHT, grant)
    row = Grant.locked(grant.pk, version)
    problems = list(_share_problems(row, shares))
    if problems:
        raise ValidationError(problems)
    before = dict(row.shares.values_list("measure_id", "amount_cents"))
    after = {measure.pk: cents for measure, cents in shares}
    if before == after:
        return row
    row.shares.exclude(measure_id__in=after).delete()
    for pk, cents in after.items():
        Share.objects.update_or_create(grant=row, measure_id=pk, defaults={"amount_cents": cents})
    return _saved(row, ["shares"], actor)


def _share_problems(grant: Grant, shares: Sequence[tuple[Measure, int | None]]) -> Iterable[ValidationError]:
    seen: set[int] = set()
    given = 0
    for position, (measure, cents) in enumerate(shares):
        if measure.pk in seen:
            yield ValidationError(_("This measure is named twice."), params={"row": position, "field": "measure"})
        seen.add(measure.pk)
        if cents is not None and cents <= 0:
            yield ValidationError(_("The amount must be above zero."), params={"row": position, "field": "amount"})
        given += max(cents or 0, 0)
    if given > grant.amount_cents:
        text = _("The shares come to %(given)s, the grant is %(amount)s: %(over)s too much.") % {
            "given": money(given), "amount": money(grant.amount_cents), "over": money(given - grant.amount_cents),
        }  # fmt: skip
        yield ValidationError(text, params={"row": None, "field": None})


@transaction.atomic
def attach_document(grant: Grant, uploaded: Any, *, public: bool, actor: Any) -> Grant:
    """Keep the notice itself with the grant, in place of an earlier one. `public`: everybody may read it once the grant
    is published; without an upload (None) only that changes.

    Raises PermissionDenied, ValidationError for files that are not accepted.
    """
    require_actor(actor, RIGHT, grant)
    row = Grant.locked(grant.pk)
    former = row.document
    if uploaded is None and (former is None or row.document_public == public):
        return row
    if uploaded is not None:
        row.document = uploads.store(uploaded, subject=row, actor=_actor_of_upload(actor), kinds={"document"})
    row.document_public = public
    saved = _saved(row, ["document"], actor)
    if uploaded is not None and former is not None:
        uploads.delete(former, actor=None)
    return saved


@transaction.atomic
def remove_document(grant: Grant, *, actor: Any) -> Grant:
    """Take the notice's file away for good. Raises PermissionDenied."""
    require_actor(actor, RIGHT, grant)
    row = Grant.locked(grant.pk)
    former = row.document
    if former is None:
        return row
    row.document, row.document_public = None, False
    saved = _saved(row, ["document"], actor)
    uploads.delete(former, actor=None)
    return saved
