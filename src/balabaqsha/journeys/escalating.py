"""Who is late with a family: a kindergarten with a signed contract, an authority with an appeal; the family loses nothing."""

from datetime import datetime

from django.db import transaction

from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.appeals import _steps as appeals
from balabaqsha.applications.models import Appeal
from balabaqsha.applications.states import AppealState
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.record import actions as record


@transaction.atomic(durable=True)
def escalate(*, now: datetime, limit: int = 200) -> int:
    """Note every contract that has waited for the head longer than `contract.with_kindergarten`; returns how many.

    The place stays with the family. Rival: the head who signs meanwhile, whose row is locked and left alone.
    Source: rules, section 5.4.
    """
    late = (
        Admission.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("application")
        .filter(stage=Stage.CONTRACT_WITH_KINDERGARTEN, escalated_at__isnull=True, escalates_at__lt=now)
    )
    rows = list(late.order_by("escalates_at", "id")[:limit])
    for admission in rows:
        application = admission.application
        admission.escalated_at = now
        admission.save(update_fields=["escalated_at"])
        facts = {"admission": admission.id, "group": admission.group_id}
        record.record(
            "escalate",
            actor=SYSTEM,
            now=now,
            territory_code=application.territory_id,
            application_id=application.id,
            facts=facts,
        )
        record.tell("contract-overdue", now=now, application_id=application.id, facts=facts)
    return len(rows)


@transaction.atomic(durable=True)
def escalate_appeals(*, now: datetime, limit: int = 200) -> int:
    """Note every appeal that has waited longer than `appeal.decide` and tell its family; returns how many.

    What is kept for the family stays kept. Rival: the officer who decides meanwhile, whose row is locked and left alone.
    """
    late = (
        Appeal.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("application")
        .filter(state=AppealState.OPEN, escalated_at__isnull=True, due_at__lt=now)
    )
    rows = list(late.order_by("due_at", "id")[:limit])
    for appeal in rows:
        appeals.escalate(appeal, now=now)
        application = appeal.application
        facts = {"appeal": appeal.id}
        applications.journal(
            application, "escalate_appeal", actor=SYSTEM, now=now, before=application.state, facts=facts
        )
        record.tell("appeal-late", now=now, application_id=application.id, facts={})
    return len(rows)
