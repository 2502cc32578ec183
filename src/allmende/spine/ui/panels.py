"""Panel slots: a page asks who has something to show about an object, without knowing the rooms above it.

    panels.register("measure", light_panel, order=40)        # in a room's AppConfig.ready()
    {% panel_slot "measure" measure %}                        # in the page's template

A panel function gets (request, object) and gives HTML, or None when it has nothing to say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Panel = Callable[[Any, Any], str | None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    order: int
    name: str
    panel: Panel


_slots: dict[str, dict[str, Entry]] = {}


def register(slot: str, panel: Panel, order: int = 100) -> None:
    """Add a panel to a slot. The same function registered twice (ready() ran again) counts once."""
    name = f"{panel.__module__}.{panel.__qualname__}"
    _slots.setdefault(slot, {})[name] = Entry(order, name, panel)


def registered(slot: str) -> list[Entry]:
    return sorted(_slots.get(slot, {}).values(), key=lambda entry: (entry.order, entry.name))


def render(slot: str, request: Any, obj: Any) -> SafeString:
    """All panels of the slot, in order. A failing panel is logged and left out; in DEBUG it raises."""
    from allmende.spine.instance.domain.queries import module_open  # instance imports ui.brand

    parts = []
    for entry in registered(slot):
        if not module_open(entry.panel.__module__):
            continue
        try:
            html = entry.panel(request, obj)
        except Exception:
            if settings.DEBUG:
                raise
            log.exception("panel %s failed", entry.name)
            continue
        if html:
            parts.append(conditional_escape(html))
    return mark_safe("\n".join(parts))  # noqa: S308 - every part is escaped or was safe
