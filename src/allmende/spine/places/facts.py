from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class PlaceCreated(Fact):
    kind = "places.place.created"
    public = True
    name: str

    def sentence(self) -> str:
        return _("The place %(name)s was added") % {"name": self.name}


@dataclass(frozen=True)
class PlaceChanged(Fact):
    kind = "places.place.changed"
    public = True
    name: str
    fields: list[str]

    def sentence(self) -> str:
        return _("The place %(name)s was changed") % {"name": self.name}


@dataclass(frozen=True)
class PlaceRemoved(Fact):
    kind = "places.place.removed"
    public = True
    name: str

    def sentence(self) -> str:
        return _("The place %(name)s was removed") % {"name": self.name}


@dataclass(frozen=True)
class AreaCreated(Fact):
    kind = "places.area.created"
    public = True
    name: str

    def sentence(self) -> str:
        return _("The area %(name)s was added") % {"name": self.name}


@dataclass(frozen=True)
class AreaChanged(Fact):
    kind = "places.area.changed"
    public = True
    name: str
    fields: list[str]

    def sentence(self) -> str:
        return _("The area %(name)s was changed") % {"name": self.name}


@dataclass(frozen=True)
class AreaRemoved(Fact):
    kind = "places.area.removed"
    public = True
    name: str

    def sentence(self) -> str:
        return _("The area %(name)s was removed") % {"name": self.name}


@dataclass(frozen=True)
class ImportFinished(Fact):
    kind = "places.import.finished"
    file: str
    credit: str
    counts: dict

    def sentence(self) -> str:
        return _("The map of the town was replaced from %(file)s") % {"file": self.file}
