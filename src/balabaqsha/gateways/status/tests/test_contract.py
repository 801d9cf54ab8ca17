"""The promises of the status service's port, kept by the client (against the sandbox) and by the fake."""

import pytest
from asn1crypto import ocsp

from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.status.fake import InMemoryStatus
from balabaqsha.gateways.tests.sandbox_process import status_request


@pytest.fixture(params=["client", "fake"])
def service(request):
    if request.param == "client":
        return request.getfixturevalue("clients")["status"]
    recorded = ocsp.OCSPResponse({"response_status": "try_later"}).dump()
    return InMemoryStatus(lambda asked: recorded)


def test_gives_the_answer_as_it_came(service, sandbox):
    assert ocsp.OCSPResponse.load(service.ask(status_request(sandbox)), strict=True)


def test_says_good_of_what_was_not_revoked(clients, sandbox):
    answer = ocsp.OCSPResponse.load(clients["status"].ask(status_request(sandbox)))

    (single,) = answer.response_data["responses"]
    assert (answer["response_status"].native, single["cert_status"].name) == ("successful", "good")


@pytest.mark.parametrize("asked", [b"", b"\x30\x03abc"])
def test_no_request_gets_no_answer(clients, asked):
    with pytest.raises(NotAnswering):
        clients["status"].ask(asked)


def test_a_silent_service_is_a_refusal():
    with pytest.raises(NotAnswering):
        InMemoryStatus().ask(b"")
