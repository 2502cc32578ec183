"""Template tags of the design: figures with their source, states as text, panels, charts."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext

from allmende.spine.ui import formats, panels

register = template.Library()

PILLS = {"neutral", "active", "planned", "done", "stopped", "info", "warning", "danger"}
ALERTS = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "danger"}


@register.simple_tag
def money(cents: int | None, style: str = "", currency: str = "EUR") -> str:
    """`{% money 8400000 %}` 84.000 €; `"compact"` 1,6 Mio. €; `"exact"` 84.000,00 €."""
    return formats.money(cents, style, currency)


@register.simple_tag
def number(value: Any, decimals: int | None = None, unit: str = "") -> str:
    return formats.number(value, decimals, unit)


@register.simple_tag
def pill(text: Any, kind: str = "neutral") -> SafeString:
    """A state: its word, in a quiet colour that only repeats what the word says."""
    return format_html('<span class="al-pill al-pill--{}">{}</span>', kind if kind in PILLS else "neutral", text)


@register.simple_tag
def when(moment: dt.datetime | dt.date | None, style: str = "") -> SafeString:
    """A date (`style` "time": with the hour) as `<time>`, in the instance's zone."""
    if moment is None:
        return format_html("{}", gettext("no date"))
    return _time_element(moment, "DATETIME_FORMAT" if style == "time" else "DATE_FORMAT", get_language() or "")


@functools.lru_cache(maxsize=4096)
def _time_element(moment: dt.datetime | dt.date, style: str, language: str) -> SafeString:
    """Lists show the same moments again and again; formatting one costs 60 µs."""
    if isinstance(moment, dt.datetime):
        moment = timezone.localtime(moment).replace(microsecond=0)
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), date_format(moment, style))


@register.simple_tag
def age(moment: dt.datetime | dt.date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), formats.age(moment))


@register.simple_tag
def ago(moment: dt.datetime | dt.date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), formats.ago(moment))


@register.simple_tag
def deadline(due: dt.datetime | dt.date) -> SafeString:
    text = formats.deadline(due)
    today = timezone.localdate()
    last = timezone.localtime(due).date() if isinstance(due, dt.datetime) else due
    name = "al-late" if last < today else "al-due"
    return format_html('<time class="{}" datetime="{}">{}</time>', name, due.isoformat(), text)


@register.inclusion_tag("ui/source.html")
def source(url: str = "", date: dt.date | None = None, label: str = "") -> dict[str, Any]:
    """`{% source url date label %}`: where a number comes from and as of when."""
    return {"url": url, "date": date, "label": label}


@register.simple_tag(takes_context=True)
def panel_slot(context: template.Context, slot: str, obj: Any = None) -> SafeString:
    return panels.render(slot, context.get("request"), obj)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of KERN's icons, decorative: the words beside it say what it means."""
    return format_html('<span class="kern-icon kern-icon--{}" aria-hidden="true"></span>', name)


@register.simple_tag
def asset(path: str) -> str:
    """Like `{% static %}`, but an error page must not fail because the static files were not collected."""
    try:
        return static(path)
    except ValueError:
        from django.conf import settings  # only on the way to an error page

        return f"{settings.STATIC_URL}{path}"


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, param: str, page: int) -> str:
    """The present query with another page number (a variable parameter name, unlike `{% querystring %}`)."""
    query = context["request"].GET.copy() if "request" in context else QueryDict(mutable=True)
    query[param] = str(page)
    return f"?{query.urlencode()}"


@register.filter
def alert_kind(level_tag: str) -> str:
    return ALERTS.get(level_tag, "info")


@register.filter
def language_name(code: str) -> str:
    """The language's name in itself: Deutsch, English."""
    return get_language_info(code)["name_local"]


@register.filter
def form_field_kind(bound: Any) -> str:
    """`hidden`, `check` (one box), `group` (fieldset) or `input`, for ui/forms/field.html."""
    if bound.is_hidden:
        return "hidden"
    if getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset:
        return "check"
    return "group" if bound.use_fieldset else "input"
