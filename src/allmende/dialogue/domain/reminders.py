"""Reminding of answers that are overdue."""

import datetime as dt

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import ngettext, override

from allmende.spine.links import link
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account

from ..enums import OPEN, Shown
from ..models import Contribution, Participation

TOPIC = "dialogue.work"


def answering(row: Participation) -> list[Account]:
    """Who is reminded: those who lead this participation, its measure or its office, and the programme office."""
    found = {each.pk: each for role in (Role.PROJECT_LEAD, Role.EDITOR) for each in holders(role, *row.scopes())}
    found |= {each.pk: each for each in holders(Role.PROGRAMME_OFFICE, INSTANCE, *row.scopes())}
    return list(found.values())


def remind(today: dt.date | None = None) -> int:
    """Tell who has to answer what is overdue, once a week (ISO) for each participation. Returns how many were told."""
    day = today or timezone.localdate()
    year, week, _weekday = day.isocalendar()
    late = (
        Contribution.objects.filter(standing__in=list(OPEN), shown=Shown.VISIBLE, due__lt=day)
        .values("phase__participation")
        .annotate(number=Count("pk"))
        .order_by("phase__participation")
    )
    found = {each["phase__participation"]: each["number"] for each in late}
    told = 0
    with override(settings.LANGUAGE_CODE):
        for row in Participation.objects.select_related("office").filter(pk__in=found).order_by("pk"):
            number = found[row.pk]
            title = ngettext(
                "%(number)s answer is overdue: %(title)s", "%(number)s answers are overdue: %(title)s", number
            ) % {"number": number, "title": row.title}
            url = f"{link('dialogue:owed')}?beteiligung={row.public_id}&frist=late"
            key = f"dialogue.overdue:{row.public_id}:{year}-{week}"
            told += notify(answering(row), TOPIC, title, url=url, key=key)
    return told
