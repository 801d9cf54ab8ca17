"""Putting a family back where it stood before something was ended wrongly: by a granted appeal, or by mending an error."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.claims import _steps as claims
from balabaqsha.applications.models import Application
from balabaqsha.applications.special import _steps as special
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import _case
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Hold, Purpose
from balabaqsha.line import queries as lines
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.vouchers import _steps as vouchers

_IN_LINE = frozenset({State.WAITING, State.STOP_LISTED})


@dataclass(frozen=True)
class Former:
    """Where the application stood, and the place that has been kept for it, if any."""

    state: State
    hold: Hold | None = None


def give_back(case: Case, former: Former, *, actor: Actor, now: datetime) -> None:
    """Put the application back: at its original date, with a fresh term where one runs, on the kept place where there is one.

    The caller holds the line's lock, the groups' and the application's. What neither a place nor a share is left for
    stands in line again. The original moment never changes.
    """
    application = case.application
    if application.state == State.ARCHIVED:
        claims.live_again(application, ended_at=application.archived_at or now, now=now)
        application.category = lines.counting_of(application).category(application.benefit, application.born_on)
    application.extended = False
    if former.state == State.DOCUMENTS_CHECK:
        _to_check(case, actor=actor, now=now)
    elif former.state in _IN_LINE:
        _to_line(case, actor=actor, now=now)
    else:
        _LADDER[case.is_linear](case, former, actor=actor, now=now)


def _to_check(case: Case, *, actor: Actor, now: datetime) -> None:
    """Checked anew, within the whole term, by the office that decides such cases."""
    term = case.term("special.check", since=now)
    special.check_anew(case.application, due_at=term.due_at, due_term=term.identity)
    applications.move(case.application, "return_to_check", actor=actor, now=now)


def _to_line(case: Case, *, actor: Actor, now: datetime) -> None:
    if case.application.state == State.WAITING:
        return
    if not case.is_linear:
        # It has come back from the stop list once; the next silence ends the voucher for good (rules, 5.2).
        case.application.restored_at = case.application.restored_at or now
    applications.move(case.application, "return_to_line", actor=actor, now=now)


def _voucher(case: Case, former: Former, *, actor: Actor, now: datetime) -> None:
    application = case.application
    vouchers.give_again(application, now=now)
    if former.state == State.VOUCHER_OFFERED:
        # The silence did not count, nor the return after it.
        application.restored_at = None if application.state != State.ARCHIVED else application.restored_at
        term = case.term("voucher.confirm", since=now)
        applications.move(application, "return_offer", actor=actor, now=now, term=term)
        return
    vouchers.move_voucher(application_id=application.id, name="confirm", now=now)
    term = case.term("voucher.choose_and_sign", since=now)
    if former.hold is None:
        applications.move(application, "return_voucher", actor=actor, now=now, term=term)
        return
    admission = _admit(case, former.hold, stage=Stage.CONTRACT_AWAITED, now=now)
    facts = {"group": admission.group_id, "place": former.hold.place_id, "admission": admission.id}
    applications.move(application, "return_place", actor=actor, now=now, term=term, facts=facts)
    places.keep_until(
        hold_id=former.hold.id, purpose=Purpose.CHOICE, until=_case.kept_until(application, term_ends=None)
    )


def _linear(case: Case, former: Former, *, actor: Actor, now: datetime) -> None:
    if former.hold is not None:
        _referral(case, former.hold, actor=actor, now=now)
    elif referral_queries.unpromised(case.linear_line).places >= 1:
        _turn(case, actor=actor, now=now)
    else:
        # Nothing is free: it stands where it stood, and the next place is its turn's.
        _to_line(case, actor=actor, now=now)


def _turn(case: Case, *, actor: Actor, now: datetime) -> None:
    """A turn of its own, which uses up no slot: others are counted as before."""
    application, line = case.application, case.linear_line
    term = case.term("turn.choose", since=now)
    facts = {"line": line.id}
    applications.move(application, "return_turn", actor=actor, now=now, term=term, facts=facts)
    referrals.end_wishes(application_ids=[application.id], now=now)
    referrals.give_turns(line=line, slots={application.id: None}, term=term, now=now)


def _referral(case: Case, hold: Hold, *, actor: Actor, now: datetime) -> None:
    """The same referral anew, on the signature of the choice, with its whole term."""
    application, line = case.application, case.linear_line
    ended = referral_queries.latest_referral(application.id)
    assert ended is not None  # noqa: S101 - a place was kept for it
    term = case.term("referral.validity", since=now)
    admission = _admit(case, hold, stage=Stage.REFERRED, now=now)
    made = referrals.issue(
        application=application,
        line=line,
        group_id=admission.group_id,
        origin=ended.origin,
        signature=ended.signature,
        term=term,
        give_back_until=case.term("referral.give_back", since=now).due_at,
        now=now,
        restores=ended,
    )
    referrals.end_wishes(application_ids=[application.id], now=now)
    facts = {"line": line.id, "group": admission.group_id, "place": hold.place_id, "referral": made.id}
    applications.move(application, "return_referral", actor=actor, now=now, term=term, facts=facts)
    until = _case.kept_until(application, term_ends=term.due_at)
    places.keep_until(hold_id=hold.id, purpose=Purpose.REFERRAL, until=until)
    rule = case.rulebook.term("referral.give_back", on=localdate(now))
    told = {
        "group": admission.group_id,
        "due_at": term.due_at.isoformat(),
        "hours": rule.value,
        "referral": made.id,
    }
    record.tell("referral-issued", now=now, application_id=application.id, facts=told)


def _admit(case: Case, hold: Hold, *, stage: Stage, now: datetime) -> Admission:
    return admission_steps.open_admission(
        application_id=case.application.id,
        group_id=hold.place.group_id,
        hold=hold,
        is_transfer=False,
        now=now,
        stage=stage,
    )


_LADDER: dict[bool, Callable[..., None]] = {False: _voucher, True: _linear}


def was_in_line(application: Application, *, confirmed: bool) -> State:
    """Where an application stands that is brought back whatever it held: in line, or in check if it never left that."""
    return State.DOCUMENTS_CHECK if application.kind == Kind.SPECIAL and not confirmed else State.WAITING
