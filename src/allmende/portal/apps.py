from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class PortalConfig(RoomConfig):
    name = "allmende.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    room = "portal"
    title = _("Portal")
    optional = False
    menu = [
        MenuEntry(_("Map"), "portal:map", order=40),
        MenuEntry(_("Activity"), "portal:activity", order=80),
        MenuEntry(_("Overview"), "portal:staff_home", staff=True, right="people.staff_home", order=0),
        MenuEntry(_("Log of facts"), "portal:audit", staff=True, right="facts.audit", order=900),
    ]
