"""The check of a special application: ordered when it is filed, decided under the lock of its line and row."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.special import _steps as special
from balabaqsha.applications.states import Reason
from balabaqsha.journeys import _places
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import CaseRejection
from balabaqsha.line import queries as lines
from balabaqsha.record import actions as record


@dataclass(frozen=True)
class Verdict:
    """What the decider says of a case: a rejection has a reason of the closed list; `note` is in their own words."""

    confirm: bool
    because: CaseRejection | None = None
    note: str = ""


def order_check(application: Application, *, conclusion_id: int | None, now: datetime) -> None:
    """Say who decides the application that has just been filed, and until when; source: rules, section 4."""
    rulebook, today = law.rulebook(application.territory_id), localdate(now)
    rule = rulebook.term("special.check", on=today)
    special.order_check(
        application,
        decider=corrections.check_of(application.correction, rulebook, on=today).decided_by,
        conclusion_id=conclusion_id,
        due_at=law_rules.deadline(now, rule, law.calendar()),
        due_term=rule.identity,
    )


def decide(case: Case, verdict: Verdict, *, actor: Actor, now: datetime) -> None:
    """Put the application into its line, or into the archive; the family is told by the words of 001."""
    application = case.application
    because = verdict.because.value if verdict.because and not verdict.confirm else ""
    note = "" if verdict.confirm else verdict.note
    special.settle_check(application, confirmed=verdict.confirm, because=because, note=note, actor=actor, now=now)
    if verdict.confirm:
        applications.move(application, "confirm_documents", actor=actor, now=now)
        place = lines.place_in_line(application)
        facts = {"place": place.number if place else None}
        record.tell("documents-confirmed", now=now, application_id=application.id, facts=facts)
    else:
        known = {"because": because} if because else {}
        applications.move(application, "reject_documents", actor=actor, now=now, reason=Reason.REJECTED, facts=known)
        told = {"reason": because or note, "employee": actor.person_id}
        if because and note:
            told["note"] = note
        record.tell("documents-rejected", now=now, application_id=application.id, facts=told)
    _places.came_free([], now=now, line=case.line)
