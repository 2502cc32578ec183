"""What is wrong with questionnaires, responses and weights, in German and in English, by stable code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    # Questionnaires
    "no_questions": ("Der Fragebogen hat keine Fragen.", "The questionnaire has no questions."),
    "bad_id": (
        "„{id}“ ist keine Kennung: Kleinbuchstaben, Ziffern, - und _, höchstens 40 Zeichen.",
        "“{id}” is no id: small letters, digits, - and _, at most 40 characters.",
    ),
    "two_questions": ("Die Kennung „{id}“ kommt zweimal vor.", "The id “{id}” occurs twice."),
    "two_choices": (
        "Die Kennung „{id}“ kommt in der Frage zweimal vor.",
        "The id “{id}” occurs twice in the question.",
    ),
    "no_words": (
        "Der deutsche oder der englische Text fehlt ({id}).",
        "The German or the English text is missing ({id}).",
    ),
    "few_choices": ("Es braucht mindestens {least} Möglichkeiten.", "At least {least} choices are needed."),
    "bad_limits": (
        "Die Grenzen {least} bis {most} sind nicht möglich.",
        "The limits {least} to {most} are not possible.",
    ),
    "bad_label": ("Den Punkt {point} hat die Skala nicht.", "The scale has no point {point}."),
    "bad_places": ("Nachkommastellen: 0 bis 6.", "Decimal places: 0 to 6."),
    "empty_condition": ("Eine Bedingung ist leer.", "A condition is empty."),
    "no_such_question": (
        "Die Bedingung nennt eine Frage „{id}“, die es nicht gibt.",
        "The condition names a question “{id}” that does not exist.",
    ),
    "no_such_choice": (
        "„{value}“ kann auf die Frage „{id}“ niemand antworten.",
        "Nobody can answer “{value}” to the question “{id}”.",
    ),
    "wrong_condition": (
        "Diese Bedingung passt nicht zur Art der Frage „{id}“.",
        "This condition does not fit the kind of the question “{id}”.",
    ),
    "circle": (
        "Die Bedingungen hängen im Kreis voneinander ab: {ids}.",
        "The conditions depend on each other in a circle: {ids}.",
    ),
    "later_question": (
        "Die Bedingung nennt die Frage „{id}“, die erst später kommt.",
        "The condition names the question “{id}”, which comes later.",
    ),
    "unreachable": (
        "Diese Frage sieht niemand: Ihre Bedingung kann nicht erfüllt werden.",
        "Nobody sees this question: its condition cannot be met.",
    ),
    "too_tangled": (
        "Die Bedingungen lassen mehr als {most} Wege zu dieser Frage zu; bitte vereinfachen.",
        "The conditions allow more than {most} ways to this question; please simplify.",
    ),
    # Responses
    "unknown_question": ("Diese Frage gibt es nicht.", "This question does not exist."),
    "required": ("Bitte beantworten Sie diese Frage.", "Please answer this question."),
    "unknown_choice": ("„{value}“ steht nicht zur Wahl.", "“{value}” cannot be chosen."),
    "chosen_twice": ("„{value}“ ist zweimal gewählt.", "“{value}” is chosen twice."),
    "too_few": ("Bitte wählen Sie mindestens {least}.", "Please choose at least {least}."),
    "too_many": ("Bitte wählen Sie höchstens {most}.", "Please choose at most {most}."),
    "not_a_number": ("Bitte geben Sie eine Zahl ein.", "Please enter a number."),
    "not_whole": ("Höchstens {places} Nachkommastellen.", "At most {places} decimal places."),
    "too_small": ("Mindestens {least}.", "At least {least}."),
    "too_large": ("Höchstens {most}.", "At most {most}."),
    "too_long": ("Höchstens {longest} Zeichen, es sind {length}.", "At most {longest} characters, there are {length}."),
    "bad_characters": (
        "Der Text enthält Zeichen, die niemand lesen kann.",
        "The text has characters that nobody can read.",
    ),
    "rows_missing": (
        "Bitte beantworten Sie jede Zeile; es fehlen {count}.",
        "Please answer every row; {count} are missing.",
    ),
    "unknown_row": ("Die Zeile „{value}“ gibt es nicht.", "There is no row “{value}”."),
    "wrong_kind": (
        "Diese Antwort passt nicht zur Art der Frage.",
        "This answer does not fit the kind of the question.",
    ),
    # Weights
    "no_margin": ("Für „{variable}“ ist keine Bevölkerung angegeben.", "No population is given for “{variable}”."),
    "bad_margin": (
        "Bevölkerung muss eine Zahl ab 0 sein: {variable}, {category}.",
        "Population must be a number of 0 or more: {variable}, {category}.",
    ),
    "totals_differ": (
        "Die Summen der Bevölkerung unterscheiden sich ({totals}); gerechnet wird mit Anteilen.",
        "The totals of the population differ ({totals}); shares are used.",
    ),
    "nobody_answered": (
        "{variable}, {category}: Niemand hat geantwortet; {population} von {total} Personen sind nicht vertreten.",
        "{variable}, {category}: nobody responded; {population} of {total} people are not represented.",
    ),
    "outside": (
        "{variable}, {category}: {count} Antworten ohne angegebene Bevölkerung; ihr Anteil bleibt, wie er ist.",
        "{variable}, {category}: {count} responses belong to no population given; their share stays as it is.",
    ),
    "not_told": (
        "{variable}: {count} Antworten ohne Angabe; ihr Anteil bleibt, wie er ist.",
        "{variable}: {count} responses do not say; their share stays as it is.",
    ),
    "thin": (
        "{variable}, {category}: Nur {count} Antworten stehen für {population} Personen.",
        "{variable}, {category}: only {count} responses stand for {population} people.",
    ),
    "one_category": (
        "{variable}: Nur eine Gruppe hat geantwortet; nach ihr lässt sich nicht gewichten.",
        "{variable}: only one group responded; there is nothing to weight by.",
    ),
    "not_converged": (
        "Die Gewichtung geht nach {rounds} Runden nicht auf; die Ergebnisse bleiben ungewichtet.",
        "Weighting does not come out after {rounds} rounds; the results stay unweighted.",
    ),
    "trimmed": (
        "{count} Gewichte sind begrenzt; die Randverteilungen weichen um bis zu {points} Prozentpunkte ab.",
        "{count} weights are limited; margins are off by up to {points} percentage points.",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell a person. `question` is empty where it is about the whole."""

    code: str
    question: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence; `language` is `de` or `en`. What strangers wrote is cut so that it can be shown."""
        german = language == "de"
        said = {key: _shown(value, german) for key, value in self.values.items()}
        return TEXTS[self.code][0 if german else 1].format(**said)

    def as_json(self) -> dict[str, Any]:
        told = {"de": self.text("de"), "en": self.text("en")}
        return {"code": self.code, "question": self.question, "text": told}


def _shown(value: object, german: bool) -> str:
    """A pair is a German and an English text."""
    text = str(value[0 if german else 1]) if isinstance(value, tuple) else str(value)
    flat = "".join(letter if letter.isprintable() else " " for letter in text)
    return flat if len(flat) <= 120 else flat[:119] + "…"
