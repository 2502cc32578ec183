"""Forms that narrow a list by what stands in the address."""

from typing import Any

from django import forms


def _texts(choices: Any) -> list[Any]:
    return [_texts(each) if isinstance(each, list | tuple) else str(each) for each in choices]


class Filter(forms.Form):
    """Written by `ui/filter.html`, which keeps what it wrote: most who ask for a list ask with the same filter."""

    @property
    def kept_as(self) -> str:
        """Everything the written form depends on, save the language."""
        asked = {name: self[name].data for name in self.fields}
        choices = [_texts(getattr(field, "choices", ())) for field in self.fields.values()]
        return f"{type(self).__module__}.{type(self).__qualname__} {asked} {self.is_bound} {choices}"
