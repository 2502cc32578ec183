"""What every record of every room has in common."""

from typing import Any, Self

from django.db import models, transaction

from allmende.spine.ids import uuid7


class VersionConflict(Exception):
    """Somebody else saved the record after it was read. Carries the record as it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__("version conflict")
        self.current = current


class Record(models.Model):
    """Bigint key inside, UUIDv7 outside, the instance it came from, and a version that detects two editors."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    origin = models.URLField(max_length=300, blank=True, default="", editable=False)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def urn(self) -> str:
        """The name of this record in facts, scopes and tokens: `measure:0190…`."""
        return f"{self._meta.model_name}:{self.public_id}"

    def scopes(self) -> set[str]:
        """The scopes an assignment may name to reach this record, besides the whole instance."""
        return {self.urn}

    @classmethod
    def locked(cls, pk: int, version: int | None = None) -> Self:
        """The row, locked until the transaction ends.

        Raises VersionConflict where `version` is not the stored one, and DoesNotExist.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a row is locked inside a transaction")
        row = cls._default_manager.select_for_update().get(pk=pk)
        if version is not None and row.version != version:
            raise VersionConflict(row)
        return row
