"""Answers of the authority's status service (OCSP, RFC 6960): a second source beside the revocation list."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import core, ocsp, x509

from balabaqsha.signatures.verifier import certificate as certificates
from balabaqsha.signatures.verifier import keys, oids
from balabaqsha.signatures.verifier.authority import Authority
from balabaqsha.signatures.verifier.refusals import MALFORMED, SignatureUnsupported

# Real answers of the national service carry no next update.
FRESH_FOR = timedelta(minutes=10)
CLOCK_SKEW = timedelta(minutes=10)
HASHES = frozenset({"sha1", "sha256", "sha384", "sha512"})


class UnusableAnswer(ValueError):
    """The bytes are no fresh answer about this certificate by a responder of its authority."""


@dataclass(frozen=True)
class Answer:
    """What the service said, until when it counts, and its bytes.

    An unknown serial is answered as revoked in 1970 (RFC 6960, non-issued).
    """

    revoked: bool
    this_update: datetime
    last: datetime
    der: bytes = field(repr=False)


def read(der: bytes, certificate: x509.Certificate, authority: Authority, *, moment: datetime) -> Answer:
    """The checked answer about the certificate at the moment; raises UnusableAnswer."""
    try:
        response = ocsp.OCSPResponse.load(der, strict=True)
        if response["response_status"].native != "successful":
            raise UnusableAnswer(str(response["response_status"].native))
        basic = response.basic_ocsp_response
        _check_signature(basic, authority, moment=moment)
        return _answer(basic["tbs_response_data"], certificate, authority, moment=moment, der=der)
    except UnusableAnswer:
        raise
    except (*MALFORMED, SignatureUnsupported) as error:
        raise UnusableAnswer(str(error)) from None


def request(certificate: x509.Certificate, authority: Authority) -> bytes:
    """The question about one certificate, DER. Without a nonce: the answer is dated, and may serve the next minutes."""
    name = {"algorithm": "sha256"}
    identifier = ocsp.CertId(
        {
            "hash_algorithm": name,
            "issuer_name_hash": hashlib.sha256(authority.subject).digest(),
            "issuer_key_hash": hashlib.sha256(authority.key_hash_input).digest(),
            "serial_number": certificate.serial_number,
        }
    )
    asked = ocsp.TBSRequest({"request_list": [ocsp.Request({"req_cert": identifier})]})
    return bytes(ocsp.OCSPRequest({"tbs_request": asked}).dump())


def _check_signature(basic: ocsp.BasicOCSPResponse, authority: Authority, *, moment: datetime) -> None:
    key = _responder_key(basic, authority, moment=moment)
    algorithm = basic["signature_algorithm"]["algorithm"].dotted
    if not key.signed(basic["tbs_response_data"].dump(), basic["signature"].native, algorithm=algorithm):
        raise UnusableAnswer("signature")


def _responder_key(basic: ocsp.BasicOCSPResponse, authority: Authority, *, moment: datetime) -> keys.PublicKey:
    """The authority's own key, or that of a responder to whom the authority has delegated."""
    name = basic["tbs_response_data"]["responder_id"]
    if _is_named(authority.certificate, name):
        return authority.key
    sent = () if isinstance(basic["certs"], core.Void) else basic["certs"]
    for responder in sent:
        if not _is_named(responder, name):
            continue
        if oids.OCSP_SIGNING not in certificates.extended_key_usage(responder) or not authority.has_issued(responder):
            raise UnusableAnswer("not a responder of the authority")
        if not responder.not_valid_before <= moment <= responder.not_valid_after:
            raise UnusableAnswer("responder's certificate")
        return keys.public_key_of(responder)
    raise UnusableAnswer("no responder's certificate")


def _is_named(certificate: x509.Certificate, name: ocsp.ResponderId) -> bool:
    if name.name == "by_name":
        return bool(name.chosen.untag().dump() == certificate.subject.dump())
    spki = certificate["tbs_certificate"]["subject_public_key_info"].dump()
    key = core.Sequence.load(spki)[1].contents[1:]
    return bool(name.chosen.native == hashlib.sha1(key, usedforsecurity=False).digest())


def _answer(
    data: ocsp.ResponseData, certificate: x509.Certificate, authority: Authority, *, moment: datetime, der: bytes
) -> Answer:
    for single in data["responses"]:
        if not _is_about(single["cert_id"], certificate, authority):
            continue
        this_update, next_update = single["this_update"].native, single["next_update"].native
        # Without a nonce an answer can be shown again: it counts for minutes, whatever it says of its next one.
        last = min(next_update or this_update + FRESH_FOR, this_update + FRESH_FOR)
        if not this_update - CLOCK_SKEW <= moment <= last:
            raise UnusableAnswer("stale")
        status = single["cert_status"].name
        if status not in {"good", "revoked"}:
            raise UnusableAnswer(f"status {status}")
        return Answer(revoked=status == "revoked", this_update=this_update, last=last, der=der)
    raise UnusableAnswer("about another certificate")


def _is_about(identifier: ocsp.CertId, certificate: x509.Certificate, authority: Authority) -> bool:
    name = identifier["hash_algorithm"]["algorithm"].native
    if name not in HASHES or identifier["serial_number"].native != certificate.serial_number:
        return False
    return bool(
        identifier["issuer_name_hash"].native == hashlib.new(name, authority.subject).digest()
        and identifier["issuer_key_hash"].native == hashlib.new(name, authority.key_hash_input).digest()
    )
