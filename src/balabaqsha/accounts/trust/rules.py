"""Whom a parent may trust and for how long. Pure."""

from datetime import date, datetime, timedelta

from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import rules as law
from balabaqsha.people import rules as people


class TrustedNotAdult(Refusal, code="wrong-iin", detail="trusted-not-adult"):
    """The IIN is of somebody under eighteen."""


class TrustToOneself(Refusal, code="wrong-iin", detail="trust-to-oneself"):
    """The IIN is the parent's own."""


class TrustEndsTooSoon(Refusal, code="wrong-date", detail="trust-ends-too-soon"):
    """The last day has passed already."""


class TrustEndsTooLate(Refusal, code="wrong-date", detail="trust-ends-too-late"):
    """The last day lies beyond the longest term; facts: date, the latest day."""


def trusted_iin(text: str, *, giver_iin: str, today: date) -> Iin:
    """The IIN of somebody who may be trusted; raises IinNotValid, TrustedNotAdult, TrustToOneself."""
    iin = people.parse_iin(text)
    if iin.text == giver_iin:
        raise TrustToOneself
    # Full legal capacity begins at eighteen (Civil Code, article 17).
    if iin.born_on > today or law.full_years(iin.born_on, today) < people.ADULT_FROM:
        raise TrustedNotAdult
    return iin


def latest_day(today: date, months: int) -> date:
    """The latest last day of a trust given today."""
    return law.month_later(today, months)


def end_of(last_day: date, *, now: datetime, months: int) -> datetime:
    """The moment at which a trust with this last day ends; raises TrustEndsTooSoon, TrustEndsTooLate."""
    today = localdate(now)
    if last_day < today:
        raise TrustEndsTooSoon
    if last_day > latest_day(today, months):
        raise TrustEndsTooLate(date=latest_day(today, months).isoformat())
    return start_of(last_day + timedelta(days=1))


def is_surname(written: str, known: str) -> bool:
    """Whether the surname that a parent wrote is that of the register, whatever its letters' size."""
    return " ".join(written.split()).casefold() == known.casefold()
