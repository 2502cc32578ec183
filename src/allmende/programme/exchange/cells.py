"""Texts in cells: made harmless for spreadsheet programs on the way out, and the same text again on the way in. Pure.

A cell that begins with `= + - @`, tab or line end may run as a formula (CWE-1236); a leading apostrophe stops that.
XML cannot hold control characters; OOXML writes them as `_x000B_` (ECMA-376 Part 1, 22.9.2.19 ST_Xstring).
"""

import re

LONGEST = 32_767  # signs in a cell
_RISKY = re.compile(r"'*[=+\-@\t\r\n]")
_DEFUSED = re.compile(r"'+[=+\-@\t\r\n]")
# Carriage returns too: a reader of XML makes a line feed of them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")


def defuse(text: str) -> str:
    """Text that no spreadsheet program takes for a formula. Undone by `restore`, whatever the text was."""
    return "'" + text if _RISKY.match(text) else text


def restore(text: str) -> str:
    return text[1:] if _DEFUSED.match(text) else text


def to_xml(text: str) -> str:
    """With what XML cannot hold written as OOXML wants it."""
    return _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def from_xml(text: str) -> str:
    return _WRITTEN.sub(lambda match: chr(int(match[1], 16)), text)
