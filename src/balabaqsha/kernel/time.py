"""National time: one zone, local days, and the moments at which days begin."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

# UTC+5 since 2024-03-01, UTC+6 before that: only an up-to-date zone database knows (rules, section 2).
NATIONAL = ZoneInfo("Asia/Almaty")


def local(moment: datetime) -> datetime:
    """The same moment on the national clock."""
    return moment.astimezone(NATIONAL)


def localdate(moment: datetime) -> date:
    """The national day on which the moment lies."""
    return local(moment).date()


def start_of(day: date) -> datetime:
    """The moment at which the national day begins."""
    return datetime.combine(day, time.min, tzinfo=NATIONAL)
