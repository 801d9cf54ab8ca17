"""Pure rules of time: the working calendar and deadlines. No Django; moments are aware datetimes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from balabaqsha.kernel.time import NATIONAL, local, localdate, start_of
from balabaqsha.law import ages
from balabaqsha.law.ages import (
    ASSUMED_CATEGORIES,
    AgeBand,
    Categories,
    CategoryRow,
    Counting,
    WrongCategories,
    add_months,
    age_band,
    birthday_moment,
    categories,
    category,
    full_years,
    has_full_months,
    has_full_years,
    intake_year,
    max_age_moment,
    school_year,
    school_year_begins,
)
from balabaqsha.law.terms import Term, Unit

# Ages and categories are rules of the law too: callers find every rule here.
__all__ = [
    "ASSUMED_CATEGORIES",
    "AgeBand",
    "Categories",
    "CategoryRow",
    "Counting",
    "NotADuration",
    "WorkingCalendar",
    "WrongCategories",
    "add_months",
    "age_band",
    "birthday_moment",
    "categories",
    "category",
    "deadline",
    "due",
    "freeze_ends_at",
    "full_years",
    "has_full_months",
    "has_full_years",
    "intake_year",
    "max_age_moment",
    "month_later",
    "school_year",
    "school_year_begins",
    "start_of_last_day",
]

_SATURDAY = 5


class NotADuration(ValueError):
    """The term has no length in time, so nothing can be due by it."""


@dataclass(frozen=True)
class WorkingCalendar:
    """The national calendar: weekdays work, `days_off` do not, `working_days` (moved ones) do whatever else is said."""

    days_off: frozenset[date] = field(default=frozenset(), repr=False)
    working_days: frozenset[date] = field(default=frozenset(), repr=False)

    def is_working(self, day: date) -> bool:
        """Whether the national day is a working day."""
        if day in self.working_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def add(self, moment: datetime, *, working_days: int) -> datetime:
        """The moment so many working days later at the same national time of day.

        The day of the event is day 0, whether or not it is a working day.
        """
        if working_days < 0:
            raise ValueError(f"working days cannot be counted back: {working_days}")
        day = localdate(moment)
        for _ in range(working_days):
            day = self.next_working_day(day)
        return _at_the_same_time(moment, day)

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 where `end` is not later."""
        length = (end - start).days
        return sum(self.is_working(start + timedelta(days=number)) for number in range(1, length + 1))

    def changed(self, *, days_off: Iterable[date] = (), working_days: Iterable[date] = ()) -> "WorkingCalendar":
        """This calendar with more days off and more working days; what is added wins over what was there."""
        off, working = frozenset(days_off), frozenset(working_days)
        if off & working:
            raise ValueError(f"both off and working: {sorted(off & working)}")
        return WorkingCalendar(
            days_off=(self.days_off | off) - working, working_days=(self.working_days | working) - off
        )


def _at_the_same_time(moment: datetime, day: date) -> datetime:
    return datetime.combine(day, local(moment).time(), tzinfo=NATIONAL)


def month_later(day: date, months: int = 1) -> date:
    """The same day so many months later, or the last day of that month where it is shorter."""
    first_of_next = ages.first_of_month(day, months + 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def deadline(moment: datetime, term: Term, calendar: WorkingCalendar) -> datetime:
    """The moment until which (inclusive) an act is in time, by the value and unit of the term.

    Raises NotADuration for a term that is not a length of time.
    """
    if not isinstance(term.value, int):
        raise NotADuration(term.identity)
    return due(moment, term.value, term.unit, calendar)


def due(moment: datetime, length: int, unit: Unit, calendar: WorkingCalendar) -> datetime:
    """The moment so long after this one, on the national clock.

    Working days, calendar days and months keep the national time of day; hours, minutes and seconds are
    counted as they pass. Raises NotADuration for a unit that is not one of time.
    """
    match unit:
        case Unit.WORKING_DAYS:
            return calendar.add(moment, working_days=length)
        case Unit.CALENDAR_DAYS:
            return _at_the_same_time(moment, localdate(moment) + timedelta(days=length))
        case Unit.MONTHS:
            return _at_the_same_time(moment, month_later(localdate(moment), length))
        case Unit.HOURS:
            return _passed(moment, timedelta(hours=length))
        case Unit.MINUTES:
            return _passed(moment, timedelta(minutes=length))
        case Unit.SECONDS:
            return _passed(moment, timedelta(seconds=length))
    raise NotADuration(unit)


def _passed(moment: datetime, length: timedelta) -> datetime:
    # Within one zone Python adds on the clock's face; the day national time changed had 25 hours.
    return local(moment.astimezone(UTC) + length)


def start_of_last_day(due: datetime) -> datetime:
    """The moment at which "the last working day" of a term begins: 00:00 of the date of its due moment."""
    return start_of(localdate(due))


def freeze_ends_at(period: int | str, moment: datetime) -> datetime | None:
    """When the freeze that covers this moment is over: 00:00 of the day after its last; None outside of it.

    `period` is a value of the term `line.freeze`: `08-01..08-31`, both days of every year included, or `off`.
    """
    if period == "off":
        return None
    day = localdate(moment)
    first, last = (date.fromisoformat(f"{day.year}-{end}") for end in str(period).split(".."))
    return start_of(last + timedelta(days=1)) if first <= day <= last else None
