"""Inner steps of vouchers; every caller is a journey that holds the application's lock."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from balabaqsha.applications.models import Application
from balabaqsha.vouchers.models import DistributionRun, Voucher
from balabaqsha.vouchers.states import LIFECYCLE, LIVE, VoucherState


@transaction.atomic(savepoint=False)
def give(*, run: DistributionRun, applications: list[Application], now: datetime) -> None:
    """Write a voucher for each application, in their order; a second live one violates the schema."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, [run.id, VoucherState.OFFERED, now, [application.id for application in applications]])


_GIVE = """
INSERT INTO vouchers_voucher (application_id, run_id, territory_id, state, offered_at)
SELECT id, %s, territory_id, %s, %s
FROM unnest(%s::bigint[]) WITH ORDINALITY AS served (id, position) JOIN applications_application USING (id)
ORDER BY position
"""


@transaction.atomic(savepoint=False)
def give_again(application: Application, *, now: datetime) -> Voucher:
    """Write a voucher of no run, in place of one that ended wrongly; a second live one violates the schema."""
    return Voucher.objects.create(
        application=application,
        territory_id=application.territory_id,
        state=VoucherState.OFFERED,
        offered_at=now,
    )


@transaction.atomic(savepoint=False)
def move_voucher(*, application_id: int, name: str, now: datetime) -> None:
    """Make one move of the application's live voucher; without one nothing is to be moved (it never had any)."""
    move_vouchers(application_ids=[application_id], name=name, now=now)


@transaction.atomic(savepoint=False)
def move_vouchers(*, application_ids: list[int], name: str, now: datetime) -> None:
    """Make one move of the live vouchers of these applications, whose rows are locked."""
    live = Voucher.objects.filter(application_id__in=application_ids, state__in=LIVE)
    targets: dict[str, list[int]] = {}
    for voucher_id, state in live.values_list("id", "state"):
        targets.setdefault(LIFECYCLE.after(name, state=state), []).append(voucher_id)
    for target, ids in targets.items():
        changes: dict[str, Any] = {"state": target}
        if name == "confirm":
            changes["confirmed_at"] = now
        if target not in LIVE:
            changes["ended_at"] = now
        Voucher.objects.filter(id__in=ids).update(**changes)
