"""Inner steps of the signatures that need no verifier: a rehearsal starts without its cryptography."""

import hashlib
from datetime import datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record
from balabaqsha.signatures.models import Kind, Signature, SignaturePurpose


@transaction.atomic(savepoint=False)
def keep_rehearsed_signature(
    *,
    content: bytes,
    document_kind: str,
    document_id: int,
    actor: Actor,
    now: datetime,
    purpose: SignaturePurpose = SignaturePurpose.SIGN,
    person_id: int | None = None,
    territory_code: str | None = None,
    application_id: int | None = None,
) -> Signature:
    """Keep, for a rehearsed story, that somebody signed; IntegrityError outside a scratch database."""
    signature = Signature.objects.create(
        kind=Kind.REHEARSAL,
        purpose=purpose.value,
        document_kind=document_kind,
        document_id=document_id,
        content_sha256=hashlib.sha256(content).digest(),
        person_id=person_id,
        signed_at=now,
        verifier=Kind.REHEARSAL.value,
    )
    record_kept(signature, actor=actor, now=now, territory_code=territory_code, application_id=application_id)
    return signature


def record_kept(
    signature: Signature, *, actor: Actor, now: datetime, territory_code: str | None, application_id: int | None
) -> None:
    """Write into the journal that evidence was kept, and of what."""
    record.record(
        "signature-kept",
        actor=actor,
        now=now,
        territory_code=territory_code,
        application_id=application_id,
        facts={
            "signature": signature.id,
            "kind": signature.kind,
            "purpose": signature.purpose,
            "document_kind": signature.document_kind,
            "document": signature.document_id,
            "content_sha256": bytes(signature.content_sha256).hex(),
            "verifier": signature.verifier,
        },
    )
