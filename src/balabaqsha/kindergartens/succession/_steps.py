"""Inner steps of the yearly move: the groups of one room are followed by as many, together again."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as steps
from balabaqsha.kindergartens._steps import NewGroup
from balabaqsha.kindergartens.models import Group
from balabaqsha.kindergartens.succession import rules
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import CorrectionType


@transaction.atomic(savepoint=False)
def open_room(first_id: int, room: Sequence[Group], *, birth_year: int, now: datetime) -> dict[int, Group]:
    """Open groups like these of one room for another birth year and the school year to come; by id of the old group.

    Nothing is published. A combined group stays one: its groups stand in the room of the first again, and hold together
    no more than the strictest of their types allows at the new age. A type that has no group of that age has none.
    Source: building code ҚР ЕЖ 3.02-110-2012, table Л.1; what becomes of a combined group is assumed.
    """
    school_year = law_rules.school_year(localdate(now)) + 1
    begins = date(school_year, 9, 1)
    staying, norms = [], []
    for group in sorted(room, key=lambda one: (one.id != first_id, one.id)):
        exists, most = _norm(group, birth_year, on=begins)
        if exists:
            staying.append(group)
            norms += [most] if most is not None else []
    shared = rules.shares([group.capacity for group in staying], min(norms, default=None))
    opened: dict[int, Group] = {}
    for group, capacity in zip(staying, shared, strict=True):
        if capacity:
            together = next(iter(opened.values()), None)
            new = _like(group, birth_year, school_year, capacity=capacity, combined_with=together)
            opened[group.id] = steps.open_group(group.kindergarten, new, now=now)
    return opened


def _norm(group: Group, birth_year: int, *, on: date) -> tuple[bool, int | None]:
    """Whether there are groups of this type at the age, and how large they may be; None where no norm is known."""
    try:
        known = CorrectionType(group.correction or "")
    except ValueError:
        return True, None
    most = corrections.group_most(known, birth_year, law.rulebook(group.territory_id), on=on)
    return most is not None, None if most is None else int(most.value)


def _like(group: Group, birth_year: int, school_year: int, *, capacity: int, combined_with: Group | None) -> NewGroup:
    return NewGroup(
        name=steps.successor_name(group.name, birth_year),
        birth_year=birth_year,
        language=group.language,
        correction=group.correction,
        capacity=capacity,
        parent_fee=group.parent_fee,
        combined_with_id=combined_with.id if combined_with else None,
        school_year=school_year,
    )
