"""What the house asks the register of births."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from balabaqsha.kernel.iin import Iin


class Parent(StrEnum):
    """Which parent the record names."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"


@dataclass(frozen=True)
class BirthRecord:
    """One parent in one record of birth; `number` is the record's own, `registered_on` its day."""

    child_iin: str
    parent_iin: str
    role: Parent
    number: str
    registered_on: date


@dataclass(frozen=True)
class Children:
    """All records that name the parent, by the child's IIN."""

    records: tuple[BirthRecord, ...]
    reference: str
    asked_at: datetime


@dataclass(frozen=True)
class Kinship:
    """The record that names the parent of the child, or None."""

    record: BirthRecord | None
    reference: str
    asked_at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether the register names the parent."""
        return self.record is not None


class BirthsRegister(Protocol):
    """The port."""

    def children(self, parent: Iin, *, now: datetime) -> Children:
        """The children of the person. Raises NotAnswering."""

    def kinship(self, parent: Iin, child: Iin, *, now: datetime) -> Kinship:
        """Whether the one is a parent of the other. Raises NotAnswering."""
