"""The verifier accepts what holds and nothing else."""

import base64
import hashlib
import os
from datetime import timedelta

import pytest
from asn1crypto import cms
from cryptography.x509 import ocsp

from balabaqsha.kernel.time import localdate
from balabaqsha.signatures import verifier
from tests.signatures import making
from tests.signatures.making import HEAD, MOTHER, NOW, message, town

CONTENT = "Шарт № 17: бала күтімі.".encode() * 200
GOOD, REVOKED = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED


def verify(sent: cms.ContentInfo | bytes, content: bytes = CONTENT, **given):
    """Verify as the mother's signature of a document, unless given otherwise."""
    der = sent if isinstance(sent, bytes) else sent.dump(force=True)
    arguments = {"purpose": verifier.SIGN, "moment": NOW, "trust": town().trust(), "expected_iin": MOTHER.iin}
    return verifier.verify(der, content, **(arguments | given))


def verify_head(who: str, **given):
    given = {"expected_iin": None, "expected_bin": HEAD.bin, "roles": (verifier.HEAD, verifier.CAN_SIGN)} | given
    return verify(message(CONTENT, who), **given)


class TestAccepts:
    def test_a_detached_signature(self):
        verified = verify(message(CONTENT))

        assert verified.holder.iin == MOTHER.iin
        assert verified.holder.common_name == "СЕРІКОВА АЙГҮЛ"
        assert verified.holder.patronymic == "БОЛАТҚЫЗЫ"
        assert verified.holder.roles == ("INDIVIDUAL",)
        assert verified.claimed_at == NOW
        assert verified.content_sha256 == hashlib.sha256(CONTENT).digest()
        assert verified.authority == town().authorities[1].sha256
        assert verified.standing.revocation_list.number == 1

    def test_an_attached_signature_of_the_same_bytes(self):
        assert verify(message(CONTENT, attached=True)).holder.iin == MOTHER.iin

    def test_a_sign_in_key_for_signing_in(self):
        assert verify(message(CONTENT, "sign-in"), purpose=verifier.AUTH).purpose is verifier.AUTH

    def test_the_head_of_the_organisation(self):
        verified = verify_head("head")

        assert verified.holder.bin == HEAD.bin
        assert verified.holder.roles == ("ORGANISATION", "HEAD")

    def test_sha512(self):
        verify(message(CONTENT, algorithm="sha512"))

    def test_a_signature_with_a_time_stamp(self):
        assert verify(message(CONTENT, stamp="stamping"), stamp_required=True).stamped_at == NOW

    def test_base64_with_and_without_pem_lines(self):
        der = message(CONTENT).dump()
        text = base64.encodebytes(der).decode()

        assert verifier.read_posted(text) == der
        assert verifier.read_posted(f"-----BEGIN CMS-----\n{text}\n-----END CMS-----\n") == der


class TestRefusesWhatWasChanged:
    def test_content_that_was_tampered_with(self):
        with pytest.raises(verifier.SignatureTampered, match="digest"):
            verify(message(CONTENT), CONTENT + b".")

    def test_an_attached_signature_of_other_content(self):
        with pytest.raises(verifier.SignatureTampered, match="embedded content"):
            verify(message(CONTENT + b"x", attached=True))

    def test_a_flipped_bit_of_the_signature(self):
        sent = message(CONTENT)
        info = sent["content"]["signer_infos"][0]
        spoiled = bytearray(info["signature"].native)
        spoiled[10] ^= 1
        info["signature"] = bytes(spoiled)

        with pytest.raises(verifier.SignatureTampered, match="'signature'"):
            verify(sent)

    def test_a_digest_replaced_after_signing(self):
        other = CONTENT + b"!"
        sent = message(CONTENT)
        for attribute in sent["content"]["signer_infos"][0]["signed_attrs"]:
            if attribute["type"].native == "message_digest":
                attribute["values"] = [hashlib.sha256(other).digest()]

        with pytest.raises(verifier.SignatureTampered, match="'signature'"):
            verify(sent, other)

    def test_somebody_elses_certificate_over_ones_own_key(self):
        with pytest.raises(verifier.SignatureTampered, match="'signature'"):
            verify(message(CONTENT, "neighbour", certificate_of="mother"))


class TestRefusesTheWrongSigner:
    def test_another_iin(self):
        with pytest.raises(verifier.SignatureOfOtherPerson):
            verify(message(CONTENT, "neighbour"))

    def test_an_employee_instead_of_the_head(self):
        with pytest.raises(verifier.SignatureWrongRole):
            verify_head("employee")

    def test_the_head_of_another_organisation(self):
        with pytest.raises(verifier.SignatureOfOtherOrganisation):
            verify_head("head", expected_bin="990340009999")

    def test_a_person_where_an_organisation_must_sign(self):
        with pytest.raises(verifier.SignatureOfOtherOrganisation):
            verify_head("mother")

    def test_a_person_without_the_role(self):
        with pytest.raises(verifier.SignatureWrongRole):
            verify(message(CONTENT), roles=(verifier.HEAD,))

    def test_a_sign_in_key_for_a_document(self):
        with pytest.raises(verifier.SignatureWrongPurpose):
            verify(message(CONTENT, "sign-in"))

    def test_a_signing_key_for_signing_in(self):
        with pytest.raises(verifier.SignatureWrongPurpose):
            verify(message(CONTENT), purpose=verifier.AUTH)

    def test_the_key_of_a_service(self):
        with pytest.raises(verifier.SignatureWrongPurpose):
            verify(message(CONTENT, "stamping"))


class TestRefusesTheCertificate:
    def test_expired(self):
        with pytest.raises(verifier.SignatureExpired) as refused:
            verify(message(CONTENT, "expired"))

        assert refused.value.facts == {"date": localdate(NOW - timedelta(days=35))}

    def test_not_yet_valid(self):
        with pytest.raises(verifier.SignatureNotYetValid) as refused:
            verify(message(CONTENT, "early"))

        assert refused.value.facts == {"date": localdate(NOW + timedelta(days=1))}

    def test_revoked_by_the_list(self):
        with pytest.raises(verifier.SignatureRevoked, match="list"):
            verify(message(CONTENT, "revoked"))

    def test_of_an_authority_that_only_bears_the_same_names(self):
        with pytest.raises(verifier.SignatureUntrusted, match="issuer"):
            verify(message(CONTENT, "rogue"))

    def test_of_an_authority_whose_own_certificate_is_revoked(self):
        issuing = town().issuing.certificate.serial_number
        root_list = town().root.revocation_list(
            {issuing: NOW}, number=2, this_update=NOW, next_update=NOW + timedelta(days=1)
        )

        with pytest.raises(verifier.SignatureRevoked):
            verify(message(CONTENT), trust=town().trust(root_list, town().revocation_list()))

    def test_without_a_known_policy(self):
        trust = verifier.store_of(
            town().authorities, town().trust().lists.values(), policies=frozenset({"1.2.398.3.3.2.1"})
        )

        with pytest.raises(verifier.SignatureUntrusted, match="policy"):
            verify(message(CONTENT), trust=trust)


class TestRefusesTheMessage:
    def test_sha1(self):
        with pytest.raises(verifier.SignatureUnsupported):
            verify(message(CONTENT, algorithm="sha1"))

    def test_without_a_signer(self):
        sent = message(CONTENT)
        sent["content"]["signer_infos"] = []

        with pytest.raises(verifier.SignatureUnreadable, match="0 signers"):
            verify(sent)

    def test_with_two_signers(self):
        sent, other = message(CONTENT), message(CONTENT, "neighbour")
        for part in ("signer_infos", "certificates"):
            sent["content"][part] = [sent["content"][part][0], other["content"][part][0]]

        with pytest.raises(verifier.SignatureUnreadable, match="2 signers"):
            verify(sent)

    def test_without_a_certificate(self):
        sent = message(CONTENT)
        sent["content"]["certificates"] = []

        with pytest.raises(verifier.SignatureUnreadable, match="0 certificates"):
            verify(sent)

    def test_without_signed_attributes(self):
        sent = message(CONTENT)
        del sent["content"]["signer_infos"][0]["signed_attrs"]

        with pytest.raises(verifier.SignatureUnreadable, match="signed attributes"):
            verify(sent)

    @pytest.mark.parametrize("garbage", [b"", b"\x30\x82" + b"A" * 100, b"hello", os.urandom(2000), b"\x30" * 5000])
    def test_garbage(self, garbage):
        with pytest.raises(verifier.SignatureUnreadable):
            verify(garbage)

    def test_bytes_after_the_end(self):
        with pytest.raises(verifier.SignatureUnreadable):
            verify(message(CONTENT).dump() + b"xx")

    def test_any_message_cut_short(self):
        whole = message(CONTENT).dump()

        for length in range(0, len(whole), 97):
            with pytest.raises(verifier.SignatureUnreadable):
                verify(whole[:length])

    def test_any_message_with_one_byte_changed_unless_it_says_the_same(self):
        """A few bytes around the signature are covered by nothing: changing them must change nothing that is kept."""
        whole = message(CONTENT).dump()
        honest = verify(whole)

        for position in range(0, len(whole), 3):
            spoiled = bytearray(whole)
            spoiled[position] ^= 0x15
            try:
                verified = verify(bytes(spoiled))
            except verifier.SignatureRefused:
                continue
            assert verified == honest, f"byte {position}"

    def test_what_is_no_base64(self):
        with pytest.raises(verifier.SignatureUnreadable, match="base64"):
            verifier.read_posted("қолтаңба")

    def test_too_large(self):
        with pytest.raises(verifier.SignatureUnreadable, match="size"):
            verify(message(b"a" * 300_000, attached=True), b"a" * 300_000)


class TestRefusesTheTime:
    def test_a_signers_clock_too_far_from_ours(self):
        sent = message(CONTENT, claimed_at=NOW - timedelta(minutes=30))

        with pytest.raises(verifier.SignatureWrongTime):
            verify(sent, clock_within=timedelta(minutes=10))

    def test_nothing_where_the_signers_clock_does_not_matter(self):
        claimed_at = NOW - timedelta(minutes=30)

        assert verify(message(CONTENT, claimed_at=claimed_at)).claimed_at == claimed_at

    def test_a_missing_stamp(self):
        with pytest.raises(verifier.SignatureWrongStamp, match="missing"):
            verify(message(CONTENT), stamp_required=True)

    def test_a_stamp_by_a_signing_key(self):
        with pytest.raises(verifier.SignatureWrongStamp, match="not a stamping key"):
            verify(message(CONTENT, stamp="neighbour"))

    def test_a_stamp_of_another_signature(self):
        with pytest.raises(verifier.SignatureWrongStamp, match="imprint"):
            verify(message(CONTENT, stamp=making.time_stamp(b"another signature")))


class TestFailsClosed:
    def test_without_any_list(self):
        with pytest.raises(verifier.SignatureNotChecked):
            verify(message(CONTENT), trust=verifier.store_of(town().authorities))

    def test_with_a_stale_list(self):
        stale = town().revocation_list(age=timedelta(days=3))

        with pytest.raises(verifier.SignatureNotChecked, match="stale"):
            verify(message(CONTENT), trust=town().trust(town().root_list(), stale))

    def test_without_the_list_of_the_root(self):
        with pytest.raises(verifier.SignatureNotChecked):
            verify(message(CONTENT), trust=town().trust(town().revocation_list()))

    def test_keeps_to_the_newest_of_several_lists(self):
        older = town().issuing.revocation_list(
            {}, number=1, this_update=NOW - timedelta(hours=2), next_update=NOW + timedelta(days=1)
        )
        newer = town().revocation_list(number=2)

        with pytest.raises(verifier.SignatureRevoked):
            verify(message(CONTENT, "revoked"), trust=town().trust(town().root_list(), newer, older))


class TestStatusService:
    def only_root_list(self):
        return town().trust(town().root_list())

    def test_good_beside_a_fresh_list(self):
        verify(message(CONTENT), status_answer=making.status_answer(GOOD))

    def test_revoked_whatever_the_list_says(self):
        with pytest.raises(verifier.SignatureRevoked, match="ocsp"):
            verify(message(CONTENT), status_answer=making.status_answer(REVOKED))

    def test_good_in_place_of_a_list(self):
        verified = verify(message(CONTENT), status_answer=making.status_answer(GOOD), trust=self.only_root_list())

        assert verified.standing.revocation_list is None
        assert verified.standing.answer.this_update == NOW

    def test_good_signed_by_a_plain_signing_key_is_not_heard(self):
        answer = making.status_answer(GOOD, responder="neighbour")

        with pytest.raises(verifier.SignatureNotChecked):
            verify(message(CONTENT), status_answer=answer, trust=self.only_root_list())

    def test_good_but_stale_is_not_heard(self):
        answer = making.status_answer(GOOD, age=timedelta(hours=5))

        with pytest.raises(verifier.SignatureNotChecked):
            verify(message(CONTENT), status_answer=answer, trust=self.only_root_list())

    def test_good_about_another_key_is_not_heard(self):
        answer = making.status_answer(GOOD, who="neighbour")

        with pytest.raises(verifier.SignatureNotChecked):
            verify(message(CONTENT), status_answer=answer, trust=self.only_root_list())


class TestRevocationList:
    def test_by_an_authority_of_the_same_name_is_unusable(self):
        rogue = making._authority(making.ISSUING_TITLE)
        forged = rogue.revocation_list({}, number=9, this_update=NOW, next_update=NOW + timedelta(days=1))

        with pytest.raises(verifier.UnusableList, match="no pinned authority"):
            verifier.read_revocation_list(forged, town().authorities)

    def test_of_garbage_is_unusable(self):
        with pytest.raises(verifier.UnusableList):
            verifier.read_revocation_list(b"0" * 40, town().authorities)

    def test_issued_later_names_only_what_was_revoked_by_then(self):
        later = town().issuing.revocation_list(
            {town().keys["mother"].certificate.serial_number: NOW + timedelta(hours=1)},
            number=5,
            this_update=NOW + timedelta(hours=2),
            next_update=NOW + timedelta(days=1),
        )
        trust = town().trust(town().root_list(), later)

        verify(message(CONTENT), trust=trust)
        with pytest.raises(verifier.SignatureRevoked):
            verify(message(CONTENT), trust=trust, moment=NOW + timedelta(hours=3))
