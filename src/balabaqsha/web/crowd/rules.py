"""Who goes in now and who waits, and how many more the machine can serve. Pure; all moments are seconds of real time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

# Rest after which somebody inside counts as gone; a family reads and fills a form meanwhile.
INSIDE_SECONDS = 15 * 60
# How long a place before the door is kept for somebody whose page is closed.
KEPT_SECONDS = 60 * 60
# A cookie is written anew at most this often.
NOTED_SECONDS = 60
# Whoever has a term that ends this soon does not wait (docs/decisions/crowd.md).
DUE_SECONDS = 60 * 60
ASKED_EVERY_SECONDS = 5 * 60
# A page that takes a thread this long is not served well: the machine is busier than its threads tell.
LONG_SECONDS = 0.5
# Whoever is let in asks for more pages half a minute later, and those called come when their page comes again: so only for
# every sixth page to spare is one let in. With one for each, the machine was overrun (tests/test_steering.py).
PAGES_FOR_ONE = 6
# However full it is, the line moves, by one for so many pages: nobody waits for ever.
LEAST_SHARE = 0.003
# The page of somebody who waits comes again after half of the time that is left, within these bounds.
SOONEST, LATEST = 5, 60


class Turn(Enum):
    """What becomes of a request."""

    IN = "in"
    WAITS = "waits"
    DRAWS = "draws"


@dataclass(frozen=True)
class Ticket:
    """What a visitor's cookie says. `number` 0: came when nobody waited. `asked`: when their terms were last looked at."""

    number: int
    inside: bool
    seen: int
    asked: int = 0


@dataclass(frozen=True)
class Line:
    """The line before the door as all web processes share it: who was called, the last number drawn, the pace."""

    called: float
    drawn: int
    per_second: float

    @property
    def somebody_waits(self) -> bool:
        """Whether a number was drawn that has not been called."""
        return self.called < self.drawn


def turn(ticket: Ticket | None, line: Line, *, now: float, has_room: Callable[[], bool]) -> Turn:
    """What becomes of a visitor who is not inside; `has_room` takes the room for one newcomer, where there is any.

    A newcomer goes in only where nobody waits, so that nobody overtakes. A number that was never drawn (the counter
    began anew) is no ticket.
    """
    if ticket is not None and _holds_a_place(ticket, line, now=now):
        return Turn.IN if ticket.number <= line.called else Turn.WAITS
    return Turn.IN if not line.somebody_waits and has_room() else Turn.DRAWS


def is_inside(ticket: Ticket, *, now: float) -> bool:
    """Whether the visitor was let in and has not rested too long since."""
    return ticket.inside and now - ticket.seen <= INSIDE_SECONDS


def asks_again(ticket: Ticket | None, *, now: float) -> bool:
    """Whether it is time to look at the terms of somebody who waits."""
    return ticket is None or now - ticket.asked >= ASKED_EVERY_SECONDS


def entered(ticket: Ticket | None, *, now: float) -> Ticket:
    """The ticket of a visitor who is inside now; the same one while it need not be written anew."""
    if ticket is not None and ticket.inside and 0 <= now - ticket.seen < NOTED_SECONDS:
        return ticket
    return replace(ticket or Ticket(0, inside=True, seen=0), inside=True, seen=int(now))


def ahead(ticket: Ticket, line: Line) -> int:
    """How many stand before this ticket, those who closed their page included."""
    return max(0, ticket.number - 1 - int(line.called))


def seconds_left(ticket: Ticket, line: Line) -> float | None:
    """How long it takes at the pace of late; None while there is none to judge by."""
    return (ahead(ticket, line) + 1) / line.per_second if line.per_second > 0 else None


def pause(before: int, left: float | None) -> int:
    """After how many seconds the page of somebody comes again, with so many before them and so many seconds left.

    Sooner near the door, so that few ask in vain. The pace is not believed where few stand before: a crowd has just begun.
    """
    soon = SOONEST + before / 10
    return round(min(soon if left is None else min(max(left / 2, SOONEST), soon), LATEST))


def may_call(*, busy: float, full: float, threads: int, seconds_each: float) -> float:
    """How many more a second this process can serve.

    `busy` is the measured share of its threads' time, `full` the share at which it serves well and no more, and
    `seconds_each` what a page takes of a thread as measured under the present load. One is let in for so many
    pages that can still be served (PAGES_FOR_ONE). Where pages take long, fewer threads count as full, but one at least.
    """
    well = full * max(1 / threads, 1 - seconds_each / LONG_SECONDS)
    return max(LEAST_SHARE, (well - busy) / PAGES_FOR_ONE) * threads / seconds_each


def _holds_a_place(ticket: Ticket, line: Line, *, now: float) -> bool:
    return not ticket.inside and now - ticket.seen <= KEPT_SECONDS and 0 < ticket.number <= line.drawn
