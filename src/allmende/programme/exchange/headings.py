"""Headings as German and English offices write them, and what they mean. Pure."""

import re

_WORDS = {
    "code": "nr, lfd nr, lfdnr, nummer, kennung, kennziffer, code, id, maßnahmennummer, maßnahmennr, maßnahmen nr, "
    "projektnummer, projekt nr, no, number, ref",
    "title": "titel, maßnahme, maßnahmen, maßnahmentitel, projekt, projektname, projekttitel, bezeichnung, name, "
    "vorhaben, title, measure, project",
    "summary": "kurzbeschreibung, kurztext, kurzfassung, in einem satz, kurz, summary, short description",
    "reason": "ziel, ziele, begründung, warum, beschreibung, zweck, nutzen, hintergrund, description, goal, why",
    "course": "sachstand, stand, status, aktueller stand, verlauf, bericht, stand der umsetzung, umsetzungsstand, "
    "progress, state",
    "result": "ergebnis, ergebnisse, wirkung, resultat, result, results",
    "advice": "erfahrungen, erkenntnisse, empfehlungen, lessons learned",
    "easy": "einfache sprache, leichte sprache, plain language",
    "topic": "thema, themen, handlungsfeld, themenfeld, bereich, cluster, topic, field of action, theme",
    "phase": "phase, förderphase, projektphase",
    "maturity": "reifegrad, stufe, reife, stage, maturity",
    "since": "seit, since",
    "place_name": "ort, standort, lage, adresse, straße, stadtteil, place, location",
    "source_url": "link, url, quelle, website, webseite, internet, source",
    "cost": "kosten, gesamtkosten, budget, volumen, mittel, finanzvolumen, investition, summe, betrag, kosten in €, "
    "kosten in euro, kosten €, budget in €, cost, costs",
    "origin_text": "herkunft, ursprung, origin",
    "adopted_from": "übernommen von, vorbild, adopted from",
    "m1.title": "meilenstein, nächster meilenstein, milestone",
    # Offices and companies alone: a column with the names of persons is proposed for nothing.
    "party.lead": "federführung, federführendes amt, zuständiges amt, zuständige stelle, amt, referat, dienststelle, "
    "fachbereich, lead organisation",
    "party.partner": "partner, projektpartner, kooperationspartner, beteiligte, beteiligte stellen, partners",
    "party.funder": "fördergeber, zuwendungsgeber, fördermittelgeber, funder",
    "party.contractor": "auftragnehmer, dienstleister, contractor",
    "decision.date": "beschlussdatum, beschluss vom, beschluss am, beschlossen am, datum des beschlusses, "
    "ratsbeschluss vom, date of decision, decided on",
    "decision.body": "gremium, beschlussgremium, beschließendes gremium, beschlossen von, decided by",
    "decision.number": "beschlussnummer, beschluss nr, beschlussnr, vorlage, vorlagennummer, vorlagen nr, drucksache, "
    "drucksachennummer, paper",
    "decision.text": "beschluss, beschlusstext, wortlaut, decision",
}
_FIELDS = {name.strip(): target for target, names in _WORDS.items() for name in names.split(",")}
# Words that say of a date whether it is a plan or has come true; the rest of the heading is what is reached.
_PLAN = {"geplant", "plan", "soll", "planung", "planned", "planmäßig", "vorgesehen", "plantermin", "bis", "target"}
_DONE = {"erreicht", "ist", "erledigt", "tatsächlich", "done", "actual", "reached", "isttermin", "erfolgt"}
_DATES = {
    "termin", "datum", "date", "beginn", "start", "ende", "end", "fertigstellung", "inbetriebnahme", "abschluss",
    "baubeginn", "projektstart", "projektende", "eröffnung", "frist", "deadline", "umsetzung bis", "abnahme", "vergabe",
}  # fmt: skip
_NOT_WORDS = re.compile(r"[^\wäöüß€ ]+")


def fold(heading: str) -> str:
    """Small letters, one blank between words, no marks."""
    return " ".join(_NOT_WORDS.sub(" ", heading.casefold().replace("massnahme", "maßnahme")).split())


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None."""
    return _FIELDS.get(fold(heading))


def stem(heading: str) -> str:
    """A heading without the words that say plan or done: what is reached, as it was written."""
    words = [word for word in heading.split() if fold(word) not in _PLAN | _DONE]
    return " ".join(words).strip(" :–-()[]/")


def milestone_of(heading: str) -> tuple[str, str] | None:
    """(what is reached, "plan" or "done") for the heading of a date, or None."""
    words = set(fold(heading).split())
    what = "done" if words & _DONE else "plan" if words & _PLAN or fold(heading) in _DATES else None
    if what is None and words & _DATES:
        what = "plan"
    return (fold(stem(heading)), what) if what else None


def is_qualifier(heading: str) -> bool:
    """Whether a heading says "planned" or "reached", but not what."""
    words = fold(heading).split()
    return bool(words) and all(word in _PLAN | _DONE for word in words)


def known(heading: str) -> bool:
    return field_of(heading) is not None or milestone_of(heading) is not None
