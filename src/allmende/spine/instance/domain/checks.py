"""What may be saved as a setting. Wizard, settings pages and command line ask here, and refuse the same."""

import ipaddress
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from allmende.spine.ui.brand import check_colours

from ..core.town import is_key, state_of
from ..enums import Security

Errors = dict[str, list[str]]
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})?(\.[a-z0-9]([a-z0-9-]{0,62})?)*", re.IGNORECASE)
# A backup folder with less room than this would be full with the first copy.
LEAST_FREE_BYTES = 500_000_000


def town(ags: str, state: str) -> Errors:
    errors: Errors = {}
    if ags and not is_key(ags):
        errors["ags"] = [_("A municipality key has eight digits and begins with the number of a state, 01 to 16.")]
    elif ags and state and state_of(ags) != state:
        errors["state"] = [_("The key %(key)s lies in another state.") % {"key": ags}]
    return errors


def colours(values: Mapping[str, str]) -> Errors:
    """Each problem at the colour that has to change, `colours.<name>`."""
    errors: Errors = {}
    for problem in check_colours(dict(values)):
        errors.setdefault(f"colours.{problem.colour}", []).append(str(problem))
    return errors


def mail(values: Mapping[str, Any]) -> Errors:
    """`values`: host, port, security, user, sender; without a host there is no mail server and nothing to check."""
    errors: Errors = {}
    host = str(values.get("host", ""))
    if not host:
        return errors
    if not _is_host(host):
        errors["mail.host"] = [_("Give the name of the server alone, for example mail.example.org.")]
    port = values.get("port")
    if not isinstance(port, int) or not 1 <= port <= 65535:
        errors["mail.port"] = [_("A port is a number from 1 to 65535.")]
    if values.get("security") not in Security.values:
        errors["mail.security"] = [_("Choose how the connection is protected.")]
    try:
        validate_email(str(values.get("sender", "")))
    except ValidationError:
        errors["mail.sender"] = [_("Give the e-mail address that messages are sent from.")]
    return errors


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return HOST.fullmatch(host) is not None
    return True


def address(base_url: str) -> Errors:
    if not base_url:
        return {}
    parts = urlsplit(base_url)
    try:
        usable = parts.scheme in {"http", "https"} and _is_host(parts.hostname or "") and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        return {"base_url": [_("Give the whole address, for example https://digital.example.org.")]}
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        return {
            "base_url": [_("The site must be at the top of its address: nothing may follow the name of the server.")]
        }
    return {}


def backup_target(path: str) -> Errors:
    """The folder exists, lies outside the data folder, can be written, and has room."""
    problem = _backup_problem(path) if path else ""
    return {"backup_target": [problem]} if problem else {}


def _backup_problem(path: str) -> str:
    if not path.startswith("/"):
        return _("Give the whole path of the folder, beginning with a slash.")
    folder, data = Path(path).resolve(), Path(settings.DATA).resolve()
    if folder == data or data in folder.parents:
        return _("This folder lies inside the data folder: whatever destroys the data would destroy the backup.")
    if not folder.is_dir():
        return _("There is no folder %(path)s on the server. Make it first.") % {"path": path}
    try:
        handle, probe = tempfile.mkstemp(dir=folder, prefix=".allmende-")
    except OSError:
        return _("Allmende may not write into %(path)s. Give the folder to the user that runs Allmende.") % {
            "path": path
        }
    os.close(handle)
    Path(probe).unlink()
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        return _("There are less than 500 MB free in %(path)s.") % {"path": path}
    return ""


def languages(codes: list[str]) -> Errors:
    known = {code for code, _name in settings.LANGUAGES}
    if not codes:
        return {"languages": [_("At least one language is needed.")]}
    if set(codes) - known or len(set(codes)) != len(codes):
        return {"languages": [_("Choose among the languages that Allmende speaks.")]}
    return {}


def rooms_off(rooms: list[str]) -> Errors:
    from allmende.spine.rooms import rooms as installed  # the app registry must be ready

    optional = {config.room for config in installed() if config.optional}
    if set(rooms) - optional:
        return {"rooms_off": [_("Choose among the rooms that can be switched off.")]}
    return {}


def everything(values: Mapping[str, Any]) -> Errors:
    """The errors of all settings named in `values`."""
    errors: Errors = {}
    if "ags" in values or "state" in values:
        errors |= town(values.get("ags", ""), values.get("state", ""))
    if values.get("colours"):
        errors |= colours(values["colours"])
    if values.get("mail"):
        errors |= mail(values["mail"])
    if "base_url" in values:
        errors |= address(values["base_url"])
    if "backup_target" in values:
        errors |= backup_target(values["backup_target"])
    if "languages" in values:
        errors |= languages(values["languages"])
    if "rooms_off" in values:
        errors |= rooms_off(values["rooms_off"])
    return errors
