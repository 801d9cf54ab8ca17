"""Every read of the law that other apps use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.law.models import CalendarChange, CalendarDay, CategoryTable, TerritorialTerm
from balabaqsha.law.rules import Categories, WorkingCalendar
from balabaqsha.law.terms import NUMERIC_TERMS, Rulebook, Term, Unit, national_term
from balabaqsha.territories import queries as territories

__all__ = [
    "DayName",
    "TableInForce",
    "calendar",
    "category_tables",
    "day_names",
    "freeze_ends_at",
    "named_days",
    "national_term",
    "next_table_day",
    "open_days",
    "open_tables",
    "proposals",
    "rulebook",
    "table_on",
]


@dataclass(frozen=True)
class DayName:
    """Why a day is off, or working against its weekday."""

    day: date
    working: bool
    kk: str
    ru: str
    en: str
    source: str


def rulebook(territory_code: str | None) -> Rulebook:
    """The terms of the territory, its ancestors' overrides included. One query.

    A code that the table of territories does not have, or None, has the national terms only.
    """
    if territory_code is None:
        return Rulebook()
    with connection.cursor() as cursor:
        cursor.execute(_OVERRIDES, [territory_code])
        overrides = tuple(_as_term(*row) for row in cursor.fetchall())
    return Rulebook(territory_code=territory_code, overrides=overrides)


def _as_term(code: str, value: str, unit: str, *rest: Any) -> Term:
    return Term(code, int(value) if code in NUMERIC_TERMS else value, Unit(unit), *rest)


_OVERRIDES = f"""
SELECT held.code, held.value, held.unit, held.in_force_from, held.source, held.paragraph, held.assumed, held.territory_id
FROM law_territorialterm AS held {territories.AT_OR_ABOVE}
WHERE held.approved_by IS NOT NULL ORDER BY length(holder.path) DESC, held.in_force_from DESC, held.id
"""  # noqa: S608 - of constants


def proposals(territory_code: str) -> QuerySet[TerritorialTerm]:
    """Terms proposed for the territory itself that nobody has answered yet, oldest first."""
    rows = TerritorialTerm.objects.filter(approved_by__isnull=True, refused_by__isnull=True)
    return rows.filter(territory_id=territory_code).order_by("id")


@dataclass(frozen=True)
class TableInForce:
    """A table of categories that two people have given a territory, from a day on."""

    table_id: int
    territory_code: str
    in_force_from: date
    categories: Categories
    source: str
    assumed: bool


def category_tables(territory_code: str) -> list[TableInForce]:
    """The approved tables of the territory and of those above it: first the one that counts wherever both are in force.

    The nearest territory wins, within it the newest. Where none is in force the assumed table of the term
    `line.categories` is. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [territory_code])
        return [
            TableInForce(table_id, code, day, Categories(tuple(numbers)), source, assumed)
            for table_id, code, day, numbers, source, assumed in cursor.fetchall()
        ]


_TABLES = f"""
SELECT held.id, held.territory_id, held.in_force_from, held.numbers, held.source, held.assumed
FROM law_categorytable AS held {territories.AT_OR_ABOVE}
WHERE held.approved_by IS NOT NULL ORDER BY length(holder.path) DESC, held.in_force_from DESC, held.id
"""  # noqa: S608 - of constants


def table_on(tables: Iterable[TableInForce], day: date) -> TableInForce | None:
    """The one of `category_tables` that is in force on the day."""
    return next((table for table in tables if table.in_force_from <= day), None)


def next_table_day(tables: Iterable[TableInForce], after: date) -> date | None:
    """The first day after this one on which one of `category_tables` comes into force."""
    return min((table.in_force_from for table in tables if table.in_force_from > after), default=None)


def open_tables(territory_code: str) -> QuerySet[CategoryTable]:
    """Tables proposed for the territory itself that nobody has answered yet, oldest first."""
    rows = CategoryTable.objects.filter(approved_by__isnull=True, refused_by__isnull=True)
    return rows.filter(territory_id=territory_code).order_by("id")


def freeze_ends_at(territory_code: str, now: datetime) -> datetime | None:
    """When the yearly freeze of a territory's linear lines that covers this moment is over; None where none does.

    A territory may only do without the freeze of the country, so outside of that nothing is read. At most one query.
    """
    day = localdate(now)
    if law_rules.freeze_ends_at(national_term("line.freeze", day).value, now) is None:
        return None
    return law_rules.freeze_ends_at(rulebook(territory_code).term("line.freeze", on=day).value, now)


def calendar() -> WorkingCalendar:
    """The national calendar as it stands now. One query of one row, so that no copy of it can grow stale."""
    with connection.cursor() as cursor:
        cursor.execute(_CALENDAR)
        off, working = cursor.fetchone()
    return WorkingCalendar(days_off=frozenset(off), working_days=frozenset(working))


_CALENDAR = """
SELECT coalesce(array_agg(day) FILTER (WHERE NOT working), '{}'), coalesce(array_agg(day) FILTER (WHERE working), '{}')
FROM law_calendarday
"""


def day_names(first: date, last: date) -> dict[date, DayName]:
    """The named days from `first` to `last`, both included. One query."""
    rows = CalendarDay.objects.filter(day__range=(first, last)).order_by("day")
    return {row.day: _day_name(row) for row in rows}


def named_days(*, since: date) -> list[DayName]:
    """The named days from this one on, in order. One query."""
    return [_day_name(row) for row in CalendarDay.objects.filter(day__gte=since).order_by("day")]


def _day_name(row: CalendarDay) -> DayName:
    return DayName(day=row.day, working=row.working, kk=row.name_kk, ru=row.name_ru, en=row.name_en, source=row.source)


def open_days() -> QuerySet[CalendarChange]:
    """Changes of the calendar that nobody has answered yet, by day."""
    return CalendarChange.objects.filter(approved_by__isnull=True, refused_by__isnull=True).order_by("day")
