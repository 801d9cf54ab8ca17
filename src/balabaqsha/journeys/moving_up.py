"""Groups move up a year during the yearly freeze: children of school age leave, their groups open for the youngest.

A group is of one birth year, so the children of every other group move up in it as they are. What is still promised in a
group of school age, a turn or a contract, stays until its child ages out on 1 September.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import Reason
from balabaqsha.journeys import _case
from balabaqsha.journeys._act import or_busy
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.kindergartens.succession import _steps as succession
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import LeavingReason
from balabaqsha.line import _steps as line_steps
from balabaqsha.record import actions as record
from balabaqsha.transparency import moving_up as protocols


class NoFreeze(Refusal, code="not-allowed", detail="no-freeze"):
    """Groups move up during the yearly freeze only."""


class MovedUpAlready(Refusal, code="not-allowed", detail="moved-up-already"):
    """The groups of the territory have moved up this year; facts: year."""


@dataclass(frozen=True)
class Step:
    """What becomes of one group: its children stay in it, a year older, or go to school."""

    group: Group
    children: int
    to_school: bool


@dataclass(frozen=True)
class Plan:
    """What moving up would do now in a territory; new groups are for children born in `opens_for`."""

    year: int
    opens_for: int
    steps: tuple[Step, ...]

    @property
    def leaving(self) -> tuple[Step, ...]:
        """The groups whose children go to school."""
        return tuple(step for step in self.steps if step.to_school)

    @property
    def to_school(self) -> int:
        """How many children go to school."""
        return sum(step.children for step in self.leaving)


def preview(*, territory_code: str, now: datetime) -> Plan:
    """What moving up would do now, without doing it. Three queries."""
    year = localdate(now).year
    groups = _groups(territory_code)
    children = kindergartens.enrolled_by_group(groups)
    youngest = int(law.rulebook(territory_code).term("turn.min_age", on=localdate(now)).value)
    steps = tuple(Step(group, children.get(group.id, 0), _is_of_school_age(group, now)) for group in groups)
    return Plan(year=year, opens_for=year - youngest, steps=steps)


def is_time(*, territory_code: str, now: datetime) -> bool:
    """Whether the freeze of the territory's lines runs now. At most one query."""
    return law.freeze_ends_at(territory_code, now) is not None


@or_busy
@transaction.atomic(durable=True)
def perform(*, territory_code: str, seen: int, actor: Actor, now: datetime) -> Plan:
    """Let the groups of a linear territory move up, once a year; what freed places is not published before September.

    `seen` is the number of children to go to school that the officer was shown. Raises NoFreeze, MovedUpAlready,
    ChangedMeanwhile, Busy. Source: rules, section 2 (line.freeze); that the new groups are for the youngest is assumed.
    """
    # Rivals: another officer, and whoever gives or takes turns in the territory's lines. Lines first, then groups.
    line_steps.lock_lines(territory_code)
    if not is_time(territory_code=territory_code, now=now):
        raise NoFreeze
    if protocols.is_done(territory_code, localdate(now).year):
        raise MovedUpAlready(year=localdate(now).year)
    places.lock_groups(_groups(territory_code).values_list("id", flat=True))
    plan = preview(territory_code=territory_code, now=now)
    if plan.to_school != seen:
        raise ChangedMeanwhile
    told = _let_go_all(plan, actor=actor, now=now)
    stayed = [
        {"group": step.group.id, "birth_year": step.group.birth_year, "children": step.children}
        for step in plan.steps
        if not step.to_school
    ]
    facts = {"year": plan.year, "opens_for": plan.opens_for, "left": told, "stayed": stayed}
    record.record(protocols.ACT, actor=actor, now=now, territory_code=territory_code, facts=facts)
    return plan


def _groups(territory_code: str) -> QuerySet[Group]:
    rows = Group.objects.select_related("kindergarten").filter(territory_id=territory_code, closed_at__isnull=True)
    return rows.order_by("kindergarten__name_kk", "birth_year", "name", "id")


def _is_of_school_age(group: Group, now: datetime) -> bool:
    """Whether the children of the group reach school age on the coming 1 September, or have reached it."""
    january = localdate(now).replace(year=group.birth_year, month=1, day=1)
    return localdate(law_rules.max_age_moment(january)).year <= localdate(now).year


def _let_go_all(plan: Plan, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Let the children of each group of school age leave; a combined group opens anew as one, its first group first."""
    rooms: dict[int, list[Group]] = {}
    for step in plan.leaving:
        rooms.setdefault(step.group.combined_with_id or step.group.id, []).append(step.group)
    opened: dict[int, Group] = {}
    for first_id, room in rooms.items():
        opened |= succession.open_room(first_id, room, birth_year=plan.opens_for, now=now)
    return [_let_go(step.group, opened.get(step.group.id), actor=actor, now=now) for step in plan.leaving]


def _let_go(group: Group, opened: Group | None, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Let the enrolled children of a group leave for school; `opened` is the group for the youngest in its stead, if any."""
    enrolled = Admission.objects.filter(group=group, stage=Stage.ENROLLED)
    batch = applications.lock_many(enrolled.values_list("application_id", flat=True))
    for application in batch:
        _case.close(application, now=now)
        admission_steps.end_all(application_id=application.id, because="leave", now=now)
    facts = {"because": LeavingReason.SCHOOL.value, "group": group.id}
    applications.move_many(batch, "leave", actor=actor, now=now, reason=Reason.LEFT, facts=facts)
    told = {"reason": LeavingReason.SCHOOL.value, "groups": [group.id]}
    record.tell_many([record.fact("left-kindergarten", now=now, application_id=row.id, facts=told) for row in batch])
    # The freeze publishes nothing: what these children held is for the new group, from September.
    places.hide_freed(group, now=now)
    return {
        "group": group.id,
        "birth_year": group.birth_year,
        "children": len(batch),
        "closed": group.closed_at is not None,
        "opened": opened.id if opened else None,
    }
