"""The yearly renewal of a territory's line."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.facts import line_facts
from balabaqsha.journeys import sweep
from balabaqsha.journeys._act import or_busy
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.line import _steps as line_steps
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record


@or_busy
@transaction.atomic(durable=True)
def renew(*, territory_code: str, actor: Actor, now: datetime) -> int:
    """Set the intake year of a territory to the year of this day and count every category anew.

    Returns how many applications changed their category; may refuse with Busy. Source: rules, section 3.
    """
    line_steps.ensure_lines(territory_code=territory_code, now=now)
    lines = line_steps.lock_lines(territory_code)
    # Rival: a family that enters the line with a category of the year before.
    line_steps.close(territory_code)
    year = localdate(now).year
    moved = line_steps.renew(lines=lines, intake_year=year, now=now)
    facts = {"intake_year": year, "moved": len(moved)}
    record.record("renew", actor=actor, now=now, territory_code=territory_code, facts=facts)
    record.record_many(
        [
            record.entry(
                "recategorise",
                actor=actor,
                now=now,
                territory_code=territory_code,
                application_id=application.id,
                facts=line_facts(application, before=application.state) | {"category_before": old},
            )
            for application, old in moved
        ]
    )
    return len(moved)


def renew_overdue(*, now: datetime) -> int:
    """Renew each voucher territory whose lines still have the intake year before the last 30 June; returns how many."""
    year = law_rules.intake_year(now)
    codes = Line.objects.filter(intake_year__lt=year).values_list("territory_id", flat=True).distinct()
    for code in sorted(codes):
        # A table of categories that has come into force before counts before.
        sweep.catch_up_territory(code, now=now)
        renew(territory_code=code, actor=SYSTEM, now=now)
    return len(codes)
