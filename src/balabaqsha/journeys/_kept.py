"""What is kept for a family while its appeal is open, under the locks of the line, the group and the application."""

from datetime import datetime

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.appeals._steps import Contested
from balabaqsha.applications.states import HOLDS_A_PLACE, Kept, State
from balabaqsha.journeys._case import Case
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Purpose
from balabaqsha.line import _steps as lines
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.states import Origin

# A place of no particular group was promised.
_HAD_A_SHARE = frozenset({State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE, State.TURN_OFFERED})


def keep(case: Case, contested: Contested, *, lost: Admission | None, now: datetime) -> tuple[Kept, int | None]:
    """Keep what the contested act took, as far as nobody else has it yet; returns what, and the hold if it is a place."""
    former = State(contested.former_state)
    if former in HOLDS_A_PLACE:
        return _of_a_place(case, contested, lost=lost, now=now)
    if former not in _HAD_A_SHARE:
        return Kept.LINE, None
    line = case.line
    if contested.act == "lapse_turn" and line is not None and line.openings > 0:
        # It was opened to free choice and nobody has taken it yet.
        line.openings -= 1
        lines.keep(line)
        return Kept.OPENING, None
    return Kept.SHARE, None


def _of_a_place(case: Case, contested: Contested, *, lost: Admission | None, now: datetime) -> tuple[Kept, int | None]:
    if lost is None or lost.ended_at != contested.at:
        return Kept.LINE, None
    private = _is_private(case)
    spoken_for = case.line is not None and not private and referrals.unpromised(case.line).places < 1
    if not spoken_for:
        try:
            hold = places.hold_place(
                group_id=lost.group_id,
                child_id=case.application.child_id,
                purpose=Purpose.APPEAL,
                now=now,
                until=None,
            )
        except places.NoFreePlace:
            pass
        else:
            return Kept.PLACE, hold.id
    # A private place is of no line that could set another aside.
    return (Kept.LINE if private else Kept.SHARE), None


def _is_private(case: Case) -> bool:
    if not case.is_linear:
        return False
    referral = referrals.latest_referral(case.application.id)
    return referral is not None and referral.origin == Origin.PRIVATE
