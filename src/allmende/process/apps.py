from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import MenuEntry, RoomConfig


class ProcessConfig(RoomConfig):
    name = "allmende.process"
    label = "process"
    default_auto_field = "django.db.models.BigAutoField"
    room = "process"
    title = _("Cases")
    requires = ("programme",)
    menu = [
        MenuEntry(_("Tasks"), "process:items", staff=True, right="process.work", order=6),
        MenuEntry(_("Cases"), "process:instances", staff=True, right="process.view_instance", order=30),
        MenuEntry(_("Process models"), "process:models", staff=True, right="process.view_model", order=31),
    ]

    def ready(self) -> None:
        from allmende.spine import demo, todos
        from allmende.spine.ui import panels

        from . import notices  # noqa: F401 - topics; they need the registry of apps
        from .domain import attachments  # they need the models
        from .domain.todos import of_cases
        from .interfaces import panel
        from .loading import load

        panels.register("measure", panel.of_subject, order=30)
        panels.register("subject", panel.of_subject, order=30)
        panels.register("my_tasks", panel.my_tasks)
        attachments.register()
        todos.register("process", of_cases)
        demo.register("process", load)
