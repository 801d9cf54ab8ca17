"""Ordering reports as a file, and how far the worker is with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from balabaqsha.insight.models import ReportOrder
from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record


@dataclass(frozen=True)
class Ordering:
    """What is ordered: reports by key, of a territory or (None) of the country, asked as the page was asked."""

    reports: Sequence[str]
    territory_code: str | None
    asked: dict[str, Any]
    language: str


@transaction.atomic(durable=True)
def order_report(*, ordering: Ordering, actor: Actor, now: datetime) -> ReportOrder:
    """Keep an order; the same order of the same officer that is still being made is returned unchanged.

    Rival: a double click may still make two, which harms nothing.
    """
    wanted = {
        "account_id": actor.account_id,
        "territory_id": ordering.territory_code,
        "reports": list(ordering.reports),
        "asked": ordering.asked,
        "language": ordering.language,
    }
    being_made = ReportOrder.objects.filter(**wanted, finished_at=None, failed_at=None).order_by("id").first()
    if being_made is not None:
        return being_made
    new = ReportOrder.objects.create(token=uuid4(), ordered_at=now, **wanted)
    facts = {"order": new.id, "reports": list(ordering.reports)}
    record.record("report-ordered", actor=actor, now=now, territory_code=ordering.territory_code, facts=facts)
    return new


@transaction.atomic(durable=True)
def begin(*, order_id: int, steps: int) -> bool:
    """Note how many steps the work has; False where the file is made already, and there is nothing to do."""
    found = ReportOrder.objects.select_for_update(no_key=True).get(id=order_id)
    if found.finished_at is not None:
        return False
    # Broken off and begun again: everything is counted anew.
    found.steps, found.done, found.failed_at = steps, 0, None
    found.save(update_fields=["steps", "done", "failed_at"])
    return True


@transaction.atomic(durable=True)
def advance(*, order_id: int, done: int) -> None:
    """Note how far the work is."""
    ReportOrder.objects.filter(id=order_id, finished_at=None).update(done=done)


@transaction.atomic(durable=True)
def finish(*, order_id: int, sha256: str, now: datetime) -> None:
    """Note that the file is made and lies in the folder of files under this SHA-256; a file that was made stays."""
    found = ReportOrder.objects.select_for_update(no_key=True).get(id=order_id)
    if found.finished_at is None:
        found.finished_at, found.sha256, found.done = now, sha256, found.steps
        found.save(update_fields=["finished_at", "sha256", "done"])


@transaction.atomic(durable=True)
def fail(*, order_id: int, now: datetime) -> None:
    """Note that the worker gave up; the officer may order it again."""
    ReportOrder.objects.filter(id=order_id, finished_at=None).update(failed_at=now)
