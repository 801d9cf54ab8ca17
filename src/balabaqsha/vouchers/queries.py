"""Reads of vouchers."""

from balabaqsha.vouchers.models import Voucher
from balabaqsha.vouchers.states import LIVE


def live_voucher(application_id: int) -> Voucher | None:
    """The voucher that the application holds now, if any. One query."""
    return Voucher.objects.filter(application_id=application_id, state__in=sorted(LIVE)).first()


def latest_voucher(application_id: int) -> Voucher | None:
    """The last voucher that the application was given, whatever became of it. One query."""
    return Voucher.objects.filter(application_id=application_id).order_by("-id").first()
