"""Reads of applications."""

from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import LIVE, State


def undecided_claim(application_id: int) -> BenefitClaim | None:
    """The claim that waits for an officer, if any. One query."""
    return BenefitClaim.objects.filter(application_id=application_id, state=ClaimState.UNDECIDED).first()


def live_of_child(child_id: int) -> list[Application]:
    """The child's applications that are not in the archive, oldest first. One query."""
    return list(Application.objects.filter(child_id=child_id, state__in=LIVE).order_by("id"))


def by_number(number: str) -> Application | None:
    """The application of this number, or None. One query."""
    return Application.objects.filter(number=number).first()


def waiting(territory_code: str, kind: str) -> int:
    """How many stand in a line. One query."""
    return Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING).count()
