"""Signs as NCALayer would: a CMS message over given bytes with a demonstration key."""

import hashlib
from datetime import datetime

from asn1crypto import algos, cms, core, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from balabaqsha.sandbox.authority.authority import Key


def sign(content: bytes, key: Key, *, signed_at: datetime, attached: bool = False) -> bytes:
    """The CMS message (DER) of one signer, SHA-256 with RSA; `signed_at` is the signer's own claim."""
    certificate = x509.Certificate.load(key.certificate.public_bytes(serialization.Encoding.DER))
    attributes = _attributes(content, signed_at)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": key.private.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
    )
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
            "encap_content_info": {"content_type": "data", "content": content}
            if attached
            else {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())


def _attributes(content: bytes, signed_at: datetime) -> cms.CMSAttributes:
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
            cms.CMSAttribute(
                {
                    "type": "signing_time",
                    "values": [cms.Time({"utc_time": core.UTCTime(signed_at.replace(microsecond=0))})],
                }
            ),
        ]
    )
