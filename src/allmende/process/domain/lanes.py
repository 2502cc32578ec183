"""Lanes are roles: which of the town's roles a lane or pool of a drawing most likely means."""

from collections.abc import Iterable

from allmende.spine.people.enums import Role

# Words in the name of a lane, in lower case, that stand for a role; the first that fits.
_WORDS = (
    (Role.PROGRAMME_OFFICE, ("programmbüro", "programme office", "stabsstelle", "digitalisierung")),
    (Role.TREASURER, ("kämmer", "treasur", "finanz", "finance", "haushalt")),
    (Role.PROJECT_LEAD, ("projekt", "project", "fachbereich", "fachamt", "department", "amt")),
    (Role.DATA_PROTECTION_OFFICER, ("datenschutz", "data protection")),
    (Role.DISPATCHER, ("leitstelle", "dispatch", "feuerwehr", "fire")),
    (Role.LIGHTING_OPERATOR, ("beleuchtung", "lighting", "stadtwerke")),
    (Role.NETWORK_OPERATOR, ("netz", "network")),
    (Role.MODERATOR, ("moderat", "beteiligung", "participation", "dialog")),
    (Role.EDITOR, ("redaktion", "presse", "editor", "press")),
    (Role.COUNCIL_MEMBER, ("ratsmitglied", "council member")),
    (Role.EXPERT, ("gutachter", "expert", "wissenschaft", "hochschule")),
    (Role.ADMINISTRATOR, ("administrat", "it-abteilung")),
)


def _role(name: str) -> str:
    words = name.lower()
    return next((str(role) for role, marks in _WORDS if any(mark in words for mark in marks)), "")


def suggest(names: Iterable[str], known: Iterable[tuple[str, str]]) -> list[list[str]]:
    """A role for each lane: as it was before, else by its name, else "" (somebody has to say)."""
    before = dict(known)
    return [[name, before.get(name) or _role(name)] for name in dict.fromkeys(names)]
