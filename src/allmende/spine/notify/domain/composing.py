"""Writing an e-mail from its notices: text and HTML in the town's brand and the person's language."""

from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from allmende.spine.instance.domain.queries import current
from allmende.spine.people.models import Account
from allmende.spine.ui.brand import palette

from ..models import Delivery
from ..topics import TOPICS
from .choices import unsubscribe_token
from .mailing import base_url

SHOWN = 50  # notices written out in one e-mail


def language_of(account: Account) -> str:
    """The language that the person chose, if the town offers it, else the town's first."""
    offered = current().languages or [settings.LANGUAGE_CODE]
    return account.language if account.language in offered else offered[0]


def sender() -> str:
    """From: the town's mail address under the town's name."""
    town = current()
    name, address = parseaddr(town.mail.get("sender") or settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or town.name, address))


def compose(delivery: Delivery) -> EmailMultiAlternatives | None:
    """The same message at every try; None where its notices are gone (deleted with their retention)."""
    rows = list(delivery.notices.order_by("id")[: SHOWN + 1])
    if not rows:
        return None
    account, town, base = delivery.account, current(), base_url()
    topics = sorted(set(delivery.notices.order_by().values_list("topic", flat=True)))
    unsubscribe = base + reverse("notify:unsubscribe", args=[unsubscribe_token(account, topics)])
    with override(language_of(account)):
        total = delivery.notices.count()
        context: dict[str, Any] = {
            "town": town,
            "base": base,
            "notices": [
                {"title": row.title, "text": row.text, "url": row.url and base + row.url, "topic": _label(row.topic)}
                for row in rows[:SHOWN]
            ],
            "more": max(0, total - SHOWN),
            "list_url": base + reverse("notify:notices"),
            "settings_url": base + reverse("notify:settings"),
            "unsubscribe_url": unsubscribe,
            "language": language_of(account),
            "colour": palette(town.colours)["light"],
        }
        subject = rows[0].title if total == 1 else _subject(total, town.name)
        context["subject"] = subject
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string("notify/mail/digest.txt", context),
            from_email=sender(),
            to=[account.email],
            headers={
                "Message-ID": delivery.message_id,
                "Date": format_datetime(delivery.created),
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                # No answers by machines, no out-of-office notes (RFC 3834).
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
                "Content-Language": language_of(account),
            },
        )
        message.attach_alternative(render_to_string("notify/mail/digest.html", context), "text/html")
    return message


def _subject(total: int, town: str) -> str:
    return ngettext("%(town)s: %(number)d notice", "%(town)s: %(number)d notices", total) % {
        "town": town,
        "number": total,
    }


def _label(topic: str) -> str:
    known = TOPICS.get(topic)
    return str(known.label) if known else _("Notice")
