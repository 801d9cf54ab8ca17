"""Leaving a kindergarten."""

from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import Reason
from balabaqsha.journeys import _case, _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record


@act
def leave(*, application_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let an enrolled child leave: its place is free and published, an open transfer ends with it.

    `reason` is of the closed list of reasons for leaving. Raises NotInThisState. Source: rules, section 8.
    """
    case = _case.lock_with_line(application_id, now=now)
    case.require("leave")
    _case.close(case.application, now=now)
    freed = admission_steps.end_all(application_id=application_id, because="leave", now=now)
    facts = {"because": reason, "groups": freed}
    applications.move(case.application, "leave", actor=actor, now=now, reason=Reason.LEFT, facts=facts)
    record.tell("left-kindergarten", now=now, application_id=application_id, facts={"reason": reason, "groups": freed})
    _places.came_free(freed, now=now, line=case.line)
