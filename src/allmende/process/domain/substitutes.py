"""Substitutes: who does the tasks of somebody who is away. A substitution passes on tasks, never a role: what the
substitute may not do by a role of their own stays closed to them."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import can
from allmende.spine.people.domain.queries import roles_today
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account

from ..facts import SubstituteNamed, SubstitutionEnded
from ..models import Substitution

RIGHT = "process.change_substitution"
LONGEST = dt.timedelta(days=366)


def stands_in(person: Any) -> dict[int, Substitution]:
    """For whom somebody stands in today, by account. Read once a request and kept on the person."""
    if not getattr(person, "is_authenticated", False):
        return {}
    kept: dict[int, Substitution] | None = getattr(person, "_stands_in", None)
    if kept is None:
        today = timezone.localdate()
        rows = Substitution.objects.filter(substitute=person, first__lte=today, last__gte=today)
        kept = {row.person_id: row for row in rows.order_by("pk")}
        person._stands_in = kept
    return kept


def substitutes_of(*people: int) -> dict[int, Account]:
    """Who stands in today for the accounts of these numbers, as far as they are away and the substitute still works
    here. One query."""
    today = timezone.localdate()
    rows = Substitution.objects.filter(person__in=people, first__lte=today, last__gte=today, substitute__is_active=True)
    return {row.person_id: row.substitute for row in rows.select_related("substitute")}


def lacking(person: Account, substitute: Account) -> list[str]:
    """The roles of `person` that `substitute` does not hold where `person` does, as they are called."""
    held = {(row.role, row.scope) for row in roles_today(substitute)}
    wanted = {(row.role, row.scope) for row in roles_today(person)} - {(str(Role.RESIDENT), INSTANCE)}
    missing = {role for role, scope in wanted if not {(role, scope), (role, INSTANCE)} & held}
    return sorted(str(Role(role).label) for role in missing)


def of(person: Any) -> QuerySet[Substitution]:
    """Substitutions that concern somebody; all of them for who may name one for everybody."""
    rows = Substitution.objects.select_related("person", "substitute", "author").order_by("-last", "-pk")
    return rows if can(person, RIGHT) else rows.filter(Q(person=person) | Q(substitute=person))


def _may(actor: Any, person: Account) -> None:
    if actor != person and not can(actor, RIGHT):
        raise PermissionDenied(RIGHT)


@transaction.atomic
def name(person: Account, substitute: Account, *, first: dt.date, last: dt.date, actor: Account) -> Substitution:
    """Say who does the tasks of `person` from `first` to `last`, both included; it ends by itself.

    By the person, or by who may do it for others. Raises PermissionDenied, ValidationError by field.
    """
    _may(actor, person)
    # Both rows in one order, so that two who name each other at once do not wait for each other.
    list(Account.objects.select_for_update().filter(pk__in=[person.pk, substitute.pk]).order_by("pk"))
    _check_days(first, last)
    _check_people(person, substitute)
    _check_others(person, substitute, first, last)
    row = Substitution(person=person, substitute=substitute, first=first, last=last, author=actor)
    row.full_clean(exclude=["author"])
    row.save()
    emit(SubstituteNamed(first=first.isoformat(), last=last.isoformat()), subject=row, actor=actor, url="")
    return row


def _check_days(first: dt.date, last: dt.date) -> None:
    if last < first:
        raise ValidationError({"last": _("The last day lies before the first.")})
    if last < timezone.localdate():
        raise ValidationError({"last": _("This day is over.")})
    if last - first > LONGEST:
        raise ValidationError({"last": _("Name a substitute for one year at most.")})


def _check_people(person: Account, substitute: Account) -> None:
    if person.pk == substitute.pk:
        raise ValidationError({"substitute": _("Nobody can stand in for themselves.")})
    if not substitute.is_active:
        raise ValidationError({"substitute": _("This person no longer works here.")})
    roles = {row.role for row in roles_today(person)} - {str(Role.RESIDENT)}
    missing = lacking(person, substitute)
    if roles and len(missing) == len(roles):
        raise ValidationError(
            {
                "substitute": _("%(who)s could do none of the tasks: this needs one of the roles %(roles)s.")
                % {"who": substitute, "roles": ", ".join(missing)}
            }
        )


def _check_others(person: Account, substitute: Account, first: dt.date, last: dt.date) -> None:
    """One substitute at a time, and no chains: who is away stands in for nobody."""
    rows = Substitution.objects.filter(first__lte=last, last__gte=first).select_related("person", "substitute")
    days = {"first": "", "last": "", "who": ""}

    def told(row: Substitution, who: Account) -> dict[str, str]:
        return days | {"first": f"{row.first:%d.%m.%Y}", "last": f"{row.last:%d.%m.%Y}", "who": str(who)}

    if row := rows.filter(person=person).first():
        text = _("%(who)s is already named from %(first)s to %(last)s. End that first, or choose other days.")
        raise ValidationError({"first": text % told(row, row.substitute)})
    if row := rows.filter(person=substitute).first():
        text = _("%(who)s is away as well, from %(first)s to %(last)s.")
        raise ValidationError({"substitute": text % told(row, substitute)})
    if row := rows.filter(substitute=person).first():
        text = _("From %(first)s to %(last)s the tasks of %(who)s are done here. Name another substitute there first.")
        raise ValidationError({"first": text % told(row, row.person)})


@transaction.atomic
def end(substitution: Substitution, *, actor: Account) -> None:
    """End a substitution today, or take back one that has not begun. Raises PermissionDenied, ValidationError."""
    row = Substitution.objects.select_for_update(of=("self",)).select_related("person").get(pk=substitution.pk)
    _may(actor, row.person)
    today = timezone.localdate()
    if row.over:
        raise ValidationError(_("This substitution has ended."))
    emit(SubstitutionEnded(), subject=row, actor=actor, url="")
    if row.first >= today:
        row.delete()
        return
    row.last = today - dt.timedelta(days=1)
    row.version += 1
    row.save()
