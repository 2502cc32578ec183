"""Grants are found while they are public."""

import pytest

from allmende.funding.domain.grants import change_grant, publish_grant, withdraw_grant
from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.pump import ensure_cursors, pump_once
from allmende.spine.instance.domain.queries import forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.search.domain.indexing import reindex
from allmende.spine.search.domain.queries import search
from allmende.spine.search.models import Word
from allmende.spine.search.registry import KINDS

from .makers import make_grant


def pump() -> None:
    ensure_cursors(HANDLERS.values())
    while pump_once():
        pass


def found(text: str) -> list[tuple[str, str, str]]:
    return [(hit.kind, hit.title, hit.url) for hit in search(text)]


@pytest.mark.django_db(transaction=True)
def test_a_grant_through_its_life() -> None:
    grant = make_grant(public=False, title="Eisbahnzuschuss", authority="Kufenministerium")
    pump()
    assert found("Eisbahnzuschuss") == []
    assert not Word.objects.filter(word="kufenministerium").exists()
    shown = publish_grant(grant, actor="test")
    pump()
    assert found("Eisbahnzuschuss") == [("grant", "Eisbahnzuschuss", shown.get_absolute_url())]
    assert found("Kufenministerium") == found("Eisbahnzuschuss")
    changed = change_grant(shown, {"title": "Rodelzuschuss"}, version=shown.version, actor="test")
    pump()
    assert (found("Eisbahnzuschuss"), len(found("Rodelzuschuss"))) == ([], 1)
    withdraw_grant(changed, actor="test")
    pump()
    assert found("Rodelzuschuss") == []


@pytest.mark.django_db
def test_a_rebuild_leaves_drafts_out_and_a_closed_room_is_not_found() -> None:
    make_grant(title="Rodelzuschuss")
    make_grant(public=False, title="Rodelgeheimnis")
    assert reindex() == 1
    assert [title for _kind, title, _url in found("rodelzuschuss")] == ["Rodelzuschuss"]
    change({"rooms_off": ["funding"]}, actor="test")
    forget()
    assert found("rodelzuschuss") == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "unsinn", "0190aaaa-0000-7000-8000-000000000000"])
def test_what_is_no_grant_is_not_found(name: str) -> None:
    assert KINDS["grant"].load(f"grant:{name}") is None
