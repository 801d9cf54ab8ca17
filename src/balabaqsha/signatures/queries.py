"""What others ask of the signatures: whether one holds, and what is kept of those that did."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import x509
from django.conf import settings

from balabaqsha.signatures import pins, second_opinion, status, verifier
from balabaqsha.signatures.models import KeptAuthority, Kind, RevocationList, Signature
from balabaqsha.signatures.verifier import certificate as certificates

# By what a list is, not by row: a process keeps each in memory once (a national one takes 0.4 s to read).
_indexes: dict[tuple[bytes, int], verifier.RevocationIndex] = {}
_KEPT_IN_MEMORY = 16


class NotPinned(RuntimeError):
    """The pinned authorities are not as they must be: a defect of the installation, named at start too."""


@dataclass(frozen=True)
class Evidence:
    """One kept signature for people to see. Name, IIN, BIN and organisation come from the certificate: personal data."""

    id: int
    kind: Kind
    signed_at: datetime
    stamped_at: datetime | None
    name: str
    iin: str
    bin: str | None
    organisation: str | None
    serial: str
    issued_by: str
    valid_until: datetime | None


def authorities() -> tuple[verifier.Authority, ...]:
    """The pinned authorities; raises NotPinned."""
    found = pins.pinned(settings.SIGNATURE_AUTHORITIES, pins=settings.SIGNATURE_AUTHORITY_PINS, mode=settings.MODE)
    if found.problems:
        raise NotPinned("; ".join(found.problems))
    return found.authorities


def trust_store() -> verifier.TrustStore:
    """The pinned authorities with the newest list of each. One query, and one more for each list not yet in memory."""
    trusted = authorities()
    newest = (
        RevocationList.objects.filter(authority_sha256__in=[authority.sha256 for authority in trusted])
        .order_by("authority_sha256", "-number")
        .distinct("authority_sha256")
        .values_list("id", "authority_sha256", "number")
    )
    return verifier.store_of(
        trusted, [_index(row, bytes(issuer), int(number), trusted) for row, issuer, number in newest]
    )


def _index(row: int, issuer: bytes, number: int, trusted: tuple[verifier.Authority, ...]) -> verifier.RevocationIndex:
    known = _indexes.get((issuer, number))
    if known is None:
        content = RevocationList.objects.values_list("content", flat=True).get(id=row)
        known = verifier.read_revocation_list(bytes(content), trusted)
        if len(_indexes) >= _KEPT_IN_MEMORY:
            _indexes.clear()
        _indexes[issuer, number] = known
    return replace(known, source_id=row)


def check(
    *,
    content: bytes,
    cms: bytes,
    now: datetime,
    purpose: verifier.Purpose = verifier.SIGN,
    expected_iin: str | None = None,
    expected_bin: str | None = None,
    roles: Collection[str] = (),
) -> verifier.Verified:
    """Whether the signature holds at `now`. May ask the status service and NCANode, so never inside a transaction.

    Raises a subclass of verifier.SignatureRefused.
    """
    verified = status.verify(
        cms,
        content,
        purpose=purpose,
        moment=now,
        trust=trust_store(),
        expected_iin=expected_iin,
        expected_bin=expected_bin,
        roles=roles,
    )
    return second_opinion.agree(verified, cms=cms, content=content)


def judge_again(signature: Signature, content: bytes, cms: bytes | None = None) -> verifier.Verified:
    """Whether the kept evidence, and nothing else, still proves that the signature held when it was made.

    `cms` is the message as somebody brings it now, the kept one without it. Neither the pinned authorities of today nor today's lists nor a clock have a say. Raises a subclass of SignatureRefused.
    """
    kept = tuple(verifier.read_authority(bytes(one)) for one in KeptAuthority.objects.values_list("content", flat=True))
    rows = [row for row in (signature.revocation_list_id, signature.authority_list_id) if row is not None]
    stored = RevocationList.objects.filter(id__in=rows).values_list("content", flat=True)
    answer = signature.status_answer
    return verifier.verify(
        bytes(signature.cms or b"") if cms is None else cms,
        content,
        purpose=verifier.Purpose(signature.purpose),
        moment=signature.signed_at,
        trust=verifier.store_of(kept, [verifier.read_revocation_list(bytes(one), kept) for one in stored]),
        status_answer=bytes(answer) if answer else None,
    )


def kept_signature(signature_sha256: bytes) -> Signature | None:
    """The evidence of the act of signing with this signature value, if the portal took it."""
    return Signature.objects.filter(signature_sha256=signature_sha256).first()


def evidence(*, document_kind: str, document_id: int) -> list[Evidence]:
    """The signatures of a document, oldest first."""
    kept = Signature.objects.filter(document_kind=document_kind, document_id=document_id).order_by("id")
    return [_evidence(signature) for signature in kept]


def _evidence(signature: Signature) -> Evidence:
    if signature.certificate is None:
        return Evidence(
            id=signature.id,
            kind=Kind(signature.kind),
            signed_at=signature.signed_at,
            stamped_at=None,
            name="",
            iin="",
            bin=None,
            organisation=None,
            serial="",
            issued_by="",
            valid_until=None,
        )
    certificate = x509.Certificate.load(bytes(signature.certificate))
    holder = certificates.holder(certificate)
    return Evidence(
        id=signature.id,
        kind=Kind(signature.kind),
        signed_at=signature.signed_at,
        stamped_at=signature.stamped_at,
        name=holder.common_name,
        iin=holder.iin,
        bin=holder.bin,
        organisation=holder.organisation,
        serial=f"{certificate.serial_number:x}",
        issued_by=str(certificate.issuer.native.get("common_name", "")),
        valid_until=certificate.not_valid_after,
    )
