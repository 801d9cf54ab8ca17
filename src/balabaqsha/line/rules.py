"""The order of a linear line: out of turn first, then slots that priority and ordinary share (rules, section 3). Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar

from balabaqsha.law.lists import Tier


@dataclass(frozen=True)
class Cycle:
    """How the slots are shared (term `line.priority_cycle`): first those of the priority list, then the ordinary ones."""

    priority: int
    ordinary: int

    @property
    def length(self) -> int:
        """How many slots come before the first one is reached again."""
        return self.priority + self.ordinary

    def owner(self, slot: int) -> Tier:
        """Whose slot it is."""
        return Tier.PRIORITY if slot < self.priority else Tier.ORDINARY

    def after(self, slot: int) -> int:
        """The slot that comes next."""
        return (slot + 1) % self.length


def cycle(value: int | str) -> Cycle:
    """The cycle that the value of the term says, for example `1:3`."""
    priority, ordinary = str(value).split(":")
    return Cycle(priority=int(priority), ordinary=int(ordinary))


@dataclass(frozen=True)
class Standing:
    """How many wait in each tier of a line."""

    out_of_turn: int
    priority: int
    ordinary: int

    @property
    def waiting(self) -> int:
        """How many wait in the whole line."""
        return self.out_of_turn + self.priority + self.ordinary

    def of(self, tier: Tier) -> int:
        """How many of them are of this tier."""
        return {Tier.OUT_OF_TURN: self.out_of_turn, Tier.PRIORITY: self.priority, Tier.ORDINARY: self.ordinary}[tier]


def place(tier: Tier, ahead: int, *, line: Standing, slot: int, cycle: Cycle) -> int:
    """The place, from 1, of whoever has so many `ahead` in its own tier, with the slot counter as it stands."""
    if tier is Tier.OUT_OF_TURN:
        return ahead + 1
    priority_left = max(0, cycle.priority - slot)
    ordinary_left = cycle.length - max(slot, cycle.priority)
    if tier is Tier.PRIORITY:
        rounds = 1 + (ahead - priority_left) // cycle.priority
        others = 0 if ahead < priority_left else ordinary_left + (rounds - 1) * cycle.ordinary
        others = min(line.ordinary, others)
    else:
        rounds = 1 + (ahead - ordinary_left) // cycle.ordinary
        others = priority_left + (0 if ahead < ordinary_left else rounds * cycle.priority)
        others = min(line.priority, others)
    return line.out_of_turn + ahead + others + 1


def stretch(tier: Tier, first: int, last: int, *, line: Standing, slot: int, cycle: Cycle) -> range:
    """Which of a tier, counted from 0, have the places from `first` to `last` of the merged line."""
    everybody = range(line.of(tier))

    def place_of(ahead: int) -> int:
        return place(tier, ahead, line=line, slot=slot, cycle=cycle)

    return range(bisect_left(everybody, first, key=place_of), bisect_right(everybody, last, key=place_of))


Waiting = TypeVar("Waiting")


class Walk(Generic[Waiting]):
    """A walk along a linear line: who is served next, and which slot a turn uses up.

    `lists` are read no further than is asked for; `slot` is the counter as it stands after the turns given so far.
    """

    def __init__(self, lists: Mapping[Tier, Iterator[Waiting]], *, slot: int, cycle: Cycle) -> None:
        self._lists = lists
        self._cycle = cycle
        self.slot = slot

    def next(self) -> Waiting | None:
        """The next of the line, taken out of its list; a slot whose owner has nobody passes to the other list."""
        owner = self._cycle.owner(self.slot)
        other = Tier.ORDINARY if owner is Tier.PRIORITY else Tier.PRIORITY
        return next(chain.from_iterable(self._lists[tier] for tier in (Tier.OUT_OF_TURN, owner, other)), None)

    def use(self, tier: Tier) -> int | None:
        """Count a turn given to somebody of this tier; returns the slot it used up, None out of turn."""
        if tier is Tier.OUT_OF_TURN:
            return None
        used, self.slot = self.slot, self._cycle.after(self.slot)
        return used
