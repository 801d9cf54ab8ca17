"""What the house asks the sender of short messages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from balabaqsha.kernel.refusal import Refusal


class NumberRefused(Refusal, code="wrong-phone"):
    """The sender cannot send to such a number; sending again changes nothing."""


class State(StrEnum):
    """ACCEPTED by the sender; DELIVERED to the telephone; FAILED for good."""

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@dataclass(frozen=True)
class Accepted:
    """The sender took the message; `id` is its own number for it, `reference` ours."""

    id: str
    reference: str
    asked_at: datetime


@dataclass(frozen=True)
class Delivery:
    """What became of a message."""

    id: str
    state: State
    reference: str
    asked_at: datetime


class Sms(Protocol):
    """The port."""

    def send(self, phone: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """Hand over one message to +7 and ten digits; the same reference is never sent twice.

        Raises NotAnswering, NumberRefused.
        """

    def delivery(self, message_id: str, *, now: datetime) -> Delivery | None:
        """What became of the message of this id, or None where the sender knows none. Raises NotAnswering."""
