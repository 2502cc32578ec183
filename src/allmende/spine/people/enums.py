from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does for the town. The visitor (nobody signed in) has no row."""

    RESIDENT = "resident", _("Resident")
    MODERATOR = "moderator", _("Moderator")
    EXPERT = "expert", _("Expert")
    PROJECT_LEAD = "project_lead", _("Project lead")
    PROGRAMME_OFFICE = "programme_office", _("Programme office")
    TREASURER = "treasurer", _("Treasurer")
    LIGHTING_OPERATOR = "lighting_operator", _("Lighting operator")
    DISPATCHER = "dispatcher", _("Dispatcher")
    PILOT = "pilot", _("Drone pilot")
    NETWORK_OPERATOR = "network_operator", _("Network operator")
    EDITOR = "editor", _("Editor")
    ADMINISTRATOR = "administrator", _("Administrator")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")
    AUDITOR = "auditor", _("Auditor")
    ARCHIVIST = "archivist", _("Archivist")
    COUNCIL_MEMBER = "council_member", _("Council member")
    CONTRACTOR = "contractor", _("Contractor")
    FUNDER = "funder", _("Funder")


TIME_LIMITED = frozenset(
    {
        Role.DATA_PROTECTION_OFFICER,
        Role.AUDITOR,
        Role.ARCHIVIST,
        Role.COUNCIL_MEMBER,
        Role.CONTRACTOR,
        Role.FUNDER,
    }
)
STAFF = frozenset(set(Role) - {Role.RESIDENT, Role.EXPERT, Role.CONTRACTOR, Role.FUNDER, Role.COUNCIL_MEMBER})
INSTANCE = "instance"
