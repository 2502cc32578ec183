"""Data at the end of their time: found, offered to the archive, and after its recorded decision deleted."""

import logging
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.people.models import Account

from .. import register
from ..enums import Decision
from ..facts import RetentionDecided, RetentionDeleted, RetentionHandedOver, RetentionOffered, WarningSent
from ..models import ArchiveOffer, UnusedWarning
from ..register import Personal
from . import erasure, mails
from .queries import dated, title_of

log = logging.getLogger("allmende.privacy")
WARN_DAYS = 30
FAILED_JOB_DAYS = 30
BATCH = 100


def due_rows(line: Personal, today: date | None = None) -> QuerySet[Any]:
    """Rows of a line past their time, with `counted`. Of accounts only those warned at least 30 days ago and not used
    since."""
    if line.retention_days is None:
        return line.model._base_manager.none()  # type: ignore[attr-defined,no-any-return]
    today = today or timezone.localdate()
    rows = dated(line).filter(counted__lte=today - timedelta(days=line.retention_days))
    if line.model is Account:
        warned = UnusedWarning.objects.filter(sent__date__lte=today - timedelta(days=WARN_DAYS))
        rows = rows.filter(demo=False, pk__in=warned.values("account_id"))
    if line.on_deletion == "detach":
        # What is detached already stays: there is nobody in it any more.
        owned = Q()
        for path in line.subjects:
            owned |= Q(**{f"{path}__isnull": False})
        rows = rows.filter(owned)
    return rows.order_by("counted", "pk")


def warn_unused(today: date | None = None) -> int:
    """Tell people 30 days ahead that their unused account will go. Returns how many mails were queued.

    Warnings of accounts used since are void and go.
    """
    today = today or timezone.localdate()
    line = register.line_of("people.Account")
    assert line.retention_days is not None
    used_again = [
        warning.pk
        for warning in UnusedWarning.objects.select_related("account")
        if warning.account.last_seen and warning.account.last_seen > timezone.localdate(warning.sent)
    ]
    UnusedWarning.objects.filter(pk__in=used_again).delete()
    soon = today - timedelta(days=line.retention_days - WARN_DAYS)
    rows = dated(line).filter(counted__lte=soon, demo=False).exclude(pk__in=UnusedWarning.objects.values("account_id"))
    count = 0
    for account in rows.order_by("pk"):
        with transaction.atomic():
            _warning, new = UnusedWarning.objects.get_or_create(
                account_id=account.pk, defaults={"sent": timezone.now()}
            )
            if new:
                emit(WarningSent(), subject=account)
                from ..tasks import send_warning  # tasks import the domain

                send_warning.defer(account_id=account.pk)
                count += 1
    return count


def send_warning(account_id: int) -> bool:
    """The mail of a warning; none to an account that is gone or in use again."""
    warning = UnusedWarning.objects.select_related("account").filter(account_id=account_id).first()
    if warning is None:
        return False
    mails.send(
        warning.account,
        lambda: (
            _("Your account is about to be deleted"),
            _(
                "You have not used your account for almost two years. In %(days)d days it will be offered to the "
                "archive and then deleted. To keep it, just sign in:\n%(url)s"
            )
            % {"days": WARN_DAYS, "url": mails.url("account_login")},
        ),
    )
    return True


def offer_due(today: date | None = None) -> list[ArchiveOffer]:
    """Offer to the archive what is due, one offer a line; a line with an offer not yet dealt with waits. Returns the
    new offers."""
    made = []
    for line in register.lines():
        if line.retention_days is None or ArchiveOffer.objects.filter(model=line.label, executed=None).exists():
            continue
        found = (
            due_rows(line, today).order_by().aggregate(count=Count("pk"), oldest=Min("counted"), newest=Max("counted"))
        )
        if not found["count"]:
            continue
        try:
            with transaction.atomic(), translation.override("de"):
                offer = ArchiveOffer.objects.create(
                    model=line.label, description=f"{title_of(line)}: {line.purpose}"[:300], **found
                )
                emit(RetentionOffered(model=line.label, count=offer.count), subject=offer)
        except IntegrityError:
            # Another run was quicker.
            continue
        made.append(offer)
    return made


@transaction.atomic
def decide(offer: ArchiveOffer, decision: str, reason: str, *, actor: Any, version: int | None = None) -> ArchiveOffer:
    """Record the archivist's decision, "taken" or "declined". Raises PermissionDenied, VersionConflict,
    ValidationError."""
    require(actor, "privacy.decide_offer", offer)
    row = ArchiveOffer.locked(offer.pk, version)
    if row.decision != Decision.OPEN:
        raise ValidationError(_("This offer is decided already."), code="decided")
    if decision not in {Decision.TAKEN, Decision.DECLINED}:
        raise ValidationError({"decision": _("Choose whether the archive takes the data over.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the decision is kept as proof.")})
    row.decision, row.reason = decision, reason.strip()[:500]
    row.decided, row.decided_by = timezone.now(), actor
    row.version += 1
    row.save()
    emit(RetentionDecided(model=row.model, decision=decision), subject=row, actor=actor)
    if row.may_be_deleted:
        _defer(row)
    return row


@transaction.atomic
def confirm_handover(offer: ArchiveOffer, *, actor: Any, version: int | None = None) -> ArchiveOffer:
    """The archive has the package: now the data may go. Raises PermissionDenied, VersionConflict, ValidationError."""
    require(actor, "privacy.decide_offer", offer)
    row = ArchiveOffer.locked(offer.pk, version)
    if row.decision != Decision.TAKEN or row.handed_over is not None:
        raise ValidationError(_("There is nothing to confirm for this offer."), code="decided")
    if row.downloaded is None:
        raise ValidationError(
            _("Download the package first: after the confirmation the data are deleted."), code="package"
        )
    row.handed_over = timezone.now()
    row.version += 1
    row.save()
    emit(RetentionHandedOver(model=row.model, sha256=row.package_sha256), subject=row, actor=actor)
    _defer(row)
    return row


def _defer(offer: ArchiveOffer) -> None:
    from ..tasks import execute_offer  # tasks import the domain

    execute_offer.defer(offer_id=offer.pk)


def offered_rows(offer: ArchiveOffer) -> QuerySet[Any]:
    """Rows that an offer speaks of and that are still past their time: what was used again since is no longer
    theirs."""
    return due_rows(register.line_of(offer.model)).filter(counted__lte=offer.newest)


def execute(offer_id: int) -> int:
    """Delete what an offer speaks of, in short transactions. Repeatable after a crash. Returns how many rows went.

    Raises PermissionError where the archive has not decided.
    """
    gone, passed = 0, set[Any]()
    while True:
        with transaction.atomic():
            offer = ArchiveOffer.locked(offer_id)
            if offer.executed is not None:
                return gone
            if not offer.may_be_deleted:
                raise PermissionError("no decision of the archive")
            line = register.line_of(offer.model)
            rows = list(offered_rows(offer).exclude(pk__in=passed)[:BATCH])
            for row in rows:
                if _remove(line, row):
                    gone += 1
                    offer.deleted_count += 1
                else:
                    passed.add(row.pk)
            if not rows:
                offer.executed = timezone.now()
                emit(
                    RetentionDeleted(model=offer.model, count=offer.deleted_count),
                    subject=offer,
                    actor=offer.decided_by,
                )
            offer.version += 1
            offer.save(update_fields=["deleted_count", "executed", "version", "changed"])
            if not rows:
                return gone


def _remove(line: Personal, row: Any) -> bool:
    if line.model is Account:
        try:
            erasure.delete_account(row, why="retention")
        except ValidationError:
            # The last administrator, long unseen: the town must name another one.
            log.error("an unused account is the last administrator's and stays")
            return False
    elif line.on_deletion == "detach":
        erasure.detach(line, row)
    else:
        erasure.erase(line, row)
    return True


def decided_offers() -> list[int]:
    """Ids of offers whose deletion may begin or go on."""
    rows = ArchiveOffer.objects.filter(executed=None).exclude(decision=Decision.OPEN)
    return [row.pk for row in rows if row.may_be_deleted]


def clear_short_lived() -> None:
    """What ends by itself: sessions past their end, failed jobs after 30 days."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE expire_date < now()")
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN ('failed', 'cancelled', 'aborted', 'succeeded') "
            "AND NOT EXISTS (SELECT 1 FROM procrastinate_events e "
            "WHERE e.job_id = j.id AND e.at > now() - make_interval(days => %s))",
            [FAILED_JOB_DAYS],
        )
