"""Every write of the signatures: keeping evidence, and keeping revocation lists."""

from datetime import datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record
from balabaqsha.signatures import queries, verifier
from balabaqsha.signatures._steps import keep_rehearsed_signature, record_kept
from balabaqsha.signatures.models import KeptAuthority, Kind, RevocationList, Signature

__all__ = ["SignedAlready", "keep_rehearsed_signature", "keep_verified", "store_revocation_list"]


class SignedAlready(Refusal, code="already-signed", detail="already-sent"):
    """This very act of signing was taken before."""


@transaction.atomic(savepoint=False)
def keep_verified(
    *,
    verified: verifier.Verified,
    cms: bytes,
    document_kind: str,
    document_id: int,
    actor: Actor,
    now: datetime,
    person_id: int | None = None,
    territory_code: str | None = None,
    application_id: int | None = None,
) -> Signature:
    """Keep the evidence of a signature that `queries.check` found good before the caller took its locks.

    The caller makes sure that the document has not changed since (`verified.content_sha256`). Raises SignedAlready.
    """
    if Signature.objects.filter(signature_sha256=verified.signature_sha256).exists():
        raise SignedAlready
    listed, above, heard = verified.standing.revocation_list, verified.standing.above, verified.standing.answer
    _keep_authorities(now=now)
    signature = Signature.objects.create(
        kind=Kind.EDS,
        purpose=verified.purpose.value,
        document_kind=document_kind,
        document_id=document_id,
        content_sha256=verified.content_sha256,
        person_id=person_id,
        cms=cms,
        signature_sha256=verified.signature_sha256,
        certificate=verified.certificate,
        authority_sha256=verified.authority,
        revocation_list_id=listed.source_id if listed else None,
        authority_list_id=above.source_id if above else None,
        status_answer=heard.der if heard else None,
        claimed_at=verified.claimed_at,
        stamped_at=verified.stamped_at,
        signed_at=verified.verified_for,
        verifier=verified.verifier,
    )
    record_kept(signature, actor=actor, now=now, territory_code=territory_code, application_id=application_id)
    return signature


def _keep_authorities(*, now: datetime) -> None:
    """Keep the certificates of the pinned authorities: a signature outlives the folder in which they lie."""
    trusted = {authority.sha256: authority for authority in queries.authorities()}
    known = set(map(bytes, KeptAuthority.objects.filter(sha256__in=trusted).values_list("sha256", flat=True)))
    missing = [
        KeptAuthority(sha256=sha256, content=trusted[sha256].certificate.dump(), kept_at=now)
        for sha256 in trusted.keys() - known
    ]
    if missing:
        # Rival: the first signature of another process; both keep the same bytes.
        KeptAuthority.objects.bulk_create(missing, ignore_conflicts=True)


def store_revocation_list(*, content: bytes, actor: Actor, now: datetime) -> RevocationList:
    """Keep a list that a pinned authority published. For a known or older one the newest known comes back unchanged.

    Raises verifier.UnusableList where no pinned authority signed it.
    """
    # Outside the transaction: indexing a national list takes half a second.
    index = verifier.read_revocation_list(content, queries.authorities())
    return _store(index, content=content, actor=actor, now=now)


@transaction.atomic(durable=True)
def _store(index: verifier.RevocationIndex, *, content: bytes, actor: Actor, now: datetime) -> RevocationList:
    newest = RevocationList.objects.filter(authority_sha256=index.authority).order_by("-number").first()
    if newest is not None and newest.number >= index.number:
        return newest
    stored = RevocationList.objects.create(
        authority_sha256=index.authority,
        number=index.number,
        this_update=index.this_update,
        next_update=index.next_update,
        entries=len(index.revoked),
        content=content,
        stored_at=now,
    )
    record.record(
        "revocation-list-stored",
        actor=actor,
        now=now,
        facts={
            "list": stored.id,
            "authority_sha256": index.authority.hex(),
            "number": str(index.number),
            "entries": stored.entries,
            "next_update": index.next_update.isoformat(),
        },
    )
    return stored
