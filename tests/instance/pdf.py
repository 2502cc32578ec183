"""Reading the text of a PDF that Typst made: enough of ISO 32000 for our own files (Flate streams, ToUnicode maps)."""

import re
import zlib


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def everything(pdf: bytes) -> bytes:
    """The file with its streams (object streams among them) unpacked."""
    return pdf + b"\n".join(streams(pdf))


def _maps(pdf: bytes) -> list[dict[int, str]]:
    maps = []
    for stream in streams(pdf):
        if b"beginbfchar" not in stream and b"beginbfrange" not in stream:
            continue
        found: dict[int, str] = {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
            for glyph, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.DOTALL):
            for low, high, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
                first = bytes.fromhex(text.decode()).decode("utf-16-be")
                for offset in range(int(high, 16) - int(low, 16) + 1):
                    found[int(low, 16) + offset] = first[:-1] + chr(ord(first[-1]) + offset)
        maps.append(found)
    return maps


_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _plain(literal: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _NAMED.get(code, code)

    return _ESCAPE.sub(one, literal)


def texts(pdf: bytes) -> list[str]:
    """The whole text, read once with each font's map, blanks taken out: each font's words are right in one."""
    shown: list[bytes] = []
    for stream in streams(pdf):
        if b"BT" not in stream or b"beginbf" in stream:
            continue
        for block in re.findall(rb"BT\b(.*?)\bET", stream, re.DOTALL):
            for hexed, literal in re.findall(rb"<([0-9A-Fa-f]*)>|\(((?:\\.|[^\\)])*)\)", block, re.DOTALL):
                shown.append(bytes.fromhex(hexed.decode()) if hexed else _plain(literal))
    out = []
    for table in _maps(pdf):
        letters = [
            table.get(int.from_bytes(part[i : i + 2], "big"), "") for part in shown for i in range(0, len(part) - 1, 2)
        ]
        out.append("".join("".join(letters).split()).replace("\u200b", ""))
    return out


def has(pdf: bytes, text: str) -> bool:
    """Whether the text stands there; blanks and hyphens (where a line may break) do not matter."""
    wanted = "".join(text.split()).replace("-", "")
    return any(wanted in one.replace("-", "") for one in texts(pdf))
