from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class ProgrammeConfig(RoomConfig):
    name = "allmende.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"
    room = "programme"
    title = _("Programme")
    menu = [
        MenuEntry(_("Programme"), "programme:measures", order=10),
        MenuEntry(_("Indicators"), "programme:indicators", order=12),
        MenuEntry(_("My work"), "programme:my_work", staff=True, right="programme.change_measure", order=5),
        MenuEntry(_("Measures"), "programme:staff_measures", staff=True, right="programme.change_measure", order=10),
        MenuEntry(_("Indicators"), "programme:staff_indicators", staff=True, right="programme.record_value", order=12),
        MenuEntry(_("Annual reports"), "programme:make_report", staff=True, right="programme.make_report", order=15),
        MenuEntry(_("Papers in Word"), "programme:papers", staff=True, right="programme.change_measure", order=16),
        MenuEntry(
            _("Topics, phases, parties"), "programme:frame", staff=True, right="programme.change_frame", order=13
        ),
        MenuEntry(_("Import"), "programme:import", staff=True, right="programme.add_measure", order=14),
        MenuEntry(_("Council decisions"), "programme:council", staff=True, right="programme.change_measure", order=17),
        MenuEntry(_("To review"), "programme:reviews", staff=True, right="programme.publish_measure", order=11),
    ]

    def ready(self) -> None:
        from allmende.spine import subjects, todos

        from . import map_layer  # needs the models
        from .domain.todos import of_measures
        from .models import Measure

        map_layer.register()
        subjects.register(Measure)
        todos.register("programme", of_measures)
