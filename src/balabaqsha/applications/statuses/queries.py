"""Reads of what the register of social statuses said."""

from datetime import datetime, timedelta

from balabaqsha.applications.models import StatusAnswer
from balabaqsha.applications.models.status import StatusStanding

# A yes that was heard so long ago is asked for again.
FRESH = timedelta(hours=24)


def answers(child_id: int, representative_id: int, benefit: str) -> list[StatusAnswer]:
    """What was asked about this benefit of the child through this representative, the latest first."""
    rows = StatusAnswer.objects.filter(child_id=child_id, representative_id=representative_id, benefit=benefit)
    return list(rows.order_by("-asked_at", "-id"))


def about(child_id: int, representative_id: int) -> list[StatusAnswer]:
    """All that was asked about the child through this representative, the latest first. One query."""
    rows = StatusAnswer.objects.filter(child_id=child_id, representative_id=representative_id)
    return list(rows.order_by("-asked_at", "-id"))


def fresh_yes(child_id: int, representative_id: int, benefit: str, *, now: datetime) -> StatusAnswer | None:
    """The latest answer if it is a yes that still counts: heard within a day, its last day not over."""
    latest = next(iter(answers(child_id, representative_id, benefit)), None)
    if latest is None or latest.standing != StatusStanding.HAS or not now - FRESH < latest.asked_at <= now:
        return None
    return latest
