"""What others read of guardians' claims."""

from django.db.models import QuerySet

from balabaqsha.people.models import GuardianClaim
from balabaqsha.people.states import GuardianState


def claims_of(person_id: int) -> list[GuardianClaim]:
    """What the person claimed, the latest first; one that was confirmed stands among the children. One query."""
    rows = GuardianClaim.objects.filter(guardian_id=person_id).exclude(state=GuardianState.CONFIRMED)
    return list(rows.order_by("-id"))


def to_decide(rows: QuerySet[GuardianClaim]) -> QuerySet[GuardianClaim]:
    """Of these claims those that wait for an officer, the soonest due first."""
    return rows.filter(state=GuardianState.UNDECIDED).select_related("guardian").order_by("check_due_at", "id")
