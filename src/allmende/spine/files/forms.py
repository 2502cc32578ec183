"""The form field for uploads: says at the field what is wrong and what would be right."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .core import kinds as table
from .domain import checking


class CheckedFileField(forms.FileField):
    """A file of one of `kinds`, at most `max_bytes` large (default: the kinds' own limit).

    Checks as the verb `store` does, before anything is saved. Its hint names what is allowed, unless it has a help
    text of its own.
    """

    widget = forms.FileInput

    def __init__(self, *, kinds: set[str], max_bytes: int | None = None, **kwargs: Any) -> None:
        self.kinds = set(kinds)
        self.max_bytes = max_bytes
        self._own_hint = bool(kwargs.get("help_text"))
        super().__init__(**kwargs)

    @property
    def help_text(self) -> str:
        if self._own_hint:
            return self._hint
        limit = self.max_bytes if self.max_bytes is not None else table.limit_of(self.kinds)
        return _("Allowed: %(allowed)s, at most %(limit)s.") % {
            "allowed": checking.allowed(self.kinds),
            "limit": checking.megabytes(limit),
        }

    @help_text.setter
    def help_text(self, value: str) -> None:
        self._hint = value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs["accept"] = ",".join(f".{ending}" for ending in table.extensions_of(self.kinds))
        return attrs

    def to_python(self, data: Any) -> Any:
        file: Any = super().to_python(data)
        if file is None:
            return None
        try:
            checking.inspect(file, file.name or "", file.size or 0, self.kinds, self.max_bytes)
        except ValidationError as error:
            raise ValidationError(error.message, code=error.code) from None
        file.seek(0)
        return file
