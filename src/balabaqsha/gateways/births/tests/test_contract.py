"""The promises of the births register's port, kept by the client (against the sandbox) and by the fake."""

from datetime import date

import pytest

from balabaqsha.gateways.births.fake import InMemoryBirths
from balabaqsha.gateways.births.port import BirthRecord, Parent
from balabaqsha.gateways.tests.sandbox_process import DAUGHTER, FATHER, MOTHER, SON, UNKNOWN
from balabaqsha.kernel.iin import Iin

RECORDS = [
    BirthRecord(child, parent, role, number, day)
    for child, number, day in (
        (DAUGHTER, "10-551-23-0005110", date(2023, 2, 15)),
        (SON, "10-551-21-0005120", date(2021, 9, 6)),
    )
    for parent, role in ((MOTHER, Parent.MOTHER), (FATHER, Parent.FATHER))
]


@pytest.fixture(params=["client", "fake"])
def register(request):
    return request.getfixturevalue("clients")["births"] if request.param == "client" else InMemoryBirths(RECORDS)


class TestChildren:
    def test_lists_every_record_that_names_the_parent(self, register, now):
        children = register.children(Iin.parse(FATHER), now=now)

        assert [record.child_iin for record in children.records] == [SON, DAUGHTER]
        assert {record.role for record in children.records} == {Parent.FATHER}
        assert children.reference
        assert children.asked_at == now

    @pytest.mark.parametrize("iin", [SON, UNKNOWN])
    def test_is_empty_for_who_has_none(self, register, now, iin):
        assert register.children(Iin.parse(iin), now=now).records == ()


class TestKinship:
    def test_gives_the_record_of_a_parent(self, register, now):
        kinship = register.kinship(Iin.parse(MOTHER), Iin.parse(DAUGHTER), now=now)

        assert kinship.confirmed
        assert kinship.record.number == "10-551-23-0005110"
        assert kinship.record.registered_on == date(2023, 2, 15)

    @pytest.mark.parametrize(("parent", "child"), [(UNKNOWN, SON), (SON, MOTHER), (MOTHER, FATHER)])
    def test_is_not_confirmed_for_others(self, register, now, parent, child):
        assert not register.kinship(Iin.parse(parent), Iin.parse(child), now=now).confirmed
