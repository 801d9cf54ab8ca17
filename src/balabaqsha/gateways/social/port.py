"""What the house asks the register of social statuses."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus


class Standing(StrEnum):
    """What the register says of a status: it has it, it has not, or it does not know the child."""

    HAS = "HAS"
    HAS_NOT = "HAS_NOT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class StatusRecord:
    """The register's word about one status of a child; `last_day` is its last good day, None where it has no end.

    `number` is that of the register's own record where it has one, `reference` names the exchange, kept as evidence.
    """

    standing: Standing
    number: str
    last_day: date | None
    reference: str
    asked_at: datetime


class SocialRegister(Protocol):
    """The port."""

    def status(
        self, status: BenefitStatus, *, child: Iin, representative: Iin, consent: bool, now: datetime
    ) -> StatusRecord:
        """Whether the child has the status, by itself or through this representative and their family.

        `consent`: the representative agreed to the question; else it is asked by duty. Raises NotAnswering.
        """
