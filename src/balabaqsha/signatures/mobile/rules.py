"""How an errand of the telephone stands, and why one is refused. Pure; moments are of real time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from balabaqsha.kernel.refusal import Refusal

# To find the telephone, open the application, read the document and type the password.
LIFE = timedelta(minutes=7)
# From the telephone's answer to the act on the page.
TAKEN_WITHIN = timedelta(minutes=10)


class PhoneExpired(Refusal, code="mobile-refused", detail="mobile-expired"):
    """The QR code is too old."""


class PhoneSpent(Refusal, code="mobile-refused", detail="mobile-spent"):
    """The QR code was answered already, or its signature was taken."""


class PhoneCancelled(Refusal, code="mobile-refused", detail="mobile-cancelled"):
    """The QR code was cancelled on the page, or replaced by a newer one."""


class PhoneSilent(Refusal, code="mobile-refused", detail="mobile-silent"):
    """The telephone has brought no signature yet."""


class Standing(StrEnum):
    """WAITING for the telephone, OPENED there, SIGNED, REFUSED, CANCELLED, EXPIRED, or TAKEN: the signature was used."""

    WAITING = "WAITING"
    OPENED = "OPENED"
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    TAKEN = "TAKEN"


LIVE = frozenset({Standing.WAITING, Standing.OPENED})


@dataclass(frozen=True)
class Times:
    """What has happened to an errand, and until when it may be answered."""

    expires_at: datetime
    opened: bool
    answered_at: datetime | None
    is_signed: bool
    is_refused: bool
    is_ended: bool
    is_taken: bool


def standing(times: Times, *, real_now: datetime) -> Standing:
    """How the errand stands at the moment."""
    if times.is_taken:
        return Standing.TAKEN
    if times.is_ended:
        return Standing.CANCELLED
    if times.is_refused:
        return Standing.REFUSED
    if times.is_signed and times.answered_at is not None:
        return Standing.SIGNED if real_now < times.answered_at + TAKEN_WITHIN else Standing.EXPIRED
    if real_now >= times.expires_at:
        return Standing.EXPIRED
    return Standing.OPENED if times.opened else Standing.WAITING
