"""The promises of the phone base's port, kept by the client (against the sandbox) and by the fake."""

import pytest

from balabaqsha.gateways.phones.fake import InMemoryPhones
from balabaqsha.gateways.phones.port import Standing
from balabaqsha.gateways.tests.sandbox_process import (
    FATHER,
    FATHER_PHONE,
    MOTHER,
    MOTHER_PHONE,
    NOBODYS_PHONE,
    UNKNOWN,
)
from balabaqsha.kernel.iin import Iin


@pytest.fixture(params=["client", "fake"])
def base(request):
    if request.param == "client":
        return request.getfixturevalue("clients")["phones"]
    return InMemoryPhones({MOTHER_PHONE: MOTHER, FATHER_PHONE: FATHER})


class TestOwner:
    @pytest.mark.parametrize(
        ("iin", "phone", "standing"),
        [
            (MOTHER, MOTHER_PHONE, Standing.BELONGS),
            (MOTHER, FATHER_PHONE, Standing.OTHER),
            (UNKNOWN, MOTHER_PHONE, Standing.OTHER),
            (MOTHER, NOBODYS_PHONE, Standing.UNKNOWN),
        ],
    )
    def test_tells_how_the_number_stands(self, base, now, iin, phone, standing):
        record = base.owner(Iin.parse(iin), phone, now=now)

        assert record.standing is standing
        assert record.belongs is (standing is Standing.BELONGS)
        assert record.reference
        assert record.asked_at == now
