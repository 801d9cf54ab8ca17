"""Opening kindergartens and groups."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kindergartens.models import Group, Kindergarten, Place
from balabaqsha.record import actions as record


@dataclass(frozen=True)
class NewGroup:
    """What is needed to open a group; `capacity` and `published` count places, `parent_fee` is in tenge a month."""

    name: str
    birth_year: int
    language: str
    capacity: int
    correction: str | None = None
    published: int = 0
    parent_fee: int = 0


@transaction.atomic(durable=True)
def open_kindergarten(
    *, kindergarten: Kindergarten, groups: list[NewGroup], actor: Actor, now: datetime
) -> list[Group]:
    """Enter a new kindergarten with its groups; returns the groups in the order given.

    A code, a BIN or a group name that is taken violates the schema and changes nothing.
    """
    kindergarten.save(force_insert=True)
    opened = [_open_group(kindergarten, new) for new in groups]
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
    opened = _open_group(kindergarten, group)
    record.record(
        "group-opened",
        actor=actor,
        now=now,
        territory_code=kindergarten.territory_id,
        facts={"kindergarten": kindergarten.id, "group": opened.id, "capacity": opened.capacity},
    )
    return opened


def _open_group(kindergarten: Kindergarten, new: NewGroup) -> Group:
    group = Group.objects.create(
        kindergarten=kindergarten,
        territory_id=kindergarten.territory_id,
        name=new.name,
        birth_year=new.birth_year,
        language=new.language,
        correction=new.correction,
        capacity=new.capacity,
        parent_fee=new.parent_fee,
    )
    Place.objects.bulk_create(
        Place(group=group, number=number, published=number <= new.published) for number in range(1, new.capacity + 1)
    )
    return group
