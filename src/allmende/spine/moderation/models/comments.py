from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.spine.models import Record
from allmende.spine.people.models import Pseudonym
from allmende.spine.privacy.register import personal

from ..enums import CommentState

LONGEST = 3_000


def take_back(comment: Any) -> None:
    """What deletion of a person means for what they wrote: the text goes, its place in the talk stays."""
    comment.text, comment.author, comment.state = "", None, CommentState.DELETED
    comment.version += 1
    comment.save(update_fields=["text", "author", "state", "version", "changed"])


@personal(
    title=_("Comments"),
    purpose=_("Talk in public about what the town does"),
    legal_basis="Art. 6(1)(a) GDPR",
    retention_days=None,
    subject="author__account",
    fields=["text", "author"],
    on_deletion="detach",
    erase=take_back,
)
class Comment(Record):
    """A comment by a pseudonym on the thing with the URN `subject`. `parent` is never itself an answer."""

    subject = models.CharField(max_length=120, editable=False)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(Pseudonym, on_delete=models.SET_NULL, null=True, related_name="comments")
    text = models.TextField(_("Comment"), max_length=LONGEST)
    state = models.CharField(max_length=10, choices=CommentState.choices, default=CommentState.VISIBLE)
    holds = models.JSONField(default=list, blank=True)
    # The reason that the public reads in the place of a hidden text.
    reason = models.CharField(max_length=20, blank=True, default="")
    edited = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "created"], name="moderation_comment_subject")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="moderation_comment_hidden_reason", condition=~Q(state="hidden") | ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def anchor(self) -> str:
        return f"comment-{self.public_id}"


class HoldRules(models.Model):
    """When a comment waits for a look before it is shown. There is one row (id 1)."""

    max_links = models.PositiveSmallIntegerField(
        _("Links a comment may have"), default=2, help_text=_("With more, it is held.")
    )
    first = models.BooleanField(_("Hold everybody's first comment"), default=True)
    words = models.TextField(
        _("Words that hold a comment"),
        blank=True,
        help_text=_("One a line. A star at the end stands for any ending."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(pk=1), name="moderation_holdrules_one_row")
        ]

    def __str__(self) -> str:
        return "hold rules"

    @property
    def urn(self) -> str:
        return "moderation:hold_rules"
