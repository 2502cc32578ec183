"""The catalogue tool: what it collects, keeps, drops, compiles and refuses."""

import gettext
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext, pgettext as p
def f(n):
    # Translators: said at noon
    a = _("Hello %(name)s") % {"name": 1}
    b = lazy("A long "
             "text")
    c = ngettext("%(count)s measure", "%(count)s measures", n) % {"count": n}
    return a, b, c, p("month", "May"), _(f"not {a}"), f"{_('inside')} {a}"
"""
TEMPLATE = """{% load i18n %}<p>It's 5 o'clock (half
    past) "odd</p>
  {% translate "Plain" %} {% trans 'Old' as x %}
 {% translate "May" context "verb" %}
      {% blocktranslate trimmed with a=b count n=rows|length %}
        One <b>row</b>
        of {{ a }}
    {% plural %}
        {{ n }} rows of {{ a }}
      {% endblocktranslate %}
{% blocktranslate asvar t %}50% of it{% endblocktranslate %}{{ x|default:_("fallback") }}
{% comment %}{% translate "hidden" %}{% endcomment %}{# {% translate "hidden too" %} #}
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    app = tmp_path / "spine" / "one"
    (app / "templates" / "one").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "views.py").write_text(PYTHON)
    (app / "templates" / "one" / "page.html").write_text(TEMPLATE)
    (tmp_path / "spine" / "loose.py").write_text("from django.utils.translation import gettext\ngettext('Loose')")
    return tmp_path


def ids(catalogue) -> set:
    return {(m.id, m.context) for m in catalogue if m.id}


def po(house: Path, app: str = "spine/one") -> Path:
    return messages.catalogue_path(house / app, "de")


def test_collects_python_and_templates(house: Path) -> None:
    found = messages.collect(house)
    assert ids(found[house / "spine/one"]) == {
        ("Hello %(name)s", None),
        ("A long text", None),
        (("%(count)s measure", "%(count)s measures"), None),
        ("May", "month"),
        ("inside", None),
        ("Plain", None),
        ("Old", None),
        ("May", "verb"),
        (("One <b>row</b> of %(a)s", "%(n)s rows of %(a)s"), None),
        ("50%% of it", None),
        ("fallback", None),
    }
    assert found[house / "spine/one"]["Hello %(name)s"].auto_comments == ["Translators: said at noon"]
    # Outside every app: the composition root's catalogue.
    assert ids(found[house / "config"]) == {("Loose", None)}


def test_update_keeps_translations_and_drops_obsolete(house: Path) -> None:
    messages.update(house)
    text = po(house).read_text()
    po(house).write_text(text.replace('msgid "Plain"\nmsgstr ""', 'msgid "Plain"\nmsgstr "Schlicht"'))
    (house / "spine/one/views.py").write_text("")
    assert messages.update(house) == [po(house)]
    catalogue = messages.read(po(house), "de")
    assert catalogue["Plain"].string == "Schlicht"
    assert "Hello %(name)s" not in catalogue
    assert "POT-Creation-Date" not in po(house).read_text()
    assert messages.update(house) == []


def test_compiled_catalogue_is_read_by_gettext_and_only_made_when_newer(house: Path) -> None:
    messages.update(house)
    text = po(house).read_text().replace('msgid "Plain"\nmsgstr ""', 'msgid "Plain"\nmsgstr "Schlicht"')
    po(house).write_text(text)
    made = messages.compile_all(house)
    assert {path.suffix for path in made} == {".mo"}
    with po(house).with_suffix(".mo").open("rb") as stream:
        german = gettext.GNUTranslations(stream)
    assert german.gettext("Plain") == "Schlicht"
    assert messages.compile_all(house) == []
    later = po(house).with_suffix(".mo").stat().st_mtime + 5
    os.utime(po(house), (later, later))
    assert messages.compile_all(house) == [po(house).with_suffix(".mo")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ('msgid "A %(x)s"\nmsgstr "B %(x)s"', ""),
        ('msgid "A %(x)s"\nmsgstr "B %(y)s"', "placeholders differ"),
        ('msgid "A %(x)s"\nmsgstr "B"', "placeholders differ"),
        ('msgid "A %(x)s"\nmsgstr ""', "missing"),
        ('#, fuzzy\nmsgid "A %(x)s"\nmsgstr "B %(x)s"', "fuzzy"),
        ('msgid "A %(x)s"\nmsgstr "B %(x)s"\n\nmsgid "Old"\nmsgstr "Alt"', "obsolete"),
        ('msgid "A %(x)s"\nmsgstr "B %(x)s"\n\n#~ msgid "Old"\n#~ msgstr "Alt"', "obsolete"),
    ],
)
def test_check_refuses(tmp_path: Path, entry: str, expected: str) -> None:
    app = tmp_path / "room"
    app.mkdir()
    (app / "apps.py").write_text("from django.utils.translation import gettext as _\nx = _('A %(x)s')\n")
    path = po(tmp_path, "room")
    path.parent.mkdir(parents=True)
    path.write_text(messages.HEADER.format(app="room", language="de") + entry + "\n")
    found = messages.problems(tmp_path)
    assert len(found) == (1 if expected else 0), found
    assert all(expected in line for line in found)


def test_check_refuses_two_translations_of_one_text_and_german_ids(tmp_path: Path) -> None:
    for room, german in (("a", "Eins"), ("b", "Zwei")):
        (tmp_path / room).mkdir()
        (tmp_path / room / "apps.py").write_text("from django.utils.translation import gettext as _\n_('One')\n")
        path = po(tmp_path, room)
        path.parent.mkdir(parents=True)
        path.write_text(messages.HEADER.format(app=room, language="de") + f'msgid "One"\nmsgstr "{german}"\n')
    (found,) = messages.problems(tmp_path)
    assert "translated in different ways" in found
    (tmp_path / "b" / "apps.py").write_text("from django.utils.translation import gettext as _\n_('Größe')\n")
    assert any("message ids are English" in line for line in messages.problems(tmp_path))


def test_singular_may_leave_the_number_out(house: Path) -> None:
    catalogue = messages.collect(house)[house / "spine/one"]
    message = catalogue["%(count)s measure"]
    message.string = ("eine Maßnahme", "%(count)s Maßnahmen")
    assert messages._format_problem(message) == ""
    message.string = ("eine Maßnahme", "viele Maßnahmen")
    assert "placeholders differ" in messages._format_problem(message)
