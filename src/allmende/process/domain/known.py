"""What is known in a case: what was entered so far, by the labels of the forms that asked for it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from allmende.programme.models import Topic
from allmende.spine import subjects
from allmende.spine.ui import formats

from ..core.engine.clock import SystemClock
from ..core.engine.rows import Unreadable
from ..core.engine.run import Refused, Run
from ..core.forms import Field
from ..models import Instance, WorkItem
from . import attachments, forms, library, steps, store
from .fields import label_of


class Known(NamedTuple):
    """A value for people; `url`: where it leads, for a file or a measure."""

    label: str
    value: str
    url: str = ""


def run_of(instance: Instance) -> Run:
    """An instance to be read; what is done with it is not kept."""
    specs = steps.specs_of(instance)
    return Run.resume(specs, instance.head, store.read(instance), SystemClock())


def before(item: WorkItem, person: Any) -> list[Known]:
    """What was entered before an item, where it waits; at its end what the case came to."""
    if item.instance is None:
        return []
    run = run_of(item.instance)
    try:
        data = run.data_of(item.task) if item.task else run.data
    except Refused:
        data = run.data
    own = {each.name for each in forms.step_of(item).form.fields}
    return told(item.instance, {name: value for name, value in data.items() if name not in own}, person)


def so_far(instance: Instance, person: Any) -> list[Known]:
    """What was entered in a case up to now, or what it came to at its end."""
    try:
        data = run_of(instance).data
    except Unreadable:  # a step says why; the page of the case shows the rest
        return []
    return told(instance, data, person)


def told(instance: Instance, data: dict[str, Any], person: Any) -> list[Known]:
    """Values that forms of the model asked for, in the order of the model, as `person` may see them."""
    fields: dict[str, Field] = {}
    decided: list[Known] = []
    for step in library.outline_of(instance).values():
        for each in step.form.fields:
            fields.setdefault(each.name, each)
        if step.decision and (outcome := _outcome(data.get(step.result or f"{step.element}_result"))):
            decided.append(Known(forms.shown(step.name, step.name_en), outcome))
    entered = [
        Known(label_of(field), text, url)
        for name, field in fields.items()
        for text, url in [_text(field, data.get(name), person)]
        if text
    ]
    return entered + decided


def _outcome(value: Any) -> str:
    """What rules said, in words: of several parts the one that is called the reason, where there is one."""
    if isinstance(value, dict):
        value = value.get("reason") or "; ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    return "" if value is None else str(value)


def _text(field: Field, value: Any, person: Any) -> tuple[str, str]:
    """A value, and where it leads."""
    if value is None or value == "" or value == []:
        return "", ""
    if field.type == "file":
        file = attachments.file_of(str(value))
        return (file.name, file.get_absolute_url()) if file else (_("a file that is gone"), "")
    if field.type == "measure":
        found = subjects.find(f"measure:{value}", person)
        return (found.title, found.url) if found else (_("a measure"), "")
    return _words(field, value), ""


def _words(field: Field, value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if field.type in ("choice", "choices"):
        return ", ".join(_options(field, value if isinstance(value, list) else [value]))
    if field.type == "topic":
        return str(Topic.objects.filter(slug=value).first() or value)
    if field.type == "money" and isinstance(value, int | float):
        return formats.money(round(Decimal(str(value)) * 100))
    if field.type in ("number", "integer") and isinstance(value, int | float):
        return formats.number(Decimal(str(value)), max(0, -int(Decimal(str(value)).as_tuple().exponent)))
    if field.type == "date":
        return _day(str(value))
    return str(value)


def _options(field: Field, values: Iterable[Any]) -> list[str]:
    labels = {each.value: label_of(each) for each in field.options}
    return [labels.get(str(value), str(value)) for value in values]


def _day(text: str) -> str:
    try:
        return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return _("no date")
