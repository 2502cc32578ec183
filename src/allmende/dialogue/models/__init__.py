from .contributions import Answer, Contribution, Support
from .participations import Participation, Phase
from .removals import Removal
from .reviews import Review

__all__ = ["Answer", "Contribution", "Participation", "Phase", "Removal", "Review", "Support"]
