"""Inner steps of places, taken under the lock of the group's row; every caller is a journey."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Value
from django.db.models.functions import Greatest

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group, Hold, Kept, Kindergarten, Place, Purpose


class PlacesInUse(Refusal, code="not-allowed", detail="places-in-use"):
    """Fewer places of the group can be taken away; facts: least, the places that it keeps at least."""


@dataclass(frozen=True)
class NewGroup:
    """What is needed to open a group; `capacity` and `published` count places, `parent_fee` is in tenge a month.

    `school_year` is the calendar year in which the school year begins that it opens for; None: it takes children at once.
    """

    name: str
    birth_year: int
    language: str
    capacity: int
    correction: str | None = None
    published: int = 0
    parent_fee: int = 0
    combined_with_id: int | None = None
    school_year: int | None = None


class NoFreePlace(Refusal, code="no-free-place"):
    """The group has no published place that nobody holds."""


class CapacityReached(Refusal, code="limit-reached", detail="capacity-reached"):
    """More places would be published than the group has; facts: limit."""


class KindergartenClosed(Refusal, code="not-allowed", detail="kindergarten-closed"):
    """The kindergarten is closed: it has no groups and publishes no place; facts: date since when."""


@transaction.atomic(savepoint=False)
def lock_open(kindergarten_id: int) -> Kindergarten:
    """The kindergarten with its row locked, while it is not closed. Rivals: whoever closes or edits it.

    Raises KindergartenClosed.
    """
    found = Kindergarten.objects.select_for_update(no_key=True).get(id=kindergarten_id)
    if found.closed_at is not None:
        raise KindergartenClosed(date=localdate(found.closed_at))
    return found


@transaction.atomic(savepoint=False)
def lock_groups(group_ids: Iterable[int]) -> dict[int, Group]:
    """Make all who take or free places of these groups take turns; ids ascending, so that nobody waits in a ring."""
    wanted = list(group_ids)
    rows = Group.objects.raw(_LOCK_GROUPS, {"groups": wanted}) if wanted else []
    return {group.id: group for group in rows}


# Written out, as is what every act asks: Django takes longer to build it than to have it done.
_LOCK_GROUPS = "SELECT * FROM kindergartens_group WHERE id = ANY(%(groups)s::bigint[]) ORDER BY id FOR NO KEY UPDATE"


@transaction.atomic(savepoint=False)
def hold_place(*, group_id: int, child_id: int, purpose: Purpose, now: datetime, until: datetime | None) -> Hold:
    """Give the child the first free place of the group, whose row the caller has locked.

    Raises NoFreePlace.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_FREE, [group_id])
        free = cursor.fetchone()
    if free is None:
        raise NoFreePlace(group_id=group_id)
    return Hold.objects.create(place_id=free[0], child_id=child_id, purpose=purpose, held_at=now, until=until)


_FIRST_FREE = """
SELECT p.id FROM kindergartens_place AS p JOIN kindergartens_group AS g ON g.id = p.group_id
WHERE g.id = %s AND g.closed_at IS NULL AND p.published
    AND NOT EXISTS (SELECT FROM kindergartens_hold AS h WHERE h.place_id = p.id AND h.ended_at IS NULL)
ORDER BY p.number LIMIT 1
"""


@transaction.atomic(savepoint=False)
def keep_until(*, hold_id: int, purpose: Purpose, until: datetime | None) -> None:
    """Let a live hold serve another purpose, or another moment."""
    Hold.objects.filter(id=hold_id, ended_at__isnull=True).update(purpose=purpose, until=until)


@transaction.atomic(savepoint=False)
def end_hold(*, hold_id: int, now: datetime) -> None:
    """Free the place; it stays open to families."""
    # A hold ends no earlier than it began, even if the clock has gone back since.
    ended_at = Greatest("held_at", Value(now))
    Hold.objects.filter(id=hold_id, ended_at__isnull=True).update(ended_at=ended_at)
    Place.objects.filter(holds=hold_id, published=False).update(published=True, kept_since=None, kept_because="")


@transaction.atomic(savepoint=False)
def publish(*, group: Group, places: int) -> None:
    """Open so many more places of the group's capacity to families; raises CapacityReached, which ends the transaction."""
    if places > group.capacity:
        raise CapacityReached(limit=group.capacity)
    with connection.cursor() as cursor:
        cursor.execute(_PUBLISH, {"group": group.id, "places": places})
        if cursor.rowcount < places:
            raise CapacityReached(limit=group.capacity)


_PUBLISH = """
UPDATE kindergartens_place SET published = true, kept_since = NULL, kept_because = ''
WHERE id IN (
    SELECT id FROM kindergartens_place WHERE group_id = %(group)s AND NOT published AND withdrawn_at IS NULL
    ORDER BY number LIMIT %(places)s
)
"""


@transaction.atomic(savepoint=False)
def recall(*, group: Group, places: int, because: str, now: datetime) -> None:
    """Take so many free places back from families for a reason; raises NoFreePlace when fewer are free."""
    live = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    free = Place.objects.filter(~Exists(live), group=group, published=True).order_by("-number")
    ids = list(free.values_list("id", flat=True)[: min(places, group.capacity)])
    if len(ids) < places:
        raise NoFreePlace(group_id=group.id)
    Place.objects.filter(id__in=ids).update(published=False, kept_since=now, kept_because=because)


@transaction.atomic(savepoint=False)
def enter(**facts: Any) -> Kindergarten:
    """Write a new kindergarten with these facts; a code or a BIN that is taken violates the schema."""
    return Kindergarten.objects.create(**facts)


@transaction.atomic(savepoint=False)
def open_group(kindergarten: Kindergarten, new: NewGroup, *, now: datetime) -> Group:
    """Enter a new group with a place row for each child it can take; a name that is taken violates the schema."""
    group = Group.objects.create(
        kindergarten=kindergarten,
        territory_id=kindergarten.territory_id,
        name=new.name,
        birth_year=new.birth_year,
        language=new.language,
        correction=new.correction,
        capacity=new.capacity,
        parent_fee=new.parent_fee,
        combined_with_id=new.combined_with_id,
        school_year=new.school_year,
    )
    _add_places(group, range(1, new.capacity + 1), published=new.published, now=now)
    return group


def _add_places(group: Group, numbers: Iterable[int], *, published: int, now: datetime) -> None:
    """Write a row for each of these numbers, published up to the number `published`."""
    kept = {"kept_since": now, "kept_because": Kept.NOT_PUBLISHED.value}
    Place.objects.bulk_create(
        Place(group=group, number=number, published=number <= published, **({} if number <= published else kept))
        for number in numbers
    )


@transaction.atomic(savepoint=False)
def set_capacity(group: Group, capacity: int, *, now: datetime) -> None:
    """Give a group, whose row is locked, so many places; raises PlacesInUse when fewer can be taken away.

    Only a place that is kept from families and that nobody holds is taken away; it stays on record. More places than
    before are kept from families until they are published.
    """
    more = capacity - group.capacity
    if more > 0:
        gone = Place.objects.filter(group=group).exclude(withdrawn_at=None).order_by("number")
        back = list(gone.values_list("id", flat=True)[:more])
        kept = {"kept_since": now, "kept_because": Kept.NOT_PUBLISHED.value}
        Place.objects.filter(id__in=back).update(withdrawn_at=None, **kept)
        last = Place.objects.filter(group=group).aggregate(last=Max("number"))["last"] or 0
        _add_places(group, range(last + 1, last + 1 + more - len(back)), published=0, now=now)
    elif more < 0:
        live = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
        kept_places = Place.objects.filter(~Exists(live), group=group, published=False, withdrawn_at=None)
        ids = list(kept_places.order_by("-number").values_list("id", flat=True)[:-more])
        if len(ids) < -more:
            raise PlacesInUse(least=group.capacity - len(ids))
        Place.objects.filter(id__in=ids).update(withdrawn_at=now)
    group.capacity = capacity


@transaction.atomic(savepoint=False)
def close_group(group: Group, *, now: datetime) -> int:
    """Close a group, whose row is locked and in which nobody holds a place; returns how many places were published."""
    kept = {"kept_since": now, "kept_because": Kept.CLOSED.value}
    hidden = Place.objects.filter(group=group, published=True).update(published=False, **kept)
    group.closed_at = now
    group.save(update_fields=["closed_at"])
    return hidden


@transaction.atomic(savepoint=False)
def close_kindergarten(kindergarten: Kindergarten, *, because: str, now: datetime) -> None:
    """Close a kindergarten, whose row is locked and whose groups are closed; an open group violates the schema."""
    kindergarten.closed_at = now
    kindergarten.closed_because = because
    kindergarten.save(update_fields=["closed_at", "closed_because"])


@transaction.atomic(savepoint=False)
def hide_freed(group: Group, *, now: datetime) -> None:
    """Keep from families what holds that ended at this moment have freed in a group; close it where nothing is left.

    Places that were free before stay as they are: somebody may have a turn for them.
    """
    live = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    freed = Hold.objects.filter(place=OuterRef("pk"), ended_at=now)
    places = Place.objects.filter(group=group, published=True)
    kept = {"kept_since": now, "kept_because": Kept.MOVED_UP.value}
    places.filter(~Exists(live), Exists(freed)).update(published=False, **kept)
    if not places.exists():
        group.closed_at = now
        group.save(update_fields=["closed_at"])


# What moving up has added to a name before.
_YEAR_IN_NAME = re.compile(r" \(\d{4}\)$")


def successor_name(name: str, birth_year: int) -> str:
    """The name of the group that opens in the stead of one of this name: it tells the birth year."""
    return f"{_YEAR_IN_NAME.sub('', name)[:70]} ({birth_year})"
