"""Opening kindergartens and groups."""

from datetime import datetime

from django.db import transaction

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

__all__ = ["GroupTooLarge", "NewGroup", "NoNurseryGroup", "open_group", "open_kindergarten"]


class GroupTooLarge(Refusal, code="limit-reached", detail="group-too-large"):
    """A group of this type and age takes no more children; facts: limit."""


class NoNurseryGroup(Refusal, code="not-allowed", detail="no-nursery-group"):
    """There are no groups of this type for children under three."""


def _refuse_size(new: NewGroup, territory_code: str, *, now: datetime) -> None:
    """Hold a group with a correction against the norm of its type and age; a type outside the closed list has none."""
    today = localdate(now)
    try:
        correction = CorrectionType(new.correction or "")
    except ValueError:
        return
    most = corrections.group_most(correction, new.birth_year, law.rulebook(territory_code), on=today)
    if most is None:
        raise NoNurseryGroup
    if new.capacity > int(most.value):
        raise GroupTooLarge(limit=int(most.value))


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
    opened = [steps.open_group(kindergarten, new) for new in groups]
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

    Raises GroupTooLarge and NoNurseryGroup. Source: building code ҚР ЕЖ 3.02-110-2012, table Л.1.
    """
    _refuse_size(group, kindergarten.territory_id, now=now)
    opened = steps.open_group(kindergarten, group)
    record.record(
        "group-opened",
        actor=actor,
        now=now,
        territory_code=kindergarten.territory_id,
        facts={"kindergarten": kindergarten.id, "group": opened.id, "capacity": opened.capacity},
    )
    return opened
