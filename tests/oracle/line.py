"""Order in line (section 3): the line of a voucher territory, the merged lines of a linear one, and who is served next."""

from datetime import date, datetime

from tests.oracle import days
from tests.oracle.world import OUT_OF_TURN, STATUSES, Application, Line, World

SLOTS = 4
OLDER_BAND = 5
YOUNGEST = 2


def benefit(world: World, application: Application) -> str:
    """The benefit that counts now: proof confirmed, certificate not lapsed."""
    until = application.benefit_until
    return "NONE" if until is not None and world.has_begun(until) else application.benefit


def category(world: World, application: Application) -> int:
    """1 to 20 by status and age band; 21 for every child younger than two full years."""
    years = days.full_years(application.born, date(world.intake, 9, 1))
    if years < YOUNGEST:
        return 2 * len(STATUSES) + 1
    return 2 * STATUSES.index(benefit(world, application)) + (1 if years >= OLDER_BAND else 2)


def voucher_line(world: World, *, special: bool) -> list[Application]:
    """All who wait, in order: category, moment of application, id."""
    waiting = [a for a in world.applications.values() if a.state == "WAITING" and a.is_special == special]
    return sorted(waiting, key=lambda a: (category(world, a), a.applied_at, a.id))


def merged(world: World, applications: list[Application], slot: int) -> list[Application]:
    """Out-of-turn first; then slot 0 to the priority list, 1 to 3 to the ordinary one, or to the other when it has nobody."""
    ordered = sorted(applications, key=lambda a: (a.applied_at, a.id))
    order = [a for a in ordered if benefit(world, a) in OUT_OF_TURN]
    ordinary = [a for a in ordered if benefit(world, a) == "NONE"]
    priority = [a for a in ordered if a not in order and a not in ordinary]
    while priority or ordinary:
        owner, other = (priority, ordinary) if slot % SLOTS == 0 else (ordinary, priority)
        order.append((owner or other).pop(0))
        slot += 1
    return order


def waiting(world: World, line: Line) -> list[Application]:
    """All who wait in a line of the linear regime, in the merged order."""
    there = [a for a in world.applications.values() if a.state == "WAITING" and a.line == line]
    return merged(world, there, world.slots[line])


def next_to_serve(world: World, line: Line) -> Application | None:
    """Who gets the next turn of the line: those who cannot be served now are passed over."""
    served = [a for a in waiting(world, line) if all(map(world.has_begun, beginnings(world, a)))]
    return next(iter(merged(world, served, world.slots[line])), None)


def beginnings(world: World, application: Application) -> list[datetime]:
    """The moments before which the application is passed over in the linear regime."""
    found = [days.midnight(turn_birthday(world, application))]
    if application.wished_from is not None:
        found.append(days.midnight(application.wished_from))
    if application.paused_until is not None:
        found.append(application.paused_until)
    return found


def turn_birthday(world: World, application: Application) -> date:
    """The birthday that reaches `turn.min_age`."""
    return days.is_old(application.born, months=12 * world.terms["turn.min_age"])


def place_in_line(world: World, application: Application) -> int | None:
    """The place of an application that waits, from 1."""
    if application.state != "WAITING":
        return None
    line = waiting(world, application.line) if world.is_linear else voucher_line(world, special=application.is_special)
    return line.index(application) + 1
