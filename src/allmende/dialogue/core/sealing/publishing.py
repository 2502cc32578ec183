"""The public file: JSON lines, the same bytes for the same outcome.

Line 1: format, election, hash of the rules, kind, projects, and how many ballots there are, were broken, refused,
copies. Then one line for each ballot, {"choices": …, "id": …}, sorted by the random ids; then one line for each
receipt, {"receipt": …}, sorted by value. No time, no order of arrival, no receipt beside a ballot.
`recount` reads it and shares no code with this module.
"""

from __future__ import annotations

import hashlib

from .ballots import Election, canonical
from .closing import Opened

FORMAT = "allmende-ballots-1"


def public_file(election: Election, opened: Opened) -> bytes:
    head = {
        "format": FORMAT,
        "election": election.id,
        "rules": election.rules,
        "kind": election.kind,
        "projects": list(election.projects),
        "ballots": opened.opened,
        "broken": opened.broken,
        "refused": opened.refused,
        "copies": opened.copies,
    }
    lines = [canonical(head)]
    lines += [canonical({"id": name, "choices": ballot.plain()}) for name, ballot in sorted(opened.ballots.items())]
    lines += [canonical({"receipt": receipt}) for receipt in sorted(opened.receipts)]
    return b"".join(line + b"\n" for line in lines)


def digest(data: bytes) -> str:
    """SHA-256, hexadecimal: announced with the result, so that everybody recounts the same file."""
    return hashlib.sha256(data).hexdigest()
