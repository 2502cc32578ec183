"""From what somebody typed to what is searched: stems, beginnings, compounds, corrected typos."""

from dataclasses import dataclass, field

from django.db import connection

from ..core.words import MAX_WORDS, allowed_distance, contract, distance, fold, halves, spell_out, words

_COMPOUNDS = 12
_SIMILAR = 30
_BEGINNINGS, _SHORT_BEGINNINGS = 15, 5


@dataclass
class Asked:
    """One word of a query: `alternatives` are lexemes any of which will do; `prefix` marks the last word."""

    typed: str
    folded: str
    spelt: str
    stop: bool
    alternatives: set[str]
    # Stems of the word with its ae, oe, ue read as umlauts.
    contracted: set[str] = field(default_factory=set)
    prefix: bool = False
    # Known words that begin like it, if it is the last one.
    beginnings: list[str] = field(default_factory=list)
    known: bool = True
    compounds: list[str] = field(default_factory=list)
    # Stems of beginnings and compounds.
    stems: set[str] = field(default_factory=set)
    parts: tuple[set[str], set[str]] | None = None
    corrected: str = ""
    corrected_lexemes: set[str] = field(default_factory=set)

    def exact(self) -> str:
        """tsquery text: the word itself, inflected, in either umlaut spelling, or (the last word) its beginning."""
        lexemes = [quote(lexeme) for lexeme in sorted(self.alternatives)]
        lexemes += [quote(lexeme) for lexeme in self.beginnings]
        if self.prefix and not self.folded.isalpha():
            # Not in the vocabulary, and few: house numbers, names of devices.
            lexemes += [f"{quote(lexeme)}:*" for lexeme in sorted({self.folded, self.spelt})]
        return " | ".join(lexemes)

    def loose(self) -> str:
        """The same, or a compound with it, its own parts, or the word it was mistyped from."""
        terms = [self.exact(), *(quote(word) for word in self.compounds)]
        terms += [quote(lexeme) for lexeme in sorted(self.contracted - self.alternatives)]
        terms += [quote(lexeme) for lexeme in sorted(self.corrected_lexemes)]
        if self.parts:
            left, right = ("(" + " | ".join(quote(one) for one in sorted(part)) + ")" for part in self.parts)
            terms.append(f"({left} & {right})")
        return " | ".join(terms)

    def marked(self) -> str:
        """What is marked in an excerpt: the same, and the stems of all these words, by which an excerpt is read."""
        return " | ".join([self.loose(), *(quote(stem) for stem in sorted(self.stems))])


def quote(lexeme: str) -> str:
    """A lexeme as tsquery writes it."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def read(text: str) -> list[Asked]:
    """The words of a query, ready to search. Words that carry no meaning (der, the) are left out unless there are no
    others."""
    typed = list(dict.fromkeys(words(text)))[:MAX_WORDS]
    if not typed:
        return []
    asked = _lexemes(typed)
    telling = [word for word in asked if not word.stop] or asked
    last = telling[-1]
    # Somebody still typing the last word; after a blank it is whole.
    last.prefix = last.typed == typed[-1] and len(last.folded) >= 2 and text[-1:] == typed[-1][-1:]
    if last.prefix:
        _complete(last)
    _recognise(telling)
    _stem(telling)
    return telling


def _stem(asked: list[Asked]) -> None:
    further = {word: one for one in asked for word in (*one.beginnings, *one.compounds)}
    if further:
        with connection.cursor() as cursor:
            cursor.execute("SELECT w, ts_lexize('german_stem', w) FROM unnest(%s::text[]) w", [list(further)])
            for word, stems in cursor.fetchall():
                further[word].stems |= set(stems or ()) - {word}


def _complete(word: Asked) -> None:
    """The commonest words that begin like it. Asking the text index for a short beginning itself would join thousands
    of its lists, and every further word costs time for each document that matches."""
    most = _BEGINNINGS if len(word.folded) > 3 else _SHORT_BEGINNINGS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM search_word WHERE word LIKE %s OR spelt LIKE %s ORDER BY df DESC, word LIMIT %s",
            [f"{word.folded}%", f"{word.spelt}%", most],
        )
        word.beginnings = sorted({row[0] for row in cursor.fetchall()} - word.alternatives)


def _lexemes(typed: list[str]) -> list[Asked]:
    folded, spelt = [fold(word) for word in typed], [spell_out(word) for word in typed]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_lexize('german_stem', lower(t)) = '{}' OR ts_lexize('english_stem', lower(t)) = '{}',"
            " ts_lexize('german_stem', f) || ts_lexize('german_stem', s)"
            "  || ts_lexize('english_stem', f) || ts_lexize('english_stem', s),"
            " ts_lexize('german_stem', c)"
            " FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY u(t, f, s, c, n) ORDER BY n",
            [typed, folded, spelt, [contract(word) for word in folded]],
        )
        return [
            Asked(word, f, s, bool(stop), {f, s, *(stems or [])}, set(contracted or []))
            for word, f, s, (stop, stems, contracted) in zip(typed, folded, spelt, cursor.fetchall(), strict=True)
        ]


def _recognise(asked: list[Asked]) -> None:
    """Find compounds with each word, and for words that no document has, their parts or what was meant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT known, compounds FROM search_known(%s, %s, %s, %s)",
            [
                # What begins a known word needs no further look.
                [word.beginnings[0] if word.beginnings else word.folded for word in asked],
                [word.exact() for word in asked],
                [min(word.alternatives, key=lambda one: (len(one), one)) for word in asked],
                _COMPOUNDS,
            ],
        )
        for word, (known, compounds) in zip(asked, cursor.fetchall(), strict=True):
            word.known, word.compounds = known, sorted(set(compounds))
    for word in asked:
        if not word.known and word.typed.isalpha():
            _explain(word)


def _explain(word: Asked) -> None:
    if word.compounds:
        return
    splits = halves(word.folded)
    pieces = {piece for split in splits for piece in split}
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute("SELECT word FROM search_word WHERE word = ANY(%s)", [sorted(pieces)])
            known = {row[0] for row in cursor.fetchall()}
        whole = [split for split in splits if known.issuperset(split)]
        if whole:
            # The most even split: Straßen|laterne rather than a short word by chance.
            left, right = min(whole, key=lambda split: abs(len(split[0]) - len(split[1])))
            lexemes = _lexemes([left, right])
            word.parts = lexemes[0].alternatives, lexemes[1].alternatives
            return
    _correct(word)


def _correct(word: Asked) -> None:
    best: tuple[int, int, str, str] | None = None
    for asked in sorted({word.folded, contract(word.folded)}):
        limit = allowed_distance(asked)
        if not limit:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT word, shown, df FROM search_similar(%s, %s)", [asked, _SIMILAR])
            for near, shown, df in cursor.fetchall():
                away = distance(asked, near, limit)
                if away <= limit and (best is None or (away, -df, near) < best[:3]):
                    best = away, -df, near, shown
    if best:
        word.corrected = best[3]
        word.corrected_lexemes = _lexemes([best[3]])[0].alternatives
