"""Until when somebody may be a child's guardian. Pure."""

from datetime import date, datetime, timedelta

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import rules as law

# A child has a guardian until fourteen (Code on marriage and family; glossary, `guardian`).
WARD_UNTIL = 14


class GuardianEndsTooSoon(Refusal, code="wrong-date", detail="guardian-ends-too-soon"):
    """The last day of the decision has passed."""


class GuardianEndsTooLate(Refusal, code="wrong-date", detail="guardian-ends-too-late"):
    """The last day lies beyond the child's fourteenth birthday; facts: date, the latest day."""


def latest_day(born_on: date) -> date:
    """The last day on which a child of this birthday has a guardian: the one before it is fourteen."""
    return law.month_later(born_on, WARD_UNTIL * 12) - timedelta(days=1)


def end_of(last_day: date | None, *, born_on: date, now: datetime) -> datetime:
    """The moment at which a guardian ends; without a day in the decision the child's fourteenth birthday.

    Raises GuardianEndsTooSoon, GuardianEndsTooLate.
    """
    latest = latest_day(born_on)
    chosen = last_day or latest
    if chosen < localdate(now):
        raise GuardianEndsTooSoon
    if chosen > latest:
        raise GuardianEndsTooLate(date=latest.isoformat())
    return start_of(chosen + timedelta(days=1))
