from .history import Event, ItemComment
from .running import Instance, Subscription, TaskRow, Timer, WorkItem
from .versions import Model, Version

__all__ = [
    "Event",
    "Instance",
    "ItemComment",
    "Model",
    "Subscription",
    "TaskRow",
    "Timer",
    "Version",
    "WorkItem",
]
