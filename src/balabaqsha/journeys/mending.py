"""An officer mends a case: data that were mistyped, a term made longer, an application archived by error, duplicates."""

from datetime import date, datetime
from typing import Any

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.appeals import queries as appeals
from balabaqsha.applications.models import Application
from balabaqsha.applications.special import queries as special
from balabaqsha.applications.states import MAY_CHANGE_BENEFIT, Reason, State
from balabaqsha.documents import actions as documents
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.journeys import _case, _giving_back, _others, _places
from balabaqsha.journeys._act import act
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import NATIONAL, localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.law.grounds import CorrectionReason, ErrorOfAuthority, LengtheningReason
from balabaqsha.law.lists import DocumentKind
from balabaqsha.law.terms import Unit
from balabaqsha.line import queries as lines
from balabaqsha.people import _steps as people
from balabaqsha.people import queries as person_queries
from balabaqsha.record import actions as record
from balabaqsha.record import queries as record_queries
from balabaqsha.referrals import _steps as referrals

# While it waits; with anything given, the line's order is decided.
MAY_BE_CORRECTED = MAY_CHANGE_BENEFIT
# These ended by the authority or by the portal, or in somebody's name without right: what a child's age or its leaving
# ended is no error to mend.
MAY_BE_BROUGHT_BACK = frozenset(Reason) - {Reason.LEFT, Reason.AGED_OUT}
# A family must act in these; a longer stop list of a linear territory would help nobody.
MAY_BE_LENGTHENED = frozenset(
    {
        State.VOUCHER_OFFERED,
        State.VOUCHER_ACTIVE,
        State.TURN_OFFERED,
        State.REFERRAL_ISSUED,
        State.REGISTERED,
        State.CONTRACT_AWAITED,
        State.CONTRACT_WITH_PARENT,
    }
)


class NothingChanged(Refusal, code="not-allowed", detail="nothing-changed"):
    """What was typed is what stands already."""


class WrongDate(Refusal, code="wrong-date", detail="correction-date"):
    """The date is in the future, or after the day on which the application came to the portal; facts: date."""


class TooManyDays(Refusal, code="limit-reached", detail="lengthening-limit"):
    """The officers' days for this term are used up; facts: limit, left."""


class AppealWaits(Refusal, code="not-allowed", detail="appeal-waits"):
    """An appeal about the application is open: it is decided, not gone round."""


class NotADuplicate(Refusal, code="not-allowed", detail="not-a-duplicate"):
    """No application of this number waits in the same line for a child of the same name and birth date."""


@act
def correct_date(
    *, application_id: int, day: date, because: CorrectionReason, note: str, actor: Actor, now: datetime
) -> None:
    """Put the day on which the application was made right; the time of day stays, and the place follows.

    Raises NotInThisState, NothingChanged, WrongDate.
    """
    # It moves the application within its line. Rivals: a run, a renewal, whoever gives turns.
    case = _case.lock_in_line(application_id, now=now)
    application = _correctable(case)
    before = application.original_at
    local = before.astimezone(NATIONAL)
    moment = datetime.combine(day, local.timetz())
    entered = record_queries.events_of(application_id)
    latest = localdate(entered[0].at if entered else now)
    if moment.date() == local.date():
        raise NothingChanged
    if day > latest or moment > now:
        raise WrongDate(date=latest)
    application.original_at = moment
    application.save(update_fields=["original_at"])
    facts = {"because": because.value, "original_before": before.isoformat()}
    _journal(application, "correct_date", actor=actor, now=now, facts=facts)
    _tell_corrected(application, because, note, now=now)
    _places.came_free([], now=now, line=case.line)


@act
def correct_wish(
    *,
    application_id: int,
    languages: tuple[str, ...],
    because: CorrectionReason,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put the wished languages right; a wish moves nobody's place. Raises NotInThisState, NothingChanged."""
    case = _case.lock(application_id, now=now)
    application = _correctable(case)
    if sorted(application.languages) == sorted(languages):
        raise NothingChanged
    facts = {"because": because.value, "languages": list(languages), "languages_before": application.languages}
    application.languages = list(languages)
    application.save(update_fields=["languages"])
    _journal(application, "correct_wish", actor=actor, now=now, facts=facts)
    _tell_corrected(application, because, note, now=now)


@act
def correct_name(
    *,
    application_id: int,
    answers: list[PersonRecord],
    because: CorrectionReason,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Take the names of the child and its parent from the register anew; nobody types them.

    `answers` are of the register, asked before. Raises NothingChanged where the register says what stands already.
    """
    case = _case.lock(application_id, now=now)
    application = case.application
    ours = {person_queries.iin_of(one): one for one in (application.child_id, application.applicant_id)}
    before = {one: person_queries.person_card(one).full_name for one in ours.values()}
    for answer in answers:
        if answer.iin in ours:
            people.keep_person(answer=answer)
    if all(person_queries.person_card(one).full_name == name for one, name in before.items()):
        raise NothingChanged
    facts = {"because": because.value, "references": [answer.reference for answer in answers]}
    _journal(application, "correct_name", actor=actor, now=now, facts=facts)
    _tell_corrected(application, because, note, now=now)


def _correctable(case: Case) -> Application:
    if case.application.state not in MAY_BE_CORRECTED:
        raise NotInThisState(move="correct", state=case.application.state)
    return case.application


def _tell_corrected(application: Application, because: CorrectionReason, note: str, *, now: datetime) -> None:
    place = lines.place_in_line(application)
    told = {"reason": because.value, "note": note, "place": place.number if place else None}
    record.tell("application-corrected", now=now, application_id=application.id, facts=told)


@act
def lengthen(
    *, application_id: int, days: int, because: LengtheningReason, note: str, actor: Actor, now: datetime
) -> datetime:
    """Make the family's running term longer by whole working days; returns its new last moment. Never shorter.

    Officers give `term.lengthening` days to a term in all. Raises NotInThisState, TooManyDays.
    """
    case = _case.lock(application_id, now=now)
    application = case.application
    running = applications.running_term(application)
    if application.state not in MAY_BE_LENGTHENED or running is None:
        raise NotInThisState(move="lengthen", state=application.state)
    limit = int(case.rulebook.term("term.lengthening", on=localdate(now)).value)
    left = limit - _given(application)
    if not 1 <= days <= left:
        raise TooManyDays(limit=limit, left=left)
    due_at = law_rules.due(running.due_at, days, Unit.WORKING_DAYS, case.calendar)
    term = applications.Term(due_at=due_at, identity=running.identity, counted_from=running.counted_from)
    facts = {"because": because.value, "days": days, "counted_from": running.counted_from.isoformat()}
    applications.set_term(application, term, act="lengthen", actor=actor, now=now, facts=facts)
    if case.is_linear:
        referrals.postpone(application_id=application_id, due_at=due_at)
        # The paper says the former last day; a new one is made.
        documents.void_papers(application_ids=[application_id], kinds=[DocumentKind.REFERRAL], actor=actor, now=now)
    _case.keep_place(case)
    told = {"reason": because.value, "note": note, "due_at": due_at.isoformat()}
    record.tell("term-lengthened", now=now, application_id=application_id, facts=told)
    return due_at


def _given(application: Application) -> int:
    """The days that officers have added to the term that runs."""
    counted_from = application.due_from.isoformat() if application.due_from else ""
    events = record_queries.events_of(application.id)
    return sum(
        event.facts["days"]
        for event in events
        if event.act == "lengthen" and event.facts["counted_from"] == counted_from
    )


@act
def bring_back(*, application_id: int, because: ErrorOfAuthority, note: str, actor: Actor, now: datetime) -> None:
    """Bring an application archived by error back to its place in line, with its original date.

    A special one that was never confirmed goes to the check. A newer application of the child that only waits is closed in
    its favour. Raises NotInThisState, AppealWaits, OtherGoesOn.
    """
    family = _case.lock_with_others(application_id, _others.live_of_kind(application_id), now=now, enters_line=True)
    case, application = family.case, family.case.application
    if application.state != State.ARCHIVED or application.reason not in MAY_BE_BROUGHT_BACK:
        raise NotInThisState(move="bring_back", state=application.state)
    if appeals.open_appeal(application_id) is not None:
        raise AppealWaits
    freed = _others.close(family.others, actor=actor, now=now)
    check = special.check_of(application_id)
    former = _giving_back.was_in_line(application, confirmed=bool(check and check.confirmed))
    _journal(application, "bring_back", actor=actor, now=now, facts={"because": because.value})
    _giving_back.give_back(case, _giving_back.Former(former), actor=actor, now=now)
    place = lines.place_in_line(application)
    told = {"reason": because.value, "note": note, "place": place.number if place else None}
    record.tell("application-brought-back", now=now, application_id=application_id, facts=told)
    _places.came_free(freed, now=now)
    for line in family.lines:
        _places.came_free([], now=now, line=line)


def twin(application: Application, number: str) -> Application | None:
    """The application of this number that waits in the same line for a child of the same name and birth date.

    The same child entered twice, with another IIN or none. One query.
    """
    child = application.child
    return (
        Application.objects.select_related("child", "applicant")
        .filter(
            number=number,
            territory_id=application.territory_id,
            kind=application.kind,
            regime=application.regime,
            correction=application.correction,
            state__in=sorted(MAY_BE_CORRECTED),
            born_on=application.born_on,
            child__surname__iexact=child.surname,
            child__given_name__iexact=child.given_name,
        )
        .exclude(id=application.id)
        .first()
    )


@act
def merge(*, application_id: int, number: str, note: str, actor: Actor, now: datetime) -> None:
    """Close the application of this number as a duplicate of this one, which keeps the earlier of the two dates.

    Both families are told. Raises NotInThisState, NotADuplicate.
    """
    own = Application.objects.select_related("child").get(id=application_id)
    found = twin(own, number)
    if found is None:
        raise NotADuplicate
    family = _case.lock_with_others(application_id, [found.id], now=now, enters_line=True)
    application, other = _correctable(family.case), family.others[0]
    if other.state not in MAY_BE_CORRECTED:
        raise NotADuplicate
    before, earlier = application.original_at, min(application.original_at, other.original_at)
    _others.close([other], actor=actor, now=now)
    application.original_at = earlier
    application.misses = max(application.misses, other.misses)
    application.save(update_fields=["original_at", "misses"])
    facts: dict[str, Any] = {"other": other.id, "original_before": before.isoformat()}
    _journal(application, "merge", actor=actor, now=now, facts=facts)
    place = lines.place_in_line(application)
    told = {"note": note, "reason": "", "place": place.number if place else None}
    record.tell("applications-merged", now=now, application_id=application_id, facts=told)
    for line in family.lines:
        _places.came_free([], now=now, line=line)


def _journal(application: Application, name: str, *, actor: Actor, now: datetime, facts: dict[str, Any]) -> None:
    applications.journal(application, name, actor=actor, now=now, before=application.state, facts=facts)
