"""Reading the environment. Every name read here stands in docs/reference/settings.md."""

import os

from allmende.spine.secrets import save_secrets, secrets

__all__ = ["READ", "flag", "get", "save_secrets", "secrets", "words"]

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
