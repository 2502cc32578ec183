"""Tasks and milestones as an iCalendar feed (RFC 5545) that a calendar program reads without a log-in."""

import datetime as dt
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Todo

from allmende.spine import todos
from allmende.spine.people.models import Account

from . import work


def key_of(account: Account) -> str:
    """The secret part of somebody's feed address. A new password makes a new one."""
    return salted_hmac("programme.calendar", f"{account.pk} {account.password}", algorithm="sha256").hexdigest()[:40]


def owner(pk: int, key: str) -> Account | None:
    """Whose feed it is, or None for a wrong key or a disabled account."""
    account = Account.objects.filter(pk=pk, is_active=True).first()
    return account if account is not None and hmac.compare_digest(key_of(account), key) else None


def feed(account: Account) -> bytes:
    """What is due as VTODO, and open milestones of the person's measures as events of a day, a year ahead."""
    calendar = Calendar()
    calendar.add("prodid", "-//Allmende//programme//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("My tasks and milestones"))
    for due in todos.of(todos.Ask(account)):
        if due.due is None:
            break  # those without a day come last
        todo = Todo()
        todo.add("uid", f"{due.key}@allmende")
        todo.add("dtstamp", dt.datetime.now(dt.UTC))
        todo.add("summary", f"{due.title} ({due.about})" if due.about else due.title)
        todo.add("due", due.due)
        todo.add("url", settings.BASE_URL + due.url)
        calendar.add_component(todo)
    for milestone in work.due_milestones(account, days=365):
        event = Event()
        event.add("uid", f"{milestone.public_id}@allmende")
        event.add("dtstamp", dt.datetime.now(dt.UTC))
        event.add("summary", f"{milestone.title} ({milestone.measure.title})")
        event.add("dtstart", milestone.plan)
        event.add("url", settings.BASE_URL + milestone.measure.change_url)
        calendar.add_component(event)
    return calendar.to_ical()
