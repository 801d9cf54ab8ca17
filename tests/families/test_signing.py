"""A signature is judged before the locks and kept under them, for the very document that was judged."""

import base64
import hashlib

import pytest
from django.db import connection

from balabaqsha.admissions import queries as admissions
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import contracts, signing
from balabaqsha.journeys.filling import ContractChanged
from balabaqsha.signatures import queries
from balabaqsha.signatures.models import Signature


def judged(home):
    """The family has sent its signature, and it was found good; no lock is taken yet."""
    home.is_sent()
    home.fills_contract()
    home.attaches_all()
    cms = base64.b64decode(home.cms(home.document()))
    return signing.by_family(cms=cms, application=home.application, actor=home.mother, now=home.now)


def document_of(home) -> bytes:
    """The bytes of the contract that stands now."""
    contract = admissions.live_contract(admissions.open_admission(home.application.id).id)
    return documents.made_by_id(contract.document_id).file.read()


def keeps(home, sign) -> None:
    contracts.sign_by_parent(application_id=home.application.id, sign=sign, actor=home.mother, now=home.now)


class TestAContractReplacedBetweenJudgementAndLock:
    def test_is_refused(self, home):
        sign = judged(home)
        home.fills_contract(address="Басқа к-сі, 8")

        with pytest.raises(ContractChanged):
            keeps(home, sign)

        assert home.state == "CONTRACT_WITH_PARENT"
        assert not Signature.objects.exists()

    def test_would_be_signed_without_the_look_under_the_lock(self, home, monkeypatch):
        """The twin: whoever keeps what was judged for whatever contract stands there signs bytes that nobody saw."""
        sign = judged(home)
        before = home.document()
        home.fills_contract(address="Басқа к-сі, 8")
        monkeypatch.setattr(signing, "_same", lambda locked, contract: True)

        keeps(home, sign)

        kept = Signature.objects.get()
        assert home.state == "CONTRACT_WITH_KINDERGARTEN"
        assert bytes(kept.content_sha256) == hashlib.sha256(before).digest()
        assert bytes(kept.content_sha256) != hashlib.sha256(document_of(home)).digest()

    def test_that_stands_as_it_was_is_signed(self, home):
        keeps(home, judged(home))

        assert home.state == "CONTRACT_WITH_KINDERGARTEN"


class TestVerifying:
    def test_holds_no_lock(self, home, monkeypatch):
        """The judgement runs outside of any transaction, in which nobody waits for the case."""
        check, open_blocks = queries.check, []

        def spied(**arguments):
            open_blocks.append([block for block in connection.atomic_blocks if not block._from_testcase])
            return check(**arguments)

        monkeypatch.setattr(queries, "check", spied)
        home.is_sent()
        home.fills_contract()
        home.attaches_all()

        assert home.signs().status_code == 302
        assert open_blocks == [[]]
