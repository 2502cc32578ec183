from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.spine.facts import Fact


@dataclass(frozen=True)
class DataExported(Fact):
    """`how`: at once, requested or downloaded."""

    kind = "privacy.data.exported"
    how: str

    def sentence(self) -> str:
        return _("Somebody got a copy of their data")


@dataclass(frozen=True)
class DeletionRequested(Fact):
    """`why`: the person's own wish, or the end of retention."""

    kind = "privacy.account.deletion_requested"
    why: str

    def sentence(self) -> str:
        return _("The deletion of an account was requested")


@dataclass(frozen=True)
class RetentionOffered(Fact):
    kind = "privacy.retention.offered"
    model: str
    count: int

    def sentence(self) -> str:
        return _("Data at the end of their time were offered to the archive")


@dataclass(frozen=True)
class RetentionDecided(Fact):
    kind = "privacy.retention.decided"
    model: str
    decision: str

    def sentence(self) -> str:
        return _("The archive decided on data at the end of their time")


@dataclass(frozen=True)
class RetentionHandedOver(Fact):
    kind = "privacy.retention.handed_over"
    model: str
    sha256: str

    def sentence(self) -> str:
        return _("The archive confirmed that it has the data it took over")


@dataclass(frozen=True)
class RetentionDeleted(Fact):
    kind = "privacy.retention.deleted"
    model: str
    count: int

    def sentence(self) -> str:
        return _("Data at the end of their time were deleted")


@dataclass(frozen=True)
class WarningSent(Fact):
    kind = "privacy.account.warned"

    def sentence(self) -> str:
        return _("Somebody was told that their unused account will be deleted")


@dataclass(frozen=True)
class RecordExported(Fact):
    """`what`: record (Art. 30) or access_log."""

    kind = "privacy.record.exported"
    what: str

    def sentence(self) -> str:
        return _("Data protection staff exported a list")
