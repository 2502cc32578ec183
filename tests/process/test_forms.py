"""Fields of forms: what people type becomes values for FEEL; what cannot be is said at the field."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.process.core.forms import Field, Option
from allmende.process.domain import attachments, fields, items, known
from allmende.programme.models import Topic
from allmende.spine.files.models import StoredFile
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .tasks import editor, first_item, second_item, started, today

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


def value(kind, text, *, language="de", person=None, **more):
    """What a text becomes; a list of messages where it cannot be."""
    told = Field("x", kind, "X", **more)
    with override(language):
        field = fields.field(told, person)
        data = text if isinstance(text, dict) else {"x": text}
        try:
            return fields.plain(field.clean(field.widget.value_from_datadict(_Data(data), {}, "x")))
        except ValidationError as error:
            return list(error.messages)


class _Data(dict):
    def getlist(self, name):
        found = self.get(name, [])
        return found if isinstance(found, list) else [found]


@pytest.mark.parametrize(
    ("kind", "text", "language", "expected"),
    [
        ("number", "1.234,5", "de", 1234.5),
        ("number", "1,5", "de", 1.5),
        ("number", "1.5", "de", 1.5),
        ("number", "1.234", "de", 1234),
        ("number", "1,234", "en", 1234),
        ("number", "-0,25", "de", -0.25),
        ("number", "1 234 567,25", "de", 1234567.25),
        ("money", "1.200,50 €", "de", 1200.5),
        ("money", "1,200.50", "en", 1200.5),
        ("integer", "1.200", "de", 1200),
        ("yes_no", "yes", "de", True),
        ("yes_no", "no", "de", False),
        ("date", "2024-02-29", "de", "2024-02-29"),
        ("text", "a\x00b\x1f c\ud800", "de", "ab c"),
        ("long_text", "a\r\nb\tc\x07", "de", "a\r\nb\tc"),
        ("email", "a@example.org\x00", "de", "a@example.org"),
    ],
)
def test_values(kind, text, language, expected):
    assert value(kind, text, language=language) == expected


@pytest.mark.parametrize(
    ("kind", "text", "more", "expected"),
    [
        ("number", "eins", {}, ["Bitte eine Zahl eingeben."]),
        ("number", "1.2.3", {}, ["Bitte eine Zahl eingeben."]),
        ("number", "9" * 3000, {}, ["Bitte eine Zahl eingeben."]),
        ("number", "NaN", {}, ["Bitte eine Zahl eingeben."]),
        ("number", "1e9", {}, ["Bitte eine Zahl eingeben."]),
        ("number", "11", {"most": "10"}, ["Dieser Wert muss kleiner oder gleich 10 sein."]),
        ("money", "-1", {}, ["Dieser Wert muss größer oder gleich 0 sein."]),
        ("money", "1,234", {}, ["Bitte sicherstellen, dass der Wert höchstens 2 Dezimalstellen enthält."]),
        ("integer", "1,5", {}, ["Bitte eine ganze Zahl eingeben."]),
        ("date", "2023-02-29", {}, ["Bitte ein gültiges Datum eingeben."]),
        ("date", "2025-12-31", {"least": "2026-01-01"}, ["Nicht vor dem 1. Januar 2026."]),
        ("date", "2026-01-02", {"most": "2026-01-01"}, ["Nicht nach dem 1. Januar 2026."]),
        ("email", "kein", {}, ["Bitte gültige E-Mail-Adresse eingeben."]),
        ("text", "abc", {"most": "2"}, [
            "Bitte sicherstellen, dass der Wert aus höchstens 2 Zeichen besteht. (Er besteht aus 3 Zeichen.)"]),
        ("text", "a", {"least": "2"}, [
            "Bitte sicherstellen, dass der Wert aus mindestens 2 Zeichen besteht. (Er besteht aus 1 Zeichen.)"]),
        ("text", "", {"required": True}, ["Dieses Feld ist zwingend erforderlich."]),
        ("text", "\x00", {"required": True}, ["Dieses Feld ist zwingend erforderlich."]),
        ("yes_no", "vielleicht", {}, ["Bitte eine gültige Auswahl treffen. vielleicht ist keine gültige Auswahl."]),
    ],
)  # fmt: skip
def test_what_cannot_be(kind, text, more, expected):
    assert value(kind, text, **more) == expected


def test_days_are_counted_from_today():
    assert value("date", today(-1).isoformat(), least="today") != today(-1).isoformat()
    assert value("date", today().isoformat(), least="today", most="today") == today().isoformat()


def test_choices():
    options = (Option("a", "Eins", "One"), Option("b", "Zwei"), Option("c", "Drei"))
    assert value("choice", "a", options=options) == "a"
    assert value("choice", "x", options=options) == ["Bitte eine gültige Auswahl treffen. x ist keine gültige Auswahl."]
    assert value("choices", {"x": ["a", "c"]}, options=options) == ["a", "c"]
    assert value("choices", {"x": ["a"]}, options=options, least="2") == ["Wählen Sie mindestens 2."]
    assert value("choices", {"x": ["a", "b", "c"]}, options=options, most="2") == ["Wählen Sie höchstens 2."]


@pytest.mark.parametrize("limit", ["NaN", "Infinity", "1e999999", "viel", "-5", "0"])
def test_limits_that_make_no_sense_hinder_nobody(limit):
    assert value("text", "a", most=limit) == "a"
    assert value("date", "2026-01-01", most=limit, least=limit) == "2026-01-01"


@given(st.decimals(min_value=Decimal("0"), max_value=Decimal("9999999999999.99"), places=2))
@settings(max_examples=200, deadline=None)
def test_money_keeps_every_cent(amount):
    german = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    found = value("money", german)
    assert Decimal(str(found)) == amount
    assert value("money", f"{amount:,.2f}", language="en") == found


@given(st.one_of(st.integers(-(10**14), 10**14), st.decimals(-(10**9), 10**9, places=4).map(float)))
@settings(max_examples=200, deadline=None)
def test_a_number_that_is_shown_again_is_read_again(number):
    for language in ("de", "en"):
        with override(language):
            shown = fields.Number().prepare_value(number)
        assert value("number", shown, language=language) == number


def test_an_answer_that_is_shown_again():
    field = fields.field(Field("x", "yes_no", "X"), None)
    assert [field.prepare_value(each) for each in (True, False, None, "yes")] == ["yes", "no", None, "yes"]


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_a_field(text):
    for kind in ("text", "number", "money", "integer", "date", "email", "yes_no", "choice"):
        found = value(kind, text)
        if kind == "text" and isinstance(found, str):
            assert not set(found) & {chr(code) for code in (0, 1, 8, 31, 127, 0xD800)}


EVERY = """<allmende:field name="hint" type="note" label="Keine Namen" help="Bitte &lt;b&gt; achten"/>
<allmende:field name="text" type="text" label="Text" labelEn="A text" help="Hilfe" helpEn="Help" required="true"/>
<allmende:field name="money" type="money" label="Kosten"/><allmende:field name="count" type="integer" label="Zahl"/>
<allmende:field name="day" type="date" label="Tag"/><allmende:field name="agreed" type="yes_no" label="Ja?"/>
<allmende:field name="topic" type="topic" label="Feld"/><allmende:field name="what" type="measure" label="Welche"/>
<allmende:field name="paper" type="file" label="Papier" required="true"/>
<allmende:field name="some" type="choices" label="Was"><allmende:option value="a" label="Eins" labelEn="One"/>
<allmende:option value="b" label="Zwei"/></allmende:field>"""
FILLED = {
    "item-action": "complete", "text": "Gut <b>", "money": "1.200,50", "count": "3", "day": "2026-03-29",
    "agreed": "yes", "topic": "energie", "some": ["a", "b"], "hint": "verboten", "unknown": "verboten",
}  # fmt: skip


def paper(name="papier.pdf", data=PDF):
    return SimpleUploadedFile(name, data, "application/pdf")


@pytest.mark.django_db
def test_a_form_with_everything(client: Client):
    anna, bert = editor(), editor()
    measure = make_measure(title="Licht <i>")
    case = started(EVERY)
    item = first_item(case)
    client.force_login(anna)
    address = item.get_absolute_url()
    page = client.get(address).content.decode()
    assert "Keine Namen" in page and "Bitte &lt;b&gt; achten" in page and 'name="hint"' not in page
    assert 'enctype="multipart/form-data"' in page
    english = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "A text" in english and "Help" in english and "<h1>First this</h1>" in english

    # Something else is wrong: the file is kept, and not asked for again.
    sent = FILLED | {"what": str(measure.public_id), "money": "viel", "paper": paper()}
    answer = client.post(address, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Bitte eine Zahl eingeben." in text and "papier.pdf" in text and "Gut &lt;b&gt;" in text
    file = StoredFile.objects.get()
    assert (file.subject, file.public, file.owner) == (item.urn, False, anna)
    assert client.post(address, FILLED | {"what": str(measure.public_id)}).status_code == 302

    waiting = second_item(case)
    run = known.run_of(waiting.instance)
    assert run.data_of(waiting.task) == {
        "text": "Gut <b>", "money": 1200.5, "count": 3, "day": "2026-03-29", "agreed": True, "topic": "energie",
        "what": str(measure.public_id), "paper": file.urn, "some": ["a", "b"],
    }  # fmt: skip
    client.force_login(bert)
    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "Gut &lt;b&gt;" in page and "1.200,50" in page and "29. März 2026" in page and "Eins, Zwei" in page
    assert file.get_absolute_url() in page and "Licht &lt;i&gt;" in page
    assert b"".join(client.get(file.get_absolute_url()).streaming_content) == PDF
    client.force_login(make_account(Role.RESIDENT))
    assert client.get(file.get_absolute_url()).status_code in (403, 404)


@pytest.mark.django_db
def test_a_file_is_checked_replaced_and_removed(client: Client):
    anna = editor()
    item = first_item(started(EVERY))
    client.force_login(anna)
    address = item.get_absolute_url()
    Topic.objects.get_or_create(slug="energie", defaults={"title": "Energie"})
    answer = client.post(address, FILLED | {"paper": paper("papier.pdf", b"MZ\x90\x00 kein PDF")})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_paper"' in text and not StoredFile.objects.exists()
    for name in ("eins.pdf", "zwei.pdf"):
        sent = {"item-action": "draft", "item-version": _version(item), "text": "Da", "paper": paper(name)}
        assert client.post(address, sent).status_code == 302
    assert [file.name for file in StoredFile.objects.all()] == ["zwei.pdf"]
    sent = {"item-action": "detach:paper", "item-version": _version(item), "text": "Noch da"}
    assert client.post(address, sent).status_code == 302
    item.refresh_from_db()
    assert not StoredFile.objects.exists()
    assert item.draft["text"] == "Noch da" and "paper" not in item.draft
    answer = client.post(address, FILLED)
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        attachments.attach(item, "text", paper(), actor=anna)
    with pytest.raises(PermissionDenied):
        attachments.attach(item, "paper", paper(), actor=make_account(Role.TREASURER))


def _version(item):
    item.refresh_from_db()
    return item.version


@pytest.mark.django_db
def test_a_draft_is_no_way_to_the_files_of_others():
    anna = editor()
    mine, other = first_item(started(EVERY)), first_item(started(EVERY, title="Zweiter"))
    attachments.attach(other, "paper", paper(), actor=anna)
    file = StoredFile.objects.get()
    items.save_draft(mine, {"paper": file.urn, "text": "x"}, version=1, actor=anna)
    mine.refresh_from_db()
    assert mine.draft == {"text": "x"}
    with pytest.raises(ValidationError) as missing:
        items.complete(mine, {"text": "x", "paper": file.urn}, actor=anna)
    assert missing.value.message_dict == {"paper": ["Dieses Feld ist zwingend erforderlich."]}


@pytest.mark.django_db
def test_a_measure_that_one_may_not_see_is_no_choice():
    hidden, seen = make_measure(published=None), make_measure()
    assert value("measure", str(seen.public_id), person=editor()) == str(seen.public_id)
    treasurer = make_account(Role.MODERATOR)
    assert value("measure", str(hidden.public_id), person=treasurer) != str(hidden.public_id)


@pytest.mark.django_db
def test_drafts_take_what_people_type_and_not_more():
    anna = editor()
    item = first_item(started())
    item = items.save_draft(item, {"note": "a\n", "unknown": "x"}, version=1, actor=anna)
    assert item.draft == {"note": "a\n"}
    with pytest.raises(ValidationError) as long:
        items.save_draft(item, {"note": "x" * 200_000}, version=item.version, actor=anna)
    assert long.value.messages == [
        "Das ist zu viel Text für ein Formular. Fügen Sie ihn als Datei hinzu, oder kürzen Sie ihn."
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["version", "action", "to", "text", "fields", "clean", "data", "class", "a&quot;b"])
def test_names_of_fields_are_free(client: Client, name):
    item = first_item(started(f'<allmende:field name="{name}" type="text" label="L"/>'))
    client.force_login(editor())
    assert client.get(item.get_absolute_url()).status_code == 200
    plain = name.replace("&quot;", '"')
    sent = {"item-action": "draft", "item-version": 1, plain: "\x00Wert"}
    assert client.post(item.get_absolute_url(), sent).status_code == 302
    item.refresh_from_db()
    assert item.draft == {plain: "Wert"}
