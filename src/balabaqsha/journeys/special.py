"""Special applications: sent on a conclusion, decided by a doctor or the PMPK, with the opinion of a colleague."""

from collections.abc import Callable
from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications._steps import Filing
from balabaqsha.applications.models import Application, DocumentsCheck, SecondOpinion
from balabaqsha.applications.special import _steps as steps
from balabaqsha.applications.special import queries, rules
from balabaqsha.applications.states import HOLDS_A_PLACE, LIVE, State
from balabaqsha.journeys import _case, _special, applying
from balabaqsha.journeys._act import act
from balabaqsha.journeys._special import Verdict
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law.lists import CaseDecider, CorrectionType

__all__ = ["Verdict", "answer", "apply", "ask", "decide", "keep_both", "refuse_conclusion"]


class DecidedAlready(Refusal, code="not-in-this-state", detail="special-decided"):
    """The case was decided before: by a colleague, or it is no longer in check."""


class AskedAlready(Refusal, code="already-sent", detail="opinion-asked"):
    """This colleague has been asked about the case and has not answered yet."""


class NoColleague(Refusal, code="not-allowed", detail="no-colleague"):
    """Whoever is to be asked does not decide such cases, or is the one who asks."""


class NotAsked(Refusal, code="not-allowed", detail="opinion-not-asked"):
    """Nobody waits for this account's opinion about the case."""


def refuse_conclusion(
    conclusion_id: int | None,
    *,
    child_id: int,
    applicant_id: int | None,
    correction: CorrectionType,
    territory_code: str | None,
    now: datetime,
) -> None:
    """Raise what stands against an application of this type for this child by this parent on this conclusion.

    That is ConclusionRequired, ConclusionOfAnother, ConclusionOfOtherType, ConclusionNotYet or ConclusionExpired.
    `territory_code` None: the national rules. Source: rules, section 4; who requires a conclusion is a term.
    """
    today = localdate(now)
    check = corrections.check_of(correction, law.rulebook(territory_code), on=today)
    found = queries.conclusion(conclusion_id)
    if conclusion_id is None:
        if check.conclusion_required:
            raise rules.ConclusionRequired
        return
    # One that does not exist, one of a stranger and one that the other parent fetched or attached are told alike.
    if found is None or found.child_id != child_id or not queries.is_of(found, applicant_id):
        raise rules.ConclusionOfAnother
    if found.correction != correction:
        raise rules.ConclusionOfOtherType(correction=found.correction)
    rules.refuse_days(issued_on=found.issued_on, last_day=queries.last_good_day(found), today=today)


def apply(*, filing: Filing, actor: Actor, now: datetime, draft_id: int | None = None) -> Application:
    """File a special application on its conclusion: it is checked before it stands in line.

    Raises the refusals of `refuse_conclusion` and of `applying.apply`.
    """
    refuse_conclusion(
        filing.conclusion_id,
        child_id=filing.child_id,
        applicant_id=filing.applicant_id,
        correction=CorrectionType(filing.correction or ""),
        territory_code=filing.territory_code,
        now=now,
    )
    return applying.apply(filing=filing, actor=actor, now=now, draft_id=draft_id)


@act
def decide(*, application_id: int, verdict: Verdict, actor: Actor, now: datetime) -> None:
    """Confirm a special application, which then stands in line, or reject it. Raises DecidedAlready.

    Questions to colleagues that nobody has answered end with it. Source: 001; rules, section 4.
    """
    # It puts the application into its line. Rival: a colleague at the same case; the second is told.
    case = _case.lock_in_line(application_id, now=now)
    if case.application.state != State.DOCUMENTS_CHECK:
        raise DecidedAlready
    _special.decide(case, verdict, actor=actor, now=now)


# Which kinds of special cases an account decides now, as `accounts.queries.decides` knows.
Decides = Callable[[int], frozenset[CaseDecider]]


@act
def ask(
    *, application_id: int, colleague_id: int, question: str, decides: Decides, actor: Actor, now: datetime
) -> SecondOpinion:
    """Ask a colleague (an account) what they would do; whoever asks still decides.

    `decides` tells what an account decides: only who decides such cases too is asked, and nobody asks themselves.
    Raises DecidedAlready, NoColleague, AskedAlready.
    """
    case, check = _checked(application_id, now=now)
    if colleague_id == actor.account_id or CaseDecider(check.decider) not in decides(colleague_id):
        raise NoColleague
    if check.opinions.filter(asked_of_account_id=colleague_id, answered_at=None).exists():
        raise AskedAlready
    asked = steps.ask_opinion(check=check, colleague_id=colleague_id, question=question, actor=actor, now=now)
    _journal(case, "ask_opinion", asked, actor=actor, now=now)
    return asked


@act
def answer(*, application_id: int, confirms: bool, words: str, actor: Actor, now: datetime) -> None:
    """Say what the actor, who was asked, would do about the case, and why. Raises DecidedAlready, NotAsked."""
    case, check = _checked(application_id, now=now)
    asked = check.opinions.filter(asked_of_account_id=actor.account_id, answered_at=None).first()
    if asked is None:
        raise NotAsked
    steps.answer_opinion(asked, confirms=confirms, answer=words, now=now)
    _journal(case, "answer_opinion", asked, actor=actor, now=now)


def _checked(application_id: int, *, now: datetime) -> tuple[_case.Case, DocumentsCheck]:
    """The case under lock with its undecided check. Rivals: the decision, the family that withdraws."""
    case = _case.lock(application_id, now=now)
    check = queries.check_of(application_id)
    if check is None or case.application.state != State.DOCUMENTS_CHECK:
        raise DecidedAlready
    return case, check


def _journal(case: _case.Case, name: str, opinion: SecondOpinion, *, actor: Actor, now: datetime) -> None:
    application = case.application
    facts = {"opinion": opinion.id}
    applications.journal(application, name, actor=actor, now=now, before=application.state, facts=facts)


@act
def keep_both(*, application_id: int, other_id: int, actor: Actor, now: datetime) -> None:
    """Note that the family keeps the child's application in the other line beside the place it has.

    Raises NotInThisState when there is no place, or no other application any more.
    """
    case = _case.lock(application_id, now=now)
    placed = case.application
    other = Application.objects.filter(id=other_id, child_id=placed.child_id, state__in=LIVE).first()
    if placed.state not in HOLDS_A_PLACE or other is None or other.kind == placed.kind:
        raise NotInThisState(move="keep_both", state=placed.state)
    steps.keep_beside(placed=placed, other=other, now=now)
    facts = {"other": other.id}
    applications.journal(placed, "keep_both", actor=actor, now=now, before=placed.state, facts=facts)
