"""What every template may count on."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.instance.domain.queries import closed_rooms, current
from allmende.spine.notify.domain.queries import unread_count
from allmende.spine.people.access import can, is_staff
from allmende.spine.rooms import MenuEntry, rooms


def _entries(request: HttpRequest, staff: bool) -> list[tuple[str, str, bool]]:
    off = closed_rooms()
    found: list[MenuEntry] = [
        entry
        for config in rooms()
        if config.room not in off
        for entry in config.menu
        if entry.staff == staff and (entry.right is None or can(request.user, entry.right))
    ]
    found.sort(key=lambda entry: entry.order)
    urls = [(entry, reverse(entry.route)) for entry in found]
    # The page that all others lie below is marked only on itself: elsewhere it would say nothing.
    roots = {url for _, url in urls if all(other.startswith(url) for _, other in urls)} if len(urls) > 1 else set()
    fits = (url for _, url in urls if request.path == url or (request.path.startswith(url) and url not in roots))
    here = max(fits, key=len, default="")
    return [(str(entry.label), url, url == here) for entry, url in urls]


def site(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    staff = user is not None and is_staff(user)
    return {
        "instance": current(),
        # Asked only where the page writes them: a visitor's header is mostly at hand already.
        "menu": SimpleLazyObject(partial(_entries, request, staff=False)) if user is not None else [],
        "staff_menu": SimpleLazyObject(partial(_entries, request, staff=True)) if staff else [],
        "is_staff": staff,
        "unread": unread_count(user),
        "page_language": get_language() or "de",
        "theme": _theme(request),
        "themes": (("auto", _("like the device")), ("light", _("light")), ("dark", _("dark"))),
    }


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "auto")
    return theme if theme in {"light", "dark"} else "auto"
