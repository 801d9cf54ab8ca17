"""NCANode beside our own verifier: what it calls valid alone is not enough, and its silence is no consent."""

import hashlib
from dataclasses import replace

import pytest

from balabaqsha.gateways import registry
from balabaqsha.gateways.node.fake import InMemoryNode
from balabaqsha.gateways.node.port import Report, SignerReport
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.signatures import actions, queries, verifier
from tests.signatures.making import MOTHER, NOW, message, town

pytestmark = pytest.mark.django_db
CONTENT = "Шарт № 17".encode() * 50


@pytest.fixture
def node(pinned_town, settings):
    """A node that agrees; a test changes its report."""
    settings.SIGNATURE_NODE = True
    for content in (town().root_list(), town().revocation_list()):
        actions.store_revocation_list(content=content, actor=SYSTEM, now=NOW)
    serial = town().keys["mother"].certificate.serial_number
    made = InMemoryNode()
    made.signer = SignerReport(True, serial, MOTHER.iin, "SIGN", {"OCSP": False, "CRL": False})
    made.report = lambda cms, content: Report(True, (made.signer,))
    with registry.replaced(node=made):
        yield made


def check(**given):
    return queries.check(content=CONTENT, cms=message(CONTENT, **given).dump(), now=NOW, expected_iin=MOTHER.iin)


def test_what_both_call_good_is_good(node):
    assert check().verifier == f"{verifier.VERSION} ncanode-3"


def test_it_is_not_asked_without_the_setting(node, settings):
    settings.SIGNATURE_NODE = False
    node.report = None

    assert check().verifier == verifier.VERSION


def test_its_silence_is_no_consent(node):
    node.report = None

    with pytest.raises(verifier.SignatureNotChecked):
        check()


def test_it_cannot_overrule_us(node):
    with pytest.raises(verifier.SignatureTampered):
        queries.check(content=CONTENT + b".", cms=message(CONTENT).dump(), now=NOW)


@pytest.mark.parametrize(
    ("report", "refusal"),
    [
        # Without signers, or with a certificate that it did not find, NCANode says «valid».
        (lambda one: Report(True, ()), verifier.SignatureRefused),
        (lambda one: Report(True, (one, one)), verifier.SignatureRefused),
        (lambda one: Report(False, (one,)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, valid=False),)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, serial=7),)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, iin="850505300456"),)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, iin="IIN"),)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, usage="AUTH"),)), verifier.SignatureRefused),
        (lambda one: Report(True, (replace(one, revoked={}),)), verifier.SignatureNotChecked),
        (lambda one: Report(True, (replace(one, revoked={"OCSP": True}),)), verifier.SignatureRevoked),
        (lambda one: Report(True, (replace(one, stamp_hash="00"),)), verifier.SignatureWrongStamp),
    ],
)
def test_its_valid_alone_is_not_enough(node, report, refusal):
    node.report = lambda cms, content: report(node.signer)

    with pytest.raises(refusal):
        check()


def test_a_stamp_over_this_signature_is_heard(node):
    sent = message(CONTENT, stamp="stamping").dump()
    stamped = hashlib.sha256(verifier.signature_value(sent)).hexdigest()
    node.signer = replace(node.signer, stamp_hash=stamped, stamp_algorithm="SHA-256")

    assert queries.check(content=CONTENT, cms=sent, now=NOW).stamped_at == NOW
