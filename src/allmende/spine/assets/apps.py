from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class AssetsConfig(RoomConfig):
    name = "allmende.spine.assets"
    label = "assets"
    default_auto_field = "django.db.models.BigAutoField"
    room = "assets"
    title = _("Things in public space")
    optional = False
    menu = [
        MenuEntry(_("Things"), "assets:staff_assets", staff=True, right="assets.change_asset", order=40),
    ]

    def ready(self) -> None:
        from . import kinds, layer

        kinds.register_own()
        layer.register()
