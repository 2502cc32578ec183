"""Receipts: a code that only the voter has, and what of it stands in the public file.

A code is 120 random bits. Its commitment is SHA-256 over "allmende receipt 1", the election's id and the code's 30
characters (no hyphens), with line feeds between the three, in UTF-8; it is sealed together with the ballot and stands
nowhere else before the close.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from . import groups

BYTES = 15
COMMITMENT = re.compile(r"[0-9a-f]{64}")


def new_code() -> str:
    """Six groups of five characters, 120 random bits."""
    return groups.encode(secrets.token_bytes(BYTES))


def commitment(election: str, code: str) -> str:
    """Hexadecimal. Raises Refused for a mistyped code."""
    written = groups.encode(groups.decode(code, BYTES)).replace("-", "")
    return hashlib.sha256(f"allmende receipt 1\n{election}\n{written}".encode()).hexdigest()
