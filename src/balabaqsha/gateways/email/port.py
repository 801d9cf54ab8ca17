"""What the house asks the mail server."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from balabaqsha.kernel.refusal import Refusal


class AddressRefused(Refusal, code="wrong-email"):
    """The address is none, or the server will never take it; sending again changes nothing."""


@dataclass(frozen=True)
class Accepted:
    """The server took the letter; `id` is its Message-ID."""

    id: str
    reference: str
    asked_at: datetime


class Email(Protocol):
    """The port."""

    def send(self, to: str, subject: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """Hand over one letter. The Message-ID is made of the reference, so that a repeated letter can be told.

        Raises NotAnswering, AddressRefused.
        """
