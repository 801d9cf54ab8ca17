"""A family contests what ended its application, voucher, turn or referral; another officer decides, the place is kept meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from balabaqsha.admissions import queries as admissions
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.appeals import _steps as steps
from balabaqsha.applications.appeals import queries, rules
from balabaqsha.applications.appeals._steps import Contested, Filing
from balabaqsha.applications.models import Appeal, Application
from balabaqsha.applications.states import MAY_BE_GIVEN_BACK, AppealState, Kept, State
from balabaqsha.journeys import _case, _free_choice, _giving_back, _kept, _others, _places
from balabaqsha.journeys._act import act
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as places
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.grounds import AppealGround, AppealRejection
from balabaqsha.line import queries as lines
from balabaqsha.record import actions as record
from balabaqsha.record import queries as record_queries

__all__ = ["Contested", "Filing", "Verdict", "decide", "file", "may_contest", "take_back"]


class NothingToContest(Refusal, code="not-in-this-state", detail="nothing-to-contest"):
    """Nothing has ended for the family that an appeal could give back."""


class AppealTooLate(Refusal, code="not-allowed", detail="appeal-too-late"):
    """The term to contest is over; facts: date, its last day."""


class AppealFiled(Refusal, code="already-sent", detail="appeal-filed"):
    """This act has been contested already."""


class AppealDecided(Refusal, code="not-in-this-state", detail="appeal-decided"):
    """The appeal has been decided or taken back before."""


class OwnDecision(Refusal, code="not-allowed", detail="appeal-own"):
    """Nobody decides an appeal against their own decision, or about their own child."""


@dataclass(frozen=True)
class Verdict:
    """How an appeal comes out: the reason is of the list of grants or of rejections; `note` is the officer's own words."""

    because: AppealGround | AppealRejection
    note: str

    @property
    def grants(self) -> bool:
        return isinstance(self.because, AppealGround)


@dataclass(frozen=True)
class MayContest:
    """What a family may contest now, and until when."""

    contested: Contested
    until: datetime


def may_contest(application: Application, *, now: datetime) -> MayContest | None:
    """What an appeal about the application would be against; None where there is nothing, or it was contested, or too late.

    Two queries at most.
    """
    found = _contested(application)
    if found is None or now > found.until or _has_contested(application, found.contested):
        return None
    return found


def _contested(application: Application) -> MayContest | None:
    if application.state not in MAY_BE_GIVEN_BACK:
        return None
    event = record_queries.latest_about(application.id, acts=rules.CONTESTABLE)
    if event is None or (application.state == State.ARCHIVED and event.at != application.archived_at):
        return None
    contested = Contested(event.act, event.at, event.actor.get("account"), event.facts["from"])
    term = law.rulebook(application.territory_id).term("appeal.file", on=localdate(event.at))
    return MayContest(contested, until=law_rules.deadline(event.at, term, law.calendar()))


def _has_contested(application: Application, contested: Contested) -> bool:
    latest = queries.latest(application.id)
    return latest is not None and (
        latest.state == AppealState.OPEN
        or (latest.contested_act == contested.act and latest.contested_at == contested.at)
    )


@act
def file(*, application_id: int, filing: Filing, actor: Actor, now: datetime) -> Appeal:
    """Contest what ended the application, its voucher, turn or referral; until the decision its place is kept.

    Kept is the very place it lost where that is still free; else one place of the birth year that no run and no turn gives
    away; and its original date always. Raises NothingToContest, AppealTooLate, AppealFiled.
    Source: assumed (docs/decisions/appeals.md).
    """
    lost = admissions.latest_ended(application_id)
    groups = set() if lost is None else {lost.group_id}
    # Rivals: a second click, a run or a turn that gives the place away, the sweep at the end of the stop list.
    case = _case.lock_with_line(application_id, now=now, more_groups=groups)
    application = case.application
    found = _contested(application)
    if found is None:
        raise NothingToContest
    if _has_contested(application, found.contested):
        raise AppealFiled
    if now > found.until:
        raise AppealTooLate(date=localdate(found.until))
    term = case.term("appeal.decide", since=now)
    kept, hold_id = _kept.keep(case, found.contested, lost=lost, now=now)
    appeal = steps.file(
        application, contested=found.contested, filing=filing, term=term, kept=kept, hold_id=hold_id, now=now
    )
    facts = {"appeal": appeal.id, "contested": appeal.contested_act, "kept": kept.value, "appeal_due": term.due_at}
    _journal(application, "file_appeal", actor=actor, now=now, **facts)
    told = {"due_at": term.due_at.isoformat()}
    record.tell("appeal-filed", now=now, application_id=application_id, facts=told)
    return appeal


@act
def take_back(*, application_id: int, actor: Actor, now: datetime) -> None:
    """End an open appeal at the family's wish; what was kept for it goes on. Raises AppealDecided."""
    appeal = queries.open_appeal(application_id)
    groups = _groups_of(appeal)
    case = _case.lock_with_line(application_id, now=now, more_groups=groups)
    appeal = _open(case, appeal)
    steps.settle(appeal, "end", actor=actor, now=now)
    _journal(case.application, "take_back_appeal", actor=actor, now=now, appeal=appeal.id)
    _let_go(case, appeal, now=now)


@act
def decide(*, application_id: int, token: UUID, verdict: Verdict, actor: Actor, now: datetime) -> None:
    """Grant an appeal, which puts the family back where it stood, with a fresh term; or reject it, which ends what was kept.

    A newer application of the child that only waits is closed in favour of the one given back, whose date is the earlier.
    Raises AppealDecided, OwnDecision, OtherGoesOn. Source: assumed (docs/decisions/appeals.md).
    """
    appeal = queries.by_token(token)
    others = _others.live_of_kind(application_id) if verdict.grants else []
    # Rivals: another officer at the same appeal, the family's own acts, the sweep, a run.
    family = _case.lock_with_others(
        application_id, others, now=now, more_groups=_groups_of(appeal), enters_line=verdict.grants
    )
    case = family.case
    appeal = _open(case, appeal)
    application = case.application
    if actor.account_id == appeal.contested_by_account_id or actor.person_id == application.applicant_id:
        raise OwnDecision
    steps.settle(
        appeal,
        "grant" if verdict.grants else "reject",
        actor=actor,
        now=now,
        because=verdict.because.value,
        note=verdict.note,
    )
    outcome = "granted" if verdict.grants else "rejected"
    facts = {"appeal": appeal.id, "outcome": outcome, "because": verdict.because.value}
    _journal(application, "decide_appeal", actor=actor, now=now, **facts)
    told: dict[str, Any] = {"reason": verdict.because.value, "note": verdict.note}
    if not verdict.grants:
        _let_go(case, appeal, now=now)
        record.tell("appeal-rejected", now=now, application_id=application_id, facts=told)
        return
    freed = _grant(family, appeal, actor=actor, now=now)
    place = lines.place_in_line(application)
    told |= {"place": place.number if place else None}
    if application.due_at is not None:
        told["due_at"] = application.due_at.isoformat()
    record.tell(f"appeal-granted-{_outcome(application)}", now=now, application_id=application_id, facts=told)
    _places.came_free(freed, now=now)
    for line in family.lines:
        _places.came_free([], now=now, line=line)


def _outcome(application: Application) -> str:
    """Which words tell the family where it stands: in line, before a term of its own, or where it went on meanwhile."""
    if application.state == State.WAITING:
        return "line"
    return "term" if application.due_at is not None else "noted"


def _grant(family: _case.Family, appeal: Appeal, *, actor: Actor, now: datetime) -> list[int]:
    """Give back what still lacks; returns the groups with freed places."""
    case, application = family.case, family.case.application
    if appeal.contested_act in rules.COUNTED_A_MISS and application.misses:
        application.misses -= 1
        application.save(update_fields=["misses"])
    freed = [] if appeal.hold is None else [appeal.hold.place.group_id]
    if not _still_lacks(application, appeal):
        if appeal.hold is not None:
            places.end_hold(hold_id=appeal.hold.id, now=now)
        return freed
    closed = _others.close(family.others, actor=actor, now=now)
    former = _giving_back.Former(State(appeal.former_state), hold=appeal.hold)
    _giving_back.give_back(case, former, actor=actor, now=now)
    return closed


def _still_lacks(application: Application, appeal: Appeal) -> bool:
    """Whether the case stands as the contested act, or the end of its stop list, left it: nothing came of it since."""
    if application.state == State.ARCHIVED:
        return application.archived_at == appeal.contested_at
    return application.state in MAY_BE_GIVEN_BACK


def _groups_of(appeal: Appeal | None) -> set[int]:
    return {appeal.hold.place.group_id} if appeal is not None and appeal.hold is not None else set()


def _open(case: Case, appeal: Appeal | None) -> Appeal:
    """The appeal as it stands under the lock of its application, still open."""
    found = queries.open_appeal(case.application.id)
    if found is None or appeal is None or found.id != appeal.id:
        raise AppealDecided
    return found


def _let_go(case: Case, appeal: Appeal, *, now: datetime) -> None:
    """End what was kept: the place goes on as it would have gone, to the list, the next turn or free choice."""
    freed: list[int] = []
    if appeal.hold is not None:
        places.end_hold(hold_id=appeal.hold.id, now=now)
        freed = [appeal.hold.place.group_id]
    if appeal.kept == Kept.OPENING:
        _free_choice.open_places(case.linear_line, 1, now=now)
    _places.came_free(freed, now=now, line=case.line)


def _journal(application: Application, name: str, *, actor: Actor, now: datetime, **facts: Any) -> None:
    told = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in facts.items()}
    applications.journal(application, name, actor=actor, now=now, before=application.state, facts=told)
