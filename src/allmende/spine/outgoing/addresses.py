"""Which server a URL means, and whether ours may ask it."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from .errors import Refused, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORTS = {"http": 80, "https": 443}
# What no URL holds unquoted; some readers of URLs drop it silently, others do not.
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
# Well-known prefix of NAT64 (RFC 6052) and the deprecated IPv4-compatible addresses (RFC 4291, 2.5.5.1).
_WITH_IPV4 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
# Private by the registries of special-purpose addresses; Python knows them only since its 3.11.10 and 3.12.4.
_NEVER = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("64:ff9b:1::/48"))


@dataclass(frozen=True)
class Target:
    """A URL taken apart. `host`: lower case, ASCII, an IPv6 address without brackets; `path`: with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The `Host` header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def read(text: str) -> Target:
    """The target of a URL. Raises Refused."""
    if _ODD.search(text):
        raise Refused("malformed")
    try:
        url = parse_url(text)
    except LocationParseError:
        raise Refused("malformed") from None
    if url.scheme not in PORTS:
        raise Refused("scheme")
    if url.auth is not None:
        raise Refused("credentials", url.host or "")
    host = (url.host or "").strip("[]").rstrip(".")
    if not host or "%" in host or url.port == 0:
        raise Refused("malformed")
    return Target(url.scheme, host, url.port or PORTS[url.scheme], url.request_uri)


def addresses(target: Target) -> list[str]:
    """The addresses of a target, each allowed, in the resolver's order. Raises Refused, Unreachable."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("unknown_host", target.host) from None
    texts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not texts or not all(allowed(text, settings.OUTGOING_NETWORKS) for text in texts):
        raise Refused("private", target.host)
    return texts


def allowed(text: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """Whether an address is public, or in one of `networks`. One that carries an IPv4 address is judged by that too."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inside(address)
    if any(each in network for each in (address, inner) for network in networks):
        return True
    return _public(inner) and (inner is not address or _public(address))


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in network for network in _WITH_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in _NEVER)
