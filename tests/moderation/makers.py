from typing import Any

from allmende.spine.moderation.domain.cases import decide_case
from allmende.spine.moderation.domain.comments import post_comment, report_comment
from allmende.spine.moderation.models import Case, Comment
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account

STATEMENT = "Der zweite Satz beleidigt eine Nachbarin."


def make_writer(name: str = "Amsel") -> Account:
    account = make_account(Role.RESIDENT)
    choose_pseudonym(account, name, actor=account)
    return account


def make_comment(measure: Any, account: Account | None = None, text: str = "Gut so.", parent: Any = None) -> Comment:
    return post_comment(account or make_writer(f"Vogel {Comment.objects.count()}"), measure.urn, text, parent=parent)


def make_moderator() -> Account:
    return make_account(Role.MODERATOR)


def make_hidden(comment: Comment, moderator: Account) -> Case:
    """Reported and hidden: the decided case."""
    case = report_comment(comment, "insult").case
    return decide_case(case, "hidden", "insult", STATEMENT, actor=moderator)
