"""Names of uploads, made harmless. Pure."""

import unicodedata

LONGEST = 120
# Not allowed by some file system or misread by some shell, and the signs that turn the reading direction
# (CVE-2021-42574).
_REPLACED = set("<>:\"/\\|?*%#&;$`'")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def extension_of(name: str) -> str:
    """The ending after the last dot, lower case, without the dot; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower().strip() if dot and stem else ""


def safe_name(raw: str, extension: str) -> str:
    """A name to show and to download under: one path component, printable, at most 120 characters, with this extension.

    `raw` is whatever the browser sent. The result is never empty and never starts with a dot or a dash.
    """
    text = unicodedata.normalize("NFC", raw).replace("\\", "/").rpartition("/")[2]
    ending = extension_of(text)
    if ending:
        text = text[: -len(ending) - 1] if text.lower().endswith("." + ending) else text.rpartition(".")[0]
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            continue
        kept.append(" " if category.startswith("Z") else "-" if char in _REPLACED else char)
    stem = " ".join("".join(kept).split()).strip(" .-")
    stem = stem[: LONGEST - len(extension) - 1].strip(" .-")
    if not stem or stem.lower().partition(".")[0] in _RESERVED:
        stem = f"datei-{stem}" if stem else "datei"
    return f"{stem}.{extension}" if extension else stem
