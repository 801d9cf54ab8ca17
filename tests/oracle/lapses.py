"""What happens of itself: terms that run out, ageing out, waiting lists, sealed rounds, turns (sections 2, 5, 6, 7)."""

from collections.abc import Iterator
from datetime import date, datetime

from tests.oracle import days, line
from tests.oracle.world import OUT_OF_TURN, Application, Line, World

LAST_AGE = 6


def sweep(world: World, until: datetime) -> None:
    """Let everything that falls due before `until` take effect, each at its own moment."""
    while pending := [moment for moment in moments(world) if moment < until and not world.has_begun(moment)]:
        world.now, world.is_sweeping = min(pending), True
        _sweep_moment(world)
    world.now, world.is_sweeping = until, False


def moments(world: World) -> Iterator[datetime]:
    """All moments at which something is due or begins."""
    for application in world.applications.values():
        if application.state not in {"ENROLLED", "ARCHIVED"}:
            yield age_limit(application)
        if application.due is not None:
            yield application.due
        if application.transfer is not None and application.transfer.due is not None:
            yield application.transfer.due
        if world.is_linear and application.state == "WAITING":
            yield from line.beginnings(world, application)
    for entries in world.lists.values():
        yield from (entry.offered_until for entry in entries if entry.offered_until is not None)
    yield from world.rounds.values()


def age_limit(application: Application) -> datetime:
    """00:00 on 1 September of the year in which the child turns 6."""
    return days.midnight(date(application.born.year + LAST_AGE, 9, 1))


def _sweep_moment(world: World) -> None:
    """Ageing out first; what is due ends together; then what it freed is offered. Terms of nought go round again."""
    while True:
        for application in world.in_order_of_id():
            if application.state not in {"ENROLLED", "ARCHIVED"} and age_limit(application) == world.now:
                world.archive(application, "AGED_OUT")
        for application in world.in_order_of_id():
            if application.due == world.now:
                _lapse(world, application)
            if application.transfer is not None and application.transfer.due == world.now:
                _lapse_transfer(world, application)
        for group, entries in world.lists.items():
            for entry in [entry for entry in entries if entry.offered_until == world.now]:
                world.drop(group, entry)
        offer(world)
        if not any(_ends_now(world)):
            return


def _ends_now(world: World) -> Iterator[bool]:
    for application in world.applications.values():
        yield application.due == world.now
        yield application.transfer is not None and application.transfer.due == world.now
    for entries in world.lists.values():
        yield any(entry.offered_until == world.now for entry in entries)


def _lapse(world: World, application: Application) -> None:
    state = application.state
    if state in {"CONTRACT_AWAITED", "REGISTERED"}:
        application.due = world.calendar.after(world.now, 1)
    elif world.is_linear:
        _lapse_linear(world, application)
    elif state == "VOUCHER_OFFERED" and not application.was_restored:
        application.state = "STOP_LISTED"
        application.due = days.days_after(world.now, world.terms["voucher.restore_within"])
    elif state == "STOP_LISTED":
        world.archive(application, "NOT_RESTORED")
    else:
        world.archive(application, "VOUCHER_LAPSED")


def _lapse_linear(world: World, application: Application) -> None:
    if application.state == "STOP_LISTED":
        world.wait(application)
    elif application.state == "TURN_OFFERED":
        world.wait(application)
        world.openings[application.line] += 1
    else:
        application.misses += 1
        if application.misses >= world.terms["referral.misses_to_remove"]:
            world.archive(application, "TWO_MISSED")
        else:
            world.free_place(application)
            application.state, application.due = "STOP_LISTED", world.working_days("stop_list.length")


def _lapse_transfer(world: World, application: Application) -> None:
    assert application.transfer is not None
    if application.transfer.stage == "CONTRACT_AWAITED":
        application.transfer.due = world.calendar.after(world.now, 1)
    else:
        world.end_transfer(application)


def offer(world: World) -> None:
    """Offer what is free: waiting lists first, then sealed rounds that end now, then turns."""
    for group, places in world.freed.items():
        asked = [entry for entry in world.lists[group] if entry.offered_until is None]
        for entry in asked[:places]:
            entry.offered_until = days.days_after(world.now, world.terms["waiting_list.answer"])
    world.freed.clear()
    if world.is_linear:
        for key in sorted({group.line for group in world.groups.values()}, key=str):
            _run_round(world, key)
            _give_turns(world, key)


def _run_round(world: World, key: Line) -> None:
    if not world.is_sealed:
        return
    if world.is_sweeping and world.rounds.get(key) == world.now:
        for application in line.waiting(world, key):
            wish, application.wish = application.wish, None
            if wish is not None and world.openings[key] and world.free(wish):
                world.openings[key] -= 1
                issue_referral(world, application, wish)
        del world.rounds[key]
    if world.openings[key] and key not in world.rounds:
        world.rounds[key] = world.working_days("free_choice.collect")


def _give_turns(world: World, key: Line) -> None:
    while waiting_places(world, key) > 0:
        application = line.next_to_serve(world, key)
        if application is None:
            return
        if line.benefit(world, application) not in OUT_OF_TURN:
            world.slots[key] += 1
        application.state, application.due = "TURN_OFFERED", world.working_days("turn.choose")
        application.wish = None


def waiting_places(world: World, key: Line) -> int:
    """Free published places, private ones aside, that nobody has a turn for and that are not open to free choice."""
    free = sum(world.free(group.id) for group in world.groups.values() if group.line == key and not group.is_private)
    turns = sum(a.state == "TURN_OFFERED" and a.line == key for a in world.applications.values())
    return free - turns - world.openings[key]


def issue_referral(world: World, application: Application, group: str) -> None:
    """The place is held by a referral from now."""
    application.state, application.place, application.wish = "REFERRAL_ISSUED", group, None
    application.due, application.issued_at = world.working_days("referral.validity"), world.now
    application.was_extended = application.had_papers_time = False
