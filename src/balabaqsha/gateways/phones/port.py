"""What the house asks the Base of Mobile Citizens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from balabaqsha.kernel.iin import Iin


class Standing(StrEnum):
    """BELONGS to the IIN; to an OTHER person; UNKNOWN: the base has nobody for the number."""

    BELONGS = "BELONGS"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class PhoneRecord:
    """What the base said of a number and an IIN."""

    standing: Standing
    reference: str
    asked_at: datetime

    @property
    def belongs(self) -> bool:
        """Whether the number is registered to the IIN."""
        return self.standing is Standing.BELONGS


class PhoneBase(Protocol):
    """The port."""

    def owner(self, iin: Iin, phone: str, *, now: datetime) -> PhoneRecord:
        """Whether the number (+7 and ten digits) is registered to the IIN. Raises NotAnswering."""
