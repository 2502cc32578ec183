"""Address parts made of German titles."""

from collections.abc import Callable

from django.utils.text import slugify

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def free_slug(title: str, taken: Callable[[str], bool], *, longest: int = 110, fallback: str) -> str:
    """A slug for `title` that is not taken, umlauts spelt out; at most `longest` letters and a number.

    `fallback` where the title has no letter that an address may hold.
    """
    base = slugify(title.translate(_SPELT_OUT))[:longest] or fallback
    slug, number = base, 1
    while taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug
