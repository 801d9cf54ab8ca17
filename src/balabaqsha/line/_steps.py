"""Inner steps of the line; every caller is a journey."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import LIVE, Kind
from balabaqsha.law import rules as law_rules
from balabaqsha.line.models import Line


@transaction.atomic(savepoint=False)
def ensure_lines(*, territory_code: str, now: datetime) -> None:
    """Make the lines of a territory if they are not there yet; their intake year is that of the last 30 June."""
    Line.objects.bulk_create(
        (Line(territory_id=territory_code, kind=kind, intake_year=law_rules.intake_year(now)) for kind in Kind),
        ignore_conflicts=True,
    )


@transaction.atomic(savepoint=False)
def lock_lines(territory_code: str) -> list[Line]:
    """Lock the lines of a territory: runs and renewals of one territory take turns."""
    rows = Line.objects.select_for_update(no_key=True).filter(territory_id=territory_code)
    return list(rows.order_by("id"))


@transaction.atomic(savepoint=False)
def renew(*, lines: Iterable[Line], intake_year: int, now: datetime) -> list[tuple[Application, int]]:
    """Set the intake year and count every live category anew; returns those that moved, each with its old category."""
    moved: list[tuple[Application, int]] = []
    for line in lines:
        line.intake_year = intake_year
        line.renewed_at = now
        line.save()
        live = Application.objects.select_for_update(no_key=True).filter(
            territory_id=line.territory_id, kind=line.kind, state__in=LIVE
        )
        changed = []
        for application in live.order_by("id"):
            category = law_rules.category(application.benefit, application.born_on, intake_year)
            if category != application.category:
                moved.append((application, application.category))
                application.category = category
                changed.append(application)
        Application.objects.bulk_update(changed, ["category"], batch_size=1000)
    return moved
