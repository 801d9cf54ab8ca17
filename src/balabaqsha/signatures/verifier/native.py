"""The verifier: everything that must hold before a signature counts, without network and without a clock."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import x509

from balabaqsha.signatures.verifier import certificate as certificates
from balabaqsha.signatures.verifier import message, ocsp, stamp
from balabaqsha.signatures.verifier.authority import Authority
from balabaqsha.signatures.verifier.certificate import Holder, Purpose
from balabaqsha.signatures.verifier.refusals import (
    MALFORMED,
    SignatureOfOtherOrganisation,
    SignatureOfOtherPerson,
    SignatureTampered,
    SignatureUnreadable,
    SignatureWrongPurpose,
    SignatureWrongRole,
    SignatureWrongStamp,
    SignatureWrongTime,
)
from balabaqsha.signatures.verifier.trust import Standing, TrustStore, check_validity

VERSION = "native-1"


@dataclass(frozen=True)
class Verified:
    """A signature that holds, with what it was found by. Moments are aware; `certificate` is DER."""

    purpose: Purpose
    holder: Holder
    certificate: bytes
    authority: bytes
    standing: Standing
    content_sha256: bytes
    signature_sha256: bytes
    claimed_at: datetime | None
    stamped_at: datetime | None
    verified_for: datetime
    verifier: str = VERSION


def verify(
    cms: bytes,
    content: bytes,
    *,
    purpose: Purpose,
    moment: datetime,
    trust: TrustStore,
    expected_iin: str | None = None,
    expected_bin: str | None = None,
    roles: Collection[str] = (),
    status_answer: bytes | None = None,
    both: bool = False,
    stamp_required: bool = False,
    clock_within: timedelta | None = None,
) -> Verified:
    """Check that the one signature in `cms` is over `content`, by whom it is expected from, with a key for this purpose.

    `moment` is the moment of signing by our clock, at which the certificate must be valid and not revoked. `roles`: the
    holder must have one of them. `status_answer`: an OCSP response; with `both` it and the list are needed. `clock_within`: how far the signer's own clock may be
    from `moment`.

    Raises a subclass of SignatureRefused.
    """
    try:
        signer = _read(cms, content)
        authority = trust.issuer_of(signer.certificate, moment=moment)
        holder = _holder(signer, purpose=purpose, trust=trust)
        _check_holder(holder, expected_iin=expected_iin, expected_bin=expected_bin, roles=roles)
        standing = _standing(signer, authority, moment=moment, trust=trust, answer=status_answer, both=both)
        stamped_at = _stamped_at(signer, moment=moment, trust=trust, required=stamp_required)
    except MALFORMED as error:
        raise SignatureUnreadable(reason=f"malformed: {error}"[:120]) from error
    _check_clock(signer, moment=moment, within=clock_within)
    found = _facts(signer, content) | {"authority": authority.sha256, "standing": standing, "stamped_at": stamped_at}
    return Verified(purpose=purpose, holder=holder, verified_for=moment, **found)


@dataclass(frozen=True)
class Asked:
    """A question to the status service, and about whom it is: the authority's SHA-256 and the serial number."""

    request: bytes
    authority: Authority
    certificate: x509.Certificate

    @property
    def about(self) -> tuple[bytes, int]:
        return self.authority.sha256, self.certificate.serial_number

    def usable_until(self, answer: bytes, *, moment: datetime) -> datetime | None:
        """Until when the answer counts, or None where it counts for nothing now."""
        try:
            return ocsp.read(answer, self.certificate, self.authority, moment=moment).last
        except ocsp.UnusableAnswer:
            return None


def status_question(cms: bytes, *, moment: datetime, trust: TrustStore) -> Asked:
    """What to ask the status service about the signer of a message; raises a subclass of SignatureRefused."""
    try:
        certificate = message.certificate_of(message.parse(cms))
        authority = trust.issuer_of(certificate, moment=moment)
        return Asked(ocsp.request(certificate, authority), authority, certificate)
    except MALFORMED as error:
        raise SignatureUnreadable(reason=f"malformed: {error}"[:120]) from error


def _standing(
    signer: message.Signer,
    authority: Authority,
    *,
    moment: datetime,
    trust: TrustStore,
    answer: bytes | None,
    both: bool,
) -> Standing:
    check_validity(signer.certificate, moment=moment)
    above = trust.check_chain(authority, moment=moment)
    found = trust.check_standing(signer.certificate, authority, moment=moment, answer=answer, both=both)
    return replace(found, above=above)


def _check_clock(signer: message.Signer, *, moment: datetime, within: timedelta | None) -> None:
    if within is not None and signer.claimed_at and abs(moment - signer.claimed_at) > within:
        raise SignatureWrongTime(claimed_at=signer.claimed_at)


def _facts(signer: message.Signer, content: bytes) -> dict[str, Any]:
    return {
        "certificate": signer.certificate.dump(),
        "content_sha256": hashlib.sha256(content).digest(),
        "signature_sha256": hashlib.sha256(signer.signature).digest(),
        "claimed_at": signer.claimed_at,
    }


def _read(cms: bytes, content: bytes) -> message.Signer:
    data = message.parse(cms)
    message.only_signer(data)
    embedded = message.embedded_content(data)
    if embedded is not None and embedded != content:
        raise SignatureTampered(reason="embedded content")
    return message.check(data, content)


def _holder(signer: message.Signer, *, purpose: Purpose, trust: TrustStore) -> Holder:
    if certificates.purpose(signer.certificate) is not purpose:
        raise SignatureWrongPurpose(reason="key usage")
    certificates.check_leaf(signer.certificate, policies=trust.policies)
    return certificates.holder(signer.certificate)


def _check_holder(
    holder: Holder, *, expected_iin: str | None, expected_bin: str | None, roles: Collection[str]
) -> None:
    if expected_iin is not None and holder.iin != expected_iin:
        raise SignatureOfOtherPerson
    if expected_bin is not None and holder.bin != expected_bin:
        raise SignatureOfOtherOrganisation
    if roles and not set(roles) & set(holder.roles):
        raise SignatureWrongRole(reason=",".join(holder.roles))


def _stamped_at(signer: message.Signer, *, moment: datetime, trust: TrustStore, required: bool) -> datetime | None:
    moments = [stamp.stamped_at(token, signer.signature, moment=moment, trust=trust) for token in signer.stamp_tokens]
    if required and not moments:
        raise SignatureWrongStamp(reason="missing")
    return min(moments, default=None)
