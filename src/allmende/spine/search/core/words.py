"""Words of a text and how near they are to each other. Pure; the same folding as the SQL functions `din5007` and
`search_words`."""

import re
import unicodedata

MAX_QUERY = 200  # characters
MAX_WORDS = 12
MAX_TEXT = 100_000  # characters of a document that are searched; a tsvector holds one megabyte

_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_BASE = str.maketrans(
    "ÄÖÜäöüÀÁÂÃÅĀĂĄàáâãåāăąÇĆČçćčĎďÈÉÊËĒĖĘĚèéêëēėęěĞğÌÍÎÏĪİìíîïīıŁłÑŃŇñńňÒÓÔÕØŌŐòóôõøōőŘřŚŞŠśşšŤťÙÚÛŪŮŰùúûūůűÝŸýÿŹŻŽźżž",
    "AOUaouAAAAAAAAaaaaaaaaCCCcccDdEEEEEEEEeeeeeeeeGgIIIIIIiiiiiiLlNNNnnnOOOOOOOoooooooRrSSSsssTtUUUUUUuuuuuuYYyyZZZzzz",
)
_PAIRS = (("ß", "ss"), ("ẞ", "ss"), ("æ", "ae"), ("Æ", "ae"), ("œ", "oe"), ("Œ", "oe"))
# NUL is refused by PostgreSQL, its neighbours stand for brackets; soft hyphens and zero-width marks hide words; private
# letters mark excerpts.
_UNWANTED = re.compile("[\x00-\x08\u00ad\u200b\u200c\u200d\u2060\ufeff\ue000-\ue003]")


def clean(text: str) -> str:
    """NFC, without characters that no reader sees or that the excerpts use as marks."""
    return _UNWANTED.sub("", unicodedata.normalize("NFC", text))


def fold(text: str) -> str:
    """Lower case, umlauts and accents as base letters, ß as ss: the key of the vocabulary (DIN 5007-1)."""
    for letter, pair in _PAIRS:
        text = text.replace(letter, pair)
    return text.translate(_BASE).lower()


def spell_out(text: str) -> str:
    """The same with ä as ae, ö as oe, ü as ue (DIN 5007-2), as people type without umlauts."""
    return fold(text.translate(_UMLAUTS))


def contract(folded: str) -> str:
    """A folded word whose ae, oe, ue are read as umlauts: `gruenflaeche` becomes `grunflache`."""
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def words(text: str) -> list[str]:
    """The runs of letters and digits, as typed."""
    return _WORD.findall(text)


def vocabulary(text: str) -> dict[str, str]:
    """Folded word → first spelling, for words of 3 to 40 letters without digits: what a typo may be corrected to."""
    found: dict[str, str] = {}
    for word in words(text):
        if 3 <= len(word) <= 40 and word.isalpha():
            found.setdefault(fold(word), word)
    return found


def allowed_distance(word: str) -> int:
    """How many slips a word of this length may hold."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def distance(one: str, other: str, limit: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour (optimal string alignment), or `limit + 1` if
    more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    older: list[int] = []
    last: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, last, row = last, row, [i]
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        # A swap reaches back two rows, so both must be past the limit.
        if min(row) > limit and min(last) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


_LINKS = ("", "s", "es", "n", "en", "er")


def halves(word: str) -> list[tuple[str, str]]:
    """Ways to split a folded compound into two parts, without the letters that German links them with (Laterne-n-
    mast)."""
    found = []
    for cut in range(4, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        found += [(head[: cut - len(link)], tail) for link in _LINKS if head.endswith(link) and cut - len(link) >= 4]
    return found
