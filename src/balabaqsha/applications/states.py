"""States of an application as people see them, and the only moves between them (rules, section 12)."""

from django.db import models

from balabaqsha.kernel.lifecycle import Lifecycle, Move
from balabaqsha.law.lists import DocumentKind
from balabaqsha.territories.regimes import Regime


class Kind(models.TextChoices):
    GENERAL = "GENERAL"
    SPECIAL = "SPECIAL"


class State(models.TextChoices):
    DOCUMENTS_CHECK = "DOCUMENTS_CHECK"
    WAITING = "WAITING"
    VOUCHER_OFFERED = "VOUCHER_OFFERED"
    VOUCHER_ACTIVE = "VOUCHER_ACTIVE"
    TURN_OFFERED = "TURN_OFFERED"
    REFERRAL_ISSUED = "REFERRAL_ISSUED"
    REGISTERED = "REGISTERED"
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
    TWO_MISSED = "TWO_MISSED"
    LEFT = "LEFT"
    AGED_OUT = "AGED_OUT"
    DUPLICATE = "DUPLICATE"
    REMOVED_BY_OFFICER = "REMOVED_BY_OFFICER"


LIVE = frozenset(State) - {State.ARCHIVED}
# Somebody must act until a moment, or the case moves on by itself.
TERM_RUNS = frozenset(
    {
        State.VOUCHER_OFFERED,
        State.VOUCHER_ACTIVE,
        State.TURN_OFFERED,
        State.REFERRAL_ISSUED,
        State.REGISTERED,
        State.CONTRACT_AWAITED,
        State.CONTRACT_WITH_PARENT,
        State.STOP_LISTED,
    }
)
CONTRACT_IN_PROGRESS = frozenset({State.CONTRACT_AWAITED, State.CONTRACT_WITH_PARENT, State.CONTRACT_WITH_KINDERGARTEN})
HOLDS_A_VOUCHER = frozenset({State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE}) | CONTRACT_IN_PROGRESS | {State.ENROLLED}
# While it waits, a benefit decides about its place; with a voucher given it decides nothing more.
MAY_CHANGE_BENEFIT = frozenset({State.WAITING, State.DOCUMENTS_CHECK, State.STOP_LISTED})
# The family may choose, or choose anew, until it has signed.
MAY_CHOOSE = frozenset({State.VOUCHER_ACTIVE, State.CONTRACT_AWAITED, State.CONTRACT_WITH_PARENT})
BEFORE_FAMILY_SIGNED = LIVE - {State.CONTRACT_WITH_KINDERGARTEN, State.ENROLLED}
AGES_OUT = LIVE - {State.ENROLLED}
# An officer closes a case by decision until the child goes to a kindergarten, which then lets it go.
MAY_BE_REMOVED = AGES_OUT
# In which states a paper of the kind tells the truth; the move that leaves them makes it void. The notices of
# registration and of receipt tell of the past and stay good.
PAPER_IS_GOOD_IN = {
    DocumentKind.REGISTER_EXTRACT: LIVE,
    DocumentKind.CHILD_CARD: LIVE,
    DocumentKind.VOUCHER_NOTICE: HOLDS_A_VOUCHER,
    # Once registered it has been used, and takes nobody to another kindergarten.
    DocumentKind.REFERRAL: frozenset({State.REFERRAL_ISSUED}),
}

# A linear territory: the family may take a referral, and the referral is on its way to enrolment.
MAY_TAKE_A_REFERRAL = frozenset({State.WAITING, State.TURN_OFFERED})
CONTRACT_AFTER_REFERRAL = frozenset({State.REGISTERED, State.CONTRACT_WITH_PARENT, State.CONTRACT_WITH_KINDERGARTEN})
HOLDS_A_REFERRAL = CONTRACT_AFTER_REFERRAL | {State.REFERRAL_ISSUED}
# A place is the child's, or kept for it: what it still asks for in the other line is the family's to decide.
HOLDS_A_PLACE = CONTRACT_IN_PROGRESS | HOLDS_A_REFERRAL | {State.ENROLLED}

# Where a family may stand when it contests what ended its voucher, turn or referral.
MAY_BE_GIVEN_BACK = frozenset({State.ARCHIVED, State.STOP_LISTED, State.WAITING})

VOUCHER_STATES = frozenset(State) - {State.TURN_OFFERED, State.REFERRAL_ISSUED, State.REGISTERED}
LINEAR_STATES = frozenset(State) - {State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE, State.CONTRACT_AWAITED}


def _shared(states: frozenset[State]) -> tuple[Move, ...]:
    """Moves that both regimes have; `states` are those of the regime."""
    return (
        Move("confirm_documents", frozenset({State.DOCUMENTS_CHECK}), State.WAITING),
        Move("reject_documents", frozenset({State.DOCUMENTS_CHECK}), State.ARCHIVED),
        Move("sign_by_parent", frozenset({State.CONTRACT_WITH_PARENT}), State.CONTRACT_WITH_KINDERGARTEN),
        Move("return_papers", frozenset({State.CONTRACT_WITH_KINDERGARTEN}), State.CONTRACT_WITH_PARENT),
        Move("sign_by_kindergarten", frozenset({State.CONTRACT_WITH_KINDERGARTEN}), State.ENROLLED),
        Move("withdraw", BEFORE_FAMILY_SIGNED & states, State.ARCHIVED),
        Move("leave", frozenset({State.ENROLLED}), State.ARCHIVED),
        Move("age_out", AGES_OUT & states, State.ARCHIVED),
        Move("close_duplicate", AGES_OUT & states, State.ARCHIVED),
        Move("remove", MAY_BE_REMOVED & states, State.ARCHIVED),
        # An appeal was granted, or an error of the authority is mended: nothing else leads out of the archive.
        Move("return_to_check", frozenset({State.ARCHIVED}), State.DOCUMENTS_CHECK),
        Move("return_to_line", frozenset({State.ARCHIVED, State.STOP_LISTED}), State.WAITING),
    )


_VOUCHER = Lifecycle(
    (
        *_shared(VOUCHER_STATES),
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
        Move("refuse_contract", CONTRACT_IN_PROGRESS, State.VOUCHER_ACTIVE),
        # The kindergarten closes: the right to choose is the family's again.
        Move("kindergarten_closes", CONTRACT_IN_PROGRESS | {State.ENROLLED}, State.VOUCHER_ACTIVE),
        Move("lapse_voucher", frozenset({State.VOUCHER_ACTIVE, State.CONTRACT_WITH_PARENT}), State.ARCHIVED),
        Move("return_offer", MAY_BE_GIVEN_BACK, State.VOUCHER_OFFERED),
        Move("return_voucher", MAY_BE_GIVEN_BACK, State.VOUCHER_ACTIVE),
        Move("return_place", MAY_BE_GIVEN_BACK, State.CONTRACT_AWAITED),
    )
)
_LINEAR = Lifecycle(
    (
        *_shared(LINEAR_STATES),
        Move("offer_turn", frozenset({State.WAITING}), State.TURN_OFFERED),
        Move("lapse_turn", frozenset({State.TURN_OFFERED}), State.WAITING),
        Move("issue_referral", MAY_TAKE_A_REFERRAL, State.REFERRAL_ISSUED),
        Move("give_back", frozenset({State.REFERRAL_ISSUED}), State.WAITING),
        Move("register", frozenset({State.REFERRAL_ISSUED}), State.REGISTERED),
        Move("send_contract", frozenset({State.REGISTERED}), State.CONTRACT_WITH_PARENT),
        Move("refuse_contract", CONTRACT_AFTER_REFERRAL, State.WAITING),
        Move("lapse_referral", frozenset({State.REFERRAL_ISSUED, State.CONTRACT_WITH_PARENT}), State.STOP_LISTED),
        Move("lapse_referral_again", frozenset({State.REFERRAL_ISSUED, State.CONTRACT_WITH_PARENT}), State.ARCHIVED),
        Move("lapse_after_review", frozenset({State.REFERRAL_ISSUED}), State.WAITING),
        Move("kindergarten_closes", HOLDS_A_REFERRAL | {State.ENROLLED}, State.WAITING),
        Move("leave_stop_list", frozenset({State.STOP_LISTED}), State.WAITING),
        Move("return_turn", MAY_BE_GIVEN_BACK, State.TURN_OFFERED),
        Move("return_referral", MAY_BE_GIVEN_BACK, State.REFERRAL_ISSUED),
    )
)
LIFECYCLES = {Regime.VOUCHER: _VOUCHER, Regime.LINEAR: _LINEAR}


def after(move: str, *, regime: str, state: str) -> str:
    """The state that the move leads to in this regime; raises NotInThisState where its table has none."""
    return LIFECYCLES[Regime(regime)].after(move, state=state)


class AppealState(models.TextChoices):
    """How an appeal stands; ENDED: its case went on otherwise before it was decided."""

    OPEN = "OPEN"
    GRANTED = "GRANTED"
    REJECTED = "REJECTED"
    ENDED = "ENDED"


class Kept(models.TextChoices):
    """What is kept for a family while its appeal is open.

    PLACE: the very place, by a hold. SHARE: one place of the birth year, which no run and no turn gives away. OPENING: the
    same, taken back from free choice. LINE: its original date alone, which nobody takes.
    """

    PLACE = "PLACE"
    SHARE = "SHARE"
    OPENING = "OPENING"
    LINE = "LINE"


SETS_ASIDE = frozenset({Kept.SHARE, Kept.OPENING})
APPEAL_LIFECYCLE = Lifecycle(
    (
        Move("grant", frozenset({AppealState.OPEN}), AppealState.GRANTED),
        Move("reject", frozenset({AppealState.OPEN}), AppealState.REJECTED),
        Move("end", frozenset({AppealState.OPEN}), AppealState.ENDED),
    )
)
