from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class InstanceConfig(RoomConfig):
    name = "allmende.spine.instance"
    label = "instance"
    default_auto_field = "django.db.models.BigAutoField"
    room = "instance"
    title = _("This town")
    optional = False
    menu = [
        MenuEntry(_("Brand kit"), "instance:brand_kit", staff=True, right="instance.use_brand", order=700),
        MenuEntry(_("Reach"), "instance:reach", staff=True, right="instance.view_reach", order=710),
        MenuEntry(_("Settings"), "instance:settings", staff=True, right="instance.change_brand", order=800),
    ]
