from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class DialogueConfig(RoomConfig):
    name = "allmende.dialogue"
    label = "dialogue"
    default_auto_field = "django.db.models.BigAutoField"
    room = "dialogue"
    title = _("Participation")
    requires = ("programme",)
    menu = [
        MenuEntry(_("Participation"), "dialogue:participations", order=15),
        MenuEntry(_("Contributions"), "dialogue:owed", staff=True, right="dialogue.answer_contribution", order=25),
        MenuEntry(_("Participations"), "dialogue:staff", staff=True, right="dialogue.list_participations", order=26),
        MenuEntry(
            _("Held contributions"), "dialogue:held", staff=True, right="dialogue.moderate_contribution", order=26
        ),
        # Experts have no staff pages: theirs stands beside the public ones.
        MenuEntry(_("Judgements"), "dialogue:reviews", right="dialogue.review", order=16),
    ]

    def ready(self) -> None:
        from allmende.spine import demo, subjects, todos
        from allmende.spine.files import rights
        from allmende.spine.moderation import subjects as commented
        from allmende.spine.ui import panels

        from . import map_layer
        from .domain.todos import of_dialogue
        from .interfaces import panel
        from .loading import load
        from .models import Contribution
        from .talk import may_see_file, resolve

        subjects.register(Contribution)
        commented.register("contribution", resolve=resolve)
        rights.register("contribution", may_see_file)
        map_layer.register()
        panels.register("measure", panel.of_measure, order=25)
        demo.register("dialogue", load)
        todos.register("dialogue", of_dialogue)
