from .accessibility import Feedback, Statement
from .cases import Case, Report
from .comments import Comment, HoldRules
from .throttling import Hit, Hour

__all__ = ["Case", "Comment", "Feedback", "Hit", "HoldRules", "Hour", "Report", "Statement"]
