"""Choosing a place, choosing anew, and the waiting lists of groups."""

from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListEntry
from balabaqsha.admissions.states import BEFORE_FAMILY_SIGNED
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_CHOOSE, State
from balabaqsha.journeys import _case, _free_choice, _places
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens import _steps as place_steps
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.kindergartens.models import Group, Hold, Ownership, Purpose
from balabaqsha.record import actions as record


class WrongGroup(Refusal, code="wrong-group"):
    """The group is of another birth year, correction or territory than the application."""


class PlaceAlreadyHeld(Refusal, code="not-allowed", detail="place-already-held"):
    """The application holds a place of this very group."""


class AlreadyInList(Refusal, code="not-allowed", detail="already-in-waiting-list"):
    """The application stands in this waiting list."""


class OwnGroup(Refusal, code="not-allowed", detail="own-group"):
    """The child goes to this very group."""


class NotInList(Refusal, code="not-allowed", detail="not-in-waiting-list"):
    """The application does not stand in this waiting list."""


class NotOpen(Refusal, code="not-allowed", detail="not-open"):
    """The places of the group are for those whose turn has come."""


def choose(*, application_id: int, group_id: int, actor: Actor, now: datetime) -> None:
    """Take a free place of a suitable group: hold it until the contract is signed, free the place held before.

    An enrolled child opens a transfer by it; in a linear territory nobody else chooses here, and only a place that is
    open to free choice. Raises NotInThisState, WrongGroup, PlaceAlreadyHeld, NoFreePlace, NotOpen, Busy.
    Source: rules, sections 5.3, 8 and 10.
    """
    # Losers are turned away here, by one look without a lock: thousands may come for the last place. Whoever goes on is
    # judged under the locks.
    if admissions.comes_too_late(application_id=application_id, group_id=group_id, now=now):
        raise NoFreePlace(group_id=group_id)
    _choose(application_id=application_id, group_id=group_id, actor=actor, now=now)


@act
def _choose(*, application_id: int, group_id: int, actor: Actor, now: datetime) -> None:
    case = _case.lock_with_line(application_id, now=now, more_groups=[group_id])
    _refuse_choice(case, group_id)
    application = case.application
    if case.is_linear:
        _use_opening(case, group_id)
    until = _case.kept_until(application, term_ends=None)
    hold = place_steps.hold_place(
        group_id=group_id, child_id=application.child_id, purpose=Purpose.CHOICE, now=now, until=until
    )
    freed = admission_steps.leave_all_lists(application_id=application_id, because="choose", now=now)
    if case.admission is not None:
        freed += admission_steps.end_admission(case.admission, because="choose", now=now)
    _take(case, group_id=group_id, hold=hold, act="choose", actor=actor, now=now)
    _places.came_free(freed, now=now, line=case.line)


def _refuse_choice(case: _case.Case, group_id: int) -> None:
    application = case.application
    if case.is_linear:
        if not case.is_enrolled or case.admission is not None:
            raise NotInThisState(move="choose", state=application.state)
    elif case.is_enrolled:
        if case.admission is not None and case.admission.stage not in BEFORE_FAMILY_SIGNED:
            raise NotInThisState(move="choose", state=application.state)
    elif application.state not in MAY_CHOOSE:
        raise NotInThisState(move="choose", state=application.state)
    refuse_group(application, _group(case, group_id))
    if group_id in {held.group_id for held in (case.admission, case.enrolment) if held is not None}:
        raise PlaceAlreadyHeld(group_id=group_id)


def _use_opening(case: _case.Case, group_id: int) -> None:
    """A transfer in a linear territory takes a place that is open to free choice, by coming first."""
    if not kindergartens.free_in_group(group_id, now=case.now):
        raise NoFreePlace(group_id=group_id)
    group = Group.objects.select_related("kindergarten").get(id=group_id)
    line = case.linear_line
    comes_first = line.openings and line.round_ends_at is None
    if group.kindergarten.ownership == Ownership.PRIVATE or not comes_first:
        raise NotOpen(group_id=group_id)
    _free_choice.use_place(line, now=case.now)


def _group(case: _case.Case, group_id: int) -> Group:
    """The group of an id that came with a form, so that there may be none of it; raises WrongGroup."""
    group = case.groups.get(group_id)
    if group is None:
        raise WrongGroup(group_id=group_id)
    return group


def refuse_group(application: Application, group: Group) -> None:
    """Refuse a group of another birth year, correction or territory; raises WrongGroup."""
    if (
        group.birth_year != application.birth_year
        or group.correction != application.correction
        or group.territory_id != application.territory_id
    ):
        raise WrongGroup(group_id=group.id)


def _take(case: _case.Case, *, group_id: int, hold: Hold, act: str, actor: Actor, now: datetime) -> None:
    """Open the admission on a held place; the running term goes on, that of a new transfer begins."""
    application, transfer = case.application, case.is_enrolled
    admission = admission_steps.open_admission(
        application_id=application.id, group_id=group_id, hold=hold, is_transfer=transfer, now=now
    )
    facts = {"group": group_id, "place": hold.place_id, "admission": admission.id, "transfer": transfer}
    term = applications.running_term(application)
    if transfer:
        term = term or case.term("voucher.choose_and_sign", since=now)
        applications.set_term(application, term, act=act, actor=actor, now=now, facts=facts)
    else:
        applications.move(application, "choose", actor=actor, now=now, term=term, facts=facts)
    record.tell("place-chosen", now=now, application_id=application.id, facts=facts)


@act
def unchoose(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Give the chosen place up before signing: back to the active voucher; an enrolled child ends its transfer.

    The term goes on running. Linear territories have no such act. Raises NotInThisState.
    """
    case = _case.lock(application_id, now=now)
    application, admission = case.application, case.admission
    if case.is_linear or admission is None or admission.stage not in BEFORE_FAMILY_SIGNED:
        raise NotInThisState(move="unchoose", state=application.state)
    freed = admission_steps.end_admission(admission, because="unchoose", now=now)
    facts = {"group": admission.group_id}
    if case.is_enrolled:
        applications.set_term(application, None, act="unchoose", actor=actor, now=now, facts=facts)
    else:
        term = applications.running_term(application)
        applications.move(application, "unchoose", actor=actor, now=now, term=term, facts=facts)
    _places.came_free(freed, now=now)


@act
def join_waiting_list(*, application_id: int, group_id: int, actor: Actor, now: datetime) -> WaitingListEntry:
    """Stand in the waiting list of a suitable group; a place that becomes free later is offered.

    Raises NotInThisState, WrongGroup, AlreadyInList, OwnGroup. Source: rules, section 7.
    """
    case = _case.lock(application_id, now=now, more_groups=[group_id])
    application = case.application
    free_to_move = case.is_enrolled and case.admission is None
    if application.state != State.VOUCHER_ACTIVE and not free_to_move:
        raise NotInThisState(move="join_waiting_list", state=application.state)
    refuse_group(application, _group(case, group_id))
    if case.enrolment is not None and case.enrolment.group_id == group_id:
        raise OwnGroup(group_id=group_id)
    if _entry(application_id, group_id) is not None:
        raise AlreadyInList(group_id=group_id)
    entry = admission_steps.join_list(application_id=application_id, group_id=group_id, now=now)
    _journal_list(application, "join_waiting_list", group_id, actor=actor, now=now)
    return entry


@act
def leave_waiting_list(*, application_id: int, group_id: int, actor: Actor, now: datetime) -> None:
    """Leave the waiting list of a group; an open offer of it goes to the next. Raises NotInList."""
    case = _case.lock_with_line(application_id, now=now, more_groups=[group_id])
    entry = _entry(application_id, group_id)
    if entry is None:
        raise NotInList(group_id=group_id)
    freed = admission_steps.leave_list(entry, because="leave_waiting_list", now=now)
    _journal_list(case.application, "leave_waiting_list", group_id, actor=actor, now=now)
    _places.came_free(freed, now=now, line=case.line)


@act
def accept_offer(*, application_id: int, group_id: int, actor: Actor, now: datetime) -> None:
    """Take the place offered from a waiting list: it is held as a choice would hold it. Raises NotInThisState."""
    case = _case.lock_with_line(application_id, now=now, more_groups=[group_id])
    offer = admissions.open_offer(application_id=application_id, group_id=group_id)
    if offer is None:
        raise NotInThisState(move="accept_offer", state=case.application.state)
    until = _case.kept_until(case.application, term_ends=None)
    accepted = admission_steps.accept_offer(offer, application_id=application_id, until=until, now=now)
    _take(case, group_id=group_id, hold=accepted.hold, act="accept_offer", actor=actor, now=now)
    _places.came_free(accepted.freed, now=now, line=case.line)


def _entry(application_id: int, group_id: int) -> WaitingListEntry | None:
    return next((entry for entry in admissions.entries(application_id) if entry.group_id == group_id), None)


def _journal_list(application: Application, act: str, group_id: int, *, actor: Actor, now: datetime) -> None:
    facts = {"group": group_id}
    applications.journal(application, act, actor=actor, now=now, before=application.state, facts=facts)
