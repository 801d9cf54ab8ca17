"""A family for tests: answers of the registers about made-up people."""

from datetime import UTC, date, datetime

from balabaqsha.gateways.births.port import BirthRecord, Kinship, Parent
from balabaqsha.gateways.population.port import Address, Item, PersonRecord
from balabaqsha.kernel import iin
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.iin import Iin, Sex
from balabaqsha.people import actions

NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def made_up_iin(born_on: date, sex: Sex = Sex.FEMALE, serial: int = 1) -> Iin:
    """The first valid IIN from this serial on."""
    while True:
        found = iin.make(born_on=born_on, sex=sex, serial=serial)
        if found:
            return found
        serial += 1


MOTHER = made_up_iin(date(1990, 1, 1), serial=10)
STRANGER = made_up_iin(date(1985, 5, 5), sex=Sex.MALE, serial=20)
CHILD = made_up_iin(date(2023, 3, 9), sex=Sex.MALE, serial=30)
TEENAGER = made_up_iin(date(2012, 6, 1), serial=40)
FOREIGN_CHILD = made_up_iin(date(2022, 8, 8), serial=50)
PHONE = "+77010000001"


def answer(person: Iin, surname: str = "ҮЛГІБАЕВА", given_name: str = "ЖАНАР", **changes: object) -> PersonRecord:
    """What the population register says of the person."""
    fields = {
        "iin": person.text,
        "surname": surname,
        "given_name": given_name,
        "patronymic": "МЫСАЛҚЫЗЫ",
        "born_on": person.born_on,
        "sex": person.sex,
        "nationality": Item("005", "Қазақ", "Казах"),
        "citizenship": None,
        "alive": True,
        "address": Address("551010000", "Павлодар қ., Сынақ к-сі, 1", "г. Павлодар, ул. Пробная, 1"),
        "reference": "gbd-1",
        "asked_at": NOW,
    }
    return PersonRecord(**(fields | changes))


def birth(child: Iin, parent: Iin, role: Parent = Parent.MOTHER) -> BirthRecord:
    """The record of birth that names the parent."""
    return BirthRecord(child.text, parent.text, role, "55-1", child.born_on)


def kinship(child: Iin, parent: Iin) -> Kinship:
    """The confirmed answer of the register of births."""
    return Kinship(record=birth(child, parent), reference="zags-1", asked_at=NOW)


def parent() -> Actor:
    """The mother, kept, acting as a parent."""
    system = Actor(role=Role.SYSTEM)
    person_id = actions.keep_person(answer=answer(MOTHER), actor=system, now=NOW)
    return Actor(role=Role.PARENT, person_id=person_id)
