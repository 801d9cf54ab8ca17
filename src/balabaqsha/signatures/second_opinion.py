"""NCANode beside our own verifier: both must find the signature good, and speak of the same certificate.

What NCANode calls valid alone is not enough (its code was read): a message without signers is valid, so is one whose
certificate it does not find; data of an attached message are not compared; a missing list means not revoked; purposes
and roles are not looked at; the time stamp's chain and imprint are not checked. Our own verifier has judged all of that
before it is asked; here its words are held against what we have seen ourselves.
"""

import hashlib
import re
from dataclasses import replace

from asn1crypto import x509
from django.conf import settings

from balabaqsha.gateways import registry
from balabaqsha.gateways.node.port import Report
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.signatures import verifier

_HASHES = {"sha256": "sha256", "sha384": "sha384", "sha512": "sha512"}


def agree(verified: verifier.Verified, *, cms: bytes, content: bytes) -> verifier.Verified:
    """The verdict with NCANode's name beside ours if it agrees, or as it came where the settings do not ask it.

    Raises SignatureNotChecked where it does not answer, SignatureRevoked, or SignatureRefused for any other word.
    """
    if not settings.SIGNATURE_NODE:
        return verified
    try:
        report = registry.node().verify(cms, content)
    except NotAnswering:
        raise verifier.SignatureNotChecked(reason="NCANode does not answer") from None
    _weigh(report, verified, cms)
    return replace(verified, verifier=f"{verified.verifier} ncanode-3")


def _weigh(report: Report, verified: verifier.Verified, cms: bytes) -> None:
    if len(report.signers) != 1:
        raise verifier.SignatureRefused(reason=f"NCANode saw {len(report.signers)} certificates of signers")
    (signer,) = report.signers
    if any(signer.revoked.values()):
        raise verifier.SignatureRevoked(reason="NCANode")
    if not (report.valid and signer.valid):
        raise verifier.SignatureRefused(reason="NCANode: not valid")
    certificate = x509.Certificate.load(verified.certificate)
    same = (signer.serial, signer.iin, signer.usage) == (
        certificate.serial_number,
        verified.holder.iin,
        verified.purpose.value,
    )
    if not same or not re.fullmatch(r"[0-9]{12}", signer.iin):
        raise verifier.SignatureRefused(reason="NCANode speaks of another certificate")
    if not signer.revoked:
        raise verifier.SignatureNotChecked(reason="NCANode looked up no revocation")
    _check_stamp(signer.stamp_hash, signer.stamp_algorithm, cms)


def _check_stamp(stamped: str, algorithm: str, cms: bytes) -> None:
    """The stamp that NCANode saw must be over this very signature."""
    if not stamped:
        return
    name = _HASHES.get(algorithm.lower().replace("-", ""), "sha256")
    if stamped != hashlib.new(name, verifier.signature_value(cms)).hexdigest():
        raise verifier.SignatureWrongStamp(reason="NCANode: imprint")
