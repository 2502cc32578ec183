"""Typed facts: every kind is a frozen dataclass; its fields are the payload."""

import dataclasses
import types
import typing
from typing import Any, ClassVar

KINDS: dict[str, type["Fact"]] = {}

_JSON = (str, int, float, bool, type(None), list, dict)


@dataclasses.dataclass(frozen=True)
class Fact:
    """Base of all kinds. A subclass sets `kind` (`room.thing.happened`) and `public`, and may say itself in a sentence.

    Payload fields are of JSON types. Nothing personal: name the row, never the person.
    """

    kind: ClassVar[str] = ""
    public: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.kind:
            raise TypeError(f"{cls.__qualname__} names no kind")
        known = KINDS.setdefault(cls.kind, cls)
        if known.__qualname__ != cls.__qualname__ or known.__module__ != cls.__module__:
            raise TypeError(f"fact kind {cls.kind} is defined twice")
        KINDS[cls.kind] = cls

    def payload(self) -> dict[str, Any]:
        """The fields as a JSON object. Raises TypeError where a value has another type than declared."""
        hints = typing.get_type_hints(type(self))
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        for name, value in values.items():
            _check(f"{self.kind}.{name}", value, hints[name])
        return values

    def sentence(self) -> str:
        """What happened, for people, in the active language."""
        return self.kind


def _check(where: str, value: object, hint: Any) -> None:
    origin = typing.get_origin(hint)
    allowed: tuple[type, ...]
    if origin in (types.UnionType, typing.Union):
        allowed = tuple(typing.get_origin(a) or a for a in typing.get_args(hint))
    else:
        allowed = (origin or hint,)
    if not isinstance(value, allowed) or not isinstance(value, _JSON):
        raise TypeError(f"{where} is {type(value).__name__}, declared {hint}")


def sentence(kind: str, payload: dict[str, Any]) -> str:
    """The sentence of a stored fact. Kinds and fields that this version no longer knows are named by their kind."""
    cls = KINDS.get(kind)
    if cls is None:
        return kind
    known = {f.name for f in dataclasses.fields(cls)}
    try:
        return cls(**{k: v for k, v in payload.items() if k in known}).sentence()
    except TypeError:
        return kind
