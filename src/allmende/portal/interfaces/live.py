"""Tickets for the live streams: what this person may hear of, for a minute."""

import time

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.cache import add_never_cache_headers

from allmende.spine.live.tickets import mint
from allmende.spine.people.access import access, can

ALL = ("*",)


@access("public")
def ticket(request: HttpRequest) -> JsonResponse:
    """A ticket for the stream. Public facts for everybody; all of them for who may read the log of facts."""
    subject = request.user.urn if request.user.is_authenticated else ""
    staff = can(request.user, "facts.audit")
    response = JsonResponse(
        {
            "url": f"{settings.LIVE_URL}/live/stream",
            "ticket": mint(settings.SECRET_KEY, subject, ALL, time.time(), staff=staff),
            "topics": list(ALL),
        }
    )
    add_never_cache_headers(response)
    return response
