"""So many times an hour and no more, without keeping who it was."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import Hit, Hour


def _hour(now: datetime) -> Hour:
    begins = now.replace(minute=0, second=0, microsecond=0)
    hour, new = Hour.objects.get_or_create(begins=begins, defaults={"salt": secrets.token_bytes(32)})
    if new:
        # With the salts of former hours nobody can tell any more whose digests those were.
        Hour.objects.exclude(pk=hour.pk).delete()
    return hour


@transaction.atomic
def allowed(sender: str, limit: int, *, what: str, now: datetime | None = None) -> bool:
    """Count one more time that `sender` (a network address) does `what`; False where it was `limit` times this hour.

    Only a digest is stored, salted anew each hour: HMAC-SHA-256.
    """
    hour = _hour(now or timezone.now())
    digest = hmac.digest(bytes(hour.salt), f"{what}\0{sender}".encode(), hashlib.sha256).hex()
    hit, new = Hit.objects.select_for_update().get_or_create(hour=hour, digest=digest)
    if new:
        return limit >= 1
    if hit.count >= limit:
        return False
    Hit.objects.filter(pk=hit.pk).update(count=F("count") + 1)
    return True
