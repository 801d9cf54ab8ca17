"""Whether a signed document holds, for anybody who has both files: by the portal's evidence, or by lists at hand."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from asn1crypto import x509

from balabaqsha.signatures import pins, queries, verifier
from balabaqsha.signatures.models import Signature


class Basis(StrEnum):
    """As of which moment a signature was judged: KEPT, when the portal took it; NOW, when somebody asks; GIVEN."""

    KEPT = "KEPT"
    NOW = "NOW"
    GIVEN = "GIVEN"


@dataclass(frozen=True)
class Verdict:
    """What was found. `refusal` says why the signature does not hold; then nothing else of the signer is told.

    `content_sha256` is hexadecimal; `taken_for` and `taken_id` name the document for which the portal took the signature.
    """

    content_sha256: str
    basis: Basis
    judged_for: datetime
    verified: verifier.Verified | None
    refusal: verifier.SignatureRefused | None
    taken_for: str = ""
    taken_id: int | None = None

    @property
    def holds(self) -> bool:
        return self.verified is not None

    @property
    def certificate(self) -> x509.Certificate | None:
        return x509.Certificate.load(self.verified.certificate) if self.verified else None


def of_document(*, content: bytes, cms: bytes, now: datetime) -> Verdict:
    """The verdict on a document and its signature: by the kept evidence if the portal took this signature, else as of now."""
    try:
        kept = queries.kept_signature(verifier.signature_digest(cms))
        if kept is not None and kept.cms is not None:
            return _kept(kept, content, cms)
        verified = queries.check(content=content, cms=cms, now=now)
    except verifier.SignatureRefused as refusal:
        return _refused(content, Basis.NOW, now, refusal)
    return Verdict(_digest(content), Basis.NOW, now, verified, None)


def _kept(kept: Signature, content: bytes, cms: bytes) -> Verdict:
    try:
        verified = queries.judge_again(kept, content, cms)
    except verifier.SignatureRefused as refusal:
        return _refused(content, Basis.KEPT, kept.signed_at, refusal)
    taken = {"taken_for": kept.document_kind, "taken_id": kept.document_id}
    return Verdict(_digest(content), Basis.KEPT, kept.signed_at, verified, None, **taken)


def by_files(*, content: bytes, cms: bytes, authorities: Path, moment: datetime) -> Verdict:
    """The verdict without a portal: by the certificates (.cer, .crt, .pem) and lists (.crl) of a folder, as of the moment.

    Raises verifier.UnusableList for a list that no authority of the folder signed.
    """
    # Who keeps the folder has chosen what is in it; even the development authority counts.
    trusted = pins.pinned(authorities, pins=(), mode=pins.DEMONSTRATION).authorities
    lists = [verifier.read_revocation_list(file.read_bytes(), trusted) for file in sorted(authorities.glob("*.crl"))]
    try:
        verified = verifier.verify(
            cms, content, purpose=verifier.SIGN, moment=moment, trust=verifier.store_of(trusted, lists)
        )
    except verifier.SignatureRefused as refusal:
        return _refused(content, Basis.GIVEN, moment, refusal)
    return Verdict(_digest(content), Basis.GIVEN, moment, verified, None)


def _refused(content: bytes, basis: Basis, moment: datetime, refusal: verifier.SignatureRefused) -> Verdict:
    return Verdict(_digest(content), basis, moment, None, refusal)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
