"""Every change of the law's tables: days of the calendar, and terms that a territory sets for itself."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import _steps as steps
from balabaqsha.law import queries, rules, terms
from balabaqsha.law._steps import AlreadyApproved, AlreadyRefused, DayInThePast, OwnProposal, TermInThePast
from balabaqsha.law.models import CalendarChange, CalendarDay, CategoryTable, TerritorialTerm
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories
from balabaqsha.territories.actions import UnknownTerritory

__all__ = ["AlreadyApproved", "AlreadyRefused", "DayInThePast", "OwnProposal", "TermInThePast"]


class NamesMissing(Refusal, code="not-allowed", detail="calendar-names-missing"):
    """A day of the calendar needs its name in three languages and its source; facts: day."""


class WrongTermValue(Refusal, code="not-allowed", detail="term-wrong-value"):
    """The term cannot be set by a territory, or not to this value; facts: term, value."""


class TermAlreadySet(Refusal, code="not-allowed", detail="term-already-set"):
    """The territory has a term, or a proposal, of this code from this day; facts: term, date."""


class DayStands(Refusal, code="not-allowed", detail="calendar-day-stands"):
    """The day is off, or worked, already: nothing would change; facts: day."""


class DayAlreadyProposed(Refusal, code="not-allowed", detail="calendar-day-proposed"):
    """A change of this day waits for its second person; facts: day."""


class CategoriesIncomplete(Refusal, code="not-allowed", detail="categories-incomplete"):
    """Each status and age needs a category, counted from 1 without a gap."""


class CategoriesStand(Refusal, code="not-allowed", detail="categories-stand"):
    """On that day the territory has this very table: nothing would change."""


class CategoriesAlreadySet(Refusal, code="not-allowed", detail="categories-already-set"):
    """The territory has a table, or a proposal of one, from this day; facts: date."""


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
    if not all(text.strip() for text in (names.kk, names.ru, names.en, source)):
        raise NamesMissing(day=day.isoformat())
    return steps.set_day(
        day=day, working=working, names=(names.kk, names.ru, names.en), source=source, actor=actor, now=now
    )


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


def check_term(*, change: TermChange, now: datetime) -> None:
    """Say whether the change could be proposed, without proposing it: what a page looks at before.

    Raises WrongTermValue, TermInThePast, TermAlreadySet.
    """
    try:
        terms.parse_value(change.code, change.value)
    except terms.WrongValue:
        raise WrongTermValue(term=change.code, value=str(change.value)) from None
    if change.in_force_from <= localdate(now):
        raise TermInThePast(date=change.in_force_from.isoformat())
    same = TerritorialTerm.objects.filter(code=change.code, territory_id=change.territory_code, refused_by=None)
    if same.filter(in_force_from=change.in_force_from).exists():
        raise TermAlreadySet(term=change.code, date=change.in_force_from.isoformat())


@transaction.atomic(durable=True)
def propose_term(*, change: TermChange, actor: Actor, now: datetime) -> TerritorialTerm:
    """Propose a term for one territory; it is in force from its day once a second person approved it.

    Raises WrongTermValue, UnknownTerritory, TermInThePast, TermAlreadySet.
    """
    check_term(change=change, now=now)
    row = _new_row(change, proposed_by=_account(actor), now=now)
    record.record("term-proposed", actor=actor, now=now, territory_code=change.territory_code, facts=_facts(row))
    return row


@transaction.atomic(durable=True)
def approve_term(*, term_id: int, actor: Actor, now: datetime) -> TerritorialTerm:
    """Approve what somebody else proposed. Raises OwnProposal, AlreadyApproved, AlreadyRefused, TermInThePast."""
    # Rival: a third person who answers the same proposal at the same time.
    row = TerritorialTerm.objects.select_for_update(no_key=True).get(id=term_id)
    steps.approve(row, actor=actor, now=now)
    if row.in_force_from <= localdate(now):
        raise TermInThePast(date=row.in_force_from.isoformat())
    row.save(update_fields=steps.APPROVAL)
    record.record("term-approved", actor=actor, now=now, territory_code=row.territory_id, facts=_facts(row))
    return row


@transaction.atomic(durable=True)
def refuse_term(*, term_id: int, because: str, actor: Actor, now: datetime) -> TerritorialTerm:
    """Refuse a proposed term, or take back one's own, with a reason. Raises AlreadyApproved, AlreadyRefused."""
    # Rival: somebody who approves it at the same time.
    row = TerritorialTerm.objects.select_for_update(no_key=True).get(id=term_id)
    steps.refuse(row, because=because, actor=actor, now=now)
    facts = _facts(row) | {"because": row.refused_because}
    record.record("term-refused", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return row


@dataclass(frozen=True)
class DayChange:
    """What a day of the national calendar is to be, and by which act."""

    day: date
    working: bool
    names: DayNames
    source: str


def check_day(*, change: DayChange, now: datetime) -> None:
    """Say whether the change could be proposed, without proposing it. Raises NamesMissing, DayInThePast, DayStands."""
    day, names = change.day, change.names
    if not all(text.strip() for text in (names.kk, names.ru, names.en, change.source)):
        raise NamesMissing(day=day.isoformat())
    if day <= localdate(now):
        raise DayInThePast(day=day.isoformat())
    if queries.calendar().is_working(day) == change.working:
        raise DayStands(day=day.isoformat())


@transaction.atomic(durable=True)
def propose_day(*, change: DayChange, actor: Actor, now: datetime) -> CalendarChange:
    """Propose a day off, or a working one; the calendar has it once a second person approved it.

    Raises NamesMissing, DayInThePast, DayStands, DayAlreadyProposed.
    """
    check_day(change=change, now=now)
    day, names = change.day, change.names
    row, created = CalendarChange.objects.get_or_create(
        day=day,
        approved_by=None,
        refused_by=None,
        defaults={
            "working": change.working,
            "name_kk": names.kk.strip(),
            "name_ru": names.ru.strip(),
            "name_en": names.en.strip(),
            "source": change.source.strip(),
            "proposed_by": _account(actor),
            "proposed_at": now,
        },
    )
    if not created:
        raise DayAlreadyProposed(day=day.isoformat())
    record.record("calendar-change-proposed", actor=actor, now=now, facts=steps.facts_of_day(row))
    return row


@transaction.atomic(durable=True)
def refuse_day(*, change_id: int, because: str, actor: Actor, now: datetime) -> CalendarChange:
    """Refuse a proposed change of the calendar, or take back one's own. Raises AlreadyApproved, AlreadyRefused."""
    # Rival: somebody who approves it at the same time.
    row = CalendarChange.objects.select_for_update(no_key=True).get(id=change_id)
    steps.refuse(row, because=because, actor=actor, now=now)
    facts = steps.facts_of_day(row) | {"because": row.refused_because}
    record.record("calendar-change-refused", actor=actor, now=now, facts=facts)
    return row


@dataclass(frozen=True)
class TableChange:
    """Which categories a territory wants for its voucher lines from a day on, and by which act."""

    territory_code: str
    numbers: tuple[int, ...]
    in_force_from: date
    source: str


def check_categories(*, change: TableChange, now: datetime) -> rules.Categories:
    """Say whether the table could be proposed, without proposing it; returns its categories.

    Raises UnknownTerritory, CategoriesIncomplete, TermInThePast, CategoriesStand.
    """
    day = change.in_force_from
    try:
        categories = rules.Categories(change.numbers)
    except rules.WrongCategories:
        raise CategoriesIncomplete from None
    if territories.place(change.territory_code) is None:
        raise UnknownTerritory(territory=change.territory_code)
    if day <= localdate(now):
        raise TermInThePast(date=day.isoformat())
    before = queries.table_on(queries.category_tables(change.territory_code), day)
    if categories == (before.categories if before else rules.ASSUMED_CATEGORIES):
        raise CategoriesStand
    return categories


@transaction.atomic(durable=True)
def propose_categories(*, change: TableChange, actor: Actor, now: datetime) -> CategoryTable:
    """Propose a table of categories for a territory; it is in force from its day once a second person approved it.

    Raises UnknownTerritory, CategoriesIncomplete, TermInThePast, CategoriesStand, CategoriesAlreadySet.
    """
    day, categories = change.in_force_from, check_categories(change=change, now=now)
    row, created = CategoryTable.objects.get_or_create(
        territory_id=change.territory_code,
        in_force_from=day,
        refused_by=None,
        defaults={
            "numbers": list(categories.numbers),
            "source": change.source.strip(),
            "proposed_by": _account(actor),
            "proposed_at": now,
        },
    )
    if not created:
        raise CategoriesAlreadySet(date=day.isoformat())
    facts = steps.facts_of_table(row)
    record.record("categories-proposed", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return row


@transaction.atomic(durable=True)
def refuse_categories(*, table_id: int, because: str, actor: Actor, now: datetime) -> CategoryTable:
    """Refuse a proposed table, or take back one's own, with a reason. Raises AlreadyApproved, AlreadyRefused."""
    # Rival: somebody who approves it at the same time.
    row = CategoryTable.objects.select_for_update(no_key=True).get(id=table_id)
    steps.refuse(row, because=because, actor=actor, now=now)
    facts = steps.facts_of_table(row) | {"because": row.refused_because}
    record.record("categories-refused", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
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
        refused_by=None,
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


_account = steps.account


def _facts(row: TerritorialTerm) -> dict[str, int | str | None]:
    return {
        "term": row.code,
        "value": row.value,
        "in_force_from": row.in_force_from.isoformat(),
        "proposed_by": row.proposed_by,
        "approved_by": row.approved_by,
    }
