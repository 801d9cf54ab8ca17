"""Inner steps of links; every caller is a journey that holds the application's lock."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import ApplicationLink, LinkEnd


@transaction.atomic(savepoint=False)
def link(*, application_id: int, person_id: int, reference: str, now: datetime) -> ApplicationLink:
    """Let the person see the application; a second live link of theirs violates the schema."""
    return ApplicationLink.objects.create(
        application_id=application_id, person_id=person_id, reference=reference, linked_at=now, confirmed_at=now
    )


@transaction.atomic(savepoint=False)
def confirm(link: ApplicationLink, *, reference: str, now: datetime) -> None:
    """Note that the register names the person still."""
    link.reference, link.confirmed_at = reference, now
    link.save(update_fields=["reference", "confirmed_at"])


@transaction.atomic(savepoint=False)
def end(link: ApplicationLink, *, because: LinkEnd, now: datetime) -> None:
    """Let the person see the application no longer."""
    link.ended_at, link.ended_because = max(now, link.linked_at), because
    link.save(update_fields=["ended_at", "ended_because"])
