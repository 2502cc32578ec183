"""Whether a contribution waits for a look: by the same rules as comments."""

from allmende.spine.moderation.core import holding
from allmende.spine.moderation.domain.holding import rules
from allmende.spine.moderation.enums import Hold
from allmende.spine.people.models import Pseudonym

from ..enums import Shown
from ..models import Contribution


def holds(text: str, author: Pseudonym, *, besides: Contribution | None = None) -> list[str]:
    """Why this text should wait; empty where it need not. Somebody's first contribution does not wait: people who are
    asked shall see that they were heard."""
    found, current = [], rules()
    if holding.links(text) > current.max_links:
        found.append(Hold.LINKS.value)
    if holding.listed(text, current.words):
        found.append(Hold.WORDS.value)
    hidden = Contribution.objects.filter(author=author, shown=Shown.HIDDEN)
    if hidden.exclude(pk=besides.pk if besides else 0).exists():
        # Something of theirs was removed before: what comes next is looked at.
        found.append(Hold.FIRST.value)
    return found
