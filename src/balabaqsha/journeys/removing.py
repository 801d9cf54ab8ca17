"""An officer closes an application by decision: a reason of a closed list, words for the family, a line in the public protocol."""

from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import Reason
from balabaqsha.journeys import _case, _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.law.lists import RemovalReason
from balabaqsha.record import actions as record


@act
def remove(*, application_id: int, because: RemovalReason, note: str, actor: Actor, now: datetime) -> None:
    """Put an application into the archive by an officer's decision; frees what it holds.

    `because` stands in the journal and in the public protocol; the officer's `note` only in the message to the family, which
    says how to object. Of a child that has died nobody is sent a message. Raises NotInThisState.
    """
    case = _case.lock_with_line(application_id, now=now)
    case.require("remove")
    application = case.application
    _case.close(application, now=now)
    freed = admission_steps.end_all(application_id=application_id, because="remove", now=now)
    facts = {"because": because.value}
    applications.move(application, "remove", actor=actor, now=now, reason=Reason.REMOVED_BY_OFFICER, facts=facts)
    if because is not RemovalReason.DECEASED:
        told = {"reason": because.value, "note": note}
        record.tell("application-removed", now=now, application_id=application_id, facts=told)
    _places.came_free(freed, now=now, line=case.line)
