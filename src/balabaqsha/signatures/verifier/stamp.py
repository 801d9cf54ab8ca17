"""Time stamps (RFC 3161) that came with a signature."""

import hashlib
from datetime import datetime, timedelta

from asn1crypto import cms, tsp, x509

from balabaqsha.signatures.verifier import certificate as certificates
from balabaqsha.signatures.verifier import message, oids
from balabaqsha.signatures.verifier.refusals import SignatureRefused, SignatureWrongStamp
from balabaqsha.signatures.verifier.trust import TrustStore, check_validity

CLOCK_SKEW = timedelta(minutes=10)
HASHES = frozenset({"sha256", "sha384", "sha512"})


def stamped_at(token: cms.ContentInfo, signature: bytes, *, moment: datetime, trust: TrustStore) -> datetime:
    """The moment to which the token testifies for this signature; raises SignatureWrongStamp."""
    try:
        return _stamped_at(token, signature, moment=moment, trust=trust)
    except SignatureWrongStamp:
        raise
    except SignatureRefused as refusal:
        raise SignatureWrongStamp(reason=f"{refusal.code} {refusal.facts.get('reason', '')}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureWrongStamp(reason=f"malformed: {error}"[:120]) from None


def _stamped_at(token: cms.ContentInfo, signature: bytes, *, moment: datetime, trust: TrustStore) -> datetime:
    data = token["content"]
    content = message.embedded_content(data)
    if content is None:
        raise SignatureWrongStamp(reason="no content")
    signer = message.check(data, content, content_type=oids.STAMP_INFO)
    _check_authority(signer.certificate, moment=moment, trust=trust)

    info = tsp.TSTInfo.load(content, strict=True)
    imprint = info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    if name not in HASHES or imprint["hashed_message"].native != hashlib.new(name, signature).digest():
        raise SignatureWrongStamp(reason="imprint")
    testified: datetime = info["gen_time"].native
    if testified > moment + CLOCK_SKEW:
        raise SignatureWrongStamp(reason="from the future")
    return testified


def _check_authority(certificate: x509.Certificate, *, moment: datetime, trust: TrustStore) -> None:
    if oids.TIME_STAMPING not in certificates.extended_key_usage(certificate):
        raise SignatureWrongStamp(reason="not a stamping key")
    issuer = trust.issuer_of(certificate, moment=moment)
    trust.check_chain(issuer, moment=moment)
    check_validity(certificate, moment=moment)
    trust.check_standing(certificate, issuer, moment=moment)
