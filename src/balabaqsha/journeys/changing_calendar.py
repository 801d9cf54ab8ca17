"""A day of the national calendar changes: what it means for deadlines that run, and its approval by a second person.

A deadline that was told to a family stays as it was told: it never ends earlier. Acts after the approval are counted by
the calendar as it then is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from balabaqsha.applications.models import Application
from balabaqsha.journeys._act import or_busy
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import start_of
from balabaqsha.law import _steps as law_steps
from balabaqsha.law import terms
from balabaqsha.law.models import CalendarChange
from balabaqsha.law.terms import Unit


@dataclass(frozen=True)
class Preview:
    """Deadlines in working days that run over a day, and those of them that end on it: none of them moves."""

    spanning: int
    ending: int


def preview(*, day: date, now: datetime) -> Preview:
    """How many running deadlines were counted over the day: by the changed calendar they would end at another moment.

    One query.
    """
    begins, ends = start_of(day), start_of(day + timedelta(days=1))
    rows = Application.objects.filter(due_at__gte=max(begins, now), due_from__lt=begins)
    found = [due for due, identity in rows.values_list("due_at", "due_term") if _in_working_days(identity)]
    return Preview(spanning=len(found), ending=sum(due < ends for due in found))


def _in_working_days(identity: str) -> bool:
    code = identity.partition("@")[0]
    return code in terms.CODES and terms.unit_of(code) is Unit.WORKING_DAYS


@or_busy
@transaction.atomic(durable=True)
def approve(*, change_id: int, actor: Actor, now: datetime) -> CalendarChange:
    """Approve a change of the calendar that somebody else proposed; the calendar has the day from now on.

    Deadlines that run stay as they were told. Raises OwnProposal, AlreadyApproved, AlreadyRefused, DayInThePast, Busy.
    """
    return law_steps.approve_day(change_id=change_id, actor=actor, now=now)
