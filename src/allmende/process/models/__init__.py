from .decisions import DecisionCase
from .history import Event, ItemComment
from .running import Instance, Subscription, TaskRow, Timer, WorkItem
from .team import Substitution
from .versions import Model, Version

__all__ = [
    "DecisionCase",
    "Event",
    "Instance",
    "ItemComment",
    "Model",
    "Subscription",
    "Substitution",
    "TaskRow",
    "Timer",
    "Version",
    "WorkItem",
]
