"""The rules of the importer, in the order in which they work: each finds and mends one matter."""

from __future__ import annotations

from collections.abc import Callable

from ..desk import Desk
from . import (
    boundaries,
    calls,
    compensation,
    data,
    draft,
    ends,
    events,
    executable,
    expressions,
    extensions,
    flows,
    forms,
    gateways,
    ids,
    links,
    messages,
    notation,
    outflows,
    pools,
    proof,
    repetitions,
    scopes,
    starts,
    tasks,
    timers,
    traps,
)

RULES: tuple[Callable[[Desk], None], ...] = (
    draft.apply,
    ids.apply,
    notation.apply,
    executable.apply,
    pools.apply,
    flows.apply,
    boundaries.apply,
    scopes.apply,
    starts.apply,
    tasks.apply,
    calls.apply,
    expressions.apply,
    gateways.apply,
    outflows.apply,
    timers.apply,
    events.apply,
    links.apply,
    compensation.apply,
    messages.apply,
    repetitions.apply,
    data.apply,
    forms.apply,
    extensions.apply,
    ends.apply,
    traps.apply,
    proof.apply,
)
