"""Inner steps of vouchers; every caller is a journey that holds the application's lock."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application
from balabaqsha.vouchers.models import DistributionRun, Voucher
from balabaqsha.vouchers.states import LIFECYCLE, LIVE, VoucherState


@transaction.atomic(savepoint=False)
def give(*, run: DistributionRun, applications: list[Application], now: datetime) -> None:
    """Write a voucher for each application; a second live one violates the schema."""
    Voucher.objects.bulk_create(
        Voucher(
            application=application,
            run=run,
            territory_id=application.territory_id,
            state=VoucherState.OFFERED,
            offered_at=now,
        )
        for application in applications
    )


@transaction.atomic(savepoint=False)
def move_voucher(*, application_id: int, name: str, now: datetime) -> None:
    """Make one move of the application's live voucher; without one nothing is to be moved (it never had any)."""
    voucher = Voucher.objects.filter(application_id=application_id, state__in=LIVE).first()
    if voucher is None:
        return
    voucher.state = LIFECYCLE.after(name, state=voucher.state)
    if name == "confirm":
        voucher.confirmed_at = now
    if voucher.state not in LIVE:
        voucher.ended_at = now
    voucher.save()
