from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class InstanceChanged(Fact):
    kind = "instance.settings.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("The settings of the instance were changed")


@dataclass(frozen=True)
class InstanceSetUp(Fact):
    kind = "instance.setup.finished"
    public = True
    name: str

    def sentence(self) -> str:
        return _("%(name)s went into service") % {"name": self.name}
