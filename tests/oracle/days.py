"""Days as the rules count them: working days, calendar days, months and ages, in national time."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """Which days are working days: weekends and days off are not, worked weekend days are."""

    days_off: frozenset[date]
    worked: frozenset[date]

    def after(self, moment: datetime, days: int) -> datetime:
        """So many working days later; the day of the event is day 0, the time of day is kept."""
        local = moment.astimezone(ALMATY)
        day = local.date()
        while days > 0:
            day += timedelta(days=1)
            days -= self._is_working(day)
        return datetime.combine(day, local.time(), ALMATY)

    def _is_working(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < SATURDAY and day not in self.days_off)


def days_after(moment: datetime, days: int) -> datetime:
    """So many calendar days later, at the same time of day."""
    local = moment.astimezone(ALMATY)
    return datetime.combine(local.date() + timedelta(days=days), local.time(), ALMATY)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of that month, at the same time of day."""
    local = moment.astimezone(ALMATY)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return datetime.combine(date(year, month + 1, day), local.time(), ALMATY)


def midnight(day: date) -> datetime:
    """00:00 of the day."""
    return datetime.combine(day, time(), ALMATY)


def day_of(moment: datetime) -> date:
    """The national date of the moment."""
    return moment.astimezone(ALMATY).date()


def is_old(born: date, *, months: int) -> date:
    """The day on which a child becomes so many months old: the day of its birth, or the 1st after a month without it."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    month += 1
    if year >= date.max.year:
        # A term of thousands of years: never in a story.
        return date.max
    if born.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, born.day)
    return date(year + month // 12, month % 12 + 1, 1)


def full_years(born: date, on: date) -> int:
    """How many full years old the child is on that day."""
    years = on.year - born.year
    return years if is_old(born, months=12 * years) <= on else years - 1
