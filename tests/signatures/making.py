"""An authority, keys and messages of every good and bad kind, for the tests of this app."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from balabaqsha.sandbox.authority import profile
from balabaqsha.sandbox.authority.authority import ISSUING_TITLE, ROOT_TITLE
from balabaqsha.sandbox.authority.profile import Holder, Issuer, Usage
from balabaqsha.signatures import actions, queries, verifier

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
VALID = (NOW - timedelta(hours=1), NOW + YEAR)
DER = serialization.Encoding.DER
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}

MOTHER = Holder(iin="900101400123", surname="Серікова", given_name="Айгүл", patronymic="Болатқызы")
NEIGHBOUR = Holder(iin="850505300456", surname="Оспанов", given_name="Нұрлан", patronymic="Қайратұлы")
GARDEN = "КОММУНАЛЬНОЕ ГОСУДАРСТВЕННОЕ КАЗЕННОЕ ПРЕДПРИЯТИЕ «ЯСЛИ-САД № 1 БАЛАПАН» АКИМАТА ГОРОДА"
HEAD = Holder(
    iin="770707300789", surname="Ахметов", given_name="Ерлан", bin="120340001234", organisation=GARDEN, role="HEAD"
)
EMPLOYEE = Holder(
    iin="770707300111", surname="Ахметов", given_name="Ерлан", bin="120340001234", organisation=GARDEN, role="EMPLOYEE"
)


@dataclass(frozen=True)
class Key:
    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(DER)

    @property
    def parsed(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.der)


@dataclass(frozen=True)
class Town:
    """The authority and the keys of everybody in these tests."""

    root: Issuer
    issuing: Issuer
    keys: dict[str, Key] = field(repr=False)

    def revocation_list(
        self, *, age: timedelta = timedelta(hours=1), life: timedelta = timedelta(days=1), number: int = 1
    ) -> bytes:
        made = NOW - age
        revoked = {self.keys["revoked"].certificate.serial_number: NOW - timedelta(minutes=90)}
        return self.issuing.revocation_list(revoked, number=number, this_update=made, next_update=made + life)

    def root_list(self) -> bytes:
        return self.root.revocation_list({}, number=1, this_update=NOW - YEAR / 4, next_update=NOW + YEAR / 4)

    @property
    def authorities(self) -> tuple[verifier.Authority, ...]:
        return tuple(verifier.read_authority(one.certificate.public_bytes(DER)) for one in (self.root, self.issuing))

    def trust(self, *lists: bytes) -> verifier.TrustStore:
        """A store with these lists, or with the fresh ones of both authorities."""
        given = lists or (self.root_list(), self.revocation_list())
        return verifier.store_of(
            self.authorities, [verifier.read_revocation_list(one, self.authorities) for one in given]
        )


@cache
def town() -> Town:
    """Made once: RSA keys take a tenth of a second each."""
    root = _authority(ROOT_TITLE)
    issuing = _authority(ISSUING_TITLE, root)
    rogue = _authority(ISSUING_TITLE, _authority(ROOT_TITLE))
    revoked_until = (NOW - timedelta(hours=1), NOW + YEAR)
    keys = {
        "mother": _key(issuing, MOTHER, Usage.SIGN),
        "sign-in": _key(issuing, MOTHER, Usage.AUTH),
        "neighbour": _key(issuing, NEIGHBOUR, Usage.SIGN),
        "head": _key(issuing, HEAD, Usage.SIGN),
        "employee": _key(issuing, EMPLOYEE, Usage.SIGN),
        "expired": _key(issuing, MOTHER, Usage.SIGN, (NOW - YEAR * 2, NOW - timedelta(days=35))),
        "early": _key(issuing, MOTHER, Usage.SIGN, (NOW + timedelta(days=1), NOW + YEAR)),
        "revoked": _key(issuing, MOTHER, Usage.SIGN, revoked_until),
        "rogue": _key(rogue, MOTHER, Usage.SIGN),
        "stamping": _service(issuing, "DEV TSA", ExtendedKeyUsageOID.TIME_STAMPING),
        "responder": _service(issuing, "DEV OCSP", ExtendedKeyUsageOID.OCSP_SIGNING),
    }
    return Town(root=root, issuing=issuing, keys=keys)


def _authority(title: str, parent: Issuer | None = None) -> Issuer:
    key = profile.new_key()
    valid = (NOW - YEAR * 3, NOW + YEAR * 10)
    return Issuer(certificate=profile.authority_certificate(title, key, valid=valid, parent=parent), key=key)


def _key(issuer: Issuer, holder: Holder, usage: Usage, valid: tuple[datetime, datetime] = VALID) -> Key:
    private = profile.new_key()
    return Key(private, issuer.issue(holder, usage, public_key=private.public_key(), valid=valid))


def _service(issuer: Issuer, name: str, usage: x509.ObjectIdentifier) -> Key:
    private = profile.new_key()
    certificate = issuer.sign(
        subject=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        public_key=private.public_key(),
        valid=VALID,
        extensions=[(profile.key_usage("digital_signature"), True), (x509.ExtendedKeyUsage([usage]), True)],
    )
    return Key(private, certificate)


def message(
    content: bytes,
    who: str = "mother",
    *,
    attached: bool = False,
    claimed_at: datetime = NOW,
    algorithm: str = "sha256",
    certificate_of: str | None = None,
    stamp: cms.ContentInfo | str | None = None,
) -> cms.ContentInfo:
    """A message as asn1crypto objects, so that a test can spoil it before it is dumped."""
    key = town().keys[who]
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(algorithm, content).digest()]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(claimed_at)})]}),
        ]
    )
    shown = town().keys[certificate_of or who].parsed
    info = _signer(key, shown, attributes, algorithm)
    if stamp is not None:
        token = time_stamp(info["signature"].native, who=stamp) if isinstance(stamp, str) else stamp
        info["unsigned_attrs"] = cms.CMSAttributes(
            [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
        )
    enveloped = {"content_type": "data", "content": content} if attached else {"content_type": "data"}
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": algorithm})],
            "encap_content_info": enveloped,
            "certificates": [shown],
            "signer_infos": [info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


def _signer(
    key: Key, shown: asn1_x509.Certificate, attributes: cms.CMSAttributes, algorithm: str = "sha256"
) -> cms.SignerInfo:
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": shown.issuer, "serial_number": shown.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{algorithm}_rsa"}),
            "signature": key.private.sign(attributes.dump(), padding.PKCS1v15(), HASHES[algorithm]()),
        }
    )


def time_stamp(signature: bytes, *, who: str = "stamping", at: datetime = NOW) -> cms.ContentInfo:
    """A time-stamp token over the signature."""
    key = town().keys[who]
    content = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.398.3.3.2.6.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(signature).digest(),
            },
            "serial_number": 1,
            "gen_time": at,
        }
    ).dump()
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
        ]
    )
    data = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [key.parsed],
            "signer_infos": [_signer(key, key.parsed, attributes)],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


def status_answer(
    status: ocsp.OCSPCertStatus,
    *,
    who: str = "mother",
    responder: str = "responder",
    age: timedelta = timedelta(0),
) -> bytes:
    """An OCSP response about a key."""
    key = town().keys[responder]
    made = NOW - age
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=town().keys[who].certificate,
            issuer=town().issuing.certificate,
            algorithm=hashes.SHA256(),
            cert_status=status,
            this_update=made,
            next_update=made + timedelta(minutes=10),
            revocation_time=made if revoked else None,
            revocation_reason=x509.ReasonFlags.certificate_hold if revoked else None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, key.certificate)
        .certificates([key.certificate])
    )
    return builder.sign(key.private, hashes.SHA256()).public_bytes(DER)


def keep_signature(
    *, content, cms, now, expected_iin=None, expected_bin=None, purpose=verifier.SIGN, roles=(), **named
):
    """Judge a signature and keep its evidence, as journeys do before and under their locks."""
    judged = {"expected_iin": expected_iin, "expected_bin": expected_bin, "purpose": purpose, "roles": roles}
    verified = queries.check(content=content, cms=cms, now=now, **judged)
    return actions.keep_verified(verified=verified, cms=cms, now=now, **named)
