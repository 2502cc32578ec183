from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class PrivacyConfig(RoomConfig):
    name = "allmende.spine.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
    room = "privacy"
    title = _("Data protection")
    optional = False
    menu = [
        MenuEntry(_("Data protection"), "privacy:record", staff=True, right="privacy.view_record", order=80),
        MenuEntry(_("Offers to the archive"), "privacy:offers", staff=True, right="privacy.view_offers", order=81),
    ]

    def ready(self) -> None:
        from . import foreign  # models are loaded only now

        foreign.declare_all()
