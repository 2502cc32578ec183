from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class ModerationConfig(RoomConfig):
    name = "allmende.spine.moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"
    room = "moderation"
    title = _("Moderation")
    optional = False
    menu = [
        MenuEntry(_("Moderation"), "moderation:queue", staff=True, right="moderation.view_queue", order=30),
    ]
