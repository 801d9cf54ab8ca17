"""States of a trust, of a guardian's claim and of a telephone's return, and the only moves between them."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move


class TrustState(models.TextChoices):
    GIVEN = "GIVEN"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    GIVEN_UP = "GIVEN_UP"
    LAPSED = "LAPSED"


LIVE = frozenset({TrustState.GIVEN, TrustState.ACCEPTED})
LIFECYCLE = Lifecycle(
    (
        Move("accept", frozenset({TrustState.GIVEN}), TrustState.ACCEPTED),
        Move("decline", frozenset({TrustState.GIVEN}), TrustState.DECLINED),
        Move("revoke", LIVE, TrustState.REVOKED),
        Move("give_up", frozenset({TrustState.ACCEPTED}), TrustState.GIVEN_UP),
        Move("lapse", LIVE, TrustState.LAPSED),
    )
)


class GuardianState(models.TextChoices):
    UNDECIDED = "UNDECIDED"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"


GUARDIAN_LIFECYCLE = Lifecycle(
    (
        Move("confirm", frozenset({GuardianState.UNDECIDED}), GuardianState.CONFIRMED),
        Move("reject", frozenset({GuardianState.UNDECIDED}), GuardianState.REJECTED),
    )
)


class ReturnState(models.TextChoices):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


RETURN_LIFECYCLE = Lifecycle(
    (
        Move("approve", frozenset({ReturnState.PROPOSED}), ReturnState.APPROVED),
        Move("reject", frozenset({ReturnState.PROPOSED}), ReturnState.REJECTED),
    )
)
