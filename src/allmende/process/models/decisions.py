"""What a decision has to say in cases that people have thought of: checked before every release."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record

from .versions import Model


class DecisionCase(Record):
    """A test case. `inputs`: name -> value, `expected`: the value, both as they cross the border of FEEL
    (`core/dmn/spelling.py`). Values are made up: no data of persons belong here."""

    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="cases")
    title = models.CharField(_("Name of the case"), max_length=200)
    decision = models.CharField(_("Decision"), max_length=200)
    inputs = models.JSONField(default=dict)
    expected = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["model", "title"], name="process_decision_case_title")
        ]

    def __str__(self) -> str:
        return self.title
