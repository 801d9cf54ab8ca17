"""What a story shows after a step: everybody who applied and every group, in as few queries as there are tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import HOLDING_A_PLACE, Stage
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.kernel.time import local
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.line import linear
from balabaqsha.line import queries as lines


def moment(at: datetime) -> str:
    """A moment as stories print it: national time with its offset."""
    return local(at).isoformat()


def groups(ids: Mapping[str, int], *, now: datetime) -> dict[str, Any]:
    """The free places of each group, by the story's names, of which `ids` tells the groups. One query."""
    free = kindergartens.free_by_group(Group.objects.filter(id__in=ids.values()), now=now)
    return {name: {"free": free[group_id]} for name, group_id in ids.items()}


def applications(ids: Mapping[str, int], *, groups: Mapping[str, int]) -> dict[str, Any]:
    """What became of each application, by the story's names; two queries, and one or two for each line."""
    if not ids:
        return {}
    rows = Application.objects.in_bulk(ids.values())
    names = {group_id: name for name, group_id in groups.items()}
    held = {application_id: names[group_id] for application_id, group_id in _held(rows).items()}
    line_places = _line_places(rows)
    return {
        name: {
            "state": rows[number].state,
            "reason": rows[number].reason,
            "due": moment(due_at) if (due_at := rows[number].due_at) else None,
            "place": held.get(number),
            "line_place": line_places.get(number),
            "misses": rows[number].misses,
        }
        for name, number in ids.items()
    }


def _held(rows: Mapping[int, Application]) -> dict[int, int]:
    """The group whose place each application holds; of a transfer the old one, until it ends."""
    holding = Admission.objects.filter(application_id__in=list(rows), stage__in=sorted(HOLDING_A_PLACE))
    found: dict[int, int] = {}
    for application_id, group_id, stage in holding.values_list("application_id", "group_id", "stage"):
        if stage == Stage.ENROLLED or application_id not in found:
            found[application_id] = group_id
    return found


def _line_places(rows: Mapping[int, Application]) -> dict[int, int]:
    waiting = [row for row in rows.values() if row.state == State.WAITING]
    ids = [row.id for row in waiting]
    places: dict[int, int] = {}
    keys = {(row.territory_id, row.kind, linear.key_of(row)) for row in waiting}
    for territory_id, kind, key in keys:
        places |= linear.places_of(key, ids) if key else lines.places_of(territory_id, kind, ids)
    return places
