"""Changes of the rules that wait for their second person, and the two of the ministry who decide about the calendar."""

from datetime import date, datetime, timedelta

from balabaqsha.kernel.time import localdate
from balabaqsha.law.models import CalendarChange, CategoryTable, TerritorialTerm
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import unit_of
from balabaqsha.sandbox.town.staff import Staff
from balabaqsha.sandbox.town.world import World

_AHEAD = timedelta(days=30)
# Large families and children with special needs change places; the others stand as the list has them.
_NUMBERS = [*range(1, 11), 13, 14, 11, 12, *range(15, 21)]


def propose(world: World, staff: Staff, *, now: datetime) -> None:
    """A term, a table of categories and a day off, proposed by the first officer and the first of the ministry."""
    staff.ministry("ministry", position=61)
    proposer = staff.ministry("ministry-second", position=62)
    officer = world.officer.account_id or 0
    day, at = localdate(now) + _AHEAD, now - timedelta(days=1)
    source = "Павлодар қаласы әкімдігінің № 12 қаулысының жобасы, 3-тармақ"
    code = "waiting_list.answer"
    world.rows.add(
        TerritorialTerm,
        code=code,
        territory_id=world.territory,
        value="2",
        unit=unit_of(code).value,
        in_force_from=day,
        source=source,
        proposed_by=officer,
        proposed_at=at,
    )
    world.rows.add(
        CategoryTable,
        territory_id=world.territory,
        numbers=_NUMBERS,
        in_force_from=day,
        source=source,
        proposed_by=officer,
        proposed_at=at,
    )
    world.rows.add(
        CalendarChange,
        day=_working_day(day),
        working=False,
        name_kk="Ауыстырылған демалыс күні",
        name_ru="Перенесённый выходной день",
        name_en="Moved day off",
        source="Үкімет қаулысының жобасы",
        proposed_by=proposer,
        proposed_at=at,
    )


def _working_day(day: date) -> date:
    return WorkingCalendar().next_working_day(day)
