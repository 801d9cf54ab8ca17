"""An officer's later look at the extension of a referral: the family had it by asking, a false reason ends it."""

from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.journeys import _case
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.law.lists import WithdrawalReason
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.models import Referral
from balabaqsha.referrals.states import Review


@act
def accept_extension(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Find the proof of an extension good; nothing changes for the family. Raises NotInThisState."""
    case = _case.lock(application_id, now=now)
    referral = _extended(case, "review_extension")
    referrals.review(referral, outcome=Review.ACCEPTED, due_at=referral.due_at, account_id=actor.account_id, now=now)
    facts = {"referral": referral.id, "outcome": Review.ACCEPTED.value}
    application = case.application
    applications.journal(application, "review_extension", actor=actor, now=now, before=application.state, facts=facts)


@act
def withdraw_extension(
    *, application_id: int, because: WithdrawalReason, note: str, actor: Actor, now: datetime
) -> datetime:
    """Withdraw an extension whose reason or proof was false; returns the last moment to register the referral.

    That is one working day after the decision, or the due moment as it stands if that is earlier. A referral that ends
    by it is no miss. The family reads `because` and the officer's `note`; `because` stands in the public protocol too.
    Raises NotInThisState.
    Source: rules, section 6.4; assumed.
    """
    case = _case.lock(application_id, now=now)
    application, referral = case.application, _extended(case, "review_extension")
    running = applications.running_term(application)
    if running is None:
        raise NotInThisState(move="review_extension", state=application.state)
    due_at = ends_at(running.due_at, calendar=case.calendar, now=now)
    referrals.review(
        referral,
        outcome=Review.WITHDRAWN,
        due_at=due_at,
        account_id=actor.account_id,
        now=now,
        because=because.value,
        note=note,
    )
    term = applications.Term(due_at=due_at, identity=running.identity, counted_from=running.counted_from)
    facts = {"referral": referral.id, "outcome": Review.WITHDRAWN.value, "because": because.value}
    applications.set_term(application, term, act="review_extension", actor=actor, now=now, facts=facts)
    _case.keep_place(case)
    told = {"due_at": due_at.isoformat(), "reason": because.value, "note": note}
    record.tell("referral-extension-refused", now=now, application_id=application_id, facts=told)
    return due_at


def ends_at(due_at: datetime, *, calendar: WorkingCalendar, now: datetime) -> datetime:
    """When a referral that is due then ends, if its extension is withdrawn now."""
    return min(due_at, calendar.add(now, working_days=1))


def _extended(case: _case.Case, move: str) -> Referral:
    """The referral, while it is not registered, extended and not yet reviewed."""
    case.require("register")
    referral = referral_queries.live_referral(case.application.id)
    if referral is None or referral.extended_at is None or referral.review is not None:
        raise NotInThisState(move=move, state=case.application.state)
    return referral
