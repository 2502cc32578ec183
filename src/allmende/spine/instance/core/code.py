"""The one-time code that opens the set-up of a fresh server: whoever can read the terminal owns the town."""

import hmac
import os
import secrets
from pathlib import Path

# No letters that are taken for digits or each other.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
FILE = "setup-code"


def new_code() -> str:
    """80 random bits as `ABCD-EFGH-JKLM-NPQR`: guessing is hopeless, so wrong tries need no counting."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def ensure_code(data: Path) -> str:
    """The code of this data folder, made at the first call, in a file that its owner alone can read (0600)."""
    path = data / FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if kept:
            return kept
        # A crash between making and filling the file.
        path.unlink(missing_ok=True)
        return ensure_code(data)
    code = new_code()
    with os.fdopen(handle, "w") as file:
        file.write(code + "\n")
    return code


def plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def fits(data: Path, typed: str) -> bool:
    """Whether `typed` is the code of this data folder (spaces, dashes and case do not matter)."""
    try:
        kept = plain((data / FILE).read_text())
    except FileNotFoundError:
        return False
    return bool(kept) and hmac.compare_digest(kept.encode(), plain(typed).encode())


def forget_code(data: Path) -> None:
    (data / FILE).unlink(missing_ok=True)
