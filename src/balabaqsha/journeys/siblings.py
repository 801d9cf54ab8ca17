"""The wish of a family that two siblings are served together (rules, section 3; assumed)."""

from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import _case, _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import rules as law_rules
from balabaqsha.line import linear
from balabaqsha.referrals import _steps as referrals


class NotSiblingsOfOneLine(Refusal, code="not-allowed", detail="not-siblings-of-one-line"):
    """The two do not stand in one line, were not filed by one family, or were born more than a month apart."""


@act
def wish_together(*, application_id: int, sibling_id: int, actor: Actor, now: datetime) -> None:
    """Record that an application is to be served together with a sibling's; it binds when both say so.

    An earlier wish is replaced. Raises NotInThisState, NotSiblingsOfOneLine.
    """
    case = _case.lock_with_line(application_id, now=now)
    application = case.application
    _require_waiting(application)
    _refuse_strangers(application, Application.objects.get(id=sibling_id))
    referrals.end_together(application_id=application_id, now=now)
    referrals.wish_together(application_id=application_id, sibling_id=sibling_id, now=now)
    facts = {"sibling": sibling_id}
    applications.journal(application, "wish_together", actor=actor, now=now, before=application.state, facts=facts)


@act
def end_together(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Take the wish back: each is served by its own place again, at once where a place waits. Raises NotInThisState."""
    case = _case.lock_with_line(application_id, now=now)
    application = case.application
    if not referrals.end_together(application_id=application_id, now=now):
        raise NotInThisState(move="end_together", state=application.state)
    applications.journal(application, "end_together", actor=actor, now=now, before=application.state)
    _places.came_free([], now=now, line=case.line)


def _require_waiting(application: Application) -> None:
    if linear.key_of(application) is None or application.state not in {State.WAITING, State.DOCUMENTS_CHECK}:
        raise NotInThisState(move="wish_together", state=application.state)


def _refuse_strangers(one: Application, other: Application) -> None:
    first, second = sorted((one.born_on, other.born_on))
    if (
        one.id == other.id
        or linear.key_of(one) != linear.key_of(other)
        or one.applicant_id != other.applicant_id
        or second > law_rules.month_later(first)
    ):
        raise NotSiblingsOfOneLine
