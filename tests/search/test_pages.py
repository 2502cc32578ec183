"""The page, the API and the description for browsers."""

import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from allmende.spine.instance.domain.settings import change, finish_setup

from .conftest import Add


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    finish_setup()


def get(client: Client, **query: str) -> str:
    response = client.get(reverse("search:search"), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def test_empty_state_says_what_to_do(client: Client, db: None) -> None:
    text = get(client)
    assert "type one or more words" in text
    assert '<ol class="al-list"' not in text
    assert 'name="robots"' not in text


def test_hits_with_kind_snippet_and_language(client: Client, add: Add) -> None:
    add("Die Lampe", "Eine <i>Lampe</i> hier")
    add("The lamp", "A Lampe from Kaiserslautern", lang="en")
    text = get(client, q="lampe")
    assert text.count("<mark>") == 2
    assert "Eine &lt;i&gt;<mark>Lampe</mark>&lt;/i&gt;" in text
    assert "2 results for “lampe”" in text
    assert text.count('lang="de"') >= 2  # the page is English, the German hit says so
    assert "<title>Search for “lampe” –" in text.replace("\n", "")
    assert '<meta name="robots" content="noindex">' in text


def test_no_hit_helps_on(client: Client, add: Add) -> None:
    add("Lampe")
    text = get(client, q="<script>alert(1)</script>", kind="notice")
    assert "Nothing was found for “&lt;script&gt;alert(1)&lt;/script&gt;”." in text
    assert "<script>alert" not in text
    assert "Search everything, not only this kind." in text


def test_did_you_mean_links_to_the_corrected_query(client: Client, add: Add) -> None:
    add("Fauthweg & Bahnhof")
    text = get(client, q="Fautweg Bahnhof")
    assert 'Did you mean <a href="/suche/?q=Fauthweg%20Bahnhof">Fauthweg Bahnhof</a>?' in text
    assert "The results show both." in text


def test_german_is_complete(client: Client, add: Add) -> None:
    add("Fauthweg")
    response = client.get(reverse("search:search"), {"q": "Fautweg"}, headers={"accept-language": "de"})
    text = response.content.decode()
    assert "Meinten Sie" in text
    assert "Ein Treffer für „Fautweg“" in text


def test_pages_keep_the_query(client: Client, add: Add) -> None:
    for number in range(11):
        add(f"Lampe {number}")
    text = get(client, q="lampe", kind="page")
    assert '<a rel="next" href="?q=lampe&amp;kind=page&amp;page=2">' in text
    text = get(client, q="lampe", kind="page", page="2")
    assert '<a rel="prev" href="?q=lampe&amp;kind=page&amp;page=1">' in text
    assert '<ol class="al-list" start="11">' in text
    for odd in ("0", "-1", "99999", "x", "²"):
        assert "11 results" in get(client, q="lampe", page=odd)


def test_too_long_and_unusable_queries_are_said(client: Client, db: None) -> None:
    response = client.get(reverse("search:search"), {"q": "x" * 201}, headers={"accept-language": "en"})
    assert response.status_code == 422
    assert "Please search with at most 200 characters (these are 201)." in response.content.decode()
    assert client.get(reverse("search:search"), {"q": "a\x00b"}).status_code == 422


def test_an_unknown_kind_searches_everything(client: Client, add: Add) -> None:
    add("Lampe")
    assert "One result" in get(client, q="lampe", kind="gone")


def test_api(client: Client, add: Add) -> None:
    doc = add("Die Lampe", "Eine <i>Lampe</i> hier")
    add("Anderes", kind="notice")
    answer = client.get("/api/search/", {"q": "lampe"}).json()
    changed = answer["results"][0].pop("changed")
    assert changed[:10] == doc.changed.date().isoformat()
    assert answer == {
        "query": "lampe", "meant": "", "kind": "", "page": 1, "pages": 1, "total": 1, "many": False, "some": False,
        "results": [
            {
                "urn": doc.urn, "kind": "page", "title": "Die Lampe", "url": doc.url, "lang": "de",
                "snippet": "Eine <i>Lampe</i> hier",
            }
        ],
    }  # fmt: skip
    assert client.get("/api/search/", {"q": "lampe", "kind": "notice"}).json()["total"] == 0
    assert client.get("/api/search/", {"q": "x" * 201}).status_code == 422
    assert client.get("/api/search/", {"q": "x", "page": 0}).status_code == 422
    assert client.get("/api/search/", {"q": "a\x00b"}).json()["total"] == 0


def test_opensearch_description(client: Client, db: None) -> None:
    change({"name": "Herz & digital in der Stadt", "base_url": "https://stadt.example/"}, actor=None)
    from allmende.spine.instance.domain import queries

    queries.forget()
    response = client.get(reverse("search:opensearch"))
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    root = ET.fromstring(response.content)
    name = root.findtext("o:ShortName", namespaces=space)
    assert name is not None
    assert len(name) <= 16
    assert [url.attrib["template"] for url in root.findall("o:Url", space)] == [
        "https://stadt.example/suche/?q={searchTerms}",
        "https://stadt.example/api/search/?q={searchTerms}",
    ]


@pytest.mark.parametrize("path", ["/suche/", "/suche/opensearch.xml"])
def test_everybody_may_search(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 200
