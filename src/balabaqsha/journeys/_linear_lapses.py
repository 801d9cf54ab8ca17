"""What a lapsed moment does to applications of a linear line, under the locks of the sweep (rules, section 6)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.journeys import _free_choice
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals.states import Review


def _lapse_turns(batch: list[Application], line: Line, moment: datetime) -> None:
    """Nothing chosen in time: in line again, and as many places open to free choice (rules, 6.2)."""
    referrals.end_turns(application_ids=[row.id for row in batch], name="lapse", now=moment)
    applications.move_many(batch, "lapse_turn", actor=SYSTEM, now=moment, facts={"line": line.id})
    _free_choice.open_places(line, len(batch), now=moment)
    _tell_places(batch, line, "turn-lapsed", moment)


def _leave_stop_list(batch: list[Application], line: Line, moment: datetime) -> None:
    """The stop list is over: in line again at the original moment (rules, 6.5)."""
    applications.move_many(batch, "leave_stop_list", actor=SYSTEM, now=moment, facts={"line": line.id})
    _tell_places(batch, line, "stop-list-left", moment)


def _tell_places(batch: list[Application], line: Line, name: str, moment: datetime) -> None:
    places = linear.places_of(linear.key_of_line(line), [row.id for row in batch])
    record.tell_many(
        [record.fact(name, now=moment, application_id=row.id, facts={"place": places.get(row.id)}) for row in batch]
    )


def _lapse_referral(application: Application, moment: datetime) -> list[int]:
    """Not registered, or not signed, in time: the referral is void, its place free, and a miss counted (rules, 6.5)."""
    referral = referrals.move_referral(application_id=application.id, name="lapse", now=moment)
    freed = admission_steps.end_all(application_id=application.id, because="lapse_referral", now=moment)
    facts: dict[str, Any] = {"referral": referral.id if referral else None, "groups": freed}
    ended_by_review = application.state == State.REFERRAL_ISSUED and referral and referral.review == Review.WITHDRAWN
    if ended_by_review:
        applications.move(application, "lapse_after_review", actor=SYSTEM, now=moment, facts=facts)
        record.tell("referral-ended", now=moment, application_id=application.id, facts={})
        return freed
    case = Case(application, moment)
    application.misses += 1
    facts["misses"] = application.misses
    limit = case.rulebook.term("referral.misses_to_remove", on=localdate(moment)).value
    if application.misses >= int(limit):
        applications.move(
            application, "lapse_referral_again", actor=SYSTEM, now=moment, reason=Reason.TWO_MISSED, facts=facts
        )
        record.tell("removed-two-missed", now=moment, application_id=application.id, facts={})
        return freed
    term = case.term("stop_list.length", since=moment)
    applications.move(application, "lapse_referral", actor=SYSTEM, now=moment, term=term, facts=facts)
    told = {"due_at": term.due_at.isoformat()}
    record.tell("referral-lapsed", now=moment, application_id=application.id, facts=told)
    return freed


TERM_LAPSES = {State.REFERRAL_ISSUED: _lapse_referral, State.CONTRACT_WITH_PARENT: _lapse_referral}
SILENT_LAPSES = {State.TURN_OFFERED: _lapse_turns, State.STOP_LISTED: _leave_stop_list}


def serve_from_now_on(live: Iterable[Application], moment: datetime) -> None:
    """End the time for which these were passed over, where it ends at this moment (rules, section 3)."""
    batch = [row for row in live if row.passed_over_until == moment]
    applications.end_passing_over(batch, actor=SYSTEM, now=moment)
