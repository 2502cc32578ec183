"""Why a comment should wait for a look. Pure."""

import re
import unicodedata

_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:de|com|net|org|info|eu|ru|cn|top|xyz|shop|online)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def links(text: str) -> int:
    """How many links a text has. `https://a.de` counts once."""
    return len({match.start() for match in re.finditer(r"\S+", text) if _LINK.search(match.group())})


def _fold(text: str) -> str:
    """Lower case, and without the accents and invisible signs that hide a word: `Ｄｏｏｆ`, `d\u00adoof`."""
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return text.casefold()


def listed(text: str, words: str) -> str | None:
    """The first listed word that the text contains, as listed; `words` has one a line, a final star for any ending."""
    wanted = [line.strip() for line in words.splitlines() if line.strip()]
    found = set(_WORD.findall(_fold(text)))
    for word in wanted:
        folded = _fold(word)
        if folded.endswith("*"):
            if any(one.startswith(folded[:-1]) for one in found) and len(folded) > 1:
                return word
        elif folded in found or (" " in folded and folded in _fold(text)):
            return word
    return None
