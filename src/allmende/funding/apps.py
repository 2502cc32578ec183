from django.utils.translation import gettext_lazy as _

from allmende.spine import demo
from allmende.spine.rooms import MenuEntry, RoomConfig


class FundingConfig(RoomConfig):
    name = "allmende.funding"
    label = "funding"
    default_auto_field = "django.db.models.BigAutoField"
    room = "funding"
    title = _("Funding")
    requires = ("programme",)
    menu = [
        MenuEntry(_("Funding"), "funding:grants", order=20),
        MenuEntry(_("Grants"), "funding:staff_grants", staff=True, right="funding.list_grants", order=20),
    ]

    def ready(self) -> None:
        from allmende.spine import subjects
        from allmende.spine.ui import panels

        from . import documents, panel, report_section  # need the models
        from .loading import load
        from .models import Grant

        panels.register("measure", panel.grants_of_measure, order=20)
        documents.register()
        report_section.register()
        subjects.register(Grant)
        demo.register("funding", load)
