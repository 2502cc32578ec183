"""How processes look: tables of models, versions, cases, tasks and history, findings and steps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.formats import english
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import deadline, pill, when

from ..core.bpmn.openings import Opening
from ..domain import telling
from ..domain.forms import shown
from ..domain.shipped import Shipped
from ..domain.telling import Told
from ..enums import InstanceState, ModelKind, VersionState
from ..models import Instance, Model, Substitution, Version, WorkItem

register = template.Library()

_VERSIONS = {
    VersionState.DRAFT: "neutral",
    VersionState.REVIEW: "planned",
    VersionState.RELEASED: "active",
    VersionState.RETIRED: "stopped",
}
_INSTANCES = {
    InstanceState.RUNNING: "active",
    InstanceState.DONE: "done",
    InstanceState.CANCELLED: "stopped",
    InstanceState.STUCK: "warning",
}


def _named(row: Any) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), str(row))


@register.filter
def model_name(model: Model) -> str:
    """In the reader's language."""
    return shown(model.title, model.title_en)


@register.simple_tag
def role_name(role: str) -> str:
    """A role for people; what has none is for all of the staff."""
    return telling.role_name(role)


MODELS = [
    Column(_("Model"), _named, heading=True),
    Column(_("Kind"), lambda row: row.get_kind_display()),
    Column(_("Cases that run"), lambda row: row.running if row.kind == ModelKind.PROCESS else "–", number=True),
    Column(_("Last changed"), lambda row: when(row.changed)),
]


@register.simple_tag
def model_table(rows: Iterable[Model]) -> SafeString:
    return table(_("Process models"), MODELS, rows)


def _version(row: Version) -> SafeString:
    label = gettext("Version %(number)d") % {"number": row.number}
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), label)


VERSIONS = [
    Column(_("Version"), _version, heading=True),
    Column(_("State"), lambda row: pill(row.get_state_display(), _VERSIONS[VersionState(row.state)])),
    Column(_("What is new"), lambda row: row.note or "–"),
    Column(pgettext_lazy("process", "By"), lambda row: row.author or "–"),
    Column(_("Released by"), lambda row: row.releaser or "–"),
    Column(pgettext_lazy("process version", "Released on"), lambda row: when(row.released) if row.released else "–"),
]


@register.simple_tag
def version_table(rows: Iterable[Version]) -> SafeString:
    return table(_("Versions"), VERSIONS, rows)


INSTANCES = [
    Column(pgettext_lazy("process", "Case"), _named, heading=True),
    Column(_("State"), lambda row: pill(row.get_state_display(), _INSTANCES[InstanceState(row.state)])),
    Column(_("Process"), lambda row: model_name(row.version_of.model)),
    Column(_("Begun"), lambda row: when(row.created)),
]


@register.simple_tag
def instance_table(rows: Iterable[Instance]) -> SafeString:
    return table(_("Cases"), INSTANCES, rows)


@register.simple_tag
def task_name(item: WorkItem) -> str:
    """In the reader's language."""
    return telling.item_title(item)


@register.simple_tag
def task_people(item: WorkItem) -> str:
    """Who has it or may take it on; with who stands in."""
    return telling.who_has(item)


def _item(row: WorkItem) -> SafeString:
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), telling.item_title(row))


ITEMS = [
    Column(_("Task"), _item, heading=True),
    Column(pgettext_lazy("process", "Case"), lambda row: row.instance or "–"),
    Column(pgettext_lazy("task", "Due"), lambda row: deadline(row.due) if row.due else "–"),
    Column(_("Who"), lambda row: row.assignee or telling.role_name(row.role)),
]


@register.simple_tag
def item_table(rows: Iterable[WorkItem]) -> SafeString:
    return table(_("Tasks"), ITEMS, rows)


EVENTS = [
    Column(_("No."), lambda row: row.number, number=True),
    Column(_("Step"), lambda row: row.step, heading=True),
    Column(_("What"), lambda row: row.what),
    Column(_("When"), lambda row: when(row.time, "time")),
    Column(_("Who"), lambda row: row.who),
]


@register.simple_tag
def event_table(rows: Iterable[Told]) -> SafeString:
    return table(_("What happened"), EVENTS, rows)


SUBSTITUTIONS = [
    Column(_("Who is away"), lambda row: row.person, heading=True),
    Column(_("Substitute"), lambda row: row.substitute),
    Column(_("From"), lambda row: when(row.first)),
    Column(pgettext_lazy("until and including", "Until"), lambda row: when(row.last)),
    Column(_("State"), lambda row: _standing(row)),
]


def _standing(row: Substitution) -> SafeString:
    if row.over:
        return pill(gettext("over"), "stopped")
    if not row.substitute.is_active:
        return pill(gettext("no longer works here"), "warning")
    return pill(gettext("holds"), "active") if row.begun else pill(gettext("to come"), "planned")


def _end_button(row: Substitution) -> SafeString:
    if row.over:
        return SafeString("–")
    return format_html(
        '<button class="kern-btn kern-btn--tertiary" name="end" value="{}"><span class="kern-label">'
        '{}<span class="kern-sr-only">: {}</span></span></button>',
        row.public_id,
        gettext("End"),
        str(row),
    )


@register.simple_tag
def substitution_table(rows: Iterable[Substitution], person: Any, for_others: bool) -> SafeString:
    """With a button each for what the person may end."""
    own = Column(
        _("Action"),
        lambda row: _end_button(row) if for_others or row.person_id == person.pk else "–",
        quiet=True,
    )
    return table(_("Substitutes"), [*SUBSTITUTIONS, own], rows)


@register.filter
def of(table: Any, key: Any) -> Any:
    """An entry of a dictionary."""
    return table.get(key)


@register.simple_tag
def finding_list(rows: Sequence[dict[str, Any]]) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((each["sentence"],) for each in rows))
    return format_html("<ul>{}</ul>", items)


@register.simple_tag
def change_list(rows: Sequence[dict[str, Any]], version: Version, may_change: bool) -> SafeString:
    """Changes with a button each while they can be accepted."""
    open_ = version.state == VersionState.DRAFT and may_change
    columns = [
        Column(pgettext_lazy("process", "Change"), lambda each: each["sentence"], heading=True),
        Column(_("Before"), lambda each: each["before"] or "–"),
        Column(_("After"), lambda each: each["after"] or "–"),
        Column(_("Accepted"), lambda each: _accepted(each, open_)),
    ]
    return table(_("What is changed so that it runs"), columns, rows)


def _accepted(each: dict[str, Any], open_: bool) -> SafeString:
    if each["accepted"]:
        return pill(gettext("accepted"), "active")
    if not open_:
        return SafeString("–")
    return format_html(
        '<button class="kern-btn kern-btn--tertiary" name="place" value="{}"><span class="kern-label">'
        '{}<span class="kern-sr-only">: {}</span></span></button>',
        each["place"],
        gettext("Accept"),
        each["sentence"],
    )


def _take_over(each: Shipped) -> SafeString:
    return format_html(
        '<button class="kern-btn kern-btn--secondary" name="shipped" value="{}"><span class="kern-label">'
        '{}<span class="kern-sr-only">: {}</span></span></button>',
        each.name,
        gettext("Take over"),
        each,
    )


SHIPPED = [
    Column(_("Model"), str, heading=True),
    Column(_("What it is for"), lambda each: each.told),
    Column(_("Take over"), _take_over),
]


@register.simple_tag
def shipped_table(rows: Sequence[Shipped]) -> SafeString:
    """What comes along and is not taken over yet, with a button each."""
    return table(_("Models that come along"), SHIPPED, rows)


@register.simple_tag
def step_text(step: Any) -> str:
    """What the model says of a step (outline.Step), in the reader's language where it does."""
    return str((english() and step.documentation_en) or step.documentation)


@register.simple_tag
def opening_name(one: Opening) -> str:
    """How a case begins, in the reader's language."""
    label = (english() and one.label_en) or one.label
    return gettext("%(label)s (when “%(name)s” arrives)") % {"label": label, "name": one.name} if one.name else label


@register.simple_tag
def step_list(rows: Sequence[Any]) -> SafeString:
    """The drawing as a list: each step with its kind, lane and where it goes on."""
    language = "en" if (get_language() or "").startswith("en") else "de"
    columns = [
        Column(_("Step"), lambda each: format_html("{}{}", "– " * each.depth, each.name(language)), heading=True),
        Column(_("Kind"), lambda each: each.kind_text(language)),
        Column(_("Who"), lambda each: each.lane or "–"),
        Column(_("Goes on with"), lambda each: "; ".join(way.text(language) for way in each.onward) or "–"),
    ]
    return table(_("The steps as a list"), columns, rows)
