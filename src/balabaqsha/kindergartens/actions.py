"""Opening kindergartens and groups."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as steps
from balabaqsha.kindergartens._steps import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law.lists import CorrectionType
from balabaqsha.record import actions as record

__all__ = ["GroupTooLarge", "NewGroup", "NoNurseryGroup", "NotCombined", "OverNorm", "open_group", "open_kindergarten"]


class GroupTooLarge(Refusal, code="limit-reached", detail="group-too-large"):
    """A group of this type and age takes no more children; facts: limit."""


class OverNorm(Refusal, code="limit-reached", detail="group-over-norm"):
    """A group without a correction takes no more children of this age; facts: limit."""


class NoNurseryGroup(Refusal, code="not-allowed", detail="no-nursery-group"):
    """There are no groups of this type for children under three."""


def _refuse_size(new: NewGroup, territory_code: str, *, now: datetime) -> None:
    """Hold a group with a correction against the norm of its type and age; a type outside the closed list has none."""
    most = _most(new.correction or "", new, territory_code, now=now)
    if most is not None and new.capacity > most:
        raise GroupTooLarge(limit=most)


def refuse_ordinary_size(capacity: int, birth_year: int, territory_code: str, *, now: datetime) -> None:
    """Hold a group without a correction against the norm of its age; raises OverNorm."""
    norm = corrections.norm(None, birth_year, law.rulebook(territory_code), on=localdate(now))
    if norm is not None and capacity > int(norm.value):
        raise OverNorm(limit=int(norm.value))


def _most(correction: str, new: NewGroup, territory_code: str, *, now: datetime) -> int | None:
    """The most children of a group of this type and of the new group's age; None where no norm is known."""
    try:
        known = CorrectionType(correction)
    except ValueError:
        return None
    most = corrections.group_most(known, new.birth_year, law.rulebook(territory_code), on=localdate(now))
    if most is None:
        raise NoNurseryGroup
    return int(most.value)


class NotCombined(Refusal, code="not-allowed", detail="not-combined"):
    """Only open groups with a correction, of one kindergarten and birth year, are combined."""


def _combined(kindergarten: Kindergarten, new: NewGroup, *, chosen_id: int, now: datetime) -> NewGroup:
    """The new group in the room of the one that it is combined with, which is locked. Rival: a second one for the room."""
    chosen = Group.objects.filter(id=chosen_id, kindergarten=kindergarten, closed_at=None).first()
    if chosen is None or chosen.birth_year != new.birth_year or None in {chosen.correction, new.correction}:
        raise NotCombined
    first_id = chosen.combined_with_id or chosen.id
    steps.lock_groups([first_id])
    room = list(Group.objects.filter(Q(id=first_id) | Q(combined_with=first_id), closed_at=None))
    together = {one.correction for one in room} | {new.correction}
    norms = [_most(str(correction), new, kindergarten.territory_id, now=now) for correction in together]
    most = min((norm for norm in norms if norm is not None), default=None)
    if most is not None and sum(one.capacity for one in room) + new.capacity > most:
        raise GroupTooLarge(limit=most)
    return replace(new, combined_with_id=first_id)


@transaction.atomic(durable=True)
def open_kindergarten(
    *, kindergarten: Kindergarten, groups: list[NewGroup], actor: Actor, now: datetime
) -> list[Group]:
    """Enter a new kindergarten with its groups; returns the groups in the order given.

    A code, a BIN or a group name that is taken violates the schema and changes nothing. Raises GroupTooLarge,
    NoNurseryGroup.
    """
    for new in groups:
        _refuse_size(new, kindergarten.territory_id, now=now)
    kindergarten.save(force_insert=True)
    opened = [steps.open_group(kindergarten, new, now=now) for new in groups]
    record.record(
        "kindergarten-opened",
        actor=actor,
        now=now,
        territory_code=kindergarten.territory_id,
        facts={"kindergarten": kindergarten.id, "groups": [group.id for group in opened]},
    )
    return opened


@transaction.atomic(durable=True)
def open_group(*, kindergarten: Kindergarten, group: NewGroup, actor: Actor, now: datetime) -> Group:
    """Open one more group in a kindergarten, with a place row for each child it can take.

    One that is combined with another stands in its room: together they hold no more children than the strictest of their
    types allows. Raises GroupTooLarge, OverNorm, NoNurseryGroup, NotCombined and KindergartenClosed. Source: building code ҚР ЕЖ 3.02-110-2012, table Л.1;
    that a combined group is held against the strictest norm is assumed.
    """
    _refuse_size(group, kindergarten.territory_id, now=now)
    if group.correction is None:
        refuse_ordinary_size(group.capacity, group.birth_year, kindergarten.territory_id, now=now)
    steps.lock_open(kindergarten.id)
    if group.combined_with_id is not None:
        group = _combined(kindergarten, group, chosen_id=group.combined_with_id, now=now)
    opened = steps.open_group(kindergarten, group, now=now)
    record.record(
        "group-opened",
        actor=actor,
        now=now,
        territory_code=kindergarten.territory_id,
        facts={"kindergarten": kindergarten.id, "group": opened.id, "capacity": opened.capacity},
    )
    return opened
