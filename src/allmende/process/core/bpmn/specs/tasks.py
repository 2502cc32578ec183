"""Activities that are no scopes: what a person does, what our own assignments and registered actions do."""

from __future__ import annotations

from typing import Any

from .base import Node


class PersonTask(Node):
    """Done by a person; complete by `waits.complete`."""

    automatic = False


class Assignments(Node):
    """Our own script: `name = FEEL` by line. Scripts of other tools never come here."""

    script = ""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        my_task.workflow.script_engine.execute(my_task, self.script)
        return True


class Service(PersonTask):
    """A named action of the registry. It waits like a person's task: whoever runs the process does the action and
    enters its result, so that nothing outside the engine happens inside of it."""

    action = ""


class Pass(Node):
    """Something that is passed at once: plain events and links, gateways that only bring flows together."""
