"""Changing a group."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as steps
from balabaqsha.kindergartens.actions import GroupTooLarge, OverNorm
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.record import actions as record


class GroupNameTaken(Refusal, code="already-sent", detail="group-name-taken"):
    """The kindergarten has a group of this name."""


@dataclass(frozen=True)
class GroupFacts:
    """What may be changed of an open group; `capacity` counts places, `parent_fee` is in tenge a month."""

    name: str
    language: str
    capacity: int
    parent_fee: int


@transaction.atomic(durable=True)
def change_group(*, group_id: int, facts: GroupFacts, actor: Actor, now: datetime) -> bool:
    """Let a group be called otherwise, cost otherwise, or have more or fewer places; returns whether anything changed.

    A capacity is raised up to the norm of the room only, and lowered by places that nobody holds and that are not
    published. Whoever is in the group is not moved by it. Raises GroupTooLarge, OverNorm, PlacesInUse, GroupNameTaken,
    KindergartenClosed.
    """
    kindergarten = steps.lock_open(Group.objects.values_list("kindergarten_id", flat=True).get(id=group_id))
    first_id = Group.objects.values_list("combined_with_id", flat=True).get(id=group_id) or group_id
    # Rivals: who publishes, takes or frees a place, and a second group for the same room.
    group = steps.lock_groups({first_id, group_id})[group_id]
    if group.closed_at is not None:
        raise steps.KindergartenClosed(date=localdate(group.closed_at))
    wanted = {name: getattr(facts, name) for name in ("name", "language", "capacity", "parent_fee")}
    changed = {name: [getattr(group, name), value] for name, value in wanted.items() if getattr(group, name) != value}
    if not changed:
        return False
    if "name" in changed and Group.objects.filter(kindergarten=kindergarten, name=facts.name).exists():
        raise GroupNameTaken
    if facts.capacity > group.capacity:
        _refuse_size(group, facts.capacity, now=now)
    if facts.capacity != group.capacity:
        steps.set_capacity(group, facts.capacity, now=now)
    for name in changed:
        setattr(group, name, wanted[name])
    group.save(update_fields=list(changed))
    said = {"kindergarten": kindergarten.id, "group": group.id, "changed": changed}
    record.record("group-changed", actor=actor, now=now, territory_code=group.territory_id, facts=said)
    return True


def _refuse_size(group: Group, capacity: int, *, now: datetime) -> None:
    """Hold the room with so many places of this group against the strictest norm of the types in it."""
    first_id = group.combined_with_id or group.id
    room = list(Group.objects.filter(Q(id=first_id) | Q(combined_with=first_id), closed_at=None))
    rulebook, today = law.rulebook(group.territory_id), localdate(now)
    norms = [corrections.norm(one.correction, one.birth_year, rulebook, on=today) for one in room]
    most = min((int(norm.value) for norm in norms if norm is not None), default=None)
    others = sum(one.capacity for one in room if one.id != group.id)
    if most is not None and others + capacity > most:
        raise (OverNorm if group.correction is None else GroupTooLarge)(limit=max(0, most - others))
