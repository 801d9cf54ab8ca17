"""That somebody in office looked at personal data: written down before it is shown."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record
from balabaqsha.record.queries import READ


@transaction.atomic(durable=True)
def open_case(
    *, application: Application, page: str, actor: Actor, now: datetime, upload_id: int | None = None
) -> None:
    """Note in the journal that the actor opens the case on this page, or one of its papers."""
    facts: dict[str, int | str] = {"page": page}
    if upload_id is not None:
        facts["upload"] = upload_id
    record.record(
        READ,
        actor=actor,
        now=now,
        territory_code=application.territory_id,
        application_id=application.id,
        facts=facts,
    )


@transaction.atomic(durable=True)
def open_paper(*, claim_id: int, territory_code: str, actor: Actor, now: datetime) -> None:
    """Note in the journal that the actor looks at a guardian's claim and its decision, which belong to no case yet."""
    record.record(
        READ, actor=actor, now=now, territory_code=territory_code, facts={"page": "guardian", "claim": claim_id}
    )
