"""Stages of an admission, of a contract and of a waiting-list offer."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move


class Stage(models.TextChoices):
    """How far an admission (the first one or a transfer) has come; REFERRED is of linear territories."""

    REFERRED = "REFERRED"
    CONTRACT_AWAITED = "CONTRACT_AWAITED"
    CONTRACT_WITH_PARENT = "CONTRACT_WITH_PARENT"
    CONTRACT_WITH_KINDERGARTEN = "CONTRACT_WITH_KINDERGARTEN"
    ENROLLED = "ENROLLED"
    ENDED = "ENDED"


OPEN = frozenset({Stage.REFERRED, Stage.CONTRACT_AWAITED, Stage.CONTRACT_WITH_PARENT, Stage.CONTRACT_WITH_KINDERGARTEN})
HOLDING_A_PLACE = OPEN | {Stage.ENROLLED}
BEFORE_FAMILY_SIGNED = OPEN - {Stage.CONTRACT_WITH_KINDERGARTEN}

LIFECYCLE = Lifecycle(
    (
        Move("register", frozenset({Stage.REFERRED}), Stage.CONTRACT_AWAITED),
        Move("send_contract", frozenset({Stage.CONTRACT_AWAITED}), Stage.CONTRACT_WITH_PARENT),
        Move("sign_by_parent", frozenset({Stage.CONTRACT_WITH_PARENT}), Stage.CONTRACT_WITH_KINDERGARTEN),
        Move("return_papers", frozenset({Stage.CONTRACT_WITH_KINDERGARTEN}), Stage.CONTRACT_WITH_PARENT),
        Move("sign_by_kindergarten", frozenset({Stage.CONTRACT_WITH_KINDERGARTEN}), Stage.ENROLLED),
        Move("end", HOLDING_A_PLACE, Stage.ENDED),
    )
)


class ContractState(models.TextChoices):
    WITH_PARENT = "WITH_PARENT"
    RETURNED = "RETURNED"
    WITH_KINDERGARTEN = "WITH_KINDERGARTEN"
    SIGNED = "SIGNED"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


class Outcome(models.TextChoices):
    """What became of a waiting-list offer."""

    ACCEPTED = "ACCEPTED"
    LAPSED = "LAPSED"
    ENDED = "ENDED"
