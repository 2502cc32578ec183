"""What is said about a file: code → (German, English). Errors end the reading, findings do not.

Errors: the file is not counted. Findings: it is counted, and a town should know.
"""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "empty": ("Die Datei ist leer.", "The file is empty."),
    "too_big": ("Die Datei ist zu groß (höchstens {most} MB).", "The file is too big ({most} MB at most)."),
    "not_text": ("Die Datei ist kein Text.", "The file is not text."),
    "bad_gzip": ("Die gepackte Datei ist beschädigt.", "The packed file is damaged."),
    "no_section": ("Der Abschnitt {name} fehlt.", "The section {name} is missing."),
    "section_twice": ("Den Abschnitt {name} gibt es zweimal.", "The section {name} is there twice."),
    "before_sections": (
        "Vor dem ersten Abschnitt (META) steht schon etwas: „{value}“.",
        "Something stands before the first section (META): “{value}”.",
    ),
    "no_column": ("Im Abschnitt {name} fehlt die Spalte {column}.", "The section {name} has no column {column}."),
    "column_twice": (
        "Im Abschnitt {name} gibt es die Spalte {column} zweimal.",
        "The section {name} has the column {column} twice.",
    ),
    "open_quote": (
        "Ein Anführungszeichen wird nicht geschlossen; bis zum Ende der Datei wäre alles ein Feld.",
        "A quotation mark is not closed; everything to the end of the file would be one field.",
    ),
    "field_too_long": ("Ein Feld ist zu lang.", "A field is too long."),
    "too_many_cells": (
        "Die Zeile hat mehr Felder als der Abschnitt Spalten.",
        "The line has more fields than the section has columns.",
    ),
    "no_meta": ("In META fehlt {key}.", "META has no {key}."),
    "meta_contradicts": (
        "{key} steht zweimal in META, mit verschiedenen Werten.",
        "{key} is in META twice, with different values.",
    ),
    "not_a_number": ("{what}: „{value}“ ist keine Zahl.", "{what}: “{value}” is not a number."),
    "ambiguous_number": (
        "{what}: „{value}“ kann zweierlei heißen (Komma oder Tausenderzeichen).",
        "{what}: “{value}” can mean two things (decimal comma or thousands).",
    ),
    "number_too_big": ("{what}: „{value}“ ist zu groß.", "{what}: “{value}” is too big."),
    "negative": ("{what}: „{value}“ ist kleiner als null.", "{what}: “{value}” is less than zero."),
    "vote_type": (
        "Die Stimmart „{value}“ wird nicht gezählt (gezählt werden: {known}).",
        "The vote type “{value}” is not counted (counted are: {known}).",
    ),
    "no_id": ("Im Abschnitt {name} hat eine Zeile keine Kennung.", "A line of the section {name} has no id."),
    "comma_in_id": (
        "Die Kennung „{value}“ enthält ein Komma; auf einem Stimmzettel wären das zwei Vorhaben.",
        "The id “{value}” has a comma; on a ballot that would be two projects.",
    ),
    "project_twice": (
        "Das Vorhaben {value} gibt es schon (Zeile {first}).",
        "The project {value} is there already (line {first}).",
    ),
    "voter_twice": (
        "Die Stimme {value} gibt es schon (Zeile {first}).",
        "The voter {value} is there already (line {first}).",
    ),
    "unknown_project": (
        "Die Stimme {voter} nennt ein Vorhaben, das es nicht gibt: „{value}“.",
        "The voter {voter} names a project that there is not: “{value}”.",
    ),
    "project_twice_on_ballot": (
        "Die Stimme {voter} nennt das Vorhaben {value} zweimal; was gemeint ist, ist nicht zu sehen.",
        "The voter {voter} names the project {value} twice; what is meant cannot be seen.",
    ),
    "points_missing": (
        "Die Stimme {voter} nennt {projects} Vorhaben, aber {points} Punktwerte.",
        "The voter {voter} names {projects} projects but {points} numbers of points.",
    ),
    "strict": (
        "{count} Stimmzettel verletzen die Regeln der Abstimmung; der erste: {first}",
        "{count} ballots break the rules of the vote; the first: {first}",
    ),
    "order_unknown": (
        "Die Reihenfolge nennt ein Vorhaben, das es nicht gibt: „{value}“.",
        "The order names a project that there is not: “{value}”.",
    ),
    "order_twice": ("Die Reihenfolge nennt {value} zweimal.", "The order names {value} twice."),
    "order_incomplete": (
        "In der Reihenfolge fehlen {count} Vorhaben, zuerst: {value}.",
        "The order leaves {count} projects out, the first: {value}.",
    ),
    "no_points": (
        "Auf Zustimmungs-Stimmzetteln stehen keine Punkte; möglich: cost, cardinality, score.",
        "Approval ballots have no points; possible: cost, cardinality, score.",
    ),
    "no_project": ("Das Vorhaben „{value}“ gibt es nicht.", "There is no project “{value}”."),
    "too_many_rounds": (
        "add1 ist nach {count} Läufen nicht am Ende; die Geldeinheit ist für dieses Budget zu klein.",
        "add1 has not ended after {count} runs; the unit of money is too small for this budget.",
    ),
}

FINDINGS: dict[str, tuple[str, str]] = {
    "encoding": ("Die Datei ist nicht UTF-8; gelesen als {value}.", "The file is not UTF-8; read as {value}."),
    "empty_line": ("Leere Zeilen überlesen: {count}.", "Empty lines skipped: {count}."),
    "meta_line": ("Zeile in META ohne Wert: „{value}“.", "Line in META without a value: “{value}”."),
    "meta_twice": ("{key} steht zweimal in META.", "{key} is in META twice."),
    "decimal_comma": (
        "{what}: „{value}“ mit Komma, gelesen als {read}.",
        "{what}: “{value}” with a comma, read as {read}.",
    ),
    "num_projects": (
        "META nennt {said} Vorhaben, die Datei enthält {found}.",
        "META says {said} projects, the file has {found}.",
    ),
    "num_votes": (
        "META nennt {said} Stimmen, die Datei enthält {found}.",
        "META says {said} votes, the file has {found}.",
    ),
    "votes_column": (
        "Vorhaben {project}: die Datei nennt {said} Stimmen, gezählt sind {found}.",
        "Project {project}: the file says {said} votes, counted are {found}.",
    ),
    "score_column": (
        "Vorhaben {project}: die Datei nennt {said} Punkte, gezählt sind {found}.",
        "Project {project}: the file says a score of {said}, counted is {found}.",
    ),
    "free": ("Das Vorhaben {project} kostet nichts.", "The project {project} costs nothing."),
    "above_budget": (
        "Das Vorhaben {project} kostet mehr als das ganze Budget.",
        "The project {project} costs more than the whole budget.",
    ),
    "no_ballots": ("Es gibt keine Stimmen.", "There are no ballots."),
    "no_projects": ("Es gibt keine Vorhaben.", "There are no projects."),
    "named_twice": (
        "Die Stimme {voter} nennt {project} zweimal; es zählt einmal.",
        "The voter {voter} names {project} twice; it counts once.",
    ),
    "bad_limit": (
        "Die Grenze {key} („{value}“) ist nicht zu lesen und wird nicht geprüft.",
        "The limit {key} (“{value}”) cannot be read and is not checked.",
    ),
    "not_honoured": (
        "{key} betrifft die Auswahl und wird von keiner Regel beachtet.",
        "{key} is about the selection and no rule honours it.",
    ),
    "threshold_ignored": (
        "Die Datei nennt eine Mindestzahl ({value}); die Regel {rule} beachtet sie nicht.",
        "The file names a minimum score ({value}); the rule {rule} does not honour it.",
    ),
    "no_threshold": (
        "Die Datei nennt keine Mindestzahl (min_project_score_threshold); gezählt wie greedy.",
        "The file names no minimum score (min_project_score_threshold); counted as greedy.",
    ),
    "without_support": (
        "Das Vorhaben {project} ist ausgewählt, obwohl niemand es unterstützt.",
        "The project {project} is selected although nobody supports it.",
    ),
    "below": (
        "Stimme {voter}: {what} {found}, mindestens {limit} ({key}).",
        "Voter {voter}: {what} {found}, at least {limit} ({key}).",
    ),
    "above": (
        "Stimme {voter}: {what} {found}, höchstens {limit} ({key}).",
        "Voter {voter}: {what} {found}, at most {limit} ({key}).",
    ),
}

# What a limit is about, inside the sentences above.
MEASURES: dict[str, tuple[str, str]] = {
    "length": ("Zahl der Vorhaben", "number of projects"),
    "sum_cost": ("Summe der Kosten", "sum of the costs"),
    "points": ("Punkte für ein Vorhaben", "points for one project"),
    "sum_points": ("Summe der Punkte", "sum of the points"),
}
