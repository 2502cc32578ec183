"""Formats, tags, forms, conflicts, panels."""

import datetime as dt
import logging

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.utils import translation

from allmende.spine.ui import formats, panels
from allmende.spine.ui.conflicts import differences
from allmende.spine.ui.forms import Renderer
from allmende.spine.ui.patterns import ExampleForm

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
NB = "\u00a0"


@pytest.mark.parametrize(
    ("cents", "style", "german", "english"),
    [
        (8_400_000, "", f"84.000{NB}€", "€84,000"),
        (8_400_050, "", f"84.000,50{NB}€", "€84,000.50"),
        (8_400_000, "exact", f"84.000,00{NB}€", "€84,000.00"),
        (160_000_000, "compact", f"1,6{NB}Mio.{NB}€", f"€1.6{NB}m"),
        (99_900, "compact", f"999{NB}€", "€999"),
        (-500, "", f"−5{NB}€", "−€5"),
        (None, "", "unbekannt", "unknown"),
    ],
)
def test_money(cents: int | None, style: str, german: str, english: str) -> None:
    with translation.override("de"):
        assert formats.money(cents, style) == german
    with translation.override("en"):
        assert formats.money(cents, style) == english


def test_numbers() -> None:
    with translation.override("de"):
        assert formats.number(1234567) == "1.234.567"
        assert formats.number(0.1 + 0.2) == "0,3"
        assert formats.number(1200.0) == "1.200"
        assert formats.number(3, 1, "km") == f"3,0{NB}km"


def test_ages_and_deadlines_in_german() -> None:
    with translation.override("de"):
        assert formats.age(NOW - dt.timedelta(days=3), NOW) == "3 Tage"
        assert formats.ago(NOW - dt.timedelta(days=3), NOW) == "vor 3 Tagen"
        assert formats.ago(NOW - dt.timedelta(hours=1), NOW) == "vor 1 Stunde"
        assert formats.age(NOW - dt.timedelta(minutes=2), NOW) == "2 Minuten"
        assert formats.age(NOW + dt.timedelta(minutes=2), NOW) == "gerade eben"
        assert formats.deadline(dt.date(2026, 11, 20), NOW) == "2 Tage überfällig"
        assert formats.deadline(dt.date(2026, 11, 22), NOW) == "heute fällig"
        # 23:30 UTC is already the next day in Berlin: local days count.
        assert formats.deadline(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC), NOW) == "noch 1 Tag"


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_tags_escape() -> None:
    assert render("{% pill text 'active' %}", text="<x>") == '<span class="al-pill al-pill--active">&lt;x&gt;</span>'
    assert "al-pill--neutral" in render("{% pill 'a' 'on\"click' %}")
    html = render("{% source url date label %}", url="/q?a=1&b=2", date=dt.date(2026, 11, 22), label="<K>")
    assert 'href="/q?a=1&amp;b=2"' in html and "&lt;K&gt;" in html and 'datetime="2026-11-22"' in html


def test_pager_keeps_the_query() -> None:
    request = RequestFactory().get("/", {"q": "licht & weg", "page": "2"})
    assert render("{% page_query 'page' 3 %}", request=request) == "?q=licht+%26+weg&amp;page=3"


def test_an_uncollected_file_does_not_break_an_error_page() -> None:
    storage = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
    with override_settings(STORAGES=storage, STATIC_ROOT="/nonexistent"):
        assert render("{% asset 'ui/allmende.css' %}") == "/static/ui/allmende.css"


def test_form_fields_become_kern_elements_with_errors_tied_to_them() -> None:
    form = ExampleForm({"title": "<T>", "email": "wrong"}, renderer=Renderer())
    with translation.override("de"):
        html = str(form)
    assert 'value="&lt;T&gt;"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html and 'id="id_email_helptext"' in html
    assert "kern-form-input__input--error" in html
    assert 'href="#id_kind"' in html and 'id="id_kind"' in html
    assert html.count('class="kern-form-check__radio kern-form-check__radio--error"') == 3
    assert '<div class="kern-form-input__select-wrapper">' in html
    assert html.index('class="kern-alert kern-alert--danger al-errors"') < html.index('id="id_title"')


def test_widgets_of_a_class_are_not_changed_by_rendering() -> None:
    field = ExampleForm.base_fields["title"]
    before = dict(field.widget.attrs)
    first = str(ExampleForm({"title": ""}, renderer=Renderer())["title"])
    assert "--error" in first
    assert "--error" not in str(ExampleForm(renderer=Renderer())["title"])
    assert field.widget.attrs == before


def test_hidden_fields_and_their_errors_are_shown_once() -> None:
    class WithVersion(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    html = str(WithVersion({"version": "x"}, renderer=Renderer()))
    assert html.count('type="hidden"') == 1
    assert "kern-form-input__input" not in html
    assert html.count("<li>") == 1


def test_differences_show_words_not_keys() -> None:
    form = ExampleForm({"title": "Neu", "text": "Zeile\r\nzwei", "topic": "light", "kind": "idea"})
    saved = {
        "title": "Alt",
        "text": "Zeile\nzwei",
        "topic": "net",
        "kind": "idea",
        "start": dt.date(2026, 1, 1),
    }
    found = [(d.name, d.yours, d.saved) for d in differences(form, saved)]
    assert found == [("title", "Neu", "Alt"), ("topic", "Licht", "Netz"), ("start", "", "2026-01-01")]


@pytest.fixture
def slot(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(panels, "_slots", {})
    return "measure"


def test_panels_come_in_order_once_and_escaped(slot: str) -> None:
    from django.utils.safestring import mark_safe

    def late(request: object, obj: str) -> str:
        return mark_safe(f"<p>late {obj}</p>")

    def early(request: object, obj: str) -> str:
        return f"<b>{obj}"

    def silent(request: object, obj: str) -> None:
        return None

    panels.register(slot, late, order=50)
    panels.register(slot, early, order=10)
    panels.register(slot, silent)
    panels.register(slot, late, order=50)
    assert render("{% panel_slot 'measure' obj %}", obj="M") == "&lt;b&gt;M\n<p>late M</p>"
    assert render("{% panel_slot 'other' obj %}", obj="M") == ""


def test_a_failing_panel_does_not_take_the_page_with_it(slot: str, caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: object, obj: object) -> str:
        raise RuntimeError("no sensor")

    def fine(request: object, obj: object) -> str:
        return "fine"

    panels.register(slot, broken, order=1)
    panels.register(slot, fine, order=2)
    with override_settings(DEBUG=False), caplog.at_level(logging.ERROR, logger="allmende"):
        assert panels.render(slot, None, None) == "fine"
    assert "broken failed" in caplog.text
    with override_settings(DEBUG=True), pytest.raises(RuntimeError):
        panels.render(slot, None, None)
