"""`balabaqsha deadline MOMENT LENGTH`: when a term ends, and each day between with why it counts or not."""

from datetime import date, datetime

from balabaqsha.commands import starting
from balabaqsha.config import env
from balabaqsha.kernel.time import local
from balabaqsha.law import calendar_seed, days
from balabaqsha.law.rules import WorkingCalendar

Names = dict[date, str]


def run(moment: str, length: str) -> int:
    """Print the moment at which the term ends, then its days. Raises Stop for what is no moment or no length."""
    start = _moment(moment)
    try:
        count, unit = days.parse_length(length)
    except ValueError as wrong:
        raise starting.Stop(str(wrong)) from None
    calendar, names, source = _calendar()
    try:
        told = days.explain(start, count, unit, calendar)
    except OverflowError:
        raise starting.Stop(f"{length} after {moment} lies beyond every calendar") from None
    print(local(told.due).isoformat())
    for day in told.days:
        print(f"  {day.day.isoformat()} {day.day:%a}  {_why(day, names)}")
    print(f"  ({source})")
    return 0


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise starting.Stop(f"{text!r} is no moment; write it as 2024-09-30T15:37:26+05:00") from None
    if found.tzinfo is None:
        raise starting.Stop(f"{text!r} lacks its offset from UTC, such as +05:00")
    return found


def _calendar() -> tuple[WorkingCalendar, Names, str]:
    """The calendar of the named database, where officers may have corrected it; else as the portal ships it."""
    if env.current().database_url:
        starting.set_up()
        from balabaqsha.law import queries

        named = queries.day_names(date.min, date.max)
        return queries.calendar(), {day: name.en for day, name in named.items()}, "the calendar of the database"
    rows = calendar_seed.DAYS
    off = frozenset(row.day for row in rows if not row.working)
    working = frozenset(row.day for row in rows if row.working)
    seeded = WorkingCalendar(days_off=off, working_days=working)
    return seeded, {row.day: row.en for row in rows}, "the national calendar of 2024-2027 as the portal ships it"


def _why(day: days.CountedDay, names: Names) -> str:
    reason = names.get(day.day, "")
    if day.number is None:
        return f"not counted: {reason or 'not a working day'}"
    words = "day 0, the day of the event" if day.number == 0 else f"day {day.number}"
    return f"{words} ({reason})" if reason else words
