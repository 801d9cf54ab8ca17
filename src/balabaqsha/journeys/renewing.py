"""The yearly renewal of a territory's line."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.line import _steps as line_steps
from balabaqsha.record import actions as record


@transaction.atomic(durable=True)
def renew(*, territory_code: str, actor: Actor, now: datetime) -> int:
    """Set the intake year of a territory to the year of this day and count every category anew.

    Returns how many applications changed their category. Source: rules, section 3.
    """
    line_steps.ensure_lines(territory_code=territory_code, now=now)
    lines = line_steps.lock_lines(territory_code)
    year = localdate(now).year
    moved = line_steps.renew(lines=lines, intake_year=year, now=now)
    record.record("renew", actor=actor, now=now, territory_code=territory_code, facts={"intake_year": year, "moved": len(moved)})
    rows = Application.objects.in_bulk([application_id for application_id, _, _ in moved])
    record.record_many(
        [
            record.entry(
                "recategorise",
                actor=actor,
                now=now,
                territory_code=territory_code,
                application_id=application_id,
                facts={"category_before": old, "category": new, "to": rows[application_id].state},
            )
            for application_id, old, new in moved
        ]
    )
    waiting = sum(1 for application_id, _, _ in moved if rows[application_id].state == State.WAITING)
    return waiting
