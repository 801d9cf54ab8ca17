"""Test material of the national authority: real certificates, lists and answers of the status service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import ocsp, pem, x509

from balabaqsha.signatures import verifier
from balabaqsha.signatures.verifier import certificate as certificates
from balabaqsha.signatures.verifier import ocsp as status_service

MATERIAL = Path(__file__).parents[3] / "shared" / "testdata" / "nuc"
SUMMER = datetime(2022, 6, 1, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not MATERIAL.is_dir(), reason="test material of the national authority is not part of this repository"
)


def der(name: str) -> bytes:
    content = (MATERIAL / name).read_bytes()
    return pem.unarmor(content)[2] if pem.detect(content) else content


@pytest.fixture(scope="module")
def rsa() -> verifier.TrustStore:
    authorities = (verifier.read_authority(der("nca_rsa_test.crt")),)
    return verifier.store_of(authorities, [verifier.read_revocation_list(der("nca_rsa_test.crl"), authorities)])


@pytest.fixture(scope="module")
def gost() -> verifier.TrustStore:
    authorities = (verifier.read_authority(der("nca_gost2015_test.cer")),)
    return verifier.store_of(authorities, [verifier.read_revocation_list(der("nca_gost2022_test.crl"), authorities)])


class TestRsa:
    def test_the_list_is_read(self, rsa):
        (listed,) = rsa.lists.values()

        assert (listed.number, len(listed.revoked)) == (9, 126)

    @pytest.mark.parametrize(
        ("name", "purpose"),
        [
            ("individual_valid_sign_2004_rsa.cer", verifier.SIGN),
            ("individual_valid_sign_2004_rsa_auth.cer", verifier.AUTH),
        ],
    )
    def test_a_persons_certificate_stands(self, rsa, name, purpose):
        certificate = x509.Certificate.load(der(name))

        authority = rsa.issuer_of(certificate, moment=SUMMER)
        certificates.check_leaf(certificate, policies=rsa.policies)
        standing = rsa.check_standing(certificate, authority, moment=SUMMER)

        assert standing.revocation_list.number == 9
        assert certificates.purpose(certificate) is purpose
        holder = certificates.holder(certificate)
        assert (holder.iin, holder.common_name, holder.patronymic) == ("123456789011", "ТЕСТОВ ТЕСТ", "ТЕСТОВИЧ")
        assert holder.roles == ("INDIVIDUAL",)

    def test_a_changed_certificate_has_no_issuer(self, rsa):
        spoiled = der("individual_valid_sign_2004_rsa.cer").replace(b"IIN123456789011", b"IIN123456789012")

        with pytest.raises(verifier.SignatureUntrusted):
            rsa.issuer_of(x509.Certificate.load(spoiled), moment=SUMMER)

    def test_nothing_is_known_when_the_list_is_stale(self, rsa):
        certificate = x509.Certificate.load(der("individual_valid_sign_2004_rsa.cer"))
        late = datetime(2022, 12, 1, tzinfo=UTC)

        with pytest.raises(verifier.SignatureNotChecked):
            rsa.check_standing(certificate, rsa.issuer_of(certificate, moment=late), moment=late)


class TestGost:
    def test_the_list_is_read(self, gost):
        (listed,) = gost.lists.values()

        assert listed.number == 4

    def test_a_changed_list_is_unusable(self, gost):
        content = der("nca_gost2022_test.crl")
        spoiled = content.replace(content[200:204], b"\0\0\0\0", 1)

        with pytest.raises(verifier.UnusableList):
            verifier.read_revocation_list(spoiled, gost.authorities)


class TestStatusService:
    """Real answers by a GOST-2015 responder of the pinned authority; their subjects' certificates are not public."""

    # For a serial number that it does not know the service answers "revoked" (RFC 6960, non-issued): so for the second.
    @pytest.mark.parametrize("name", ["ocsp_response_ceo_2015_revoked.bin", "ocsp_response_individual_2015.bin"])
    def test_an_answer_is_heard(self, gost, name):
        answer = der(name)
        subject = Subject(answer)

        assert status_service.read(answer, subject, gost.authorities[0], moment=subject.asked_at).revoked

    def test_an_answer_of_last_month_is_not_heard(self, gost):
        answer = der("ocsp_response_individual_2015.bin")
        subject = Subject(answer)

        with pytest.raises(status_service.UnusableAnswer, match="stale"):
            status_service.read(answer, subject, gost.authorities[0], moment=subject.asked_at + timedelta(days=30))

    def test_a_changed_answer_is_not_heard(self, gost):
        answer = der("ocsp_response_individual_2015.bin")
        subject = Subject(answer)
        signature = ocsp.OCSPResponse.load(answer).basic_ocsp_response["signature"].native
        spoiled = answer.replace(signature, bytes([signature[0] ^ 1]) + signature[1:])

        with pytest.raises(status_service.UnusableAnswer, match="signature"):
            status_service.read(spoiled, subject, gost.authorities[0], moment=subject.asked_at)

    def test_an_answer_of_another_authoritys_responder_is_not_heard(self, gost):
        answer = der("ocsp_response_individual_sign_2004.bin")
        subject = Subject(answer)

        with pytest.raises(status_service.UnusableAnswer):
            status_service.read(answer, subject, gost.authorities[0], moment=subject.asked_at)


class Subject:
    """As much of a certificate as an answer is about."""

    def __init__(self, answer: bytes) -> None:
        (single,) = ocsp.OCSPResponse.load(answer).response_data["responses"]
        self.serial_number = single["cert_id"]["serial_number"].native
        self.asked_at = single["this_update"].native
