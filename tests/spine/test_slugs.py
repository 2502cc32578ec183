import pytest

from allmende.spine.slugs import free_slug


@pytest.mark.parametrize(
    ("title", "taken", "slug"),
    [
        ("Licht für Öde Straße", set(), "licht-fuer-oede-strasse"),
        ("Licht", {"licht"}, "licht-2"),
        ("Licht", {"licht", "licht-2"}, "licht-3"),
        ("☂ ☂", set(), "ding"),
        ("x" * 300, set(), "x" * 110),
    ],
)
def test_german_titles_become_free_addresses(title: str, taken: set[str], slug: str) -> None:
    assert free_slug(title, taken.__contains__, fallback="ding") == slug
