"""The town's LDAP directory or Active Directory: who somebody is (search), whether it is them (bind), their groups.

Follows RFC 4511 (bind), 4515 (filter escaping), 4513 § 5.1.2 (a bind with a name and an empty password proves
nothing). Passwords travel over TLS only: `ldaps://`, or StartTLS before the first bind; without either only to this
machine.
"""

import logging
import ssl
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from .domain.directory import Entry

log = logging.getLogger("allmende.people")
TIMEOUT_SECONDS = 5
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def authenticate(login: str, password: str) -> Entry | None:
    """The entry of somebody who gave the right password; None else, also where no directory is set or it is down."""
    config = settings.LDAP
    if not config["url"] or not login or not password:
        return None
    # ldap3 takes 0.1 s to import: only towns with a directory pay for it.
    from ldap3.core.exceptions import LDAPException

    try:
        return _authenticate(config, login, password)
    except (LDAPException, OSError) as error:
        log.error("directory unavailable", extra={"reason": type(error).__name__})
        return None


def _server(config: dict[str, Any]) -> Any:
    from ldap3 import NONE, Server, Tls

    url = urlsplit(config["url"])
    encrypted = url.scheme == "ldaps" or config["starttls"]
    if not encrypted and url.hostname not in LOCAL:
        raise OSError("passwords are not sent unencrypted: use ldaps:// or StartTLS")
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=config["ca"] or None) if encrypted else None
    return Server(
        url.hostname, port=url.port, use_ssl=url.scheme == "ldaps", tls=tls, get_info=NONE,
        connect_timeout=TIMEOUT_SECONDS,
    )  # fmt: skip


def _bound(server: Any, config: dict[str, Any], dn: str | None, password: str | None) -> Any:
    """A connection bound as `dn` (anonymous where None), or None where the password is wrong."""
    from ldap3 import Connection

    connection = Connection(
        server, user=dn, password=password, receive_timeout=TIMEOUT_SECONDS, auto_referrals=False, read_only=True
    )
    try:
        connection.open()
        if config["starttls"] and not connection.start_tls():
            raise OSError("StartTLS refused")
        if connection.bind():
            return connection
    except BaseException:
        _close(connection)
        raise
    _close(connection)
    return None


def _close(connection: Any) -> None:
    """Let go of a connection that is of no use, in whatever state it is."""
    stream = connection.socket
    with suppress(Exception):
        connection.unbind()
    if stream is not None:
        stream.close()


def _authenticate(config: dict[str, Any], login: str, password: str) -> Entry | None:
    server = _server(config)
    search = _bound(server, config, config["bind_dn"] or None, config["bind_password"] or None)
    if search is None:
        raise OSError("the directory refuses the search account")
    try:
        found = _search(search, config, login)
        if found is None:
            return None
        proof = _bound(server, config, found["dn"], password)
        if proof is None:
            return None
        _close(proof)
        return _entry(search, config, found)
    finally:
        _close(search)


def _search(connection: Any, config: dict[str, Any], login: str) -> dict[str, Any] | None:
    """The one entry that the filter finds. None for no entry, or for several: then it is nobody."""
    from ldap3 import SUBTREE
    from ldap3.utils.conv import escape_filter_chars

    connection.search(
        config["base"],
        config["filter"].replace("{login}", escape_filter_chars(login)),
        search_scope=SUBTREE,
        attributes=[config["uid"], "mail", "cn", "displayName", "memberOf"]
        if config["groups"] == "memberOf"
        else [config["uid"], "mail", "cn", "displayName"],
        size_limit=2,
        time_limit=TIMEOUT_SECONDS,
    )
    entries = [row for row in connection.response or [] if row.get("type") == "searchResEntry"]
    return entries[0] if len(entries) == 1 else None


def _first(attributes: Any, name: str) -> str:
    values = attributes.get(name) or []
    value = values[0] if isinstance(values, list) and values else values
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if value else ""


def _entry(connection: Any, config: dict[str, Any], found: dict[str, Any]) -> Entry | None:
    attributes = found["attributes"]
    uid, email = _first(attributes, config["uid"]), _first(attributes, "mail")
    if not uid or not email:
        log.warning("directory entry without id or address refused")
        return None
    name = _first(attributes, "displayName") or _first(attributes, "cn")
    return Entry(uid, email.lower(), name, frozenset(_groups(connection, config, found)))


def _groups(connection: Any, config: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """Distinguished names of the groups: the entry's own list, or a search where `groups` is a filter with `{dn}`."""
    if config["groups"] == "memberOf":
        return [str(value) for value in found["attributes"].get("memberOf") or []]
    from ldap3 import SUBTREE
    from ldap3.utils.conv import escape_filter_chars

    connection.search(
        config["group_base"] or config["base"],
        config["groups"].replace("{dn}", escape_filter_chars(found["dn"])),
        search_scope=SUBTREE,
        attributes=["cn"],
        time_limit=TIMEOUT_SECONDS,
    )
    return [row["dn"] for row in connection.response or [] if row.get("type") == "searchResEntry"]
