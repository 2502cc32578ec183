"""The index follows the facts, and keeps nothing of what is not public."""

import pytest
from django.utils import timezone

from allmende.programme.domain.measures import draft_measure, withdraw_measure
from allmende.programme.models import Measure
from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.pump import ensure_cursors, pump_once
from allmende.spine.people.enums import Role
from allmende.spine.search import handlers
from allmende.spine.search.core.words import vocabulary
from allmende.spine.search.domain.indexing import put, refresh, reindex, remove
from allmende.spine.search.domain.queries import search
from allmende.spine.search.models import Document, Word
from allmende.spine.search.registry import KINDS, SearchDoc, register
from tests.factories import change_measure, make_account, make_measure, publish_measure

from .conftest import Add


def expected_words() -> dict[str, int]:
    """The vocabulary counted afresh."""
    counts: dict[str, int] = {}
    for row in Document.objects.all():
        for word in vocabulary(f"{row.title} {row.text}"):
            counts[word] = counts.get(word, 0) + 1
    return counts


def words() -> dict[str, int]:
    return dict(Word.objects.values_list("word", "df"))


def test_words_are_counted_up_and_down(add: Add) -> None:
    first = add("Lampe", "Straße und Weg")
    add("Leuchte", "Weg und Platz")
    assert words() == {"lampe": 1, "strasse": 1, "und": 2, "weg": 2, "leuchte": 1, "platz": 1}
    put([SearchDoc(first.urn, "Laterne", "Weg", "/1/", first.changed)])
    assert words() == {"laterne": 1, "und": 1, "weg": 2, "leuchte": 1, "platz": 1}
    remove([first.urn])
    assert words() == {"und": 1, "weg": 1, "leuchte": 1, "platz": 1}
    remove(["page:2", "page:never"])
    assert words() == {}


def test_words_of_what_was_withdrawn_are_not_suggested(shelf: dict[str, SearchDoc], add: Add) -> None:
    secret = add("Geheimprojekt")
    assert search("Geheimprojket").meant == "Geheimprojekt"
    del shelf[secret.urn]
    assert refresh([secret.urn]) == 0
    found = search("Geheimprojket")
    assert (found.meant, found.total) == ("", 0)


def test_unregistered_kinds_are_left_alone(shelf: dict[str, SearchDoc]) -> None:
    assert refresh(["account:7", "", "nonsense"]) == 0
    assert Document.objects.count() == 0


def test_a_kind_has_one_loader(shelf: dict[str, SearchDoc]) -> None:
    with pytest.raises(ValueError, match="twice"):
        register("measure", "Measure", lambda urn: None)


def test_unreadable_urns_are_not_found(db: None) -> None:
    assert KINDS["measure"].load("measure:not-a-uuid") is None


def test_rebuild_finds_what_was_missed_and_forgets_what_is_gone(shelf: dict[str, SearchDoc], add: Add) -> None:
    add("Bleibt")
    gone = add("Verschwindet")
    del shelf[gone.urn]
    shelf["page:9"] = SearchDoc("page:9", "Übersehen", "", "/9/", timezone.now())
    Document.objects.create(urn="oldkind:1", kind="oldkind", title="Fremd", url="/", changed=timezone.now())
    Word.objects.update(df=77)
    published = make_measure(title="Veröffentlicht")
    make_measure(title="Entwurf", published=None)
    steps: list[tuple[str, float | None]] = []
    assert reindex(lambda kind, part: steps.append((kind, part))) == 4
    titles = {"Bleibt", "Übersehen", published.title, published.topic.title}
    assert set(Document.objects.values_list("title", flat=True)) == titles
    assert words() == expected_words()
    parts = [part for _, part in steps]
    # One step for each kind that has anything: the measure, its topic, the pages.
    assert (len(steps), parts) == (3, sorted(parts))
    assert 0 < parts[0] < parts[1] < parts[2] <= 1


def pump() -> None:
    ensure_cursors(HANDLERS.values())
    while pump_once():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_measure_through_its_life() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    programme = make_measure(title="Ein anderes Ding").programme
    topic = Measure.objects.get().topic
    pump()
    draft = draft_measure(programme, {"title": "Eislaufbahnprojektor", "summary": "S.", "topic": topic}, actor=office)
    pump()
    assert (search("Eislaufbahnprojektor").total, Document.objects.filter(urn=draft.urn).count()) == (0, 0)
    assert not Word.objects.filter(word="eislaufbahnprojektor").exists()
    public = publish_measure(draft, actor=office)
    pump()
    assert [hit.url for hit in search("eislaufbahnprojektor")] == [public.get_absolute_url()]
    changed = change_measure(public, {"title": "Glättewarnung"}, version=public.version, actor=office)
    pump()
    assert search("eislaufbahnprojektor").total == 0
    assert [hit.url for hit in search("glaettewarnung")] == [changed.get_absolute_url()]
    withdraw_measure(changed, actor=office)
    pump()
    assert search("Glättewarnung").total == 0
    assert not Word.objects.filter(word="glattewarnung").exists()


def test_facts_about_one_thing_load_it_once(shelf: dict[str, SearchDoc], monkeypatch: pytest.MonkeyPatch) -> None:
    from allmende.spine.facts import FactRow

    loaded: list[str] = []
    shelf["page:1"] = SearchDoc("page:1", "Titel", "", "/1/", timezone.now())
    kind = KINDS["page"]
    KINDS["page"] = type(kind)("page", "Page", lambda urn: (loaded.append(urn), shelf.get(urn))[1])
    row = FactRow(1, 1, 1, timezone.now(), "system", "any.thing.happened", "page:1", "", "", {}, True)
    handlers.index([row, row, row])
    assert loaded == ["page:1"]
    assert search("titel").total == 1
