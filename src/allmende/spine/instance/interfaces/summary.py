"""Settings as lines that people read: for the end of the set-up and for the command line."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.spine.rooms import closed, titles
from allmende.spine.ui.brand import DEFAULTS

from ..enums import Security
from ..models import STATES
from .forms import optional_rooms

Lines = list[tuple[str, str]]


def lines_of(step: str, values: Mapping[str, Any]) -> Lines:
    """(label, text) of one step; a step left out says what holds then. Never a password."""
    return _SECTIONS[step](values)


def _town(values: Mapping[str, Any]) -> Lines:
    return [
        (_("Municipality"), values.get("town", "")),
        (_("Municipality key (AGS)"), values.get("ags", "")),
        (pgettext("federal state", "State"), dict(STATES).get(values.get("state", ""), "")),
    ]


def _brand(values: Mapping[str, Any]) -> Lines:
    colours = values.get("colours") or DEFAULTS
    return [
        (_("Name of the programme"), values.get("name") or "Allmende"),
        (_("Claim"), values.get("claim", "")),
        (_("Colours"), ", ".join(colours[key] for key in DEFAULTS) if values.get("colours") else _("as supplied")),
    ]


def _account(values: Mapping[str, Any]) -> Lines:
    return [(_("E-mail address"), values.get("email", "")), (_("Name"), values.get("name", ""))]


def _mail(values: Mapping[str, Any]) -> Lines:
    mail = values.get("mail") or {}
    if not mail:
        return [(_("Mail server"), _("none: messages are put into the folder mail/ of the data folder"))]
    return [
        (_("Mail server"), f"{mail['host']}:{mail['port']}"),
        (_("Protection of the connection"), str(Security(mail["security"]).label)),
        (_("Sender address"), mail["sender"]),
    ]


def _address(values: Mapping[str, Any]) -> Lines:
    return [
        (_("Public address"), values.get("base_url") or _("not named yet")),
        (_("Reverse proxy"), _("yes") if values.get("behind_proxy") else _("no")),
    ]


def _backup(values: Mapping[str, Any]) -> Lines:
    return [(_("Backup folder"), values.get("backup_target") or _("none: backups stay in the data folder"))]


def _rooms(values: Mapping[str, Any]) -> Lines:
    off = closed(values.get("rooms_off") or [])
    on = [config.room for config in optional_rooms() if config.room not in off]
    return [(_("Open rooms"), titles(on) or _("none")), (_("Closed rooms"), titles(off) or _("none"))]


_SECTIONS = {
    "town": _town, "brand": _brand, "account": _account, "mail": _mail, "address": _address, "backup": _backup,
    "rooms": _rooms,
}  # fmt: skip
