"""States of a turn, of a referral and of a wish in a sealed round."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move


class TurnState(models.TextChoices):
    OFFERED = "OFFERED"
    USED = "USED"
    LAPSED = "LAPSED"
    ENDED = "ENDED"


class ReferralState(models.TextChoices):
    ISSUED = "ISSUED"
    REGISTERED = "REGISTERED"
    USED = "USED"
    GIVEN_BACK = "GIVEN_BACK"
    LAPSED = "LAPSED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


class Origin(models.TextChoices):
    """By what right a referral was taken."""

    TURN = "TURN"
    FREE_CHOICE = "FREE_CHOICE"
    PRIVATE = "PRIVATE"


class WishOutcome(models.TextChoices):
    """What became of a wish in a sealed round."""

    SERVED = "SERVED"
    NOT_SERVED = "NOT_SERVED"
    ENDED = "ENDED"


class Review(models.TextChoices):
    """What the officer found of an extension."""

    ACCEPTED = "ACCEPTED"
    WITHDRAWN = "WITHDRAWN"


LIVE = frozenset({ReferralState.ISSUED, ReferralState.REGISTERED})

TURN_LIFECYCLE = Lifecycle(
    (
        Move("use", frozenset({TurnState.OFFERED}), TurnState.USED),
        Move("lapse", frozenset({TurnState.OFFERED}), TurnState.LAPSED),
        Move("end", frozenset({TurnState.OFFERED}), TurnState.ENDED),
    )
)
REFERRAL_LIFECYCLE = Lifecycle(
    (
        Move("register", frozenset({ReferralState.ISSUED}), ReferralState.REGISTERED),
        Move("give_back", frozenset({ReferralState.ISSUED}), ReferralState.GIVEN_BACK),
        Move("use", frozenset({ReferralState.REGISTERED}), ReferralState.USED),
        Move("lapse", LIVE, ReferralState.LAPSED),
        Move("refuse", frozenset({ReferralState.REGISTERED}), ReferralState.REFUSED),
        Move("cancel", LIVE, ReferralState.CANCELLED),
    )
)
