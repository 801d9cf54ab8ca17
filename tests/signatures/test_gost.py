"""GOST 34.10-2015: a whole chain made here, since no message by a real key of this kind is public."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core, x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from balabaqsha.signatures import verifier
from balabaqsha.signatures.verifier import gost, oids
from tests.signatures.making import MOTHER, NOW, town

CONTENT = b"contract 17 " * 20
NULL = b"\x05\x00"


def tlv(tag: int, *values: bytes) -> bytes:
    body = b"".join(values)
    size = len(body)
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x80 | len(digits)]) + digits) + body


def sequence(*values: bytes) -> bytes:
    return tlv(0x30, *values)


def oid(dotted: str) -> bytes:
    return core.ObjectIdentifier(dotted).dump()


ALGORITHM = sequence(oid(oids.GOST_SIGNATURE), NULL)
DIGEST = sequence(oid(oids.STREEBOG), NULL)


def times(factor: int, point: gost.Point = gost.BASE) -> tuple[int, int]:
    total = gost.INFINITY
    for bit in f"{factor:b}":
        total = gost.double(total)
        if bit == "1":
            total = gost.add(total, point)
    inverse = pow(total[2], -1, gost.P)
    return total[0] * inverse**2 % gost.P, total[1] * inverse**3 % gost.P


def little(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(64, "little") for number in numbers)


def new_key() -> tuple[int, bytes]:
    private = secrets.randbelow(gost.Q - 1) + 1
    return private, little(*times(private))


def sign(private: int, data: bytes) -> bytes:
    digest = int.from_bytes(gost.streebog(data), "little") % gost.Q or 1
    while True:
        nonce = secrets.randbelow(gost.Q - 1) + 1
        r = times(nonce)[0] % gost.Q
        s = (r * private + nonce * digest) % gost.Q
        if r and s:
            return little(r, s)


def certificate(template: bytes, *, issuer: bytes, public: bytes, signing: int, by: bytes, own: bytes) -> bytes:
    """The template with another key, other key identifiers and a GOST signature."""
    parsed = x509.Certificate.load(template)["tbs_certificate"]
    extensions = b""
    for extension in parsed["extensions"]:
        if extension["extn_id"].native == "key_identifier":
            extensions += sequence(oid("2.5.29.14"), tlv(4, tlv(4, own)))
        elif extension["extn_id"].native != "authority_key_identifier":
            extensions += extension.dump()
    extensions += sequence(oid("2.5.29.35"), tlv(4, sequence(tlv(0x80, by))))
    key = sequence(
        sequence(oid(oids.GOST_KEY), sequence(oid(oids.GOST_CURVE), oid(oids.STREEBOG))), tlv(3, b"\0", tlv(4, public))
    )
    tbs = sequence(
        tlv(0xA0, b"\x02\x01\x02"),
        core.Integer(secrets.randbits(150)).dump(),
        ALGORITHM,
        issuer,
        parsed["validity"].dump(),
        parsed["subject"].dump(),
        key,
        tlv(0xA3, sequence(extensions)),
    )
    return sequence(tbs, ALGORITHM, tlv(3, b"\0", sign(signing, tbs)))


def message(content: bytes, leaf: bytes, private: int) -> bytes:
    shown = x509.Certificate.load(leaf)
    attributes = sorted(
        [
            sequence(oid(oids.CONTENT_TYPE), tlv(0x31, oid(oids.DATA))),
            sequence(oid(oids.MESSAGE_DIGEST), tlv(0x31, tlv(4, gost.streebog(content)))),
        ]
    )
    signature = sign(private, tlv(0x31, *attributes))
    info = sequence(
        b"\x02\x01\x01",
        sequence(shown.issuer.dump(), core.Integer(shown.serial_number).dump()),
        DIGEST,
        tlv(0xA0, *attributes),
        ALGORITHM,
        tlv(4, signature),
    )
    data = sequence(b"\x02\x01\x01", tlv(0x31, DIGEST), sequence(oid(oids.DATA)), tlv(0xA0, leaf), tlv(0x31, info))
    return sequence(oid(oids.SIGNED_DATA), tlv(0xA0, data))


def revocation_list(issuer: bytes, signing: int) -> bytes:
    def moment(at: datetime) -> bytes:
        return core.UTCTime(at.astimezone(UTC)).dump()

    number = tlv(0xA0, sequence(sequence(oid("2.5.29.20"), tlv(4, core.Integer(4).dump()))))
    revoked = sequence(sequence(core.Integer(777).dump(), moment(NOW)))
    until = moment(NOW + timedelta(hours=5))
    tbs = sequence(b"\x02\x01\x01", ALGORITHM, issuer, moment(NOW - timedelta(hours=1)), until, revoked, number)
    return sequence(tbs, ALGORITHM, tlv(3, b"\0", sign(signing, tbs)))


class Chain:
    """An issuing authority and one leaf, both GOST."""

    def __init__(self) -> None:
        self.issuing_key, issuing_public = new_key()
        self.leaf_key, leaf_public = new_key()
        template = town().issuing.certificate.public_bytes(Encoding.DER)
        name = x509.Certificate.load(template).subject.dump()
        ids = {"by": b"\x01" * 20, "issuer": name}
        self.authority = verifier.read_authority(
            certificate(template, public=issuing_public, signing=self.issuing_key, own=b"\x01" * 20, **ids)
        )
        leaf = town().keys["mother"].der
        self.leaf = certificate(leaf, public=leaf_public, signing=self.issuing_key, own=b"\x02" * 20, **ids)
        self.self_made = certificate(leaf, public=leaf_public, signing=self.leaf_key, own=b"\x02" * 20, **ids)
        listed = verifier.read_revocation_list(revocation_list(name, self.issuing_key), (self.authority,))
        self.trust = verifier.store_of([self.authority], [listed])

    def verify(self, sent: bytes, content: bytes = CONTENT) -> verifier.Verified:
        return verifier.verify(
            sent, content, purpose=verifier.SIGN, moment=NOW, trust=self.trust, expected_iin=MOTHER.iin
        )


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


class TestGostSignature:
    def test_is_accepted(self, chain):
        verified = chain.verify(message(CONTENT, chain.leaf, chain.leaf_key))

        assert verified.holder.iin == MOTHER.iin
        assert verified.standing.revocation_list.number == 4

    def test_of_other_content_is_refused(self, chain):
        with pytest.raises(verifier.SignatureTampered, match="digest"):
            chain.verify(message(CONTENT, chain.leaf, chain.leaf_key), CONTENT + b"x")

    def test_by_another_key_is_refused(self, chain):
        with pytest.raises(verifier.SignatureTampered, match="'signature'"):
            chain.verify(message(CONTENT, chain.leaf, chain.issuing_key))

    def test_with_a_certificate_that_no_authority_signed_is_refused(self, chain):
        with pytest.raises(verifier.SignatureUntrusted):
            chain.verify(message(CONTENT, chain.self_made, chain.leaf_key))


class TestCurve:
    def test_the_base_point_lies_on_it_and_has_its_order(self):
        assert gost.is_on_curve(*gost.BASE[:2])
        assert times(gost.Q - 1)[0] == gost.BASE[0]

    def test_the_digest_is_that_of_the_standard(self):
        """The first example of GOST 34.11-2012, written little-endian there."""
        expected = (
            "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
            "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48"
        )
        assert gost.streebog(b"012345678901234567890123456789012345678901234567890123456789012") == bytes.fromhex(
            expected
        )

    @settings(max_examples=10, deadline=None)
    @given(st.integers(0, 127), st.integers(1, 255))
    def test_no_byte_of_a_signature_may_change(self, position, change):
        private, public = new_key()
        digest = gost.streebog(b"text")
        signature = bytearray(sign(private, b"text"))
        assert gost.verify(public_key=public, signature=bytes(signature), digest=digest)

        signature[position] ^= change

        assert not gost.verify(public_key=public, signature=bytes(signature), digest=digest)

    @pytest.mark.parametrize(
        ("public", "signature"),
        [
            (b"", b""),
            (b"\1" * 128, b"\1" * 128),
            (little(*gost.BASE[:2]), little(0, 5)),
            (little(*gost.BASE[:2]), b"\xff" * 128),
        ],
    )
    def test_impossible_keys_and_signatures_are_refused(self, public, signature):
        assert not gost.verify(public_key=public, signature=signature, digest=b"\1" * 64)
