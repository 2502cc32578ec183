from allmende.spine.people.access import visibility
from allmende.spine.people.rules import Role, rule
from allmende.spine.places.models import Area, Place

rule("places.view", set(Role), public=lambda obj: True)
rule("places.change", {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE, Role.EDITOR})
rule("places.import", {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE}, town=True)
# What is not there yet lies in no scope but the town.
rule("places.add", {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE, Role.EDITOR}, town=True)


@visibility(Area)
def areas(person, rows):
    return rows.filter(current=True)


@visibility(Place)
def places(person, rows):
    return rows
