"""What is found, in which order, and how it is shown."""

import pytest
from django.db import connection

from allmende.spine.instance.domain.settings import change
from allmende.spine.search.core.words import MAX_TEXT
from allmende.spine.search.domain.indexing import put
from allmende.spine.search.domain.queries import CAP, Results, search
from allmende.spine.search.models import Document
from allmende.spine.search.registry import SearchDoc

from .conftest import Add


def titles(found: Results) -> list[str]:
    return [hit.title for hit in found]


@pytest.mark.parametrize(
    "query",
    [
        "Grünfläche",
        "grünflächen",
        "Gruenflaeche",
        "grunflachen",
        "GRÜNFLÄCHE",
        "gruenfl",
        "Grünflächen!",
        "die Grünflächen",
    ],
)
def test_umlauts_in_any_spelling(add: Add, query: str) -> None:
    add("Pflege der Grünflächen")
    add("Neue Leuchten")
    assert titles(search(query)) == ["Pflege der Grünflächen"]


@pytest.mark.parametrize("query", ["Straße", "strasse", "Strassen", "STRAẞE", "straß"])
def test_sharp_s_in_any_spelling(add: Add, query: str) -> None:
    add("Die Straße am Bahnhof")
    add("Der Weg am Bahnhof")
    assert titles(search(query)) == ["Die Straße am Bahnhof"]


def test_inflected_words_in_the_documents_language(add: Add) -> None:
    add("Fahrräder", "Räder und Häuser")
    add("Bicycles", "planning the lanes", lang="en")
    assert titles(search("Haus")) == ["Fahrräder"]
    assert titles(search("planned lane")) == ["Bicycles"]


def test_part_of_a_compound_and_a_compound_of_parts(add: Add) -> None:
    add("Eins", "Die Straßenlaternen am Fauthweg")
    add("Zwei", "Eine Laterne im Hof der Schule")
    add("Drei", "Nur ein Weg")
    assert titles(search("Laternen ")) == ["Zwei", "Eins"]
    found = search("Schullaternenhof ")
    assert (titles(found), found.meant) == ([], "")
    assert titles(search("Schulelaterne ")) == ["Zwei"]
    assert titles(search("Laternenschule ")) == ["Zwei"]


def test_last_word_is_a_beginning_until_a_blank_follows(add: Add) -> None:
    add("Beleuchtungskonzept")
    assert titles(search("Beleuchtungsk")) == ["Beleuchtungskonzept"]
    assert titles(search("be")) == ["Beleuchtungskonzept"]
    # "be " is no word of any document, and too short to be taken for a slip.
    assert titles(search("be ")) == []


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Fautweg", "Fauthweg"),
        ("Fauthwge", "Fauthweg"),
        ("fauhtweg leuchten", "Fauthweg leuchten"),
        ("Gruenflehce ", "Grünfläche "),
        ("Strassenbelechtung", "Straßenbeleuchtung"),
    ],
)
def test_typos_are_corrected_and_named(add: Add, query: str, meant: str) -> None:
    add("Der Fauthweg", "Leuchten, Grünfläche, Straßenbeleuchtung")
    add("Anderes", "Nichts davon")
    found = search(query)
    assert (titles(found), found.meant) == (["Der Fauthweg"], meant)


def test_a_known_word_is_never_corrected(add: Add) -> None:
    add("Der Weg", "Wege und Leuchten")
    add("Die Wege", "Leuchte")
    assert search("wege leuchten leuchte").meant == ""


def test_numbers_are_never_corrected(add: Add) -> None:
    add("Bericht 2018", "60.750 EUR und 1,6 km am 12.08.2019")
    assert search("2019").total == 1
    found = search("2017")
    assert (found.total, found.meant) == (0, "")
    assert search("60.750").total == 1
    assert search("1,6").total == 1


def test_all_words_are_wanted_and_else_some_with_a_word_about_it(add: Add) -> None:
    add("Leuchten", "am Bahnhof")
    add("Netz", "am Markt")
    assert (titles(search("leuchten bahnhof")), search("leuchten bahnhof").some) == (["Leuchten"], False)
    found = search("leuchten markt ")
    assert (sorted(titles(found)), found.some) == (["Leuchten", "Netz"], True)


def test_title_before_text_exact_before_loose_new_before_old(add: Add) -> None:
    text = "Allerlei über die Drohne und anderes mehr in vielen Worten"
    add("Älter", text, days=300)
    add("Neuer", text, days=3)
    add("Die Drohne", "Allerlei über anderes in vielen Worten", days=300)
    add("Verbund", "Allerlei über die Löschdrohnen und anderes mehr in vielen Worten")
    assert titles(search("Drohne ")) == ["Die Drohne", "Neuer", "Älter", "Verbund"]


def test_markup_in_texts_stays_text(add: Add) -> None:
    add("<b>Titel</b>", 'Ein <script>alert("x")</script> & Lampe <img src=x onerror=1> hier')
    (hit,) = search("lampe")
    assert hit.title == "<b>Titel</b>"
    assert hit.snippet == (
        "Ein &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; <mark>Lampe</mark>"
        " &lt;img src=x onerror=1&gt; hier"
    )
    assert hit.excerpt == 'Ein <script>alert("x")</script> & Lampe <img src=x onerror=1> hier'
    assert search("script").total == 1


def test_marks_of_the_excerpt_cannot_be_forged(add: Add) -> None:
    add("Titel", "Eine \ue000Lampe\ue001 mit \ue002script\ue003")
    (hit,) = search("script")
    assert hit.excerpt == "Eine Lampe mit script"


def test_a_text_whose_title_alone_fits_is_shown_from_its_beginning(add: Add) -> None:
    add("Drohne", "Wort " * 100)
    (hit,) = search("drohne")
    assert hit.excerpt == "Wort " * 39 + "Wort …"


@pytest.mark.parametrize(
    "query", ["", "   ", "…", "'; DROP TABLE x; --", "\\", "!", ":*", "& |", "<>", "a & ", "(", "'"]
)
def test_signs_are_no_syntax(add: Add, query: str) -> None:
    add("Ein Titel", "Ein Text")
    assert search(query).total == 0


def test_stop_words_alone_are_searched_and_else_left_out(add: Add) -> None:
    add("Der Titel der Seite", "und das")
    add("Andere", "Kopie")
    assert titles(search("der ")) == ["Der Titel der Seite"]
    assert titles(search("die andere ")) == ["Andere"]


def test_kind_narrows(add: Add) -> None:
    add("Lampe eins")
    add("Lampe zwei", kind="notice")
    assert sorted(titles(search("lampe"))) == ["Lampe eins", "Lampe zwei"]
    assert titles(search("lampe", kind="notice")) == ["Lampe zwei"]
    assert titles(search("lampe", kind="no-such-kind")) == []


def test_pages(shelf: dict[str, SearchDoc], add: Add) -> None:
    for number in range(23):
        add(f"Lampe {number:02}", days=number)
    pages = [search("lampe", page=page) for page in (1, 2, 3, 4)]
    assert [(found.page, found.pages, found.total, len(found.hits)) for found in pages] == [
        (1, 3, 23, 10), (2, 3, 23, 10), (3, 3, 23, 3), (3, 3, 23, 3),
    ]  # fmt: skip
    seen = [hit.urn for found in pages[:3] for hit in found]
    assert len(set(seen)) == 23


def test_common_words_give_the_best_and_say_that_there_are_more(shelf: dict[str, SearchDoc], add: Add) -> None:
    first = add("Lampe im Titel", "nichts", days=900)
    docs = [
        SearchDoc(f"page:many{number}", f"Seite {number}", "eine Lampe", "/x/", first.changed)
        for number in range(CAP + 50)
    ]
    put(docs)
    found = search("lampe")
    assert (found.many, found.hits[0].title) == (True, "Lampe im Titel")
    assert CAP / 2 <= found.total <= CAP


def test_as_many_queries_for_one_hit_as_for_three(add: Add, django_assert_num_queries: object) -> None:
    add("Lampe eins")
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert search("lampe").total == 1
    add("Lampe zwei")
    add("Lampe drei")
    with django_assert_num_queries(6):  # type: ignore[operator]
        assert search("lampe").total == 3


def test_a_room_that_is_switched_off_is_not_found(shelf: dict[str, SearchDoc]) -> None:
    from allmende.spine.search.domain.indexing import refresh
    from tests.factories import make_measure

    measure = make_measure(title="Laufendes Licht")
    refresh([measure.urn])
    assert titles(search("licht")) == ["Laufendes Licht"]
    change({"rooms_off": ["programme"]}, actor=None)
    from allmende.spine.instance.domain import queries

    queries.forget()
    assert titles(search("licht")) == []


def test_too_long_a_query_is_refused(db: None) -> None:
    with pytest.raises(ValueError, match="200"):
        search("x" * 201)


def test_the_longest_text_of_nothing_but_different_words_can_be_indexed(add: Add) -> None:
    words, number = [], 0
    while sum(map(len, words)) + len(words) < MAX_TEXT + 100:
        number += 1
        words.append(f"ü{number:x}ß")
    add("Lang", " ".join(words))
    assert Document.objects.get().text == " ".join(words)[:MAX_TEXT]
    assert search("ü1ß ").total == 1


def test_a_restore_fills_the_generated_columns_without_a_search_path(db: None) -> None:
    """pg_restore empties search_path; functions that look names up then would fail."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute(
            "INSERT INTO public.search_document (urn, kind, title, text, url, lang, changed)"
            " VALUES ('page:1', 'page', 'Straße', 'Grün', '/', 'de', now())"
            " RETURNING tsv = public.search_vector('de', 'Straße', 'Grün'), length(tsv)"
        )
        assert cursor.fetchone() == (True, 4)
