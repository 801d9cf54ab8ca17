"""Inner steps of lists of kindergartens, in the caller's transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.legacy.models import GardenList, GardenRow, ListState

_CHUNK = 2000


@transaction.atomic(savepoint=False)
def add(**facts: Any) -> GardenList:
    """Write a new list, its file not read yet."""
    return GardenList.objects.create(**facts)


@transaction.atomic(savepoint=False)
def lock(list_id: int, *states: ListState) -> GardenList:
    """The list with its row locked, in one of these states; raises NotInThisState. Rivals: the worker, another officer."""
    found = GardenList.objects.select_for_update(no_key=True).get(id=list_id)
    if found.state not in states:
        raise NotInThisState(move="list", state=found.state)
    return found


@transaction.atomic(savepoint=False)
def keep(found: GardenList, **facts: Any) -> None:
    """Write down how far a locked list is."""
    for name, value in facts.items():
        setattr(found, name, value)
    found.save(update_fields=list(facts))


@transaction.atomic(savepoint=False)
def clear(found: GardenList) -> None:
    """Forget the rows of a locked list: it is read from its beginning, or was dropped."""
    GardenRow.objects.filter(source=found).delete()


@transaction.atomic(savepoint=False)
def stage(rows: Iterable[GardenRow]) -> None:
    """Write rows as they were read."""
    GardenRow.objects.bulk_create(rows, batch_size=_CHUNK)


@transaction.atomic(savepoint=False)
def leave_out(row_ids: Collection[int], faults: list[list[str]]) -> None:
    """Note a fault that came up when rows were to be entered."""
    GardenRow.objects.filter(id__in=row_ids).update(sound=False, faults=faults)


@transaction.atomic(savepoint=False)
def mark_written(row_ids: Collection[int], *, now: datetime) -> None:
    """Note that these rows have been entered."""
    GardenRow.objects.filter(id__in=row_ids).update(written_at=now)


def sound_rows(found: GardenList) -> Q:
    """The condition on rows that may be entered and have not been yet."""
    return Q(source=found, sound=True, written_at=None)
