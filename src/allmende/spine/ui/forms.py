"""How Django's forms become KERN's form elements: FORM_RENDERER = "allmende.spine.ui.forms.Renderer"."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
# Widgets whose markup KERN wants otherwise than Django writes it.
WIDGET_TEMPLATES = {
    "django/forms/widgets/radio.html": "ui/forms/choices.html",
    "django/forms/widgets/checkbox_select.html": "ui/forms/choices.html",
}
PLAIN = {"hidden", "submit", "button", "image", "reset", "color", "range"}


def widget_class(widget: dict[str, Any]) -> str:
    kind = widget.get("type", "")
    if kind in PLAIN:
        return ""
    if kind == "checkbox":
        return "kern-form-check__checkbox"
    if kind == "radio":
        return "kern-form-check__radio"
    return "kern-form-input__input"


def select(widget: dict[str, Any]) -> SafeString:
    """A `<select>` in one go: an include for each option, as Django has it, costs more than the rest of a list page."""
    parts = []
    for group, options, _index in widget["optgroups"]:
        inside = "".join(
            f'<option value="{conditional_escape(str(option["value"]))}"{_flags(option)}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        )
        parts.append(f'<optgroup label="{conditional_escape(group)}">{inside}</optgroup>' if group else inside)
    multiple = widget["attrs"].get("multiple")
    return format_html(
        '{}<select name="{}"{}>{}</select>{}',
        "" if multiple else mark_safe('<div class="kern-form-input__select-wrapper">'),
        widget["name"],
        flatatt({name: value for name, value in widget["attrs"].items() if value is not None}),
        mark_safe("".join(parts)),  # noqa: S308 - every text is escaped above
        "" if multiple else mark_safe("</div>"),
    )


def _flags(option: dict[str, Any]) -> str:
    disabled = " disabled" if option["attrs"].get("disabled") else ""
    return (" selected" if option["selected"] else "") + disabled


class Renderer(DjangoTemplates):
    """Finds templates in every app, needs neither `django.forms` in INSTALLED_APPS nor context processors."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget = context.get("widget")
        if isinstance(widget, dict):
            self._dress(template_name, widget)
            if template_name == SELECT:
                return select(widget)
        return super().render(WIDGET_TEMPLATES.get(template_name, template_name), context, request)

    def _dress(self, template_name: str, widget: dict[str, Any]) -> None:
        invalid = widget["attrs"].get("aria-invalid") == "true"
        if template_name == SELECT:
            self._add_class(widget, "kern-form-input__select", invalid)
        elif template_name in WIDGET_TEMPLATES:
            name = "kern-form-check__radio" if "radio" in template_name else "kern-form-check__checkbox"
            for _group, options, _index in widget["optgroups"]:
                for option in options:
                    self._add_class(option, name, invalid)
        elif name := widget_class(widget):
            self._add_class(widget, name, invalid)

    @staticmethod
    def _add_class(widget: dict[str, Any], name: str, invalid: bool) -> None:
        names = [name, f"{name}--error"] if invalid else [name]
        own = widget["attrs"].get("class", "")
        # A copy: Django hands out the widget's own dictionary, which lives as long as the form class.
        widget["attrs"] = {**widget["attrs"], "class": " ".join([*names, own]).strip()}
