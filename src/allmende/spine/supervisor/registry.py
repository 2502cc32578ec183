"""Processes that rooms bring along: registered while Django loads, forked by the supervisor beside the four of the
spine."""

from __future__ import annotations

from allmende.spine.supervisor.context import ProcessSpec

_REGISTERED: dict[str, ProcessSpec] = {}


def register(spec: ProcessSpec) -> None:
    """Called in an AppConfig.ready(). A room that is switched off does not register. Raises ValueError on a twin."""
    known = _REGISTERED.get(spec.name)
    if known is not None and known.target is not spec.target:
        raise ValueError(f"two processes are named {spec.name}")
    _REGISTERED[spec.name] = spec


def registered() -> list[ProcessSpec]:
    return list(_REGISTERED.values())
