"""A table of categories comes into force: the line is counted by it, as of that moment, whoever finds it first."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.facts import line_facts
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.line import _steps as line_steps
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record

ACT = "recount_categories"


@transaction.atomic(durable=True)
def recount(*, line_id: int, moment: datetime) -> int:
    """Count a voucher line by the table in force at the moment for which it was expected; returns who changed category.

    Each of them is journalled with the category before, which is what the places of all are explained by. Nothing
    happens where somebody else has done it meanwhile.
    """
    territory_code = Line.objects.values_list("territory_id", flat=True).get(id=line_id)
    # Rivals: a run and a renewal (they wait for the lines), and whoever is just entering the line or moves within it.
    lines = {line.id: line for line in line_steps.lock_lines(territory_code)}
    line_steps.close(territory_code)
    line = lines[line_id]
    if line.recounts_at != moment:
        return 0
    moved = line_steps.recount(line, moment=moment)
    facts = {"kind": line.kind, "moved": len(moved), "numbers": line.numbers}
    record.record(f"{ACT}_of_line", actor=SYSTEM, now=moment, territory_code=territory_code, facts=facts)
    record.record_many(
        [
            record.entry(
                ACT,
                actor=SYSTEM,
                now=moment,
                territory_code=territory_code,
                application_id=application.id,
                facts=line_facts(application, before=application.state) | {"category_before": old},
            )
            for application, old in moved
        ]
    )
    return len(moved)
