"""What others read of telephones to be returned."""

from datetime import datetime

from django.db.models import QuerySet

from balabaqsha.people.models import PhoneReturn
from balabaqsha.people.states import ReturnState


def to_decide(rows: QuerySet[PhoneReturn], *, now: datetime) -> QuerySet[PhoneReturn]:
    """Of these those that wait for the second officer and may still be approved, the oldest first."""
    found = rows.filter(state=ReturnState.PROPOSED, expires_at__gt=now)
    return found.select_related("person").order_by("proposed_at", "id")
