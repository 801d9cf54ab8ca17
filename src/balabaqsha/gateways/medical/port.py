"""What the house asks the digital health system."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import DocumentKind


@dataclass(frozen=True)
class MedicalForm:
    """One form about a child: its paper (a picture or PDF); `last_day` is its last good day, None where it has no end."""

    kind: DocumentKind
    number: str
    issued_on: date
    last_day: date | None
    issued_by_kk: str
    issued_by_ru: str
    content: bytes


@dataclass(frozen=True)
class FormAnswer:
    """The newest form of the kind, or None; `reference` names the exchange, kept as evidence."""

    form: MedicalForm | None
    reference: str
    asked_at: datetime


class MedicalSystem(Protocol):
    """The port."""

    def form(self, kind: DocumentKind, child: Iin, *, now: datetime) -> FormAnswer:
        """The newest form of this kind about the child. The child's representative has agreed to the question.

        Raises NotAnswering.
        """
