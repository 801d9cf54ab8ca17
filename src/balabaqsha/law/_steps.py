"""Inner steps of the law's tables; every caller is an action of the law or a journey."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law.models import CalendarChange, CalendarDay, CategoryTable, Proposal
from balabaqsha.record import actions as record

APPROVAL = ("approved_by", "approved_at")
_REFUSAL = ("refused_by", "refused_at", "refused_because")


class TermInThePast(Refusal, code="not-allowed", detail="term-in-past"):
    """What is proposed begins on a day after today; facts: date."""


class DayInThePast(Refusal, code="not-allowed", detail="calendar-day-in-past"):
    """A day of the calendar changes only while it is still to come; facts: day."""


class OwnProposal(Refusal, code="not-allowed", detail="term-own-proposal"):
    """Who proposed a change of the rules cannot approve it."""


class AlreadyApproved(Refusal, code="not-in-this-state", detail="term-approved"):
    """Somebody has approved it already."""


class AlreadyRefused(Refusal, code="not-in-this-state", detail="term-refused"):
    """Somebody has refused it already."""


def account(actor: Actor) -> int:
    """The account behind the actor: what is proposed and answered has a person's name."""
    if actor.account_id is None:
        raise ValueError("a change of the rules is proposed and approved by persons with accounts")
    return actor.account_id


def _require_open(row: Proposal) -> None:
    if row.approved_by is not None:
        raise AlreadyApproved
    if row.refused_by is not None:
        raise AlreadyRefused


def approve(row: Proposal, *, actor: Actor, now: datetime) -> None:
    """Note the approval on a proposal, whose row is locked and which the caller then saves.

    Raises OwnProposal, AlreadyApproved, AlreadyRefused.
    """
    _require_open(row)
    if row.proposed_by == account(actor):
        raise OwnProposal
    row.approved_by, row.approved_at = account(actor), now


@transaction.atomic(savepoint=False)
def refuse(row: Proposal, *, because: str, actor: Actor, now: datetime) -> None:
    """Close a proposal, whose row is locked. Raises AlreadyApproved, AlreadyRefused."""
    _require_open(row)
    row.refused_by, row.refused_at, row.refused_because = account(actor), now, because.strip()
    row.save(update_fields=_REFUSAL)


@transaction.atomic(savepoint=False)
def set_day(
    *, day: date, working: bool, names: tuple[str, str, str], source: str, actor: Actor, now: datetime
) -> CalendarDay:
    """Name a day of the national calendar as off or working."""
    # Rival: another officer who corrects the same day; the later one wins and the journal keeps both.
    row = CalendarDay.objects.select_for_update().filter(day=day).first()
    before = None if row is None else row.working
    row = row or CalendarDay(day=day)
    row.working = working
    row.name_kk, row.name_ru, row.name_en = names
    row.source = source
    row.save()
    record.record(
        "calendar-day-set",
        actor=actor,
        now=now,
        facts={"day": day.isoformat(), "working": working, "before": before, "source": source},
    )
    return row


@transaction.atomic(savepoint=False)
def approve_day(*, change_id: int, actor: Actor, now: datetime) -> CalendarChange:
    """Approve a proposed change of the calendar and write the day. Raises what `approve` does, and DayInThePast."""
    # Rival: a third person who answers the same proposal at the same time.
    row = CalendarChange.objects.select_for_update(no_key=True).get(id=change_id)
    approve(row, actor=actor, now=now)
    if row.day <= localdate(now):
        raise DayInThePast(day=row.day.isoformat())
    row.save(update_fields=APPROVAL)
    names = (row.name_kk, row.name_ru, row.name_en)
    set_day(day=row.day, working=row.working, names=names, source=row.source, actor=actor, now=now)
    return row


@transaction.atomic(savepoint=False)
def approve_categories(*, table_id: int, actor: Actor, now: datetime) -> CategoryTable:
    """Approve a proposed table of categories. Raises what `approve` does, and TermInThePast."""
    # Rival: a third person who answers the same proposal at the same time.
    row = CategoryTable.objects.select_for_update(no_key=True).get(id=table_id)
    approve(row, actor=actor, now=now)
    if row.in_force_from <= localdate(now):
        raise TermInThePast(date=row.in_force_from.isoformat())
    row.save(update_fields=APPROVAL)
    facts = facts_of_table(row)
    record.record("categories-approved", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return row


def facts_of_day(row: CalendarChange) -> dict[str, Any]:
    """What the journal keeps of a change of the calendar."""
    return {"day": row.day.isoformat(), "working": row.working, "source": row.source, "proposed_by": row.proposed_by}


def facts_of_table(row: CategoryTable) -> dict[str, Any]:
    """What the journal keeps of a table of categories."""
    return {
        "table": row.id,
        "numbers": row.numbers,
        "in_force_from": row.in_force_from.isoformat(),
        "source": row.source,
        "proposed_by": row.proposed_by,
        "approved_by": row.approved_by,
    }
