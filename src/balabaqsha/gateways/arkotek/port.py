"""What the house asks Arkotek."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import CorrectionType


@dataclass(frozen=True)
class ConclusionRecord:
    """One conclusion of a PMPK about a child; `last_day` is the last day on which it is good, None where it has no end."""

    number: str
    child_iin: str
    correction: CorrectionType
    issued_on: date
    last_day: date | None
    issued_by_kk: str
    issued_by_ru: str
    advice_kk: str
    advice_ru: str


@dataclass(frozen=True)
class Conclusions:
    """All conclusions about the child, the newest first; `reference` names the exchange, kept as evidence."""

    records: tuple[ConclusionRecord, ...]
    reference: str
    asked_at: datetime


class Arkotek(Protocol):
    """The port."""

    def conclusions(self, child: Iin, *, now: datetime) -> Conclusions:
        """The conclusions about the child of this IIN. The child's representative has agreed to the question.

        Raises NotAnswering.
        """
