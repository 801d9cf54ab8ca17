"""The promises of NCANode's port, kept by the client (against the sandbox) and by the fake."""

import json

import pytest

from balabaqsha.gateways.channel import Answer, Nonsense
from balabaqsha.gateways.node import client
from balabaqsha.gateways.node.fake import InMemoryNode
from balabaqsha.gateways.node.port import Report, SignerReport
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.tests.sandbox_process import MOTHER, signed_by_sandbox

SIGNER = SignerReport(valid=True, serial=1, iin=MOTHER, usage="SIGN", revoked={"OCSP": False, "CRL": False})


@pytest.fixture(params=["client", "fake"])
def node(request):
    if request.param == "client":
        return request.getfixturevalue("clients")["node"]
    return InMemoryNode(lambda cms, content: Report(content == b"content", (SIGNER,)))


def test_says_whose_signature_it_is(node, sandbox):
    report = node.verify(signed_by_sandbox(sandbox), b"content")

    assert report.valid
    (signer,) = report.signers
    assert (signer.iin, signer.usage, dict(signer.revoked)) == (MOTHER, "SIGN", {"OCSP": False, "CRL": False})


def test_says_that_it_is_over_something_else(node, sandbox):
    assert not node.verify(signed_by_sandbox(sandbox), b"other").valid


def test_finds_nothing_in_nonsense(clients):
    assert clients["node"].verify(b"nonsense", b"content") == Report(valid=False, signers=())


def test_a_silent_node_is_a_refusal():
    with pytest.raises(NotAnswering):
        InMemoryNode().verify(b"", b"")


CERTIFICATE = {
    "valid": True,
    "serialNumber": "0a",
    "keyUsage": "SIGN",
    "subject": {"iin": MOTHER},
    "revocations": [{"by": "OCSP", "revoked": False}],
}


@pytest.mark.parametrize("name", ["certificates", "signers"])
def test_the_inner_list_is_read_under_both_of_its_names(name):
    tsp = {"hash": "ABCD", "tspHashAlgorithm": "SHA256"}
    body = {"status": 200, "valid": True, "signers": [{name: [CERTIFICATE], "tsp": tsp}]}

    (signer,) = client._read(Answer(200, json.dumps(body).encode())).signers

    assert (signer.serial, signer.stamp_hash, signer.stamp_algorithm) == (10, "abcd", "SHA256")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"valid": "true", "signers": []},
        {"valid": True, "signers": {}},
        {"valid": True, "signers": [1]},
        {"valid": True, "signers": [{}]},
        {"valid": True, "signers": [{"certificates": [1]}]},
        {"valid": True, "signers": [{"certificates": [CERTIFICATE | {"serialNumber": "х"}]}]},
        {"valid": True, "signers": [{"certificates": [CERTIFICATE | {"subject": None}]}]},
        {"valid": True, "signers": [{"certificates": [CERTIFICATE | {"revocations": [{}]}]}]},
        {"valid": True, "signers": [{"certificates": [CERTIFICATE], "tsp": "x"}]},
    ],
)
def test_another_format_is_nonsense(body):
    with pytest.raises(Nonsense):
        client._read(Answer(200, json.dumps(body).encode()))
