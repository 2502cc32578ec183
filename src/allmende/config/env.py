"""Reading the environment. Every name read here stands in docs/reference/settings.md."""

import json
import os
from pathlib import Path

READ: set[str] = set()


def get(name: str, default: str) -> str:
    """The value of an environment variable, or `default` where it is unset."""
    READ.add(name)
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    return get(name, "").lower() in {"1", "true", "yes", "on"}


def words(name: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in get(name, "").split(",") if word.strip()]


def secrets(data: Path) -> dict[str, str]:
    """The secrets of this data folder (`secrets.json`, readable by its owner only); empty where there are none."""
    path = data / "secrets.json"
    try:
        values = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return {str(key): str(value) for key, value in values.items()}


def save_secrets(data: Path, **values: str) -> None:
    """Add to the secrets, atomically, mode 0600."""
    path = data / "secrets.json"
    merged = secrets(data) | values
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(merged, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
