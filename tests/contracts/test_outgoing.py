"""Requests to other servers go through one door."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "allmende"
CLIENTS = (
    "aiohttp", "ftplib", "http.client", "httpcore", "httpx", "ldap3", "requests", "smtplib", "telnetlib",
    "urllib.request", "urllib3", "websockets", "xmlrpc.client",
)  # fmt: skip
# Other places that open connections, and why they may.
DOORS = {
    "spine/supervisor/health.py": {"http.client": "asks our own processes, on loopback ports and sockets of ours"},
    "spine/people/ldap.py": {"ldap3": "the directory that the settings of the server name"},
    "spine/instance/domain/mail.py": {"smtplib": "reads errors of the mail server that an administrator names"},
    "spine/notify/domain/sending.py": {"smtplib": "reads errors of the mail server; Django's backend sends"},
    "spine/privacy/domain/erasure.py": {"smtplib": "reads errors of the mail server; Django's backend sends"},
}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {client for client in CLIENTS for name in found if name == client or name.startswith(f"{client}.")}


def test_no_other_code_asks_other_servers() -> None:
    found = {
        str(path.relative_to(SOURCE)): clients
        for path in SOURCE.rglob("*.py")
        if path.parent != SOURCE / "spine" / "outgoing"
        for clients in [_imports(path)]
        if clients
    }
    assert found == {path: set(reasons) for path, reasons in DOORS.items()}


def test_the_finder_sees_every_way_of_importing(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text(
        "import requests as r\nfrom urllib import request, parse\nimport urllib.parse\nfrom http.client import X\n"
        "def late():\n    import urllib3.util\nfrom .requests import local\nfrom http import HTTPStatus\n"
    )
    assert _imports(file) == {"requests", "urllib.request", "http.client", "urllib3"}
