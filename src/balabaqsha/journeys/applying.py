"""Applying, the check of documents and benefits, and withdrawing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications import queries as application_queries
from balabaqsha.applications._steps import Filing
from balabaqsha.applications.claims import _steps as claims
from balabaqsha.applications.facts import counted_before
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import MAY_CHANGE_BENEFIT, Kind, Reason, State
from balabaqsha.applications.statuses import _steps as status_steps
from balabaqsha.applications.statuses import queries as statuses
from balabaqsha.journeys import _case, _places, _special, sweep
from balabaqsha.journeys._act import act, or_busy
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import lists
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.terms import Rulebook
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import queries as lines
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.people.models import Person
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime


class AlreadyApplied(Refusal, code="already-applied"):
    """The child has a live application of this kind; facts: number."""


class AlreadyEnrolled(Refusal, code="already-applied", detail="already-enrolled"):
    """The child goes to a kindergarten: it may only ask for a transfer; facts: number."""


class TooOld(Refusal, code="not-allowed", detail="too-old"):
    """The line is for children of preschool age."""


class NotBorn(Refusal, code="not-allowed", detail="not-born"):
    """The child is not born yet."""


class WrongRegime(Refusal, code="not-allowed", detail="wrong-regime"):
    """The territory gives places by another regime, or by none; facts: regime (or None)."""


class ForeignTerritory(Refusal, code="not-allowed", detail="counter-foreign-territory"):
    """At the counter of a department a family applies in the territory of that department."""


@or_busy
def apply(*, filing: Filing, actor: Actor, now: datetime, draft_id: int | None = None) -> Application:
    """File an application in the regime of its territory: it stands in line at once, a special one after its check.

    In a linear territory it has its turn at once when a free place waits. With `draft_id` that draft becomes the
    application, once. Raises AlreadyApplied, AlreadyEnrolled, TooOld, NotBorn, WrongRegime, DraftSent, NoSuchDraft;
    at the counter ForeignTerritory.
    Source: rules, sections 1, 3, 4 and 6.1.
    """
    if actor.counter is not None and not territories.is_within(filing.territory_code, actor.counter.territory_code):
        raise ForeignTerritory
    for other in application_queries.live_of_child(filing.child_id):
        # One that has lapsed, or is about to end, does not stand in the way.
        sweep.catch_up(now=now, application_id=other.id)
    regime = territories.regime_on(filing.territory_code, localdate(now))
    if regime == Regime.LINEAR:
        # Who was due a turn before has it before.
        sweep.catch_up(now=now, line=_line_key(filing))
    else:
        # The categories of today, whether or not a job has counted the line by them.
        sweep.catch_up_territory(filing.territory_code, now=now)
    return _apply(filing=filing, regime=regime, actor=actor, now=now, draft_id=draft_id)


def _line_key(filing: Filing) -> LineKey:
    return LineKey(filing.territory_code, filing.born_on.year, filing.correction)


@act
def _apply(*, filing: Filing, regime: Regime | None, actor: Actor, now: datetime, draft_id: int | None) -> Application:
    line = _enter(filing, regime, now=now)
    draft = applications.lock_draft(draft_id) if draft_id is not None else None
    # Rival: the same family on another device, or a double click. Whoever comes second sees the first application.
    Person.objects.select_for_update(no_key=True).get(id=filing.child_id)
    _refuse_second_application(filing)
    _refuse_age(filing.born_on, now)
    if regime is None:
        raise WrongRegime(regime=None)

    application = _file(filing, regime, line, now=now)
    if filing.kind == Kind.SPECIAL:
        _special.order_check(application, conclusion_id=filing.conclusion_id, now=now)
    if draft is not None:
        draft.sent_application = application
        draft.save(update_fields=["sent_application"])
    facts = {"claimed": filing.benefit, "languages": list(filing.languages)}
    applications.journal(application, "apply", actor=actor, now=now, before="", facts=facts)
    waits = application.state == State.WAITING
    told = {"place": _place(application)} if waits else {}
    fact = "application-accepted" if waits else "application-accepted-check"
    record.tell(fact, now=now, application_id=application.id, facts=told)
    if line is not None:
        _places.came_free([], now=now, line=line)
        application.refresh_from_db()
    return application


def _enter(filing: Filing, regime: Regime | None, *, now: datetime) -> Line | None:
    """Say that somebody comes into the line. Rivals: a run, a renewal; in a linear line, whoever gives turns in it."""
    if regime != Regime.LINEAR:
        line_steps.enter(filing.territory_code)
        return None
    cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
    return line_steps.lock_made(_line_key(filing), cycle=cycle, now=now)


def _file(filing: Filing, regime: Regime, line: Line | None, *, now: datetime) -> Application:
    if line is None:
        line_steps.ensure_lines(territory_code=filing.territory_code, now=now)
    rulebook = law.rulebook(filing.territory_code)
    rule = rulebook.term("benefit.proof_check", on=localdate(now))
    return applications.file_application(
        filing=filing,
        regime=regime,
        counting=line.counting if line else lines.counting(filing.territory_code, filing.kind),
        check_due_at=law_rules.deadline(now, rule, law.calendar()),
        passed_over_until=passed_over_until(
            born_on=filing.born_on, wished_from=filing.wished_from, rulebook=rulebook, now=now
        )
        if line
        else None,
        now=now,
    )


def passed_over_until(*, born_on: date, wished_from: date | None, rulebook: Rulebook, now: datetime) -> datetime | None:
    """The last moment at which a linear line does not serve an application yet: too young, or wished later."""
    age = int(rulebook.term("turn.min_age", on=localdate(now)).value)
    starts = [law_rules.birthday_moment(born_on, age)]
    if wished_from is not None:
        starts.append(start_of(wished_from))
    # What begins at a moment takes effect after it.
    return max(starts) if max(starts) >= now else None


def _refuse_second_application(filing: Filing) -> None:
    for other in application_queries.live_of_child(filing.child_id):
        if other.in_private_place:
            # Enrolled by state order in a private kindergarten: the child keeps that place and may apply again (6.8).
            continue
        if other.state == State.ENROLLED:
            raise AlreadyEnrolled(number=other.number)
        if other.kind == filing.kind:
            raise AlreadyApplied(number=other.number)


def _refuse_age(born_on: date, now: datetime) -> None:
    if born_on > localdate(now):
        raise NotBorn
    if now > law_rules.max_age_moment(born_on):
        raise TooOld


def _place(application: Application) -> int | None:
    place = lines.place_in_line(application)
    return place.number if place else None


class SameOfficer(Refusal, code="not-allowed", detail="second-officer-needed"):
    """A right to be served out of turn is confirmed by two officers, and this one has done so already."""


@act
def check_documents(
    *, application_id: int, confirm: bool, because: str = "", officers: int | None = None, actor: Actor, now: datetime
) -> bool:
    """Decide what is undecided about an application: a special case first, then the claimed benefit.

    `because` is the officer's reason of a rejection. As many officers as the rules of the territory say confirm a right to
    be served out of turn, each a different one (`benefit.out_of_turn_officers`), or so many `officers` where whoever
    tells a story knows one. Returns whether it is decided, or waits for the second officer. Raises
    NotInThisState when nothing waits for a decision, and SameOfficer. Source: rules, section 4; two officers are assumed.
    """
    case = _case.lock_in_line(application_id, now=now)
    application = case.application
    if application.state == State.DOCUMENTS_CHECK:
        _special.decide(case, _special.Verdict(confirm, note=because), actor=actor, now=now)
        return True
    claim = application_queries.undecided_claim(application_id)
    if application.state == State.ARCHIVED or claim is None:
        raise NotInThisState(move="check_documents", state=application.state)
    if officers is None:
        rules = law.rulebook(application.territory_id)
        officers = int(rules.term("benefit.out_of_turn_officers", on=localdate(now)).value)
    if confirm and officers > 1 and not _is_second(application, claim, actor=actor, now=now):
        return False
    if confirm:
        _confirm_benefit(case, claim, valid_until=_certificate_end(case, claim, now=now), actor=actor, now=now)
    else:
        applications.reject_claim(claim=claim, because=because, actor=actor, now=now)
        facts = {"benefit": claim.benefit}
        applications.journal(application, "reject_benefit", actor=actor, now=now, before=application.state, facts=facts)
        record.tell("benefit-rejected", now=now, application_id=application.id, facts=facts | {"reason": because})
    return True


def _is_second(application: Application, claim: BenefitClaim, *, actor: Actor, now: datetime) -> bool:
    """Whether nothing is wanted any more; else the first confirmation is noted. Raises SameOfficer."""
    if claim.benefit not in lists.OUT_OF_TURN:
        return True
    if claim.first_confirmed_at is not None:
        if claim.first_confirmed_by_account_id == actor.account_id:
            raise SameOfficer
        return True
    claims.confirm_first(claim, actor=actor, now=now)
    facts = {"benefit": claim.benefit}
    applications.journal(
        application, "confirm_benefit_first", actor=actor, now=now, before=application.state, facts=facts
    )
    return False


@act
def confirm_by_register(*, application_id: int, now: datetime) -> bool:
    """Let the claim count that a fresh yes of the register of social statuses proves; returns whether there was one.

    The register's word needs no officer, nor two: none of the rights out of turn is in it. A special application is
    decided first. Source: the proofs of the closed list of benefits; the register is assumed.
    """
    case = _case.lock_in_line(application_id, now=now)
    application = case.application
    claim = application_queries.undecided_claim(application_id)
    if claim is None or application.state in {State.ARCHIVED, State.DOCUMENTS_CHECK}:
        return False
    said = statuses.fresh_yes(application.child_id, application.applicant_id, claim.benefit, now=now)
    until = start_of(said.last_day + timedelta(days=1)) if said and said.last_day else None
    if said is None or (until is not None and until <= now):
        return False
    status_steps.bind(said, claim)
    register = {"register": said.reference, "answer": said.id}
    _confirm_benefit(case, claim, valid_until=until, actor=SYSTEM, now=now, more=register)
    return True


def _certificate_end(case: _case.Case, claim: BenefitClaim, *, now: datetime) -> datetime | None:
    needs_certificate = lists.BenefitStatus(claim.benefit).needs_certificate
    return case.term("certificate.validity", since=now).due_at if needs_certificate else None


def _confirm_benefit(
    case: _case.Case,
    claim: BenefitClaim,
    *,
    valid_until: datetime | None,
    actor: Actor,
    now: datetime,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    application, old = case.application, case.application.category
    counted = counted_before(application)
    applications.confirm_claim(
        application=application,
        claim=claim,
        valid_until=valid_until,
        counting=lines.counting_of(application),
        actor=actor,
        now=now,
    )
    facts = {"benefit": claim.benefit, "category_before": old}
    applications.journal(
        application,
        "confirm_benefit",
        actor=actor,
        now=now,
        before=application.state,
        facts=facts | counted | dict(more),
    )
    record.tell(
        "benefit-confirmed", now=now, application_id=application.id, facts=facts | {"place": _place(application)}
    )


@act
def claim_benefit(
    *, application_id: int, benefit: str, proof_ids: tuple[int, ...], actor: Actor, now: datetime
) -> BenefitClaim:
    """Claim a benefit for an application that waits; it counts from its confirmation. Raises NotInThisState."""
    case = _case.lock(application_id, now=now)
    application = case.application
    undecided = application_queries.undecided_claim(application_id)
    if application.state not in MAY_CHANGE_BENEFIT or undecided is not None:
        raise NotInThisState(move="claim_benefit", state=application.state)
    claim = applications.claim_benefit(
        application=application,
        benefit=benefit,
        proof_ids=proof_ids,
        check_due_at=case.term("benefit.proof_check", since=now).due_at,
        now=now,
    )
    facts = {"claimed": benefit}
    applications.journal(application, "claim_benefit", actor=actor, now=now, before=application.state, facts=facts)
    return claim


@act
def drop_benefit(*, application_id: int, claim_id: int, actor: Actor, now: datetime) -> None:
    """Give up a claim that waits for its check, or the benefit that counts: the application falls back to its own date.

    Raises NotInThisState, also for a claim that has ended. Source: rules, section 3 (the original moment stays).
    """
    # It moves the application in its line, as a confirmation does.
    case = _case.lock_in_line(application_id, now=now)
    application, old = case.application, case.application.category
    claim = application_queries.live_claims(application_id).filter(id=claim_id).first()
    if application.state not in MAY_CHANGE_BENEFIT or claim is None:
        raise NotInThisState(move="drop_benefit", state=application.state)
    counting = lines.counting_of(application)
    facts = {"benefit": claim.benefit, "category_before": old} | counted_before(application)
    applications.drop_claim(application=application, claim=claim, counting=counting, now=now)
    applications.journal(application, "drop_benefit", actor=actor, now=now, before=application.state, facts=facts)


@act
def withdraw(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Close the application at the family's wish, before it has signed; frees what it holds. Raises NotInThisState."""
    case = _case.lock_with_line(application_id, now=now)
    case.require("withdraw")
    application = case.application
    _case.close(application, now=now)
    freed = admission_steps.end_all(application_id=application_id, because="withdraw", now=now)
    applications.move(application, "withdraw", actor=actor, now=now, reason=Reason.WITHDRAWN)
    record.tell("application-withdrawn", now=now, application_id=application_id, facts={})
    _places.came_free(freed, now=now, line=case.line)
