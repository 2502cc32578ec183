"""Whether a port is free, and who has it when it is not."""

from __future__ import annotations

import errno
import socket

from allmende.spine.supervisor.errors import PermissionProblem, PortTaken, UsageProblem


def check(host: str, port: int) -> int:
    """The port to use: `port` itself, or a free one for 0. Raises PortTaken, PermissionProblem, UsageProblem.

    Without SO_REUSEPORT on purpose: a leftover web server that shares its port would silently get half the visitors.
    """
    if not 0 <= port <= 65535:
        raise UsageProblem("port_invalid", port=port)
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError) as exc:
        raise UsageProblem("host_unknown", host=host) from exc
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                raise PortTaken("port_taken", port=port, holder=holder(port)) from exc
            if exc.errno == errno.EACCES:
                raise PermissionProblem("port_forbidden", port=port) from exc
            raise UsageProblem("host_unknown", host=host) from exc
        return int(probe.getsockname()[1])


def free_from(host: str, first: int, tries: int = 50) -> int:
    """The first free port from `first` on; any free one when that range is full."""
    for port in range(first, min(first + tries, 65536)):
        try:
            return check(host, port)
        except PortTaken:
            continue
    return check(host, 0)


def holder(port: int) -> str:
    """`name (pid n)` of the process that listens on `port`; `?` where the system does not tell us."""
    import psutil

    try:
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr and found.laddr.port == port and found.pid:
                return f"{psutil.Process(found.pid).name()} (pid {found.pid})"
    except psutil.Error:
        return "?"
    return "?"


def connects(host: str, port: int) -> bool:
    """Whether something accepts connections there now."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    try:
        socket.create_connection((target, port), timeout=1).close()
    except OSError:
        return False
    return True
