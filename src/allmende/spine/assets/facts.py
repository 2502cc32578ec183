from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.spine.facts import Fact

from . import kinds


def _thing(kind: str, number: str) -> str:
    return f"{kinds.get(kind).title} {number}"


@dataclass(frozen=True)
class AssetCreated(Fact):
    """`public` is set by the verbs of this room: only things everybody may know of."""

    kind = "assets.asset.created"
    thing: str
    number: str

    def sentence(self) -> str:
        return _("%(thing)s was recorded") % {"thing": _thing(self.thing, self.number)}


@dataclass(frozen=True)
class AssetChanged(Fact):
    kind = "assets.asset.changed"
    thing: str
    number: str
    fields: list[str]
    version: int

    def sentence(self) -> str:
        return _("The record of %(thing)s was changed") % {"thing": _thing(self.thing, self.number)}


@dataclass(frozen=True)
class AssetStateChanged(Fact):
    kind = "assets.asset.state_changed"
    thing: str
    number: str
    state: str

    def sentence(self) -> str:
        texts = {
            "in_service": _("%(thing)s is in service"),
            "out_of_service": _("%(thing)s is out of service"),
            "removed": _("%(thing)s was removed"),
        }
        return texts.get(self.state, "%(thing)s") % {"thing": _thing(self.thing, self.number)}


@dataclass(frozen=True)
class AssetsImported(Fact):
    kind = "assets.asset.imported"
    thing: str
    created: int
    changed: int

    def sentence(self) -> str:
        number = self.created + self.changed
        return ngettext(
            "%(number)s entry was imported: %(kind)s", "%(number)s entries were imported: %(kind)s", number
        ) % {"number": number, "kind": kinds.get(self.thing).plural}


@dataclass(frozen=True)
class ImportUploaded(Fact):
    kind = "assets.import.uploaded"
    bytes: int

    def sentence(self) -> str:
        return _("A table of things was uploaded for import")
