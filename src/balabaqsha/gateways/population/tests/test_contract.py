"""The promises of the population register's port, kept by the client (against the sandbox) and by the fake."""

from datetime import date

import pytest

from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.gateways.population.port import Address, Item, PersonRecord
from balabaqsha.gateways.tests.sandbox_process import MOTHER, SON, UNKNOWN
from balabaqsha.kernel.iin import Iin, Sex

HOME = Address(
    territory_code="551010000",
    text_kk="Павлодар облысы, Павлодар қаласы, Естай көшесі, 101, 15",
    text_ru="Павлодарская область, город Павлодар, Естай көшесі, 101, 15",
)


def _record(iin, surname, given_name, patronymic="", address=None):
    number = Iin.parse(iin)
    return PersonRecord(
        iin=iin,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        born_on=number.born_on,
        sex=number.sex,
        nationality=Item("005", "қазақ", "казах"),
        citizenship=Item("398", "Қазақстан", "Казахстан"),
        alive=True,
        address=address,
        reference="fake",
        asked_at=None,
    )


@pytest.fixture(params=["client", "fake"])
def register(request):
    if request.param == "client":
        return request.getfixturevalue("clients")["population"]
    return InMemoryPopulation(
        [_record(MOTHER, "СЕРІКОВА", "ӘСЕМ", "ҚАЙРАТҚЫЗЫ", HOME), _record(SON, "НҰРЛАН", "АЛИХАН")]
    )


class TestPerson:
    def test_tells_who_the_person_is(self, register, now):
        person = register.person(Iin.parse(MOTHER), consent=True, now=now)

        assert (person.surname, person.given_name, person.patronymic) == ("СЕРІКОВА", "ӘСЕМ", "ҚАЙРАТҚЫЗЫ")
        assert (person.iin, person.born_on, person.sex) == (MOTHER, date(1994, 5, 17), Sex.FEMALE)
        assert person.alive
        assert person.citizenship == Item("398", "Қазақстан", "Казахстан")
        assert person.address == HOME

    def test_carries_its_reference_and_moment(self, register, now):
        person = register.person(Iin.parse(MOTHER), consent=True, now=now)

        assert person.reference
        assert person.asked_at == now

    def test_leaves_empty_what_the_register_does_not_have(self, register, now):
        child = register.person(Iin.parse(SON), consent=False, now=now)

        assert child.patronymic == ""
        assert child.address is None

    def test_is_none_for_an_unknown_number(self, register, now):
        assert register.person(Iin.parse(UNKNOWN), consent=True, now=now) is None
