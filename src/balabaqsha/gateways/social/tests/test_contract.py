"""The promises of the port of social statuses, kept by the client (against the sandbox) and by the fake."""

from datetime import date

import pytest

from balabaqsha.gateways.social.fake import InMemorySocial
from balabaqsha.gateways.social.port import Standing
from balabaqsha.gateways.tests.sandbox_process import DAUGHTER, MOTHER, SON, UNKNOWN
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus

KNOWN = {SON: {BenefitStatus.LARGE_FAMILY: None, BenefitStatus.CHILD_DISABILITY: date(2027, 5, 31)}, DAUGHTER: {}}


@pytest.fixture(params=["client", "fake"])
def register(request):
    return request.getfixturevalue("clients")["social"] if request.param == "client" else InMemorySocial(KNOWN)


def ask(register, now, child, status):
    return register.status(status, child=Iin.parse(child), representative=Iin.parse(MOTHER), consent=True, now=now)


class TestStatus:
    def test_is_there_with_its_number_and_no_end(self, register, now):
        record = ask(register, now, SON, BenefitStatus.LARGE_FAMILY)

        assert (record.standing, record.last_day) == (Standing.HAS, None)
        assert record.number
        assert record.reference
        assert record.asked_at == now

    def test_is_there_until_its_last_day(self, register, now):
        assert ask(register, now, SON, BenefitStatus.CHILD_DISABILITY).last_day == date(2027, 5, 31)

    @pytest.mark.parametrize(
        ("child", "standing"), [(SON, Standing.HAS_NOT), (DAUGHTER, Standing.HAS_NOT), (UNKNOWN, Standing.UNKNOWN)]
    )
    def test_is_not_there_or_not_known(self, register, now, child, standing):
        record = ask(register, now, child, BenefitStatus.ORPHAN)

        assert (record.standing, record.number, record.last_day) == (standing, "", None)
