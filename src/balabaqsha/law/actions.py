"""Every change of the law's tables: days of the calendar, and terms that a territory sets for itself."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import terms
from balabaqsha.law.models import CalendarDay, TerritorialTerm
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories
from balabaqsha.territories.actions import UnknownTerritory


class NamesMissing(Refusal, code="not-allowed", detail="calendar-names-missing"):
    """A day of the calendar needs its name in three languages and its source; facts: day."""


class WrongTermValue(Refusal, code="not-allowed", detail="term-wrong-value"):
    """The term cannot be set by a territory, or not to this value; facts: term, value."""


class TermInThePast(Refusal, code="not-allowed", detail="term-in-past"):
    """A term begins on a day after today; facts: date."""


class TermAlreadySet(Refusal, code="not-allowed", detail="term-already-set"):
    """The territory has a term, or a proposal, of this code from this day; facts: term, date."""


class OwnProposal(Refusal, code="not-allowed", detail="term-own-proposal"):
    """Who proposed a term cannot approve it."""


class AlreadyApproved(Refusal, code="not-in-this-state", detail="term-approved"):
    """Somebody has approved the term already."""


@dataclass(frozen=True)
class DayNames:
    """What a day is called in the three languages."""

    kk: str
    ru: str
    en: str


@transaction.atomic(durable=True)
def set_calendar_day(
    *, day: date, working: bool, names: DayNames, source: str, actor: Actor, now: datetime
) -> CalendarDay:
    """Name a day of the national calendar as off or working; deadlines already counted stay as they are.

    `source` is the act that says so, in the officer's words. Raises NamesMissing.
    """
    # Rival: another officer who corrects the same day; the later one wins and the journal keeps both.
    row = CalendarDay.objects.select_for_update().filter(day=day).first()
    if not all(text.strip() for text in (names.kk, names.ru, names.en, source)):
        raise NamesMissing(day=day.isoformat())
    before = None if row is None else row.working
    row = row or CalendarDay(day=day)
    row.working = working
    row.name_kk, row.name_ru, row.name_en, row.source = names.kk, names.ru, names.en, source
    row.save()
    record.record(
        "calendar-day-set",
        actor=actor,
        now=now,
        facts={"day": day.isoformat(), "working": working, "before": before, "source": source},
    )
    return row


@transaction.atomic(durable=True)
def clear_calendar_day(*, day: date, actor: Actor, now: datetime) -> bool:
    """Take the day out of the calendar: its weekday decides again. Returns whether it was there."""
    removed, _ = CalendarDay.objects.filter(day=day).delete()
    if removed:
        record.record("calendar-day-cleared", actor=actor, now=now, facts={"day": day.isoformat()})
    return bool(removed)


@dataclass(frozen=True)
class TermChange:
    """What a territory wants a term to be from a day on, and by which act."""

    code: str
    territory_code: str
    value: int | str
    in_force_from: date
    source: str
    paragraph: str = ""


@transaction.atomic(durable=True)
def propose_term(*, change: TermChange, actor: Actor, now: datetime) -> TerritorialTerm:
    """Propose a term for one territory; it is in force from its day once a second person approved it.

    Raises WrongTermValue, UnknownTerritory, TermInThePast, TermAlreadySet.
    """
    if change.in_force_from <= localdate(now):
        raise TermInThePast(date=change.in_force_from.isoformat())
    row = _new_row(change, proposed_by=_account(actor), now=now)
    record.record("term-proposed", actor=actor, now=now, territory_code=change.territory_code, facts=_facts(row))
    return row


@transaction.atomic(durable=True)
def approve_term(*, term_id: int, actor: Actor, now: datetime) -> TerritorialTerm:
    """Approve what somebody else proposed. Raises OwnProposal, AlreadyApproved, TermInThePast."""
    # Rival: a third person who approves the same proposal at the same time.
    row = TerritorialTerm.objects.select_for_update().get(id=term_id)
    if row.approved_by is not None:
        raise AlreadyApproved
    if row.proposed_by == _account(actor):
        raise OwnProposal
    if row.in_force_from <= localdate(now):
        raise TermInThePast(date=row.in_force_from.isoformat())
    row.approved_by, row.approved_at = _account(actor), now
    row.save(update_fields=["approved_by", "approved_at"])
    record.record("term-approved", actor=actor, now=now, territory_code=row.territory_id, facts=_facts(row))
    return row


@transaction.atomic(durable=True)
def install_term(
    *, change: TermChange, proposed_by: int, approved_by: int, actor: Actor, now: datetime
) -> TerritorialTerm:
    """Write a term that two people have approved elsewhere: a rehearsal's, or one carried over from another system.

    Its day may be past. Raises WrongTermValue, UnknownTerritory, TermAlreadySet.
    """
    row = _new_row(change, proposed_by=proposed_by, approved_by=approved_by, now=now)
    record.record("term-installed", actor=actor, now=now, territory_code=change.territory_code, facts=_facts(row))
    return row


def _new_row(change: TermChange, *, proposed_by: int, now: datetime, approved_by: int | None = None) -> TerritorialTerm:
    try:
        value = terms.parse_value(change.code, change.value)
    except terms.WrongValue:
        raise WrongTermValue(term=change.code, value=str(change.value)) from None
    if territories.place(change.territory_code) is None:
        raise UnknownTerritory(territory=change.territory_code)
    row, created = TerritorialTerm.objects.get_or_create(
        code=change.code,
        territory_id=change.territory_code,
        in_force_from=change.in_force_from,
        defaults={
            "value": str(value),
            "unit": terms.unit_of(change.code).value,
            "source": change.source,
            "paragraph": change.paragraph,
            "proposed_by": proposed_by,
            "proposed_at": now,
            "approved_by": approved_by,
            "approved_at": None if approved_by is None else now,
        },
    )
    if not created:
        raise TermAlreadySet(term=change.code, date=change.in_force_from.isoformat())
    return row


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise ValueError("a term is proposed and approved by persons with accounts")
    return actor.account_id


def _facts(row: TerritorialTerm) -> dict[str, int | str | None]:
    return {
        "term": row.code,
        "value": row.value,
        "in_force_from": row.in_force_from.isoformat(),
        "proposed_by": row.proposed_by,
        "approved_by": row.approved_by,
    }
