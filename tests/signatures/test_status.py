"""Lists and the status service in the running portal: the four policies, what falls back on what, what is kept."""

from datetime import timedelta

import pytest
from cryptography.x509 import ocsp

from balabaqsha.gateways import registry
from balabaqsha.gateways.status.fake import InMemoryStatus
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.signatures import actions, queries, status, verifier
from balabaqsha.signatures.models import KeptAuthority, RevocationList, Signature
from balabaqsha.signatures.status import Policy
from tests.signatures import making
from tests.signatures.making import MOTHER, NOW, message, town

pytestmark = pytest.mark.django_db
CONTENT = "Шарт № 17".encode() * 50
GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED


@pytest.fixture
def service(pinned_town):
    """A status service that says good; `answer` may be changed. Nothing is remembered from other tests."""
    status.forget()
    made = InMemoryStatus(lambda asked: making.status_answer(GOOD))
    with registry.replaced(status=made):
        yield made
    status.forget()


def says(service: InMemoryStatus, said: bytes) -> None:
    service.answer = lambda asked: said


def store(content: bytes) -> RevocationList:
    return actions.store_revocation_list(content=content, actor=SYSTEM, now=NOW)


def lists(*, fresh: bool = True) -> None:
    store(town().root_list())
    store(town().revocation_list() if fresh else town().revocation_list(age=timedelta(days=3), number=7))


def check(who: str = "mother", *, now=NOW):
    return queries.check(content=CONTENT, cms=message(CONTENT, who).dump(), now=now, expected_iin=MOTHER.iin)


class TestListFirst:
    def test_asks_nobody_while_the_list_is_fresh(self, service):
        lists()

        assert check().standing.answer is None
        assert service.asked == []

    def test_asks_where_the_list_is_stale(self, service):
        lists(fresh=False)

        found = check().standing

        assert (found.revocation_list, found.answer.revoked) == (None, False)

    def test_refuses_where_neither_answers(self, service):
        lists(fresh=False)
        service.answer = None

        with pytest.raises(verifier.SignatureNotChecked):
            check()

    def test_refuses_what_the_service_calls_revoked(self, service):
        lists(fresh=False)
        says(service, making.status_answer(REVOKED))

        with pytest.raises(verifier.SignatureRevoked, match="ocsp"):
            check()

    @pytest.mark.parametrize(
        "said",
        [
            b"\x30\x03abc",
            lambda: making.status_answer(GOOD, responder="neighbour"),
            lambda: making.status_answer(GOOD, age=timedelta(hours=5)),
            lambda: making.status_answer(GOOD, who="neighbour"),
        ],
        ids=["nonsense", "no responder", "stale", "about another"],
    )
    def test_hears_no_answer_that_is_not_the_services_own_of_now(self, service, said):
        lists(fresh=False)
        says(service, said if isinstance(said, bytes) else said())

        with pytest.raises(verifier.SignatureNotChecked):
            check()

    def test_asks_once_for_several_papers_of_one_person(self, service):
        lists(fresh=False)

        for _ in range(3):
            check()
        assert len(service.asked) == 1

        says(service, making.status_answer(REVOKED, age=timedelta(minutes=-11)))
        with pytest.raises(verifier.SignatureRevoked):
            check(now=NOW + timedelta(minutes=11))
        assert len(service.asked) == 2

    def test_asks_about_the_signer_by_sha256(self, service):
        lists(fresh=False)
        check()

        asked = ocsp.load_der_ocsp_request(service.asked[0])

        assert asked.serial_number == town().keys["mother"].certificate.serial_number
        assert asked.hash_algorithm.name == "sha256"


class TestStatusFirst:
    @pytest.fixture(autouse=True)
    def policy(self, settings):
        settings.SIGNATURE_REVOCATION_POLICY = Policy.STATUS_FIRST

    def test_asks_always(self, service):
        lists()

        found = check().standing

        assert (found.revocation_list.number, found.answer.revoked) == (1, False)

    def test_falls_back_on_the_list(self, service):
        lists()
        service.answer = None

        assert check().standing.answer is None

    def test_refuses_what_the_list_names_whatever_the_service_says(self, service):
        lists()
        says(service, making.status_answer(GOOD, who="revoked"))

        with pytest.raises(verifier.SignatureRevoked, match="list"):
            check("revoked")


class TestBoth:
    @pytest.fixture(autouse=True)
    def policy(self, settings):
        settings.SIGNATURE_REVOCATION_POLICY = Policy.BOTH

    def test_takes_what_both_call_good(self, service):
        lists()

        assert check().standing.answer is not None

    @pytest.mark.parametrize(("fresh", "answers"), [(True, False), (False, True)])
    def test_refuses_where_one_of_them_does_not_answer(self, service, fresh, answers):
        lists(fresh=fresh)
        if not answers:
            service.answer = None

        with pytest.raises(verifier.SignatureNotChecked):
            check()


def test_under_list_only_the_service_is_never_asked(service, settings):
    settings.SIGNATURE_REVOCATION_POLICY = Policy.LIST_ONLY
    lists(fresh=False)

    with pytest.raises(verifier.SignatureNotChecked):
        check()
    assert service.asked == []


class TestTheEvidence:
    def kept(self) -> Signature:
        cms = message(CONTENT).dump()
        verified = queries.check(content=CONTENT, cms=cms, now=NOW)
        return actions.keep_verified(
            verified=verified, cms=cms, document_kind="contract", document_id=17, actor=SYSTEM, now=NOW
        )

    def test_holds_the_answer_where_there_was_no_list(self, service):
        lists(fresh=False)

        kept = self.kept()

        assert ocsp.load_der_ocsp_response(bytes(kept.status_answer)).certificate_status is GOOD
        assert kept.revocation_list_id is None
        assert kept.authority_list_id is not None
        assert KeptAuthority.objects.count() == 2

    @pytest.mark.parametrize("fresh", [True, False], ids=["by a list", "by an answer"])
    def test_is_enough_when_everything_else_is_gone(self, service, settings, tmp_path, fresh):
        lists(fresh=fresh)
        kept = self.kept()
        # Years later: the key has been revoked, other authorities are pinned, the service is closed.
        revoked = {town().keys["mother"].certificate.serial_number: NOW + timedelta(days=1)}
        made = NOW + timedelta(days=900)
        store(town().issuing.revocation_list(revoked, number=99, this_update=made, next_update=made + making.YEAR))
        settings.SIGNATURE_AUTHORITIES = tmp_path / "nobody"
        service.answer = None

        again = queries.judge_again(kept, CONTENT)

        assert (again.verified_for, again.holder.iin) == (NOW, MOTHER.iin)

    def test_proves_nothing_about_other_bytes(self, service):
        lists()

        with pytest.raises(verifier.SignatureTampered):
            queries.judge_again(self.kept(), CONTENT + b".")
