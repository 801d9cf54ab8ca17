"""The tables of the app, where Django looks for them."""

from balabaqsha.applications.models.appeal import Appeal
from balabaqsha.applications.models.application import Application, BenefitClaim, ClaimState, Draft, Wish
from balabaqsha.applications.models.link import LINK_ENDED_BY_OFFICER, ApplicationLink, LinkEnd
from balabaqsha.applications.models.special import ArkotekAnswer, Conclusion, DocumentsCheck, KeptBeside, SecondOpinion
from balabaqsha.applications.models.status import StatusAnswer

__all__ = [
    "LINK_ENDED_BY_OFFICER",
    "Appeal",
    "Application",
    "ApplicationLink",
    "ArkotekAnswer",
    "BenefitClaim",
    "ClaimState",
    "Conclusion",
    "DocumentsCheck",
    "Draft",
    "KeptBeside",
    "LinkEnd",
    "SecondOpinion",
    "StatusAnswer",
    "Wish",
]
