"""States of a voucher."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move


class VoucherState(models.TextChoices):
    OFFERED = "OFFERED"
    ACTIVE = "ACTIVE"
    IN_USE = "IN_USE"
    LAPSED = "LAPSED"
    CANCELLED = "CANCELLED"


LIVE = frozenset({VoucherState.OFFERED, VoucherState.ACTIVE, VoucherState.IN_USE})

LIFECYCLE = Lifecycle(
    (
        Move("confirm", frozenset({VoucherState.OFFERED}), VoucherState.ACTIVE),
        Move("use", frozenset({VoucherState.ACTIVE}), VoucherState.IN_USE),
        # The kindergarten that it was used for has closed.
        Move("give_back", frozenset({VoucherState.IN_USE}), VoucherState.ACTIVE),
        Move("lapse", frozenset({VoucherState.OFFERED, VoucherState.ACTIVE}), VoucherState.LAPSED),
        Move("cancel", LIVE, VoucherState.CANCELLED),
    )
)
