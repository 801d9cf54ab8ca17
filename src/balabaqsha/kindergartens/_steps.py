"""Inner steps of places, taken under the lock of the group's row; every caller is a journey."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Greatest

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Group, Hold, Place, Purpose


class NoFreePlace(Refusal, code="no-free-place"):
    """The group has no published place that nobody holds."""


class CapacityReached(Refusal, code="limit-reached", detail="capacity-reached"):
    """More places would be published than the group has; facts: limit."""


@transaction.atomic(savepoint=False)
def lock_groups(group_ids: Iterable[int]) -> dict[int, Group]:
    """Make all who take or free places of these groups take turns; ids ascending, so that nobody waits in a ring."""
    wanted = sorted(set(group_ids))
    rows = Group.objects.select_for_update(no_key=True).filter(id__in=wanted).order_by("id")
    return {group.id: group for group in rows}


@transaction.atomic(savepoint=False)
def hold_place(*, group_id: int, child_id: int, purpose: Purpose, now: datetime, until: datetime | None) -> Hold:
    """Give the child the first free place of the group, whose row the caller has locked.

    Raises NoFreePlace.
    """
    live = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    open_places = Place.objects.filter(~Exists(live), group_id=group_id, group__closed_at__isnull=True, published=True)
    free = open_places.order_by("number").first()
    if free is None:
        raise NoFreePlace(group_id=group_id)
    return Hold.objects.create(place=free, child_id=child_id, purpose=purpose, held_at=now, until=until)


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
    Place.objects.filter(holds=hold_id, published=False).update(published=True)


@transaction.atomic(savepoint=False)
def publish(*, group: Group, places: int) -> None:
    """Open so many more places of the group's capacity to families; raises CapacityReached."""
    hidden = list(Place.objects.filter(group=group, published=False).order_by("number").values_list("id", flat=True))
    if places > len(hidden):
        raise CapacityReached(limit=group.capacity)
    Place.objects.filter(id__in=hidden[:places]).update(published=True)


@transaction.atomic(savepoint=False)
def recall(*, group: Group, places: int) -> None:
    """Take so many free places back from families; raises NoFreePlace when fewer are free."""
    live = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    free = Place.objects.filter(~Exists(live), group=group, published=True).order_by("-number")
    ids = list(free.values_list("id", flat=True)[:places])
    if len(ids) < places:
        raise NoFreePlace(group_id=group.id)
    Place.objects.filter(id__in=ids).update(published=False)
