"""A text that people comment on paragraph by paragraph: ids that stay over versions, differences by words.

A paragraph keeps its id in the next version if it is unchanged or like enough: likeness is the ratio of words in common
(Ratcliff and Metzener 1988, as in difflib) over words and punctuation. Equal paragraphs are matched first, then those
between them so that the sum of likeness is largest and the order is kept. Ids are never given twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LIKE = 6_000  # ten thousandths, from which a paragraph is taken to be the changed old one
LONGEST = 400_000
MOST = 500

Part = tuple[Literal["same", "removed", "added"], str]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


class TooLong(ValueError):
    """More characters or paragraphs than are compared."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """`number` from 1. `given`: ids given so far in all versions, p1 to p‹given›."""

    number: int
    paragraphs: tuple[Paragraph, ...]
    given: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A paragraph that kept its id. `likeness` in ten thousandths, 10000: the same words. `as_like_new`: ids of new
    paragraphs, `as_like_old`: of gone ones, that would have fitted equally well; the earliest that keeps the order was
    taken."""

    id: str
    likeness: int
    changed: bool
    as_like_old: tuple[str, ...] = ()
    as_like_new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """A paragraph that is no more: comments stay with the version that had it. `after`: id of the paragraph behind
    which it stood, the nearest that is still there, None: at the beginning. `moved_to`: a new paragraph elsewhere that
    is like enough to suggest it, None: no such."""

    id: str
    after: str | None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    version: Version
    kept: tuple[Kept, ...]
    gone: tuple[Gone, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a comment: `stays` (same words), `changed` (shown with the difference), `moved` (suggested at
    another place, a person decides) or `gone`; `at`: the paragraph where it is shown, None: at the beginning."""

    kind: Literal["stays", "changed", "moved", "gone"]
    at: str | None


def split(text: str) -> list[str]:
    """Paragraphs are parted by blank lines; line ends, composed letters (NFC) and blanks at the edges are made alike.
    Raises TooLong."""
    if len(text) > LONGEST:
        raise TooLong(f"{len(text)} characters, at most {LONGEST}")
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    found = [part.strip() for part in _BLANK_LINES.split(plain)]
    paragraphs = [part for part in found if part]
    if len(paragraphs) > MOST:
        raise TooLong(f"{len(paragraphs)} paragraphs, at most {MOST}")
    return paragraphs


def begin(text: str) -> Version:
    """The first version."""
    texts = split(text)
    return Version(1, tuple(Paragraph(f"p{at}", one) for at, one in enumerate(texts, 1)), len(texts))


def revise(before: Version, text: str, like: int = LIKE) -> Revision:
    """The next version, and what became of each paragraph. `like` in ten thousandths, 1 to 10000."""
    if not 1 <= like <= 10_000:
        raise ValueError("likeness is between 1 and 10000")
    old, texts = [one.text for one in before.paragraphs], split(text)
    pairs, alike = _match(old, texts, like)
    partner = {j: i for i, j in pairs}
    paragraphs, given, new = [], before.given, []
    for j, one in enumerate(texts):
        if j in partner:
            paragraphs.append(Paragraph(before.paragraphs[partner[j]].id, one))
        else:
            given += 1
            paragraphs.append(Paragraph(f"p{given}", one))
            new.append(j)
    kept = []
    matched = {i for i, _ in pairs}
    for i, j in pairs:
        score = alike(i, j)
        rivals_old = [x for x in range(len(old)) if x not in matched and score == alike(x, j)]
        rivals_new = [y for y in new if score == alike(i, y)]
        kept.append(
            Kept(
                paragraphs[j].id,
                score,
                old[i] != texts[j],
                tuple(before.paragraphs[x].id for x in rivals_old),
                tuple(paragraphs[y].id for y in rivals_new),
            )
        )
    gone, last = [], None
    for i, paragraph in enumerate(before.paragraphs):
        if i in matched:
            last = paragraph.id
            continue
        scores = [(alike(i, y), -y) for y in new]
        best = max(scores, default=(0, 0))
        gone.append(Gone(paragraph.id, last, paragraphs[-best[1]].id if best[0] >= like else None))
    version = Version(before.number + 1, tuple(paragraphs), given)
    return Revision(version, tuple(kept), tuple(gone), tuple(paragraphs[j].id for j in new))


def fates(revision: Revision) -> Mapping[str, Fate]:
    """What becomes of comments, by the paragraph of the version before that they were made on."""
    found = {one.id: Fate("changed" if one.changed else "stays", one.id) for one in revision.kept}
    for one in revision.gone:
        found[one.id] = Fate("moved", one.moved_to) if one.moved_to else Fate("gone", one.after)
    return found


def difference(old: str, new: str) -> list[Part]:
    """Parts in order of reading, what was removed before what was added. The same and removed parts together are the
    old text, the same and added parts the new one, to the letter."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    removed = added = ""
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(codes):
        gone, come = "".join(before[i1:i2]), "".join(after[j1:j2])
        # A lone blank between two changes is part of one change: "red car" → "green bike" reads as two words, not four.
        island = tag == "equal" and not gone.strip() and 0 < at < len(codes) - 1
        if tag != "equal" or island:
            removed, added = removed + gone, added + come
            continue
        parts += _changed(removed, added)
        removed = added = ""
        parts.append(("same", gone))
    return parts + _changed(removed, added)


def _changed(removed: str, added: str) -> list[Part]:
    parts: list[Part] = []
    if removed:
        parts.append(("removed", removed))
    if added:
        parts.append(("added", added))
    return parts


class _Alike:
    """Likeness of the old to the new paragraphs in ten thousandths, each computed once."""

    def __init__(self, old: Sequence[str], new: Sequence[str], like: int) -> None:
        self.old = [_TOKEN.findall(one) for one in old]
        self.new = [_TOKEN.findall(one) for one in new]
        self.old = [[token for token in one if not token.isspace()] for one in self.old]
        self.new = [[token for token in one if not token.isspace()] for one in self.new]
        self.bags = [Counter(one) for one in self.old], [Counter(one) for one in self.new]
        self.like = like
        self.known: dict[tuple[int, int], int] = {}

    def __call__(self, i: int, j: int) -> int:
        """0 where it cannot reach the threshold."""
        if (i, j) not in self.known:
            self.known[i, j] = self._compute(i, j)
        return self.known[i, j]

    def _compute(self, i: int, j: int) -> int:
        one, other = self.old[i], self.new[j]
        if one == other:
            return 10_000
        together = len(one) + len(other)
        if 20_000 * min(len(one), len(other)) < self.like * together:
            return 0
        if 20_000 * (self.bags[0][i] & self.bags[1][j]).total() < self.like * together:
            return 0
        blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        score = 20_000 * sum(block.size for block in blocks) // together
        return score if score >= self.like else 0


def _match(old: Sequence[str], new: Sequence[str], like: int) -> tuple[list[tuple[int, int]], _Alike]:
    """Pairs in order: equal paragraphs, then what is like enough in the gaps between them."""
    alike = _Alike(old, new, like)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        pairs += _gap(range(i, block.a), range(j, block.b), alike)
        pairs += [(block.a + at, block.b + at) for at in range(block.size)]
        i, j = block.a + block.size, block.b + block.size
    return pairs, alike


def _gap(old: range, new: range, alike: _Alike) -> list[tuple[int, int]]:
    """The pairs in order with the largest sum of likeness; of several such, the earliest."""
    best = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            score = alike(old[a], new[b])
            together = best[a + 1][b + 1] + score if score else 0
            best[a][b] = max(together, best[a + 1][b], best[a][b + 1])
    pairs = []
    a = b = 0
    while a < len(old) and b < len(new):
        score = alike(old[a], new[b])
        if score and best[a][b] == score + best[a + 1][b + 1]:
            pairs.append((old[a], new[b]))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            # Of two ways to leave one out, the one that keeps the earlier old paragraph is tried first.
            a, b = (a, b + 1) if best[a][b] == best[a][b + 1] else (a + 1, b)
        else:
            b += 1
    return pairs
