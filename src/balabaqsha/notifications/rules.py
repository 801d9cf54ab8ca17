"""Which events are messages, and when a family is reminded. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from balabaqsha.applications.states import State
from balabaqsha.kernel.time import localdate, start_of

# Events that concern the kindergarten or the department alone: their work lists show them.
NOT_FOR_THE_FAMILY = frozenset({"place-chosen", "contract-overdue"})
SMS_LONGEST_NAME = 16
SMS_LONGEST_KINDERGARTEN = 24
# A message that the sender does not take is tried again after so many minutes, the last value for good.
RETRY_MINUTES = (1, 2, 5, 15, 60)
# Some twenty minutes after the first silence of the sender another channel is tried too.
ATTEMPTS_OF_ONE_WAY = len(RETRY_MINUTES)
# A telephone that was off for a day gets its messages from the inbox.
UNCONFIRMED = timedelta(hours=24)


@dataclass(frozen=True)
class DueReminder:
    """A reminder whose moment has come; `hours` before the due moment."""

    key: str
    hours: int


_HOURS = (24, 4)
_KEY_BY_STATE = {
    State.VOUCHER_OFFERED: "reminder-confirm",
    State.VOUCHER_ACTIVE: "reminder-sign",
    State.TURN_OFFERED: "reminder-turn",
    State.REFERRAL_ISSUED: "reminder-referral",
    State.REGISTERED: "reminder-sign",
    State.CONTRACT_AWAITED: "reminder-sign",
    State.CONTRACT_WITH_PARENT: "reminder-sign",
}


def reminders(state: str, *, counted_from: datetime, due_at: datetime, now: datetime) -> Iterator[DueReminder]:
    """Reminders of a term whose moment has come; one that would come before the term began is left out.

    Of several at once only the last is given: a family that sends its choice late is not told twice.
    """
    key = _KEY_BY_STATE.get(State(state))
    if key is None or due_at < now:
        return
    come = [hours for hours in _HOURS if counted_from < due_at - timedelta(hours=hours) <= now]
    if come:
        yield DueReminder(key, min(come))


# The spring reminder is sent within so many days; a portal that was down longer lets that year pass.
SPRING_DAYS = 30


def spring(day_of_year: str, *, now: datetime) -> datetime | None:
    """The moment of this year's spring reminder while it is to be sent, else None; `day_of_year` is 04-01."""
    begins = start_of(date.fromisoformat(f"{localdate(now).year}-{day_of_year}"))
    return begins if begins <= now < begins + timedelta(days=SPRING_DAYS) else None


OFFER_HOURS = 4


def offer_reminders(*, offered_at: datetime, due_at: datetime, now: datetime) -> Iterator[int]:
    """Hours before the end of a waiting-list offer at which its reminder has come; the offer lasts a day, so one."""
    if offered_at < due_at - timedelta(hours=OFFER_HOURS) <= now <= due_at:
        yield OFFER_HOURS


def is_given_up(*, accepted_for: timedelta) -> bool:
    """Whether a message that the sender took, and says nothing more of, counts as not arrived."""
    return accepted_for >= UNCONFIRMED


def wants_another_way(attempts: int) -> bool:
    """Whether a message that the sender did not take so often is sent by another channel as well."""
    return attempts == ATTEMPTS_OF_ONE_WAY


def retry_at(attempts: int, now: datetime) -> datetime:
    """When a message that was not taken for the `attempts`-th time is tried again."""
    return now + timedelta(minutes=RETRY_MINUTES[min(attempts, len(RETRY_MINUTES)) - 1])


def name_for_sms(given_name: str) -> str:
    """The given name, at most 16 characters (glossary, section 7)."""
    if len(given_name) <= SMS_LONGEST_NAME:
        return given_name
    first = given_name.split(maxsplit=1)[0]
    return first if len(first) <= SMS_LONGEST_NAME else first[: SMS_LONGEST_NAME - 1] + "."


def kindergarten_for_sms(name: str) -> str:
    """The name of a kindergarten cut at a word to 24 characters."""
    if len(name) <= SMS_LONGEST_KINDERGARTEN:
        return name
    cut = name[: SMS_LONGEST_KINDERGARTEN + 1].rsplit(" ", 1)[0]
    return cut if cut and len(cut) <= SMS_LONGEST_KINDERGARTEN else name[:SMS_LONGEST_KINDERGARTEN]
