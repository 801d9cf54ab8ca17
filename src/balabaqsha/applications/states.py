"""States of an application as people see them, and the only moves between them (rules, section 12)."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move
from balabaqsha.law.lists import DocumentKind


class Kind(models.TextChoices):
    GENERAL = "GENERAL"
    SPECIAL = "SPECIAL"


class State(models.TextChoices):
    DOCUMENTS_CHECK = "DOCUMENTS_CHECK"
    WAITING = "WAITING"
    VOUCHER_OFFERED = "VOUCHER_OFFERED"
    VOUCHER_ACTIVE = "VOUCHER_ACTIVE"
    CONTRACT_AWAITED = "CONTRACT_AWAITED"
    CONTRACT_WITH_PARENT = "CONTRACT_WITH_PARENT"
    CONTRACT_WITH_KINDERGARTEN = "CONTRACT_WITH_KINDERGARTEN"
    ENROLLED = "ENROLLED"
    STOP_LISTED = "STOP_LISTED"
    ARCHIVED = "ARCHIVED"


class Reason(models.TextChoices):
    """Why an application is in the archive."""

    REJECTED = "REJECTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    VOUCHER_LAPSED = "VOUCHER_LAPSED"
    NOT_RESTORED = "NOT_RESTORED"
    LEFT = "LEFT"
    AGED_OUT = "AGED_OUT"


LIVE = frozenset(State) - {State.ARCHIVED}
# A voucher is out and no contract has been signed by the family: its term runs.
TERM_RUNS = frozenset(
    {
        State.VOUCHER_OFFERED,
        State.VOUCHER_ACTIVE,
        State.CONTRACT_AWAITED,
        State.CONTRACT_WITH_PARENT,
        State.STOP_LISTED,
    }
)
CONTRACT_IN_PROGRESS = frozenset({State.CONTRACT_AWAITED, State.CONTRACT_WITH_PARENT, State.CONTRACT_WITH_KINDERGARTEN})
HOLDS_A_VOUCHER = frozenset({State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE}) | CONTRACT_IN_PROGRESS | {State.ENROLLED}
# The family may choose, or choose anew, until it has signed.
MAY_CHOOSE = frozenset({State.VOUCHER_ACTIVE, State.CONTRACT_AWAITED, State.CONTRACT_WITH_PARENT})
BEFORE_FAMILY_SIGNED = LIVE - {State.CONTRACT_WITH_KINDERGARTEN, State.ENROLLED}
AGES_OUT = LIVE - {State.ENROLLED}
# In which states a paper of the kind tells the truth; the move that leaves them makes it void. The notices of
# registration and of receipt tell of the past and stay good.
PAPER_IS_GOOD_IN = {
    DocumentKind.REGISTER_EXTRACT: LIVE,
    DocumentKind.CHILD_CARD: LIVE,
    DocumentKind.VOUCHER_NOTICE: HOLDS_A_VOUCHER,
}

LIFECYCLE = Lifecycle(
    (
        Move("confirm_documents", frozenset({State.DOCUMENTS_CHECK}), State.WAITING),
        Move("reject_documents", frozenset({State.DOCUMENTS_CHECK}), State.ARCHIVED),
        Move("offer_voucher", frozenset({State.WAITING}), State.VOUCHER_OFFERED),
        Move("confirm_interest", frozenset({State.VOUCHER_OFFERED}), State.VOUCHER_ACTIVE),
        Move("decline", frozenset({State.VOUCHER_OFFERED}), State.ARCHIVED),
        Move("lapse_offer", frozenset({State.VOUCHER_OFFERED}), State.STOP_LISTED),
        Move("lapse_offer_again", frozenset({State.VOUCHER_OFFERED}), State.ARCHIVED),
        Move("restore", frozenset({State.STOP_LISTED}), State.WAITING),
        Move("lapse_restoring", frozenset({State.STOP_LISTED}), State.ARCHIVED),
        Move("choose", MAY_CHOOSE, State.CONTRACT_AWAITED),
        Move("unchoose", MAY_CHOOSE - {State.VOUCHER_ACTIVE}, State.VOUCHER_ACTIVE),
        Move("send_contract", frozenset({State.CONTRACT_AWAITED}), State.CONTRACT_WITH_PARENT),
        Move("sign_by_parent", frozenset({State.CONTRACT_WITH_PARENT}), State.CONTRACT_WITH_KINDERGARTEN),
        Move("return_papers", frozenset({State.CONTRACT_WITH_KINDERGARTEN}), State.CONTRACT_WITH_PARENT),
        Move("refuse_contract", CONTRACT_IN_PROGRESS, State.VOUCHER_ACTIVE),
        Move("sign_by_kindergarten", frozenset({State.CONTRACT_WITH_KINDERGARTEN}), State.ENROLLED),
        Move("lapse_voucher", frozenset({State.VOUCHER_ACTIVE, State.CONTRACT_WITH_PARENT}), State.ARCHIVED),
        Move("withdraw", BEFORE_FAMILY_SIGNED, State.ARCHIVED),
        Move("leave", frozenset({State.ENROLLED}), State.ARCHIVED),
        Move("age_out", AGES_OUT, State.ARCHIVED),
    )
)
