"""German and English text → sentences and words, without a model: rules for where a full stop ends nothing."""

from __future__ import annotations

import re


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Before a full stop, lower case; single letters ("z. B.", "J. Meier") and numbers up to 31 ("3. Mai", "2. Stock") too.
# What often ends a sentence (usw., etc.) is not here: it goes on if a small letter follows.
ABBREVIATIONS = _listed(
    """
    bspw bzgl bzw ca dr dipl eigtl evtl exkl fr ggf hr ing inkl insb jr mio mrd mr mrs ms o.ä prof rd rev s.o s.u sen
    sog std str tel u.a vgl vs z.b zzgl d.h i.d.r u.u e.g i.e approx dept est
    """
)
# The same, if a number follows: "Art. 5", but "diese Art."
NUMBERED = _listed("abs art fig max mind min no nr pp st vol jan feb apr jun jul aug sept okt oct nov dez dec")
# Short on purpose: words that carry no subject.
STOP_WORDS = _listed(
    """
    ab aber als am an auch auf aus bei beim bin bis bist da dann das dass dem den der des die dies diese diesem
    diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch euer ganz hat hatte
    hier ich ihr ihre ihrem ihren ihrer im in ins ist ja je kann können man mein meine mich mir nach noch nun ob
    oder schon sehr sein seine seinen seiner sich sie sind so soll sollen sollte sollten über um und uns unser
    unsere unter vom von vor war waren was wäre wegen weil wenn werden wie wir wird wo wurde würde würden zu zum zur
    zwar a about after also and any are as at be because been but by can could did do does from had has have he her
    here his how i if into is it its just me my of on or our she should some than that the their them then there
    these they this those to us we were what when where which who will would you your
    """
)
# What turns a sentence round: two that differ in one of these say different things, however alike they are.
TURNS = _listed(
    """
    nicht kein keine keinen keiner keinem nie niemals niemand nichts ohne mit mehr weniger gegen für zu statt nur immer
    not no never none nobody nothing without with more less fewer against for too instead only always
    don't doesn't can't won't shouldn't isn't aren't
    """
)
_END = re.compile(r"[.!?…]+[\"'”“»«)\]]*(?=\s)|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)](?=\s))\s*")


def sentences(text: str) -> list[str]:
    """In order, each without bullets and with single spaces; what has no word is left out."""
    found, begin = [], 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and _goes_on(text[begin : end.start()], text[end.end() :]):
            continue
        found.append(text[begin : end.end()])
        begin = end.end()
    found.append(text[begin:])
    cleaned = (" ".join(_BULLET.sub("", one).split()) for one in found)
    return [one for one in cleaned if _WORD.search(one)]


def _goes_on(before: str, after: str) -> bool:
    """Whether a full stop between the two ends no sentence."""
    following = after.lstrip(" \t\n\"'„“”»«([")[:1]
    if following.islower():
        return True
    word = re.split(r"[\s(\[„“\"'/]", before)[-1].lower()
    if word.isdigit():
        return len(word) <= 2 and int(word) <= 31
    if word in NUMBERED:
        return following.isdigit()
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def words(sentence: str) -> list[str]:
    """All of them in lower case."""
    return [one.lower().replace("’", "'") for one in _WORD.findall(sentence)]
