from .contributions import Answer, Contribution, Support
from .participations import Participation, Phase
from .reviews import Review

__all__ = ["Answer", "Contribution", "Participation", "Phase", "Review", "Support"]
