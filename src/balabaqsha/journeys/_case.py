"""A case under lock: the groups it touches, then the application, in the order of locks that everybody keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import LIFECYCLE as ADMISSION_LIFECYCLE
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import LIFECYCLE, State
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as places
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.queries import Rulebook
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.line import _steps as lines


class Busy(Refusal, code="busy", detail="portal-busy"):
    """Somebody else changed the case while its locks were being taken; the edge tries again."""


@dataclass
class Case:
    """An application and what belongs to it. Made by `look` without locks, or by `lock` under them."""

    application: Application
    now: datetime

    @cached_property
    def admission(self) -> Admission | None:
        """The admission in progress: the first one, or a transfer."""
        return admissions.open_admission(self.application.id)

    @cached_property
    def enrolment(self) -> Admission | None:
        return admissions.enrolment(self.application.id)

    @cached_property
    def rulebook(self) -> Rulebook:
        return law.rulebook(self.application.territory_id)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return law.calendar()

    @property
    def is_enrolled(self) -> bool:
        return self.application.state == State.ENROLLED

    def require(self, move: str) -> None:
        """Refuse an act that neither the application's state nor the stage of its transfer allows; NotInThisState."""
        if self.is_enrolled and self.admission is not None and move in ADMISSION_LIFECYCLE.names:
            ADMISSION_LIFECYCLE.after(move, state=self.admission.stage)
        else:
            LIFECYCLE.after(move, state=self.application.state)

    def contract(self) -> Contract:
        """The live contract of the admission in progress; raises NotInThisState."""
        contract = admissions.live_contract(self.admission.id) if self.admission else None
        if contract is None:
            raise NotInThisState(move="contract", state=self.application.state)
        return contract

    def term(self, code: str, *, since: datetime) -> applications.Term:
        """The term of this code counted from a moment, with the identity of the rule in force that day."""
        rule = self.rulebook.term(code, on=localdate(since))
        due_at = law_rules.deadline(since, rule, self.calendar)
        return applications.Term(due_at=due_at, identity=rule.identity, counted_from=since)


def look(application_id: int, *, now: datetime) -> Case:
    """The case as it stands, without any lock: enough to turn away whoever cannot succeed."""
    return Case(application=Application.objects.get(id=application_id), now=now)


def lock(application_id: int, *, now: datetime, more_groups: Iterable[int] = ()) -> Case:
    """Lock the groups that the application touches, then the application, and look again.

    Rivals: other families at the same groups, the sweep, the kindergarten. Raises Busy when the case came to touch
    another group between the look and the lock.
    """
    groups = admissions.groups_touched(application_id) | set(more_groups)
    places.lock_groups(groups)
    application = applications.lock(application_id)
    if not admissions.groups_touched(application_id) <= groups:
        raise Busy
    return Case(application=application, now=now)


def lock_in_line(application_id: int, *, now: datetime) -> Case:
    """The case under lock, for an act that puts it into its line or moves it there. Rivals: a run, a renewal."""
    lines.enter(Application.objects.values_list("territory_id", flat=True).get(id=application_id))
    return lock(application_id, now=now)


def kept_until(application: Application, *, term_ends: datetime | None) -> datetime | None:
    """The last moment at which a place held on the way to enrolment counts: the end of the term that ends it, if any,
    or the age at which the service ends. An enrolled child that moves has no such age.
    """
    if application.state == State.ENROLLED:
        return term_ends
    return min(term_ends or application.ages_out_at, application.ages_out_at)


def keep_place(case: Case) -> None:
    """Let what the application holds be kept as long as its term, which has just changed, allows."""
    application, admission = case.application, case.admission
    if admission is None:
        until = kept_until(application, term_ends=application.due_at)
        admission_steps.keep_offers_until(application_id=application.id, until=until)
        return
    ends = application.due_at if admission.stage == Stage.CONTRACT_WITH_PARENT else None
    admission_steps.keep_place_until(admission, until=kept_until(application, term_ends=ends))
