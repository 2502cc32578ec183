"""What may go wrong with an action. `code` is for programs, the text for people in the active language."""

from typing import Any

from django.utils.translation import gettext as _


class ActionError(Exception):
    code = "error"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def told(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text}


class UnknownAction(ActionError):
    code = "unknown"

    def __init__(self, name: str) -> None:
        super().__init__(_("There is no action named “%(name)s”.") % {"name": name})


class BadParams(ActionError):
    """`problems`: one entry per param that is wrong, as {"param": …, "problem": …}."""

    code = "params"

    def __init__(self, problems: list[dict[str, str]]) -> None:
        super().__init__(
            _("The details given do not fit: %(names)s") % {"names": ", ".join(p["param"] for p in problems)}
        )
        self.problems = problems

    def told(self) -> dict[str, Any]:
        return super().told() | {"problems": self.problems}


class NotAllowed(ActionError):
    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__(_("This person may not do that."))


class KeyTaken(ActionError):
    """The key was used for something else."""

    code = "key_taken"

    def __init__(self) -> None:
        super().__init__(_("This key already stands for another action or other details."))


class TimedOut(ActionError):
    code = "timed_out"

    def __init__(self, seconds: float) -> None:
        super().__init__(_("It took longer than %(seconds)s seconds and was undone.") % {"seconds": f"{seconds:g}"})


class Failed(ActionError):
    """The verb behind the action refused, for a reason it gave, or broke."""

    code = "failed"
