from .change import Migration, Move, StaffAgreement
from .decisions import DecisionCase
from .history import Event, ItemComment
from .running import Instance, Subscription, TaskRow, Timer, WorkItem
from .starts import Begun, Schedule, Trigger
from .team import Substitution
from .versions import Model, Version

__all__ = [
    "Begun",
    "DecisionCase",
    "Event",
    "Instance",
    "ItemComment",
    "Migration",
    "Model",
    "Move",
    "Schedule",
    "StaffAgreement",
    "Subscription",
    "Substitution",
    "TaskRow",
    "Timer",
    "Trigger",
    "Version",
    "WorkItem",
]
