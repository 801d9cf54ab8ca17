"""A child's other live applications of the same kind, where an act leaves only one of them."""

from collections.abc import Iterable
from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import LIVE, MAY_CHANGE_BENEFIT, Reason
from balabaqsha.journeys import _case
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record


class OtherGoesOn(Refusal, code="not-allowed", detail="other-goes-on"):
    """The child's other application already has a voucher, a turn or a place; facts: number."""


def live_of_kind(application_id: int) -> list[int]:
    """The other live applications of the same child and kind, ids ascending. Two queries."""
    own = Application.objects.get(id=application_id)
    rows = Application.objects.filter(child_id=own.child_id, kind=own.kind, state__in=LIVE, in_private_place=False)
    return list(rows.exclude(id=own.id).order_by("id").values_list("id", flat=True))


def close(others: Iterable[Application], *, actor: Actor, now: datetime) -> list[int]:
    """Close these, whose rows are locked, as duplicates, their families told; returns the groups with freed places.

    Raises OtherGoesOn for one that has been given anything: that is the family's to keep.
    """
    freed: list[int] = []
    for other in others:
        if other.state not in MAY_CHANGE_BENEFIT:
            raise OtherGoesOn(number=other.number)
        _case.close(other, now=now)
        freed += admission_steps.end_all(application_id=other.id, because="close_duplicate", now=now)
        applications.move(other, "close_duplicate", actor=actor, now=now, reason=Reason.DUPLICATE)
        record.tell("application-closed-duplicate", now=now, application_id=other.id, facts={})
    return freed
