"""The acts of random stories: who is there, and what they may try."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle import days, official_acts
from tests.oracle.world import STATUSES, Application, World

CORRECTIONS = ("speech", "vision")
# How much an act is wished for where it is possible; what ends a story is rare.
WEIGHTS = {
    "voucher": {
        "apply": 1.5, "run_vouchers": 6, "confirm_interest": 8, "choose": 5, "send_contract": 5, "sign_by_parent": 6,
        "sign_by_kindergarten": 7, "join_waiting_list": 6, "accept_offer": 7, "leave_waiting_list": 0.6, "unchoose": 3,
        "extend": 5, "return_papers": 1.2, "refuse_contract": 0.8, "leave": 1.5, "withdraw": 0.1, "decline": 0.3, "restore": 3,
        "check_documents": 2, "publish": 0.5, "renew": 0.08, "show": 0.2, "register": 0.1, "give_back": 0.1,
        "grant_papers_time": 0.1,
    },
    "linear": {
        "apply": 1.5, "run_vouchers": 0.1, "confirm_interest": 0.1, "choose": 6, "send_contract": 5, "sign_by_parent": 6,
        "sign_by_kindergarten": 6, "join_waiting_list": 5, "accept_offer": 7, "leave_waiting_list": 0.6, "unchoose": 0.3,
        "extend": 1.5, "return_papers": 1.2, "refuse_contract": 0.8, "leave": 1.5, "withdraw": 0.1, "decline": 0.1,
        "restore": 0.1, "check_documents": 2, "publish": 1, "renew": 0.05, "show": 0.2, "register": 6, "give_back": 1.2,
        "grant_papers_time": 2,
    },
}  # fmt: skip
OF_NOBODY = ("show", "renew", "run_vouchers", "publish")
# Always possible, so seldom tried.
IDLE = {"show": 0.02, "renew": 0.01, "withdraw": 0.02, "apply": 0.15, "publish": 0.3, "decline": 0.1, "leave": 0.3}
FREEING = ("unchoose", "choose", "refuse_contract", "leave", "withdraw", "give_back")
OF_A_GROUP = ("choose", "join_waiting_list", "leave_waiting_list", "accept_offer")


@dataclass
class Cast:
    """The children of a story and where they may go."""

    chance: random.Random
    regime: str
    years: list[int]
    start: date
    settlements: list[str]
    size: int
    born: dict[str, date] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)
    last: str = ""

    def has_done(self, step: dict[str, Any]) -> None:
        """The step belongs to the story."""
        self.last = step["do"]
        if self.last == "apply":
            self.applied.add(step["application"])

    def opening(self, at: datetime) -> Iterator[dict[str, Any]]:
        """Most of the children apply one after another; in the voucher regime they are offered vouchers and want them."""
        names = [f"A{number}" for number in range(1, self.size + 1)][:: self.chance.choice((1, 1, 1, 1, -1, 3))]
        for name in names:
            yield self.apply(name, at)
            at += timedelta(minutes=self.chance.choice((0, 1, 1, 10)))
        if self.regime == "voucher" and self.chance.random() < 0.8:
            yield {"at": written(at), "do": "run_vouchers"}
            at += timedelta(minutes=self.chance.choice((0, 1, 600)))
            for name in self.chance.sample(names, k=self.chance.randint(len(names) // 2, len(names))):
                yield {"at": written(at), "do": "confirm_interest", "application": name}

    def some(self, world: World, at: datetime) -> dict[str, Any]:
        """Any act at all at this moment."""
        do = self.chance.choice(list(WEIGHTS[self.regime]))
        return self._step(world, at, do, self.chance.choice(sorted(self.applied)))

    def wished(self, world: World, at: datetime) -> Iterator[dict[str, Any]]:
        """Acts at this moment, the most wished for first, each for one child after another."""
        if self.chance.random() < 0.3:
            yield from self._freeing(world, at)
        weights = WEIGHTS[self.regime]
        for do in sorted(weights, key=lambda do: self.chance.random() ** (1 / weights[do]), reverse=True):
            if do in IDLE and self.chance.random() > IDLE[do]:
                continue
            if do == "run_vouchers" and (self.last == do or not self._is_run_of_use(world)):
                continue
            names = (
                [""]
                if do in OF_NOBODY or do == "apply"
                else self.chance.sample(sorted(self.applied), k=len(self.applied))
            )
            for name in names:
                yield self._step(world, at, do, name)
                if do == "choose":
                    yield self._step(world, at, do, name)

    def _freeing(self, world: World, at: datetime) -> Iterator[dict[str, Any]]:
        """What may free a place for which somebody stands in a waiting list, and the answer to its offer."""
        for group, entries in world.lists.items():
            for entry in entries:
                for name in [name for name, held in world.applications.items() if held is entry.application]:
                    if entry.offered_until is not None:
                        yield self._step(world, at, "accept_offer", name) | {"group": group}
            holders = [name for name, held in world.applications.items() if entries and held.place == group]
            for name in holders:
                for do in self.chance.sample(FREEING, k=3):
                    yield self._step(world, at, do, name)

    def _is_run_of_use(self, world: World) -> bool:
        left, settlements = official_acts.supply(world), official_acts.taking_part(world)
        return any(
            a.state == "WAITING" and left[a.line] > 0 and official_acts.can_have(world, a, settlements)
            for a in world.applications.values()
        )

    def _step(self, world: World, at: datetime, do: str, name: str) -> dict[str, Any]:
        if do == "apply":
            return self.apply(f"A{self.chance.randint(1, self.size)}", at)
        step: dict[str, Any] = {"at": written(at), "do": do}
        if do == "publish":
            return step | {"group": self.chance.choice(list(world.groups)), "places": self.chance.choice((1, 1, 2))}
        if do in OF_NOBODY:
            limited = do == "run_vouchers" and self.chance.random() < 0.3
            return step | ({"limit": self.chance.choice((0, 1, 1, 2))} if limited else {})
        return step | {"application": name} | self._more(world, do, world.applications.get(name))

    def _more(self, world: World, do: str, application: Application | None) -> dict[str, Any]:
        chance = self.chance
        if do == "check_documents":
            return {"verdict": chance.choice(("confirm", "confirm", "confirm", "reject"))}
        if do == "extend":
            return {"days": chance.choice((1, 2, 3, 14, 30, 31))}
        if do == "refuse_contract":
            return {"reason": chance.choice(("unvaccinated_share", "group_closed"))}
        if do in OF_A_GROUP:
            groups = list(world.groups)
            fitting = [g for g in groups if application is not None and world.groups[g].line == application.line]
            if do == "join_waiting_list" and chance.random() < 0.8:
                fitting = [group for group in fitting if not world.free(group)]
            return {"group": chance.choice(fitting if fitting and chance.random() < 0.9 else groups)}
        return {}

    def apply(self, name: str, at: datetime) -> dict[str, Any]:
        """An application under this name, whose child was born on one day for the whole story."""
        chance = self.chance
        if name not in self.born:
            self.born[name] = self._birthday(chance.choice(self.years))
        step = {"at": written(at), "do": "apply", "application": name, "born": str(self.born[name]), "kind": "general"}
        if chance.random() < 0.08:
            step |= {"kind": "special", "correction": chance.choice(CORRECTIONS)}
        if chance.random() < 0.4:
            step["benefit"] = chance.choice(STATUSES)
        if chance.random() < 0.2:
            step["wished_from"] = str(days.day_of(at) + timedelta(days=chance.choice((-3, 0, 1, 2, 5, 9))))
        if self.settlements and chance.random() < 0.2:
            step["settlement"] = chance.choice((*self.settlements, "Nowhere"))
        return step

    def _birthday(self, year: int) -> date:
        """Most often a day on which an age is reached soon after the beginning of the story."""
        chance = self.chance
        near = self.start + timedelta(days=chance.choice((-1, 0, 1, 2, 4, 7, 15)))
        if chance.random() < 0.15 and year % 4 == 0:
            return date(year, 2, 29)
        if chance.random() < 0.3:
            return chance.choice((date(year, 1, 1), date(year, 12, 31), date(year, 8, 31), date(year, 9, 1)))
        if chance.random() < 0.5:
            return date(year, near.month, min(near.day, 28))
        if chance.random() < 0.3:
            month = (near.month + 5) % 12 + 1
            return date(year, month, min(near.day, 28))
        return date(year, 1, 1) + timedelta(days=chance.randrange(365))


def written(moment: datetime) -> str:
    """As stories write moments."""
    return moment.astimezone(days.ALMATY).isoformat()
