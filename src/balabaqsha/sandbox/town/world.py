"""The town while it is being told: its line, its places, its law, and the journal of everything that happens.

Keeps in memory what the actions would find in the database, so that a case of the town leaves the rows that the
same acts leave; a test plays cases through the real actions and compares.
"""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from balabaqsha.applications._steps import Term
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.sandbox.geography import LINE
from balabaqsha.sandbox.town.families import Town
from balabaqsha.sandbox.town.gardens import Gardens, TownGroup, show
from balabaqsha.sandbox.town.rows import Row, Rows
from balabaqsha.territories.regimes import Regime

FIRST_NUMBER = 1_000_000
Demand = tuple[int, str | None]


@dataclass
class Sequence:
    """The numbers of applications, shared by all territories."""

    following: int = FIRST_NUMBER


class World:
    """Everything that the acts of a town touch."""

    def __init__(self, *, seed: int, now: datetime, scale: float) -> None:
        self.now, self.scale = now.astimezone(UTC), scale
        self.territory, self.regime = LINE, Regime.VOUCHER
        self.random = Random(seed)
        self.rows = Rows()
        self.town = Town(random=self.random, rows=self.rows, today=localdate(now))
        self.gardens = Gardens(random=self.random, rows=self.rows, today=localdate(now), scale=scale)
        self.calendar, self.rulebook = law.calendar(), law.rulebook(LINE)
        self.intake_year = law_rules.intake_year(now)
        self.lines: dict[str, list[tuple[int, datetime, int]]] = {"GENERAL": [], "SPECIAL": []}
        self.without_place: Counter[Demand] = Counter()
        # Cases and their entries by waiting list, in order of joining.
        self.lists: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
        self.officer = Actor(role=Role.OFFICER, territory_code=LINE)
        # Who decides special applications; where nobody is named, the officer does.
        self.deciders: dict[str, Actor] = {}
        self._numbers = Sequence()

    def district(self, code: str, gardens: Gardens) -> "World":
        """The same country seen from a district of the linear regime, with kindergartens, lines and law of its own."""
        other = copy(self)
        other.territory, other.regime, other.gardens = code, Regime.LINEAR, gardens
        other.rulebook = law.rulebook(code)
        other.lines, other.without_place, other.lists = {"GENERAL": [], "SPECIAL": []}, Counter(), defaultdict(list)
        other.officer = Actor(role=Role.OFFICER, territory_code=code)
        return other

    def next_number(self) -> str:
        """The next application number, with its check digit."""
        number = numbers.with_check_digit(self._numbers.following)
        self._numbers.following += 1
        return number

    @property
    def last_sequence(self) -> int:
        """The last member of the sequence of numbers that was used."""
        return self._numbers.following - 1

    def term(self, code: str, *, since: datetime) -> Term:
        """The term of this code counted from a moment, as the journeys count it."""
        rule = self.rulebook.term(code, on=localdate(since))
        due_at = law_rules.deadline(since, rule, self.calendar).astimezone(UTC)
        return Term(due_at=due_at, identity=rule.identity, counted_from=since)

    def workday(self, back: int, *, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """The moment on the working day so many working days before today."""
        day, left = localdate(self.now), back
        while left:
            day -= timedelta(days=1)
            left -= self.calendar.is_working(day)
        local = law_rules.start_of_last_day(self.now).replace(
            year=day.year, month=day.month, day=day.day, hour=hour, minute=minute, second=second
        )
        return local.astimezone(UTC)

    def hours(self) -> tuple[int, int, int]:
        """A time of day at which people act."""
        return self.random.randint(8, 20), self.random.randint(0, 59), self.random.randint(0, 59)

    # What happens is written down.

    def journal(
        self, act: str, *, actor: Actor, at: datetime, facts: dict[str, Any], application_id: int | None = None
    ) -> None:
        """One journal row, as `record` writes it; rows get their ids in order of time at the end."""
        self.rows.add(
            JournalEntry,
            at=at,
            act=act,
            actor=actor.as_facts(),
            territory_code=self.territory,
            application_id=application_id,
            facts=facts,
        )

    def tell(self, fact: str, *, at: datetime, application_id: int, facts: dict[str, Any]) -> None:
        """One fact of the outbox. What is long past has been told, except to the persons of the demonstration."""
        self.rows.add(
            OutboxFact, at=at, fact=fact, application_id=application_id, person_id=None, facts=facts, told_at=at
        )

    def untell(self, application_ids: Iterable[int]) -> None:
        """Let the worker tell everything about these applications anew, so that their families have it to read."""
        wanted = set(application_ids)
        for row in self.rows.of(OutboxFact):
            if row["application_id"] in wanted:
                row["told_at"] = None

    def in_order_of_time(self) -> None:
        """Number journal and outbox rows by their moments."""
        for model in (JournalEntry, OutboxFact):
            rows = self.rows.of(model)
            rows.sort(key=lambda row: (row["at"], row["id"]))
            for number, row in enumerate(rows, start=1):
                row["id"] = number

    # The line.

    def stand(self, application: Row) -> int:
        """Put a waiting application into its line; returns its place."""
        line, key = self.lines[application["kind"]], _key(application)
        insort(line, key)
        return bisect_left(line, key) + 1

    def step_out(self, application: Row) -> None:
        """Take an application out of its line."""
        line = self.lines[application["kind"]]
        del line[bisect_left(line, _key(application))]

    # Places.

    def take_place(self, group: TownGroup) -> Row:
        """The first free place of the group."""
        return group.free.pop(0)

    def give_place_back(self, group: TownGroup, place: Row) -> None:
        """A place that nobody holds any more is open to families."""
        show(place)
        insort(group.free, place, key=lambda row: row["number"])

    def publish(self, group: TownGroup, places: int, *, actor: Actor, at: datetime) -> None:
        """Open hidden places of a group."""
        opened, group.hidden = group.hidden[:places], group.hidden[places:]
        for place in opened:
            self.give_place_back(group, place)
        self.journal("publish", actor=actor, at=at, facts={"group": group.id, "places": len(opened)})

    def free_of(self, demand: Demand) -> list[TownGroup]:
        """Groups of this demand with a free place, those with most first."""
        found = [group for group in self.gardens.groups if group.free and group.demand == demand]
        return sorted(found, key=lambda group: (-len(group.free), group.id))

    def head_of(self, group: TownGroup) -> Actor:
        """The head of the group's kindergarten."""
        return Actor(role=Role.KINDERGARTEN_HEAD, kindergarten_id=group.garden["id"], territory_code=self.territory)


def _key(application: Row) -> tuple[int, datetime, int]:
    return application["category"], application["original_at"], application["id"]
