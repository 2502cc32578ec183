"""Example content for ui/pattern_library.html and ui/pattern_staff.html: looked at, tested, never in a town.

The texts are German and stand here untranslated because only the people who build this see them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.paginator import Paginator

from allmende.spine.ui.charts import Chart, Series
from allmende.spine.ui.conflicts import differences
from allmende.spine.ui.formats import money
from allmende.spine.ui.templatetags.ui import PILLS

NOW = dt.datetime(2026, 11, 22, 14, 30, tzinfo=dt.UTC)


class ExampleForm(forms.Form):
    title = forms.CharField(label="Titel", max_length=80)
    text = forms.CharField(label="Beschreibung", widget=forms.Textarea, help_text="Was soll sich ändern?")
    topic = forms.ChoiceField(
        label="Thema", choices=[("", "Bitte wählen"), ("light", "Licht"), ("net", "Netz")], required=False
    )
    start = forms.DateField(label="Beginn", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    email = forms.EmailField(label="E-Mail", help_text="Nur für Rückfragen, nicht öffentlich.")
    kind = forms.ChoiceField(
        label="Art",
        widget=forms.RadioSelect,
        choices=[("idea", "Idee"), ("praise", "Lob"), ("fault", "Mangel")],
    )
    places = forms.MultipleChoiceField(
        label="Orte",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("old", "Altstadt"), ("station", "Bahnhof")],
    )
    photo = forms.FileField(label="Foto", required=False)
    agree = forms.BooleanField(label="Ich habe die Hinweise zum Datenschutz gelesen")


def _chart(kind: str) -> Chart:
    months = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug"]
    if kind == "bar":
        return Chart(
            title="Mittel nach Thema",
            labels=["Licht", "Netz", "Drohne", "Dörfer"],
            series=[
                Series("bewilligt", [84000, 230000, 61500, 40000]),
                Series("abgerufen", [60000, 90000, 61500, 0]),
            ],
            unit="€",
            kind="bar",
            label_heading="Thema",
            source_url="#q",
            source_date=NOW.date(),
            source_label="Fördermittelkonto",
        )
    return Chart(
        title="Stromverbrauch am Fauthweg",
        description="Im Mai war der Zähler zwei Wochen ohne Verbindung; der Monat fehlt.",
        labels=months,
        series=[
            Series("mit Bewegungslicht", [410, 380, 350, 300, None, 240, 250, 280]),
            Series("Vorjahr", [520, 500, 480, 430, 400, 380, 390, 420]),
        ],
        unit="kWh",
        label_heading="Monat",
        source_url="#q",
        source_date=NOW.date(),
        source_label="Zähler 11",
    )


def _frame() -> dict[str, Any]:
    names = ["Programm", "Mitreden", "Wirkung", "Karte", "Dörfer", "Netzwerk"]
    return {
        "menu": [(name, f"#{name}", name == "Programm") for name in names],
        "page_language": "de",
        "theme": "auto",
        "trail": [("Start", "#s"), ("Programm", "#p"), ("Licht", "#l")],
        "today": NOW.date(),
        "now": NOW,
    }


def library() -> dict[str, Any]:
    """Context of ui/pattern_library.html (add `instance` and `request`)."""
    form = ExampleForm({"title": "Mehr Licht am Weg", "text": "Bitte heller.", "email": "keine Adresse"})
    rows = [
        ("Licht am Fauthweg", "in Betrieb", "active", "Messung Dezember", 8_400_000),
        ("Drohne der Feuerwehr", "in Betrieb", "active", "Übung am 3. Dezember", 6_150_000),
        ("Glasfaser für Großveranstaltungen", "in Planung", "planned", "Netzplan Altstadtfest", 23_000_000),
        ("Mitfahrbank in den Dörfern", "gescheitert", "stopped", "Bericht der Ortsbeiräte", None),
    ]
    keys = ("title", "state", "kind", "next", "cents")
    return _frame() | {
        "form": form,
        "differences": differences(form, {"title": "Mehr Licht am Fauthweg", "text": "Bitte heller."}),
        "measures": [dict(zip(keys, row, strict=True)) for row in rows],
        "page": Paginator(range(90), 25).page(2),
        "funding": money(160_000_000, "compact"),
        "kinds": sorted(PILLS),
        "line_chart": _chart("line"),
        "bar_chart": _chart("bar"),
        "steps": [
            {"label": "Gemeinde", "state": "done"},
            {"label": "Marke", "state": "current", "text": "Farben und Zeichen"},
            {"label": "Mailserver", "state": "failed", "text": "Der Server nimmt die Anmeldung nicht an."},
            {"label": "Datensicherung", "state": "waiting"},
        ],
    }


def staff() -> dict[str, Any]:
    """Context of ui/pattern_staff.html."""
    day = dt.timedelta(days=1)
    rows = [
        ("Bank am Bahnhof ist beschädigt", "Mangel", "neu", "planned", NOW - 9 * day, NOW.date() - 2 * day),
        ("Kommentar zu Licht am Fauthweg", "Kommentar", "gemeldet", "warning", NOW - 3 * day, NOW.date()),
        ("Foto vom Altstadtfest", "Bild", "in Prüfung", "active", NOW - day / 4, NOW.date() + 5 * day),
    ]
    keys = ("title", "kind", "state", "pill", "since", "due")
    names = ["Übersicht", "Meldungen", "Maßnahmen", "Menschen und Rechte", "Protokoll"]
    return _frame() | {
        "staff_menu": [(name, f"#{name}", name == "Meldungen") for name in names],
        "queue": [dict(zip(keys, row, strict=True)) for row in rows],
        "oldest": NOW - 9 * day,
    }
