"""The set-up without a browser: answers from a file, from options, or asked for one by one.

Every answer goes through the same forms as in the browser, so the terminal refuses what the browser refuses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..domain import mail, setup
from .forms import STEP_FORMS, AccountForm, MailForm, SettingsForm, optional_rooms
from .setup import TITLES

Answers = dict[str, dict[str, Any]]
# ask(label, default, secret) -> what was typed
Ask = Callable[[str, str, bool], str]
Tell = Callable[[str], None]

# Fields that the terminal does not ask for one by one; an answers file may hold them.
QUIET = {"ground", "stone", "action", "accent", "ink", "sign", "again"}


class AnswersRefused(Exception):
    """`errors`: (step.field, message); nothing was saved."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{where}: {text}" if where else text for where, text in errors))
        self.errors = errors


@dataclass(frozen=True)
class Done:
    town: str
    administrator: str
    mail_tested: bool
    rooms_off: list[str]


def form_of(step: str, answers: Mapping[str, Any]) -> forms.Form:
    """The form of a step, bound to answers; what is not answered keeps its default."""
    kind = STEP_FORMS[step]
    data: dict[str, Any] = dict(answers)
    if kind is AccountForm:
        data.setdefault("again", data.get("password", ""))
        return AccountForm(data)
    assert issubclass(kind, SettingsForm)
    if step == "rooms":
        off = set(data.pop("closed", []))
        known = [config.room for config in optional_rooms()]
        data["rooms"] = [room for room in known if room not in off] + sorted(off - set(known))
    empty = kind(initial=kind.initial_of({}))
    for name in empty.fields:
        if name not in data and empty[name].initial not in (None, ""):
            data[name] = empty[name].initial
    return kind(data)


def check(step: str, answers: Mapping[str, Any]) -> tuple[forms.Form, list[tuple[str, str]]]:
    """The bound form and its errors, (field, message)."""
    form = form_of(step, answers)
    unknown = sorted(set(answers) - set(form.fields) - {"closed", "test"})
    errors = [(name, _("There is no such setting.")) for name in unknown]
    if not form.is_valid():
        errors += [
            ("" if name == "__all__" else name, text) for name, texts in form.errors.items() for text in map(str, texts)
        ]
    return form, errors


def run(answers: Answers, *, ask: Ask | None = None, tell: Tell = lambda text: None) -> Done:
    """Set the town up. With `ask`, steps that the answers leave out or get wrong are asked for.

    Raises AnswersRefused, AlreadySetUp, MailProblem (a test mail was wanted and failed); nothing is saved then.
    """
    if setup.is_set_up():
        raise setup.AlreadySetUp
    unknown = sorted(set(answers) - set(setup.STEPS))
    if unknown:
        raise AnswersRefused([(name, _("There is no such section.")) for name in unknown])
    found: Answers = {}
    secret = ""
    refused: list[tuple[str, str]] = []
    for step in setup.STEPS:
        given = dict(answers.get(step, {}))
        if ask and step not in answers:
            tell(f"\n{TITLES[step]}")
            given = _asked(step, {}, ask)
        form, errors = check(step, given) if given or step in setup.NEEDED else (None, [])
        while errors and ask:
            for where, text in errors:
                tell(f"  {_label(form, where)}: {text}" if where else f"  {text}")
            given = _asked(step, given, ask)
            form, errors = check(step, given)
        refused += [(f"{step}.{where}".rstrip("."), text) for where, text in errors]
        if form is None or errors:
            continue
        found[step] = form.values()  # type: ignore[attr-defined]
        if isinstance(form, MailForm):
            secret = form.secret() or ""
    if refused:
        raise AnswersRefused(refused)
    tested = _test(answers.get("mail", {}).get("test"), found, secret)
    try:
        account = setup.finish(found, secret=secret)
    except ValidationError as error:
        raise AnswersRefused([(name, text) for name, texts in error.message_dict.items() for text in texts]) from error
    return Done(found["town"]["town"], account.email, tested, found.get("rooms", {}).get("rooms_off", []))


def _test(to: str | None, found: Answers, secret: str) -> bool:
    values = found.get("mail", {}).get("mail")
    if not to or not values:
        return False
    mail.send_test(values, secret, to, name=found.get("brand", {}).get("name") or found["town"]["town"])
    return True


def _label(form: forms.Form | None, name: str) -> str:
    return str(form.fields[name].label) if form is not None and name in form.fields else name


def _asked(step: str, before: Mapping[str, Any], ask: Ask) -> dict[str, Any]:
    """Ask for the fields of a step; what was right before is offered again."""
    given = dict(before)
    if step == "rooms":
        names = ", ".join(f"{config.room} ({config.title})" for config in optional_rooms())
        typed = ask(_("Rooms to close, of: %(names)s") % {"names": names}, "", False)
        return {"closed": [word.strip() for word in typed.split(",") if word.strip()]}
    empty = STEP_FORMS[step]()
    for name, field in empty.fields.items():
        if name in QUIET or (name != "host" and step == "mail" and not given.get("host")):
            continue
        if isinstance(field, forms.BooleanField):
            given[name] = ask(f"{field.label} ({_('yes')}/{_('no')})", _("no"), False).lower() == _("yes")
            continue
        default = str(given.get(name) or field.initial or "")
        secret = isinstance(field.widget, forms.PasswordInput)
        choices = [str(key) for key, _label in getattr(field, "choices", []) if key]
        label = f"{field.label} ({', '.join(choices)})" if choices else str(field.label)
        given[name] = ask(label, "" if secret else default, secret)
    return given
