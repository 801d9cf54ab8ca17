"""A family takes a referral by its turn, by free choice or to a private kindergarten; gives it back, extends it; the
kindergarten registers it and grants time for papers.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications import queries as application_queries
from balabaqsha.applications.states import MAY_TAKE_A_REFERRAL, State
from balabaqsha.journeys import _case, _free_choice, _issuing, _places
from balabaqsha.journeys._act import act
from balabaqsha.journeys.choosing import NotOpen, refuse_group
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import OUT_OF_TURN, BenefitStatus, DocumentKind
from balabaqsha.line import linear
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.models import Referral, SealedWish
from balabaqsha.referrals.states import Origin
from balabaqsha.signatures.models import Signature


class StopListed(Refusal, code="stop-listed"):
    """The application is on the stop list; facts: date on which it leaves."""


class TooYoung(Refusal, code="too-young"):
    """The child has not reached the age; facts: age in full years."""


class GiveBackTooLate(Refusal, code="too-late", detail="give-back-too-late"):
    """The hours for giving back are over; facts: hours."""


class ExtensionUsed(Refusal, code="limit-reached"):
    """The referral has been extended; facts: limit."""


class ExtensionTooLong(Refusal, code="limit-reached", detail="extension-too-long"):
    """More days are asked than the law allows; facts: limit."""


class PapersTimeUsed(Refusal, code="limit-reached"):
    """Time for papers has been given for this referral; facts: limit."""


class ClaimUndecided(Refusal, code="not-allowed", detail="claim-undecided"):
    """The right to be served out of turn waits for an officer's decision."""


@dataclass(frozen=True)
class Choice:
    """What a family signs when it chooses: that this application takes a place of this group."""

    application_id: int
    group_id: int


# Verifies a signature over the choice under lock and keeps its evidence; raises the refusals of signatures.
Sign = Callable[[Choice], Signature]


class Right(StrEnum):
    """By what a family may take a place of a group."""

    TURN = "TURN"
    FREE_CHOICE = "FREE_CHOICE"
    PRIVATE = "PRIVATE"
    SEALED_ROUND = "SEALED_ROUND"


_ORIGINS = {Right.TURN: Origin.TURN, Right.FREE_CHOICE: Origin.FREE_CHOICE, Right.PRIVATE: Origin.PRIVATE}


@act
def choose(*, application_id: int, group_id: int, sign: Sign, actor: Actor, now: datetime) -> Referral | SealedWish:
    """Take a free place of a suitable group: a referral is issued, or, in a sealed round, the wish is kept.

    A turn is used for any place of the line, an opening by whoever waits; a private place takes the child out of the
    line, and its turn goes to the next. `sign` is called with the choice under lock and returns the evidence. Raises
    NotInThisState, StopListed, TooYoung, WrongGroup, NoFreePlace, NotOpen and what `sign` raises.
    Source: rules, sections 6.2, 6.3 and 6.8.
    """
    # Losers are turned away here, without a lock; whoever goes on is judged again under the locks.
    seen = _case.look(application_id, now=now)
    key = linear.key_of(seen.application)
    _right(seen, group_id, line=linear.row(key) if key else None)

    case = _case.lock_with_line(application_id, now=now, more_groups=[group_id])
    line = case.linear_line
    right = _right(case, group_id, line=line)
    signature = sign(Choice(application_id, group_id))
    if right is Right.SEALED_ROUND:
        return _wish(case, group_id, line, signature, actor=actor, now=now)
    if right is Right.FREE_CHOICE:
        _free_choice.use_place(line, now=now)
    referral = _issuing.issue(
        case, line=line, group_id=group_id, origin=_ORIGINS[right], signature=signature, actor=actor, now=now
    )
    _places.came_free([], now=now, line=line)
    return referral


def _wish(
    case: _case.Case, group_id: int, line: Line, signature: Signature, *, actor: Actor, now: datetime
) -> SealedWish:
    application = case.application
    wish = referrals.wish(application_id=application.id, line=line, group_id=group_id, signature=signature, now=now)
    facts = {"line": line.id, "group": group_id, "wish": wish.id, "signature": signature.id}
    applications.journal(application, "wish", actor=actor, now=now, before=application.state, facts=facts)
    return wish


def right_to(*, application_id: int, group_id: int, now: datetime) -> Right:
    """By what the family may take a place of this group now, for pages. Raises as `choose` does."""
    case = _case.look(application_id, now=now)
    key = linear.key_of(case.application)
    return _right(case, group_id, line=linear.row(key) if key else None)


def _right(case: _case.Case, group_id: int, *, line: Line | None) -> Right:
    application = case.application
    if not case.is_linear or line is None:
        raise NotInThisState(move="choose", state=application.state)
    if application.state == State.STOP_LISTED:
        raise StopListed(date=localdate(application.due_at) if application.due_at else None)
    if application.state not in MAY_TAKE_A_REFERRAL:
        raise NotInThisState(move="choose", state=application.state)
    group = Group.objects.select_related("kindergarten").get(id=group_id)
    is_private = group.kindergarten.ownership == Ownership.PRIVATE
    _refuse_age(case, is_private=is_private)
    refuse_group(application, group)
    if not kindergartens.free_in_group(group_id, now=case.now):
        raise NoFreePlace(group_id=group_id)
    if is_private:
        return Right.PRIVATE
    if application.state == State.TURN_OFFERED:
        return Right.TURN
    right = open_by(line)
    if right is None:
        raise NotOpen(group_id=group_id)
    return right


def open_by(line: Line) -> Right | None:
    """By what right the places that a line has open are taken now: in the round that runs, else by coming first; None: none.

    The line decides, not the term of today: what was opened by one rule is taken by it, though the territory has changed
    it since. The next places that open, or the end of the round, follow the new one.
    """
    if not line.openings:
        return None
    return Right.FREE_CHOICE if line.round_ends_at is None else Right.SEALED_ROUND


def _refuse_age(case: _case.Case, *, is_private: bool) -> None:
    """A private place asks for the age on the day; free choice begins after the first moment of the birthday."""
    application, today = case.application, localdate(case.now)
    if is_private:
        age = int(case.rulebook.term("private_place.min_age", on=today).value)
        too_young = not law_rules.has_full_years(application.born_on, age, today)
    else:
        age = int(case.rulebook.term("turn.min_age", on=today).value)
        reached = law_rules.birthday_moment(application.born_on, age)
        too_young = application.state == State.WAITING and reached >= case.now
    if too_young:
        raise TooYoung(age=age)


@act
def give_back(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Give a referral back within its hours: in line again at the original moment, without a turn during the pause.

    Raises NotInThisState, GiveBackTooLate. Source: rules, section 6.4.
    """
    case = _case.lock_with_line(application_id, now=now)
    case.require("give_back")
    application, referral = case.application, _referral(case, "give_back")
    if now > referral.give_back_until:
        raise GiveBackTooLate(hours=case.rulebook.term("referral.give_back", on=localdate(now)).value)
    referrals.move_referral(application_id=application_id, name="give_back", now=now)
    freed = admission_steps.end_all(application_id=application_id, because="give_back", now=now)
    pause = case.term("referral.pause_after_give_back", since=now)
    application.passed_over_until = max(application.passed_over_until or pause.due_at, pause.due_at)
    facts = {"referral": referral.id, "groups": freed, "paused_until": pause.due_at.isoformat()}
    applications.move(application, "give_back", actor=actor, now=now, facts=facts)
    place = lines.place_in_line(application)
    record.tell("referral-returned", now=now, application_id=application_id, facts={"place": place and place.number})
    _places.came_free(freed, now=now, line=case.line)


@act
def extend(
    *,
    application_id: int,
    days: int,
    reason: str,
    words: str = "",
    upload_id: int | None,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Add so many calendar days to the term of a referral, once; returns the new due moment.

    `reason` is of the closed list, with the family's own `words` where it asks for them; `upload_id` is the proof, None
    in rehearsals only. An officer may review it later. Raises NotInThisState, ExtensionUsed, ExtensionTooLong.
    Source: 003, 004; rules, section 6.4.
    """
    case = _case.lock(application_id, now=now)
    case.require("register")
    application, referral = case.application, _referral(case, "extend")
    limit = int(case.rulebook.term("referral.extension_max", on=localdate(now)).value)
    if referral.extended_at is not None:
        raise ExtensionUsed(limit=1)
    if days > limit:
        raise ExtensionTooLong(limit=limit)
    term = case.lengthened("referral.extension_max", length=days)
    referrals.extend(referral, due_at=term.due_at, days=days, reason=reason, words=words, upload_id=upload_id, now=now)
    facts = {"referral": referral.id, "days": days, "because": reason, "upload": upload_id}
    applications.set_term(application, term, act="extend_referral", actor=actor, now=now, facts=facts)
    _case.keep_place(case)
    told = {"due_at": term.due_at.isoformat(), "days": days}
    record.tell("referral-extended", now=now, application_id=application_id, facts=told)
    return term.due_at


@act
def register(*, application_id: int, brought: Collection[DocumentKind] = (), actor: Actor, now: datetime) -> None:
    """Register the referral of a family that came: its term to sign the contract begins.

    `brought` are the papers that it had with it; none of them is a condition.

    Raises NotInThisState, and ClaimUndecided while the right to be served out of turn is undecided.
    Source: rules, sections 6.4, 6.6 and 6.7.
    """
    case = _case.lock(application_id, now=now)
    case.require("register")
    application, referral = case.application, _referral(case, "register")
    if awaits_out_of_turn_decision(application_id):
        raise ClaimUndecided
    term = case.term("referral.validity", since=now)
    referrals.move_referral(application_id=application_id, name="register", now=now)
    if case.admission is not None:
        until = _case.kept_until(application, term_ends=None)
        admission_steps.register(case.admission, until=until)
    facts = {
        "referral": referral.id,
        "group": referral.group_id,
        "brought": sorted(kind.value for kind in brought),
    }
    applications.move(application, "register", actor=actor, now=now, term=term, facts=facts)
    told = {"group": referral.group_id, "due_at": term.due_at.isoformat()}
    record.tell("referral-registered", now=now, application_id=application_id, facts=told)


def awaits_out_of_turn_decision(application_id: int) -> bool:
    """Whether a claimed right to be served out of turn is undecided: the kindergarten does not see the referral yet."""
    claim = application_queries.undecided_claim(application_id)
    return claim is not None and BenefitStatus(claim.benefit) in OUT_OF_TURN


@act
def grant_papers_time(*, application_id: int, actor: Actor, now: datetime) -> datetime:
    """Add the time for incomplete papers to the family's term, once for each referral; returns the new due moment.

    The kindergarten must grant it; a family that asks for it itself has it by asking. Raises NotInThisState,
    PapersTimeUsed. Source: 004; rules, section 6.6.
    """
    case = _case.lock(application_id, now=now)
    application = case.application
    if not case.is_linear or application.state not in {State.REGISTERED, State.CONTRACT_WITH_PARENT}:
        raise NotInThisState(move="grant_papers_time", state=application.state)
    referral = _referral(case, "grant_papers_time")
    if referral.papers_time_at is not None:
        raise PapersTimeUsed(limit=1)
    term = case.lengthened("referral.papers_time")
    referrals.use_papers_time(referral, now=now)
    facts = {"referral": referral.id}
    applications.set_term(application, term, act="grant_papers_time", actor=actor, now=now, facts=facts)
    _case.keep_place(case)
    told = {"due_at": term.due_at.isoformat()}
    record.tell("papers-time-granted", now=now, application_id=application_id, facts=told)
    return term.due_at


def _referral(case: _case.Case, move: str) -> Referral:
    referral = referral_queries.live_referral(case.application.id)
    if referral is None:
        raise NotInThisState(move=move, state=case.application.state)
    return referral
