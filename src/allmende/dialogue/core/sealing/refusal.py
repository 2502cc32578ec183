"""What is not accepted, with sentences for people. No sentence repeats a secret that was typed."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "board": (
        "Mindestens zwei müssen gemeinsam öffnen, höchstens so viele, wie der Vorstand Teile hat (2 bis {most}).",
        "At least two must open together, at most as many as the board has parts (2 to {most}).",
    ),
    "letter": (
        "Gruppe {group}: Dieses Zeichen kommt nicht vor (nur Ziffern und Buchstaben, ohne U).",
        "Group {group}: there is no such character (only digits and letters, without U).",
    ),
    "length": ("Gruppe {group} hat {found} statt 5 Zeichen.", "Group {group} has {found} characters, not 5."),
    "groups": ("Es sind {found} statt {wanted} Gruppen.", "There are {found} groups, not {wanted}."),
    "group": ("Vertippt in Gruppe {groups}.", "Mistyped in group {groups}."),
    "checksum": (
        "Die Gruppen passen nicht zusammen: Prüfen Sie alle Zeichen und die Reihenfolge.",
        "The groups do not belong together: check all characters and their order.",
    ),
    "version": ("Das ist kein Teil eines Wahlschlüssels.", "This is not a part of an election key."),
    "other_election": ("Teil {number} gehört zu einer anderen Wahl.", "Part {number} is of another election."),
    "twice": ("Teil {number} wurde zweimal eingegeben.", "Part {number} was entered twice."),
    "conflict": (
        "Teil {number} gibt es in zwei Fassungen; eine davon ist falsch.",
        "There are two versions of part {number}; one of them is wrong.",
    ),
    "mixed": ("Die Teile stammen nicht aus derselben Teilung.", "The parts are not of the same splitting."),
    "too_few": ("Es sind {found} von {needed} nötigen Teilen da.", "{found} of the {needed} parts needed are there."),
    "wrong_key": (
        "Die Teile ergeben nicht den Schlüssel dieser Wahl: Mindestens eines ist falsch.",
        "The parts do not make the key of this election: at least one of them is wrong.",
    ),
    "destroyed": ("Der Schlüssel ist vernichtet.", "The key has been destroyed."),
    "public_key": ("Das ist kein öffentlicher Wahlschlüssel.", "This is not a public key of an election."),
    "election": ("Die Angaben zur Wahl sind unvollständig.", "What the election is, is not complete."),
    "kind": ("Diese Art von Stimmzettel gilt hier nicht.", "This kind of ballot is not valid here."),
    "project": ("Das Projekt {project} steht nicht zur Wahl.", "The project {project} is not on the ballot."),
    "project_twice": ("Das Projekt {project} kommt zweimal vor.", "The project {project} is there twice."),
    "points": (
        "Punkte sind ganze Zahlen von 1 bis {most}; bei {project} nicht.",
        "Points are whole numbers from 1 to {most}; not so for {project}.",
    ),
    "too_long": ("Der Stimmzettel ist zu lang.", "The ballot is too long."),
    "envelope": (
        "Der Umschlag ist beschädigt oder gehört zu einer anderen Wahl.",
        "The envelope is damaged or of another election.",
    ),
}


class Refused(ValueError):
    """`code` is stable (TEXTS); `values` are what its sentences say."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = {name: _shown(value) for name, value in values.items()}
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        return TEXTS[self.code][0 if language == "de" else 1].format(**self.values)


def _shown(value: object) -> str:
    """What strangers wrote is cut so that it can be shown."""
    flat = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return flat if len(flat) <= 80 else flat[:79] + "…"
