"""What kindergartens, officers and the department do, in both regimes."""

from collections import Counter
from datetime import datetime

from tests.oracle import days, line
from tests.oracle.family_acts import Step, start_full_term
from tests.oracle.world import OUT_OF_TURN, WITH_CERTIFICATE, Application, Line, World, require

IN_CONTRACT = ("CONTRACT_AWAITED", "REGISTERED", "CONTRACT_WITH_PARENT", "CONTRACT_WITH_KINDERGARTEN")


def check_documents(world: World, application: Application, step: Step) -> None:
    """The special case first, then the claimed benefit."""
    confirmed = step["verdict"] == "confirm"
    if application.state == "DOCUMENTS_CHECK":
        if confirmed:
            world.wait(application)
        else:
            world.archive(application, "REJECTED")
        return
    require(application.claim is not None and application.state != "ARCHIVED", "not-in-this-state")
    if confirmed:
        assert application.claim is not None
        application.benefit = application.claim
        if application.claim in WITH_CERTIFICATE:
            application.benefit_until = days.months_after(world.now, world.terms["certificate.validity"])
    application.claim = None


def run_vouchers(world: World, step: Step) -> None:
    """Walk the general line, then the special one, and offer vouchers while the supply lasts."""
    require(not world.is_linear, "not-allowed")
    left = supply(world)
    settlements = taking_part(world)
    limit = step.get("limit")
    for special in (False, True):
        for application in line.voucher_line(world, special=special):
            if limit == 0:
                return
            if left[application.line] > 0 and can_have(world, application, settlements):
                left[application.line] -= 1
                limit = None if limit is None else limit - 1
                application.state, application.due = "VOUCHER_OFFERED", world.working_days("voucher.confirm")


def supply(world: World) -> Counter[Line]:
    """Free published places, less live vouchers that hold no place and have no open offer."""
    left: Counter[Line] = Counter()
    for group in world.groups.values():
        left[group.line] += world.free(group.id)
    for application in world.applications.values():
        offered = any(
            entry.application is application and entry.offered_until is not None
            for entries in world.lists.values()
            for entry in entries
        )
        if application.state in {"VOUCHER_OFFERED", "VOUCHER_ACTIVE"} and not offered:
            left[application.line] -= 1
    return left


def taking_part(world: World) -> set[str | None]:
    """The settlements in which any published place is free; nowhere always takes part."""
    return {group.settlement for group in world.groups.values() if world.free(group.id) > 0} | {None}


def can_have(world: World, application: Application, settlements: set[str | None]) -> bool:
    """Whether a run does not pass the application over."""
    wished, old = application.wished_from, days.is_old(application.born, months=world.terms["voucher.min_age"])
    has_begun = wished is None or world.has_begun(days.midnight(wished))
    return has_begun and old <= days.day_of(world.now) and application.settlement in settlements


def publish(world: World, step: Step) -> None:
    """More places of the capacity become published."""
    group = world.groups[step["group"]]
    require(group.published + step["places"] <= group.capacity, "limit-reached")
    group.published += step["places"]
    world.freed[group.id] += step["places"]


def renew(world: World, step: Step) -> None:
    """The intake year becomes the year of this step."""
    world.intake = days.day_of(world.now).year


def register(world: World, application: Application, step: Step) -> None:
    """The kindergarten registers a referral."""
    require(application.state == "REFERRAL_ISSUED", "not-in-this-state")
    require(application.claim not in OUT_OF_TURN, "not-allowed")
    application.state, application.due = "REGISTERED", world.working_days("referral.validity")


def grant_papers_time(world: World, application: Application, step: Step) -> None:
    """More days for the papers, once for each referral."""
    require(world.is_linear and application.state in {"REGISTERED", "CONTRACT_WITH_PARENT"}, "not-in-this-state")
    require(not application.had_papers_time, "limit-reached")
    assert application.due is not None
    application.due = world.calendar.after(application.due, world.terms["referral.papers_time"])
    application.had_papers_time = True


def send_contract(world: World, application: Application, step: Step) -> None:
    """The family has the contract for the least time at least."""
    if application.transfer is not None:
        require(application.transfer.stage == "CONTRACT_AWAITED", "not-in-this-state")
        application.transfer.stage = "CONTRACT_WITH_PARENT"
        application.transfer.due = _prolonged(world, application.transfer.due)
        return
    require(application.state in {"CONTRACT_AWAITED", "REGISTERED"}, "not-in-this-state")
    application.state, application.due = "CONTRACT_WITH_PARENT", _prolonged(world, application.due)


def _prolonged(world: World, due: datetime | None) -> datetime:
    assert due is not None
    return max(due, world.working_days("contract.least_time_with_family"))


def sign_by_parent(world: World, application: Application, step: Step) -> None:
    """The family's term ends with its signature."""
    if application.transfer is not None:
        require(application.transfer.stage == "CONTRACT_WITH_PARENT", "not-in-this-state")
        application.transfer.stage, application.transfer.due = "CONTRACT_WITH_KINDERGARTEN", None
        return
    require(application.state == "CONTRACT_WITH_PARENT", "not-in-this-state")
    application.state, application.due = "CONTRACT_WITH_KINDERGARTEN", None


def return_papers(world: World, application: Application, step: Step) -> None:
    """The signature is undone, and the full term starts again."""
    if application.transfer is not None:
        require(application.transfer.stage == "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
        application.transfer.stage = "CONTRACT_WITH_PARENT"
        application.transfer.due = world.working_days("voucher.choose_and_sign")
        return
    require(application.state == "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
    application.state = "CONTRACT_WITH_PARENT"
    if world.is_linear:
        application.due = world.working_days("referral.validity")
    else:
        start_full_term(world, application)


def refuse_contract(world: World, application: Application, step: Step) -> None:
    """The kindergarten refuses: the place is free; a voucher has its full term, a referral's child waits again."""
    if application.transfer is not None:
        world.end_transfer(application)
        return
    require(application.state in IN_CONTRACT, "not-in-this-state")
    if world.is_linear:
        world.wait(application)
        return
    world.free_place(application)
    application.state = "VOUCHER_ACTIVE"
    start_full_term(world, application)


def sign_by_kindergarten(world: World, application: Application, step: Step) -> None:
    """Enrolled; after a transfer the old place is free."""
    transfer = application.transfer
    if transfer is not None:
        require(transfer.stage == "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
        world.free_place(application)
        application.place, application.transfer = transfer.group, None
        return
    require(application.state == "CONTRACT_WITH_KINDERGARTEN", "not-in-this-state")
    application.state = "ENROLLED"
