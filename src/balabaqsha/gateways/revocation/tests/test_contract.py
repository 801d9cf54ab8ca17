"""The promises of the port of revocation lists, kept by the client (against the sandbox) and by the fake."""

import pytest

from balabaqsha.gateways.channel import Channel
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.revocation.client import RevocationClient
from balabaqsha.gateways.revocation.fake import InMemoryRevocation


@pytest.fixture(params=["client", "fake"])
def source(request, sandbox):
    if request.param == "client":
        return request.getfixturevalue("clients")["revocation"]
    return InMemoryRevocation({f"{sandbox.address}/authority/issuing.crl": b"\x30\x82"})


class TestFetch:
    def test_gives_the_bytes_of_the_list(self, source, sandbox):
        assert source.fetch(f"{sandbox.address}/authority/issuing.crl").startswith(b"\x30")

    @pytest.mark.parametrize("path", ["/authority/none.crl", "/phones", "/authority"])
    def test_refuses_what_is_no_list(self, source, sandbox, path):
        with pytest.raises(NotAnswering):
            source.fetch(sandbox.address + path)

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "http://crl.example/x.crl", ""])
    def test_refuses_other_addresses(self, source, address):
        with pytest.raises(NotAnswering) as refused:
            source.fetch(address)

        assert refused.value.facts["system"] == "revocation"

    def test_does_not_even_ask_an_address_that_the_settings_do_not_allow(self, clients, sandbox):
        with pytest.raises(NotAnswering) as refused:
            clients["revocation"].fetch(f"{sandbox.address}/health")

        assert refused.value.facts["reason"] == "address-not-allowed"


class TestAllowedBeginnings:
    @pytest.mark.parametrize("beginning", ["http://crl.example", "ftp://crl.example/", "crl.example/", ""])
    def test_are_refused_without_scheme_host_and_path(self, clients, beginning):
        channel: Channel = clients["revocation"]._channel

        with pytest.raises(ValueError, match="scheme, host and path"):
            RevocationClient(channel=channel, allowed=[beginning])
