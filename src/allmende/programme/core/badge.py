"""How much text fits into a width, without a font at hand. Pure."""

WIDTH = 320
# Widths of signs in Arial, as parts of the size; whatever is not named is as wide as the widest letters, ideographs and
# signs beyond as wide as high.
_NARROW, _MIDDLE, _WIDE = 0.31, 0.58, 0.86
_NARROW_SIGNS = frozenset("iljtfrI.,:;!|'()[]{}/ -’‘„“”·")
_MIDDLE_SIGNS = frozenset('abcdeghknopqsuvxyzäöüßéèàçñ0123456789J$€*+=?_#<>"')


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is, rather more than less."""
    total = 0.0
    for sign in text:
        if sign in _NARROW_SIGNS:
            total += _NARROW
        elif sign in _MIDDLE_SIGNS:
            total += _MIDDLE
        else:
            total += _WIDE if ord(sign) < 0x2E80 else 1.05
    return total * size * (1.07 if bold else 1.0)


def fit(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it does not fit."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(kept + "…", size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"
