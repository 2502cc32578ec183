"""The secrets of a data folder: `secrets.json`, readable by its owner only."""

import fcntl
import json
import os
from pathlib import Path


def secrets(data: Path) -> dict[str, str]:
    """The secrets of this data folder; empty where there are none."""
    path = data / "secrets.json"
    try:
        values = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return {str(key): str(value) for key, value in values.items()}


def save_secrets(data: Path, **values: str | None) -> None:
    """Add to the secrets, atomically, mode 0600. None takes a secret away.

    Two processes may save at once (two workers of the web server): a lock keeps the second from losing what the
    first wrote.
    """
    path = data / "secrets.json"
    lock = os.open(data / "secrets.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        merged = {key: value for key, value in (secrets(data) | values).items() if value is not None}
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(merged, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        os.close(lock)
