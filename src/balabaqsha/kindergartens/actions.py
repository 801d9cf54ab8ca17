"""Opening kindergartens and groups."""

from datetime import datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kindergartens import _steps as steps
from balabaqsha.kindergartens._steps import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.record import actions as record

__all__ = ["NewGroup", "open_group", "open_kindergarten"]


@transaction.atomic(durable=True)
def open_kindergarten(
    *, kindergarten: Kindergarten, groups: list[NewGroup], actor: Actor, now: datetime
) -> list[Group]:
    """Enter a new kindergarten with its groups; returns the groups in the order given.

    A code, a BIN or a group name that is taken violates the schema and changes nothing.
    """
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
    """Open one more group in a kindergarten, with a place row for each child it can take."""
    opened = steps.open_group(kindergarten, group)
    record.record(
        "group-opened",
        actor=actor,
        now=now,
        territory_code=kindergarten.territory_id,
        facts={"kindergarten": kindergarten.id, "group": opened.id, "capacity": opened.capacity},
    )
    return opened
