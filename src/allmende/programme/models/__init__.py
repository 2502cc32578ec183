from .base import FormerSlug, Party, Phase, Programme, Topic
from .council import CouncilDecision, CouncilSource
from .course import Assessment, Decision, Dependency, Involvement, Milestone, Replan, Risk, Task
from .figures import Figure
from .imports import ImportState, ListImport
from .indicators import Definition, Indicator, SeriesArea, SeriesBreak, Target, Value
from .measures import Measure
from .reports import Report
from .revisions import Revision, RevisionComment

__all__ = [
    "Assessment",
    "CouncilDecision",
    "CouncilSource",
    "Decision",
    "Definition",
    "Dependency",
    "Figure",
    "FormerSlug",
    "ImportState",
    "Indicator",
    "Involvement",
    "ListImport",
    "Measure",
    "Milestone",
    "Party",
    "Phase",
    "Programme",
    "Replan",
    "Report",
    "Revision",
    "RevisionComment",
    "Risk",
    "SeriesArea",
    "SeriesBreak",
    "Target",
    "Task",
    "Topic",
    "Value",
]
