"""Every read of the law that other apps use."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.law.models import CalendarDay, TerritorialTerm
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import NUMERIC_TERMS, Rulebook, Term, Unit, national_term
from balabaqsha.territories import queries as territories

__all__ = ["DayName", "calendar", "day_names", "freeze_ends_at", "national_term", "proposals", "rulebook"]


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
    """Terms proposed for the territory itself that nobody has approved yet, oldest first."""
    return TerritorialTerm.objects.filter(territory_id=territory_code, approved_by__isnull=True).order_by("id")


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
    return {
        row.day: DayName(
            day=row.day, working=row.working, kk=row.name_kk, ru=row.name_ru, en=row.name_en, source=row.source
        )
        for row in rows
    }
