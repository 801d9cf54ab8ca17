"""A case under lock: the groups it touches, then the application, in the order of locks that everybody keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import LIFECYCLE as ADMISSION_LIFECYCLE
from balabaqsha.admissions.states import OPEN, Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State, after
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.queries import Rulebook
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.line import _steps as lines
from balabaqsha.line.models import Line
from balabaqsha.referrals import _steps as referrals
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import _steps as vouchers


class Busy(Refusal, code="busy", detail="portal-busy"):
    """Somebody else changed the case while its locks were being taken; the edge tries again."""


@dataclass
class Case:
    """An application and what belongs to it. Made by `look` without locks, or by `lock` under them."""

    application: Application
    now: datetime
    groups: Mapping[int, Group] = field(default_factory=dict)
    """The groups under lock by id: those that the application touches, and those that the act asked for."""
    line: Line | None = None
    """The linear line, its row locked; None in the voucher regime, and where the act needs no line."""

    @property
    def linear_line(self) -> Line:
        """The locked line of an act that is of linear territories only."""
        if self.line is None:
            raise NotInThisState(move="linear", state=self.application.state)
        return self.line

    @cached_property
    def admission(self) -> Admission | None:
        """The admission in progress: the first one, or a transfer."""
        return next((one for one in self._holding if one.stage in OPEN), None)

    @cached_property
    def enrolment(self) -> Admission | None:
        return next((one for one in self._holding if one.stage == Stage.ENROLLED), None)

    @cached_property
    def _holding(self) -> list[Admission]:
        return admissions.holding(self.application.id)

    @cached_property
    def rulebook(self) -> Rulebook:
        return law.rulebook(self.application.territory_id)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return law.calendar()

    @property
    def is_enrolled(self) -> bool:
        return self.application.state == State.ENROLLED

    @property
    def is_linear(self) -> bool:
        return self.application.regime == Regime.LINEAR

    def require(self, move: str) -> None:
        """Refuse an act that neither the application's state nor the stage of its transfer allows; NotInThisState."""
        if self.is_enrolled and self.admission is not None and move in ADMISSION_LIFECYCLE.names:
            ADMISSION_LIFECYCLE.after(move, state=self.admission.stage)
        else:
            after(move, regime=self.application.regime, state=self.application.state)

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

    def lengthened(self, code: str, *, length: int | None = None) -> applications.Term:
        """The running term made longer by the term of this code, or by another length in its unit.

        Raises NotInThisState where no term runs.
        """
        running = applications.running_term(self.application)
        if running is None:
            raise NotInThisState(move=code, state=self.application.state)
        rule = self.rulebook.term(code, on=localdate(self.now))
        wanted = int(rule.value) if length is None else length
        due_at = law_rules.due(running.due_at, wanted, rule.unit, self.calendar)
        return applications.Term(due_at=due_at, identity=rule.identity, counted_from=running.counted_from)


def look(application_id: int, *, now: datetime) -> Case:
    """The case as it stands, without any lock: enough to turn away whoever cannot succeed."""
    return Case(application=Application.objects.get(id=application_id), now=now)


def lock(application_id: int, *, now: datetime, more_groups: Iterable[int] = ()) -> Case:
    """Lock the groups that the application touches, then the application, and look again.

    For acts that free no place and move nobody in a line. Rivals: other families at the same groups, the sweep, the
    kindergarten. Raises Busy when the case came to touch another group between the look and the lock.
    """
    groups = admissions.footprint(application_id).groups | set(more_groups)
    return _lock_groups_and_application(application_id, groups, now=now)


def lock_with_line(application_id: int, *, now: datetime, more_groups: Iterable[int] = ()) -> Case:
    """The case under lock, for an act that may free a place: in a linear territory its line comes first.

    Rivals of the line: whoever gives or takes turns in it, and the sweep. Voucher territories have no such line.
    """
    touched = admissions.footprint(application_id)
    line = None
    if touched.line:
        line = lines.lock_linear([touched.line])[touched.line]
        # A round or a lapse of the line may have been waited for: what the case touches is looked up again.
        touched = admissions.footprint(application_id)
    case = _lock_groups_and_application(application_id, touched.groups | set(more_groups), now=now)
    case.line = line
    return case


@dataclass(frozen=True)
class Family:
    """A case under lock with the child's other applications, and every linear line that they stand in or would."""

    case: Case
    others: list[Application]
    lines: list[Line]


def lock_with_others(
    application_id: int,
    other_ids: Iterable[int],
    *,
    now: datetime,
    more_groups: Iterable[int] = (),
    enters_line: bool = False,
) -> Family:
    """The case under lock together with the child's other applications, for an act that ends these too.

    `enters_line`: the act may put the case into its line, or move it there. Rivals then: a run, a renewal.
    """
    ids = {application_id, *other_ids}
    touched = admissions.footprints(ids)
    keys = {footprint.line for footprint in touched.values() if footprint.line is not None}
    locked = lines.lock_linear(keys) if keys else {}
    if enters_line and touched[application_id].line is None:
        lines.enter(touched[application_id].territory_code)
    groups = {group for footprint in touched.values() for group in footprint.groups} | set(more_groups)
    held = places.lock_groups(groups)
    rows = {row.id: row for row in applications.lock_many(ids)}
    if any(not footprint.groups <= groups for footprint in admissions.footprints(ids).values()):
        raise Busy
    own = touched[application_id].line
    case = Case(application=rows.pop(application_id), now=now, groups=held, line=locked[own] if own else None)
    return Family(case=case, others=list(rows.values()), lines=list(locked.values()))


def lock_in_line(application_id: int, *, now: datetime) -> Case:
    """The case under lock, for an act that puts it into its line or moves it there. Rivals: a run, a renewal."""
    touched = admissions.footprint(application_id)
    line = None
    if touched.line:
        line = lines.lock_linear([touched.line])[touched.line]
    else:
        lines.enter(touched.territory_code)
    case = _lock_groups_and_application(application_id, touched.groups, now=now)
    case.line = line
    return case


def _lock_groups_and_application(application_id: int, groups: Iterable[int], *, now: datetime) -> Case:
    wanted = frozenset(groups)
    locked = places.lock_groups(wanted)
    application = applications.lock(application_id)
    if not admissions.footprint(application_id).groups <= wanted:
        raise Busy
    return Case(application=application, now=now, groups=locked)


def kept_until(application: Application, *, term_ends: datetime | None) -> datetime | None:
    """The last moment at which a place held on the way to enrolment counts: the end of the term that ends it, if any,
    or the age at which the service ends. An enrolled child that moves has no such age.
    """
    if application.state == State.ENROLLED:
        return term_ends
    return min(term_ends or application.ages_out_at, application.ages_out_at)


# Here the end of the term takes the place away; while the contract is awaited it only moves on.
_TERM_ENDS_THE_PLACE = frozenset({Stage.REFERRED, Stage.CONTRACT_WITH_PARENT})


def keep_place(case: Case) -> None:
    """Let what the application holds be kept as long as its term, which has just changed, allows."""
    application, admission = case.application, case.admission
    if admission is None:
        until = kept_until(application, term_ends=application.due_at)
        admission_steps.keep_offers_until(application_id=application.id, until=until)
        return
    ends = application.due_at if admission.stage in _TERM_ENDS_THE_PLACE else None
    admission_steps.keep_place_until(admission, until=kept_until(application, term_ends=ends))


def close(application: Application, *, now: datetime) -> None:
    """End what an application that is about to leave for the archive has been given: voucher, or turn, wish, referral."""
    if application.regime == Regime.LINEAR:
        referrals.end_turns(application_ids=[application.id], name="end", now=now)
        referrals.end_wishes(application_ids=[application.id], now=now)
        referrals.move_referral(application_id=application.id, name="cancel", now=now)
    else:
        vouchers.move_voucher(application_id=application.id, name="cancel", now=now)
