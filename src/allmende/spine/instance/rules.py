from allmende.spine.people.enums import STAFF
from allmende.spine.people.rules import Role, rule

rule("instance.change_settings", {Role.ADMINISTRATOR}, town=True)
rule("instance.change_brand", {Role.ADMINISTRATOR, Role.EDITOR, Role.PROGRAMME_OFFICE}, town=True)
rule("instance.grant_brand", {Role.ADMINISTRATOR, Role.PROGRAMME_OFFICE}, town=True)
# Partners (contractors and other roles in the scope of an organisation) besides, as long as their permission lasts:
# see domain.brand.may_use().
rule("instance.use_brand", STAFF | {Role.CONTRACTOR, Role.EXPERT, Role.FUNDER})
rule(
    "instance.view_reach",
    {Role.ADMINISTRATOR, Role.EDITOR, Role.PROGRAMME_OFFICE, Role.PROJECT_LEAD, Role.AUDITOR},
    town=True,
)
