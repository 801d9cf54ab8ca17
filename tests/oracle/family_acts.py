"""What a family does, in both regimes (sections 1, 4 to 8, and the table of steps)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.oracle import days, lapses
from tests.oracle.world import STATUSES, Application, Entry, Transfer, World, require

Step = Mapping[str, Any]
BEFORE_SIGNATURE = ("VOUCHER_ACTIVE", "CONTRACT_AWAITED", "CONTRACT_WITH_PARENT")


def apply(world: World, step: Step) -> None:
    """A new application; a name that is not archived has applied already."""
    there = world.applications.get(step["application"])
    require(there is None or there.state == "ARCHIVED", "already-applied")
    born, special = date.fromisoformat(step["born"]), step["kind"] == "special"
    wished = step.get("wished_from")
    claim = step.get("benefit", "NONE")
    assert claim in STATUSES
    application = Application(
        id=world.ids,
        born=born,
        applied_at=world.now,
        correction=step["correction"] if special else None,
        is_special=special,
        claim=None if claim == "NONE" else claim,
        wished_from=None if wished is None else date.fromisoformat(wished),
        settlement=step.get("settlement"),
        state="DOCUMENTS_CHECK" if special else "WAITING",
    )
    require(born <= days.day_of(world.now) and world.now <= lapses.age_limit(application), "not-allowed")
    world.ids += 1
    world.applications[step["application"]] = application


def confirm_interest(world: World, application: Application, step: Step) -> None:
    """An offered voucher becomes active."""
    require(application.state == "VOUCHER_OFFERED", "not-in-this-state")
    application.state = "VOUCHER_ACTIVE"
    start_full_term(world, application)


def start_full_term(world: World, application: Application) -> None:
    """The full term to choose and sign, with an extension to be asked for."""
    application.due, application.was_extended = world.working_days("voucher.choose_and_sign"), False


def decline(world: World, application: Application, step: Step) -> None:
    """An offered voucher is not wanted."""
    require(application.state == "VOUCHER_OFFERED", "not-in-this-state")
    world.archive(application, "DECLINED")


def restore(world: World, application: Application, step: Step) -> None:
    """Out of the stop list of the voucher regime, once."""
    require(application.state == "STOP_LISTED" and not world.is_linear, "not-in-this-state")
    application.was_restored = True
    world.wait(application)


def withdraw(world: World, application: Application, step: Step) -> None:
    """From any state before the family's own signature."""
    require(application.state not in {"CONTRACT_WITH_KINDERGARTEN", "ENROLLED", "ARCHIVED"}, "not-in-this-state")
    world.archive(application, "WITHDRAWN")


def leave(world: World, application: Application, step: Step) -> None:
    """An enrolled child leaves."""
    require(application.state == "ENROLLED", "not-in-this-state")
    world.archive(application, "LEFT")


def choose(world: World, application: Application, step: Step) -> None:
    """Choose a group: hold its place, take a referral, state a wish, or open a transfer."""
    group = step["group"]
    if application.state == "ENROLLED":
        _choose_transfer(world, application, group)
    elif world.is_linear:
        _choose_linear(world, application, group)
    else:
        require(application.state in BEFORE_SIGNATURE, "not-in-this-state")
        require(application.place != group, "not-allowed")
        require_place(world, application, group)
        hold(world, application, group)


def require_place(world: World, application: Application, group: str) -> None:
    """The group must serve this child and have a free place."""
    require(world.groups[group].line == application.line, "wrong-group")
    require(world.free(group) > 0, "no-free-place")


def hold(world: World, application: Application, group: str) -> None:
    """Hold a place with a voucher; the term goes on running."""
    world.leave_lists(application)
    world.free_place(application)
    application.state, application.place = "CONTRACT_AWAITED", group


def _choose_transfer(world: World, application: Application, group: str) -> None:
    transfer = application.transfer
    if transfer is not None:
        require(not world.is_linear and transfer.stage != "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
        require(transfer.group != group, "not-allowed")
    require(application.place != group, "not-allowed")
    require_place(world, application, group)
    if world.is_linear:
        is_open = world.openings[application.line] > 0 and not world.is_sealed
        require(is_open and not world.groups[group].is_private, "not-allowed")
        world.openings[application.line] -= 1
    open_transfer(world, application, group)


def open_transfer(world: World, application: Application, group: str) -> None:
    """The child moves to this group now; an open transfer that chooses anew keeps its term."""
    world.leave_lists(application)
    due = world.working_days("voucher.choose_and_sign") if application.transfer is None else application.transfer.due
    world.end_transfer(application)
    application.transfer = Transfer(group, due)


def _choose_linear(world: World, application: Application, name: str) -> None:
    group = world.groups[name]
    require(application.state in {"WAITING", "TURN_OFFERED", "STOP_LISTED"}, "not-in-this-state")
    require(application.state != "STOP_LISTED", "stop-listed")
    if group.is_private:
        birthday = days.is_old(application.born, months=12 * world.terms["private_place.min_age"])
        require(birthday <= days.day_of(world.now), "too-young")
        require_place(world, application, name)
        lapses.issue_referral(world, application, name)
        return
    if application.state == "WAITING":
        birthday = days.is_old(application.born, months=12 * world.terms["turn.min_age"])
        require(world.has_begun(days.midnight(birthday)), "too-young")
        require_place(world, application, name)
        require(world.openings[application.line] > 0, "not-allowed")
        if world.is_sealed:
            application.wish = name
            return
        world.openings[application.line] -= 1
    else:
        require_place(world, application, name)
    lapses.issue_referral(world, application, name)


def unchoose(world: World, application: Application, step: Step) -> None:
    """Choose none, before the family's signature; of a transfer, end it."""
    transfer = application.transfer
    require(not world.is_linear, "not-in-this-state")
    if transfer is not None:
        require(transfer.stage != "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
        world.end_transfer(application)
        return
    require(application.state in {"CONTRACT_AWAITED", "CONTRACT_WITH_PARENT"}, "not-in-this-state")
    world.free_place(application)
    application.state = "VOUCHER_ACTIVE"


def extend(world: World, application: Application, step: Step) -> None:
    """Two more working days of a voucher, or calendar days of a referral; once."""
    if world.is_linear:
        require(application.state == "REFERRAL_ISSUED", "not-in-this-state")
        within = step["days"] <= world.terms["referral.extension_max"]
        require(not application.was_extended and within, "limit-reached")
        assert application.due is not None
        application.due = days.days_after(application.due, step["days"])
    else:
        require(application.state in BEFORE_SIGNATURE, "not-in-this-state")
        assert application.due is not None
        require(not application.was_extended, "limit-reached")
        require(days.day_of(world.now) == days.day_of(application.due), "not-allowed")
        application.due = world.calendar.after(application.due, world.terms["voucher.extension"])
    application.was_extended = True


def give_back(world: World, application: Application, step: Step) -> None:
    """Give a referral back within its hours."""
    require(application.state == "REFERRAL_ISSUED", "not-in-this-state")
    assert application.issued_at is not None
    hours = (world.now - application.issued_at).total_seconds() / 3600
    require(hours <= world.terms["referral.give_back"], "too-late")
    world.wait(application)
    application.paused_until = world.working_days("referral.pause_after_give_back")


def join_waiting_list(world: World, application: Application, step: Step) -> None:
    """Stand last in the waiting list of a group."""
    is_free = application.state == "ENROLLED" and application.transfer is None
    require(application.state == "VOUCHER_ACTIVE" or is_free, "not-in-this-state")
    require(world.groups[step["group"]].line == application.line, "wrong-group")
    require(application.place != step["group"], "not-allowed")
    require(world.entry(application, step["group"]) is None, "not-allowed")
    world.lists[step["group"]].append(Entry(application))


def leave_waiting_list(world: World, application: Application, step: Step) -> None:
    """Stand in the waiting list no more."""
    entry = world.entry(application, step["group"])
    require(entry is not None, "not-allowed")
    assert entry is not None
    world.drop(step["group"], entry)


def accept_offer(world: World, application: Application, step: Step) -> None:
    """Take the place that the waiting list offers."""
    group = step["group"]
    entry = world.entry(application, group)
    require(entry is not None and entry.offered_until is not None, "not-in-this-state")
    assert entry is not None
    world.lists[group].remove(entry)
    if application.state == "ENROLLED":
        open_transfer(world, application, group)
    else:
        hold(world, application, group)
