"""What the house asks the population register."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from balabaqsha.kernel.iin import Iin, Sex


@dataclass(frozen=True)
class Item:
    """One entry of a classifier of the register."""

    code: str
    name_kk: str
    name_ru: str


@dataclass(frozen=True)
class Address:
    """Where the person is registered; `territory_code` is KATO, or None where the register's code is not known."""

    territory_code: str | None
    text_kk: str
    text_ru: str


@dataclass(frozen=True)
class PersonRecord:
    """What the register said of a person; `reference` names the exchange, kept as evidence."""

    iin: str
    surname: str
    given_name: str
    patronymic: str
    born_on: date
    sex: Sex
    nationality: Item | None
    citizenship: Item | None
    alive: bool
    address: Address | None
    reference: str
    asked_at: datetime


class PopulationRegister(Protocol):
    """The port."""

    def person(self, iin: Iin, *, consent: bool, now: datetime) -> PersonRecord | None:
        """The person of this IIN, or None where the register knows none.

        `consent`: the person agreed to the question (False: it is asked by duty). Raises NotAnswering.
        """
