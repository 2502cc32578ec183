"""Reading comments and cases."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.spine.people.access import visible_to

from .. import subjects
from ..enums import CaseKind, CaseState, CommentState, Outcome, Reason
from ..models import Case, Comment, Report


@dataclass
class Entry:
    """A comment as one reader sees it. `text` is empty where they may not read it; then `note` says which."""

    comment: Comment
    text: str
    own: bool
    editable: bool
    answers: list["Entry"] = field(default_factory=list)

    @property
    def reason(self) -> str:
        return str(Reason(self.comment.reason).label) if self.comment.reason else ""


def thread(urn: str, person: Any) -> list[Entry]:
    """The talk on a thing, oldest first, one level deep. Two queries, however long it is.

    Others' held comments and deleted ones without answers are left out; of hidden ones only the reason is shown.
    """
    from .comments import is_own, may_edit

    entries: dict[int, Entry] = {}
    now = timezone.now()
    for comment in Comment.objects.filter(subject=urn).select_related("author").order_by("created", "pk"):
        own = is_own(person, comment)
        readable = comment.state == CommentState.VISIBLE or (own and comment.state != CommentState.DELETED)
        if comment.state == CommentState.HELD and not own:
            continue
        entries[comment.pk] = Entry(comment, comment.text if readable else "", own, may_edit(person, comment, now))
    for entry in entries.values():
        if entry.comment.parent_id in entries:
            entries[entry.comment.parent_id].answers.append(entry)
    return [_without_empty(entry) for entry in entries.values() if not entry.comment.parent_id and _says(entry)]


def _says(entry: Entry) -> bool:
    return entry.comment.state != CommentState.DELETED or any(_says(answer) for answer in entry.answers)


def _without_empty(entry: Entry) -> Entry:
    entry.answers = [answer for answer in entry.answers if _says(answer)]
    return entry


def comment_count(urn: str) -> int:
    return Comment.objects.filter(subject=urn, state=CommentState.VISIBLE).count()


def account_of_comment(public_id: str) -> Any:
    """The account behind a comment, for notices; None once it is gone."""
    row = Comment.objects.select_related("author__account").filter(public_id=public_id).first()
    return row.author.account if row and row.author else None


def queue(person: Any, kind: str = "", state: str = CaseState.OPEN, mine: bool = False) -> QuerySet[Case]:
    """The cases that `person` deals with, the most urgent first (decided ones: the last decided first)."""
    rows = visible_to(person, Case.objects.all()).filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if mine:
        rows = rows.filter(Q(claimed_by=person) | Q(decided_by=person))
    order = ("-decided_at", "-pk") if state == CaseState.DECIDED else ("due", "pk")
    return (
        rows.select_related("comment", "feedback", "claimed_by", "appeal_of")
        .annotate(
            report_count=Count("reports", distinct=True),
            # An appeal against one's own decision stands in the list, but is somebody else's.
            of_mine=Exists(Case.objects.filter(pk=OuterRef("appeal_of"), decided_by=person.pk)),
        )
        .order_by(*order)
    )


def counts(person: Any) -> dict[str, int]:
    """How many open cases of each kind `person` deals with, and how many are late (`late`)."""
    rows = visible_to(person, Case.objects.filter(state=CaseState.OPEN))
    found = dict(rows.order_by().values_list("kind").annotate(Count("pk")))
    return found | {"late": rows.filter(due__lt=timezone.now()).count()}


def next_case(person: Any, after: Case) -> Case | None:
    """The next case to look at: open, not claimed by another, not about oneself."""
    for case in queue(person).exclude(pk=after.pk)[:50]:
        from allmende.spine.people.access import can

        from .cases import claim_holds

        if (not claim_holds(case) or case.claimed_by_id == person.pk) and can(person, "moderation.decide_case", case):
            return case
    return None


def where(case: Case, person: Any) -> subjects.Target | None:
    """The thing that a case's comment is about, as staff see it."""
    return subjects.target(case.comment.subject, person) if case.comment else None


@dataclass(frozen=True)
class Transparency:
    """Counts of one period (Art. 15 DSA): nothing personal, no texts."""

    since: datetime
    until: datetime
    comments: int
    held: int
    reports: int
    shown: int
    hidden: list[tuple[str, int]]
    appeals: int
    reversed: int
    median_hours: float | None

    @property
    def hidden_total(self) -> int:
        return sum(number for _label, number in self.hidden)


def transparency(since: datetime, until: datetime) -> Transparency:
    """What was moderated from `since` until before `until`."""
    decided = Case.objects.filter(decided_at__gte=since, decided_at__lt=until).exclude(kind=CaseKind.FEEDBACK)
    by_reason = dict(decided.filter(outcome=Outcome.HIDDEN).order_by().values_list("reason").annotate(Count("pk")))
    made = {"created__gte": since, "created__lt": until}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - created)) / 3600"
            " FROM moderation_case WHERE decided_at >= %s AND decided_at < %s AND kind <> 'feedback'",
            [since, until],
        )
        median = cursor.fetchone()[0]
    return Transparency(
        since=since,
        until=until,
        comments=Comment.objects.filter(**made).count(),
        held=Case.objects.filter(kind=CaseKind.HELD, **made).count(),
        reports=Report.objects.filter(**made).count(),
        shown=decided.filter(outcome=Outcome.SHOWN).count(),
        hidden=[(str(reason.label), by_reason[reason]) for reason in Reason if reason in by_reason],
        appeals=Case.objects.filter(kind=CaseKind.APPEAL, **made).count(),
        reversed=decided.filter(outcome=Outcome.REVERSED).count(),
        median_hours=round(float(median), 1) if median is not None else None,
    )
