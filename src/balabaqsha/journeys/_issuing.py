"""Issuing a referral: the place is held, the application leaves the line, the family has its term to come."""

from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.journeys._case import Case, kept_until
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as place_steps
from balabaqsha.kindergartens.models import Purpose
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals.models import Referral
from balabaqsha.referrals.states import Origin, WishOutcome
from balabaqsha.signatures.models import Signature


def issue(
    case: Case, *, line: Line, group_id: int, origin: Origin, signature: Signature, actor: Actor, now: datetime
) -> Referral:
    """Issue a referral to a group whose row, with that of the line and the application, the caller holds.

    The family's turn is used up, or ends where the place was not of the line. Raises NoFreePlace, with nothing written.
    Source: rules, sections 6.2 to 6.4 and 6.8.
    """
    application = case.application
    term = case.term("referral.validity", since=now)
    until = kept_until(application, term_ends=term.due_at)
    hold = place_steps.hold_place(
        group_id=group_id, child_id=application.child_id, purpose=Purpose.REFERRAL, now=now, until=until
    )
    ended = "use" if origin == Origin.TURN else "end"
    referrals.end_turns(application_ids=[application.id], name=ended, now=now)
    outcome = WishOutcome.SERVED if origin == Origin.FREE_CHOICE else WishOutcome.ENDED
    referrals.end_wishes(application_ids=[application.id], now=now, outcome=outcome)
    admission = admission_steps.open_admission(
        application_id=application.id, group_id=group_id, hold=hold, is_transfer=False, now=now, stage=Stage.REFERRED
    )
    give_back = case.rulebook.term("referral.give_back", on=localdate(now))
    referral = referrals.issue(
        application=application,
        line=line,
        group_id=group_id,
        origin=origin,
        signature=signature,
        term=term,
        give_back_until=case.term("referral.give_back", since=now).due_at,
        now=now,
    )
    facts = {
        "line": line.id,
        "group": group_id,
        "place": hold.place_id,
        "admission": admission.id,
        "referral": referral.id,
        "origin": origin.value,
        "signature": signature.id,
    }
    applications.move(application, "issue_referral", actor=actor, now=now, term=term, facts=facts)
    told = {"group": group_id, "due_at": term.due_at.isoformat(), "hours": give_back.value, "referral": referral.id}
    record.tell("referral-issued", now=now, application_id=application.id, facts=told)
    return referral
