"""Every read of the law that other apps use."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

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
    rows = (
        TerritorialTerm.objects.filter(approved_by__isnull=False)
        .filter(territories.at_or_above(territory_code, field="territory_id"))
        .order_by(Length("territory__path").desc(), F("in_force_from").desc(), "id")
    )
    return Rulebook(territory_code=territory_code, overrides=tuple(_as_term(row) for row in rows))


def _as_term(row: TerritorialTerm) -> Term:
    return Term(
        code=row.code,
        value=int(row.value) if row.code in NUMERIC_TERMS else row.value,
        unit=Unit(row.unit),
        in_force_from=row.in_force_from,
        source=row.source,
        paragraph=row.paragraph,
        assumed=row.assumed,
        territory=row.territory_id,
    )


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
    days = CalendarDay.objects.aggregate(
        off=ArrayAgg("day", filter=Q(working=False), default=[]),
        working=ArrayAgg("day", filter=Q(working=True), default=[]),
    )
    return WorkingCalendar(days_off=frozenset(days["off"]), working_days=frozenset(days["working"]))


def day_names(first: date, last: date) -> dict[date, DayName]:
    """The named days from `first` to `last`, both included. One query."""
    rows = CalendarDay.objects.filter(day__range=(first, last)).order_by("day")
    return {
        row.day: DayName(
            day=row.day, working=row.working, kk=row.name_kk, ru=row.name_ru, en=row.name_en, source=row.source
        )
        for row in rows
    }
