"""Whom to turn to when a town does not answer about a barrier: the enforcement bodies of the states, where known to us.

Sources: Rhineland-Palatinate: inklusion.rlp.de (Durchsetzungsstelle zur digitalen Barrierefreiheit), as of 2026; Hesse:
lbit.hessen.de. For other states the town enters its body in the statement's settings.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """`weeks`: how long to wait for the town's answer first. `law` names the state's rules."""

    name: str
    email: str
    url: str
    law: str
    weeks: int = 4


BODIES: dict[str, Body] = {
    "RP": Body(
        "Durchsetzungsstelle beim Landesbeauftragten für die Belange von Menschen mit Behinderungen Rheinland-Pfalz",
        "durchsetzungsstelle@mastd.rlp.de",
        "https://inklusion.rlp.de/de/landesbeauftragte-landesteilhabebeirat/durchsetzungsstelle/",
        "Landesinklusionsgesetz und BITV RP",
    ),
    "HE": Body(
        "Durchsetzungsstelle, Landeskompetenzzentrum Barrierefreie IT Hessen",
        "",
        "https://lbit.hessen.de/durchsetzungs-und-ueberwachungsstelle/durchsetzungsstelle",
        "HessBGG und HVBIT",
        6,
    ),
}
