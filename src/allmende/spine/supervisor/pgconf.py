"""The embedded server's configuration: sockets only, peer only, memory for a town's small machine."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor.dsn import SOCKET_PORT
from allmende.spine.supervisor.faults import named_problem
from allmende.spine.supervisor.osuser import ServerUser

SUPERUSER = "postgres"
APP_ROLE = "allmende"
APP_DATABASE = "allmende"

_MIB = 1024 * 1024

_FIXED = {
    "listen_addresses": "",
    "port": str(SOCKET_PORT),
    "unix_socket_permissions": "0777",  # the folder around it is closed; peer decides
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, dmy",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.german",
    "jit": "off",  # costs more than it gives at page-sized queries
    "random_page_cost": "1.1",
    "max_wal_size": "1GB",
    "wal_compression": "pglz",
    "idle_in_transaction_session_timeout": "10min",
    # The log must not hold personal data: no statements, no DETAIL lines with keys and values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class ConfigFiles:
    config: Path
    hba: Path
    ident: Path


def machine_memory() -> int:
    """Bytes this machine, or the container around us, may use."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text())
    except (OSError, ValueError):  # no cgroup v2, or "max"
        return total
    return min(total, limit)


def memory_settings(total: int) -> dict[str, str]:
    """Modest on purpose: web, worker and the town's other programs live on the same machine."""

    def mib(value: int, low: int, high: int) -> str:
        return f"{max(low, min(high, value // _MIB))}MB"

    return {
        "shared_buffers": mib(total // 8, 48, 512),
        "effective_cache_size": mib(total // 2, 128, 16384),
        "work_mem": mib(total // 512, 4, 32),
        "maintenance_work_mem": mib(total // 32, 32, 256),
        "max_connections": "100" if total >= 2048 * _MIB else "50",
    }


def write(
    folder: Path, sockets: Path, server: ServerUser, extra: Mapping[str, str] | None = None, own: str = ""
) -> ConfigFiles:
    """Write the three files to `folder`, which is ours and not the server's: a server gone bad cannot make
    root overwrite something through a link. `own` is the text of the town's `postgresql.conf`, it wins over
    our values.
    """
    settings = {**_FIXED, **memory_settings(machine_memory()), "unix_socket_directories": str(sockets)}
    files = ConfigFiles(folder / "postgresql.conf", folder / "pg_hba.conf", folder / "pg_ident.conf")
    settings |= {"hba_file": str(files.hba), "ident_file": str(files.ident), **(extra or {})}
    body = "".join(f"{key} = '{_quoted(value)}'\n" for key, value in settings.items())
    try:
        folder.mkdir(exist_ok=True, mode=0o755)
        files.config.write_text(f"# Written at each start. Your own values: DATA/postgresql.conf\n{body}{own}\n")
        files.hba.write_text(
            "# Who is at the other end of the socket, the kernel says.\nlocal all all peer map=allmende\n"
        )
        files.ident.write_text(ident_map(server))
        for path in (files.config, files.hba, files.ident):
            path.chmod(0o644)
    except OSError as exc:
        raise named_problem(exc, folder) from exc
    return files


def ident_map(server: ServerUser) -> str:
    """Operating system users who may be either role: the caller, the server's user and root (who could
    anyway)."""
    caller = pwd.getpwuid(os.geteuid()).pw_name
    people = dict.fromkeys((caller, server.name, "root"))
    lines = [f'allmende "{person}" {role}\n' for person in people for role in (SUPERUSER, APP_ROLE)]
    return "".join(lines)


def _quoted(value: str) -> str:
    return value.replace("'", "''")
