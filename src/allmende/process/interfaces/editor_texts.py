"""Words of the editor of drawings, in the reader's language."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ..core.bpmn.steps import KINDS


def field_types() -> list[tuple[str, str]]:
    """Types of the fields of a form, with what people call them."""
    return [
        ("text", pgettext("type of a field", "Text")),
        ("long_text", pgettext("type of a field", "Long text")),
        ("number", pgettext("type of a field", "Number")),
        ("integer", pgettext("type of a field", "Whole number")),
        ("money", pgettext("type of a field", "Amount in euro")),
        ("yes_no", pgettext("type of a field", "Yes or no")),
        ("date", pgettext("type of a field", "Date")),
        ("choice", pgettext("type of a field", "One of several")),
        ("choices", pgettext("type of a field", "Some of several")),
        ("file", pgettext("type of a field", "File")),
        ("email", pgettext("type of a field", "E-mail address")),
        ("topic", pgettext("type of a field", "Topic of the programme")),
        ("measure", pgettext("type of a field", "Measure of the programme")),
        ("note", pgettext("type of a field", "Note without an entry")),
    ]


def kinds() -> dict[str, str]:
    """What the kinds of elements are called, by their names in BPMN."""
    place = 1 if (get_language() or "").startswith("en") else 0
    return {name: both[place] for name, both in KINDS.items()} | {
        "sequenceFlow": pgettext("drawing", "Way"),
        "lane": pgettext("drawing", "Lane"),
        "participant": pgettext("drawing", "Pool"),
        "process": pgettext("drawing", "Process"),
        "collaboration": pgettext("drawing", "Drawing"),
        "textAnnotation": pgettext("drawing", "Annotation"),
        "group": pgettext("drawing", "Group"),
        "dataObjectReference": pgettext("drawing", "Document"),
        "dataStoreReference": pgettext("drawing", "Store"),
        "messageFlow": pgettext("drawing", "Message"),
        "association": pgettext("drawing", "Association"),
    }


def editor() -> dict[str, str]:
    """Everything that the scripts of the editor say."""
    return _form() | _steps() | _speech()


def _speech() -> dict[str, str]:
    return {
        "canvas": _("Drawing. Every element stands in the list “Element of the drawing” too, with its properties."),
        "none": _("– none –"),
        "show": pgettext("drawing", "Show"),
        "level_problem": pgettext("finding", "Problem"),
        "level_change": pgettext("finding", "Change"),
        "level_note": pgettext("finding", "Note"),
        "checking": _("The drawing is being checked …"),
        "found": _("It runs, otherwise than drawn in some places:"),
        "found_problems": _("It does not run yet:"),
        "found_nothing": _("It runs as it is drawn."),
        "no_answer": _("The server did not answer. The drawing is kept in this browser; try again."),
        "saving": _("The drawing is being saved …"),
        "unchanged": _("Nothing has changed, so there is no new version."),
        "to_version": _("To the version"),
        "conflict": _("Somebody saved this model meanwhile."),
    }


def _steps() -> dict[str, str]:
    return {
        "choose": _("Choose an element in the drawing or in the list."),
        "nothing": _("There is nothing to enter for this element."),
        "name": pgettext("drawing", "Name"),
        "name_en": _("Name in English"),
        "lane": _("Which role works here is said on the page of the version."),
        "condition": pgettext("drawing", "Condition"),
        "condition_help": _("In FEEL, with names of fields, for example: %(example)s")
        % {"example": 'cost > 10000 and verdict = "yes"'},
        "default_flow": _("This way is taken where no condition is met"),
        "by_person": _("A person decides which way it goes on"),
        "timer": pgettext("drawing", "Time"),
        "timer_kind": _("What it waits for"),
        "duration": _("until a period has passed"),
        "date": _("until a day or moment"),
        "cycle": _("again and again"),
        "timer_text": _("How long, or until when"),
        "timer_help": _("ISO 8601, for example P14D, 2026-10-01 or R/P1M; or FEEL with = in front"),
        "message": _("Name of the message"),
        "signal": _("Name of the signal"),
        "message_help": _("Who sends and who waits use the same name."),
        "called": _("Process that is called"),
        "called_help": _("Of the released models. Without one a person does what was meant."),
        "not_called": _("– none –"),
        "repetition": _("How often"),
        "times": _("This step is done"),
        "once": _("once"),
        "at_once": _("several times, all at once"),
        "one_by_one": _("several times, one after the other"),
        "collection": _("For each entry of"),
        "collection_help": _("A list in FEEL, for example the name of a field with several options."),
        "item": _("Name of the entry in the step"),
        "item_help": _("Expressions in the step use it."),
        "count": _("How many times"),
        "count_help": _("A number in FEEL, where there is no list. Empty: a person says how many."),
        "help": _("What has to be done"),
        "help_en": _("What has to be done, in English"),
        "deadline": _("Deadline"),
        "due": pgettext("drawing", "Done within"),
        "due_help": _("A number; empty: no deadline."),
        "unit": pgettext("of time", "Unit"),
        "days": pgettext("unit of time", "Days"),
        "weeks": pgettext("unit of time", "Weeks"),
        "months": pgettext("unit of time", "Months"),
        "counted": _("Which days count"),
        "working": _("working days"),
        "calendar": _("all days"),
        "eyes": _("Four eyes: not by who did"),
        "eyes_help": _("A second person has to do this task."),
        "anybody": _("– may be the same person –"),
        "system": _("What the system does"),
        "action": pgettext("drawing", "Action"),
        "action_help": _("Without an action a person does the step."),
        "no_action": _("– a person does it –"),
        "required_mark": _("(required)"),
        "subject": _("What the case is about from then on"),
        "subject_help": _("Name in the action's result, for example measure; usually empty."),
        "by_rules": _("Which rules decide"),
        "decision": pgettext("drawing", "Model of decisions"),
        "decision_name": _("Decision in it"),
        "decision_name_help": _("Empty: its main one."),
        "result": _("Name under which the result is known"),
        "no_decision": _("– a person decides –"),
    }


def _form() -> dict[str, str]:
    return {
        "form": _("Form of the task"),
        "no_fields": _("No fields yet: whoever does the task only says that it is done."),
        "field": pgettext("drawing", "Field"),
        "field_add": _("Add a field"),
        "field_label": _("Label"),
        "field_label_en": _("Label in English"),
        "field_type": pgettext("drawing", "Type"),
        "field_required": _("Has to be filled in"),
        "field_options": _("Options"),
        "field_options_help": _("One a line: value | label | label in English"),
        "field_name": _("Name in expressions"),
        "field_name_help": _("Conditions and actions use it; without spaces."),
        "field_help": pgettext("drawing", "Help"),
        "field_help_en": _("Help in English"),
        "field_min": _("At least"),
        "field_max": _("At most"),
        "up": pgettext("drawing", "Up"),
        "down": pgettext("drawing", "Down"),
        "remove": pgettext("drawing", "Remove"),
    }
