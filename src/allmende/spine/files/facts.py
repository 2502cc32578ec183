from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class FileStored(Fact):
    """Names tell about people: only type and size are told. `belongs_to` is the URN of the record."""

    kind = "files.file.stored"
    media_type: str
    size: int
    belongs_to: str

    def sentence(self) -> str:
        return _("A file was uploaded")


@dataclass(frozen=True)
class FileScanned(Fact):
    kind = "files.file.scanned"
    result: str

    def sentence(self) -> str:
        return _("The virus scan refused a file") if self.result == "refused" else _("A file passed the virus scan")


@dataclass(frozen=True)
class FileChanged(Fact):
    kind = "files.file.changed"
    fields: list[str]

    def sentence(self) -> str:
        return _("A file was changed")


@dataclass(frozen=True)
class FileDeleted(Fact):
    kind = "files.file.deleted"

    def sentence(self) -> str:
        return _("A file was deleted")
