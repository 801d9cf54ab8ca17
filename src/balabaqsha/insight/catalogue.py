"""The public picture of kindergartens: what they are, where they lie and which places are free, never the hidden ones."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from balabaqsha.admissions.models import WaitingListEntry
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group, Kindergarten


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for; an empty part matters not."""

    name: str = ""
    languages: Collection[str] = ()
    birth_year: int | None = None
    kinds: Collection[str] = ()
    settlement: str = ""


@dataclass(frozen=True)
class Found:
    """A kindergarten that fits, with the free places that fit."""

    id: int
    code: str
    name_kk: str
    name_ru: str
    latitude: float | None
    longitude: float | None
    free: int


@dataclass(frozen=True)
class GroupLine:
    """A group as the public sees it. `free` counts published places that nobody holds; `waiting` its waiting list."""

    id: int
    name: str
    birth_year: int
    language: str
    correction: str | None
    capacity: int
    parent_fee: int
    school_year: int | None
    free: int
    waiting: int


def open_gardens(codes: Collection[str]) -> QuerySet[Kindergarten]:
    """Kindergartens of these territories that are not closed."""
    return Kindergarten.objects.filter(territory__in=codes, closed_at__isnull=True)


def find(codes: Collection[str], wanted: Wanted, *, now: datetime) -> list[Found]:
    """Kindergartens of these territories that fit, in no order. Two queries."""
    fitting = _fitting_groups(wanted)
    rows = _fitting(open_gardens(codes), wanted).filter(
        Exists(Group.objects.filter(fitting, kindergarten=OuterRef("pk")))
    )
    ids = Group.objects.filter(fitting, territory__in=codes).values("id")
    free: dict[int, int] = dict(
        kindergartens.free_places(now)
        .filter(group__in=ids)
        .values_list("group__kindergarten_id")
        .annotate(free=Count("id"))
    )
    return [
        Found(*row, free=free.get(row[0], 0))
        for row in rows.values_list("id", "code", "name_kk", "name_ru", "latitude", "longitude")
    ]


def groups_of(kindergarten_ids: Collection[int], *, now: datetime) -> dict[int, list[GroupLine]]:
    """The open groups of each kindergarten, by birth year and name. Three queries."""
    groups = Group.objects.filter(kindergarten_id__in=kindergarten_ids, closed_at__isnull=True)
    free = kindergartens.free_by_group(groups, now=now)
    waiting = _waiting(groups)
    found: dict[int, list[GroupLine]] = defaultdict(list)
    for group in groups.order_by("birth_year", "name", "id"):
        found[group.kindergarten_id].append(
            GroupLine(
                id=group.id,
                name=group.name,
                birth_year=group.birth_year,
                language=group.language,
                correction=group.correction,
                capacity=group.capacity,
                parent_fee=group.parent_fee,
                school_year=group.school_year,
                free=free[group.id],
                waiting=waiting.get(group.id, 0),
            )
        )
    return found


def birth_years(codes: Collection[str]) -> list[int]:
    """Birth years that have open groups in these territories. One query."""
    groups = Group.objects.filter(territory__in=codes, closed_at__isnull=True)
    return list(groups.values_list("birth_year", flat=True).distinct().order_by("birth_year"))


def _waiting(groups: QuerySet[Group]) -> dict[int, int]:
    entries = WaitingListEntry.objects.filter(group__in=groups, left_at__isnull=True)
    return dict(entries.values_list("group_id").annotate(waiting=Count("id")))


def _fitting_groups(wanted: Wanted) -> Q:
    fitting = Q(closed_at__isnull=True)
    if wanted.languages:
        fitting &= Q(language__in=list(wanted.languages))
    if wanted.birth_year is not None:
        fitting &= Q(birth_year=wanted.birth_year)
    return fitting


def _fitting(rows: QuerySet[Kindergarten], wanted: Wanted) -> QuerySet[Kindergarten]:
    for word in wanted.name.split():
        rows = rows.filter(Q(name_kk__icontains=word) | Q(name_ru__icontains=word))
    if wanted.kinds:
        rows = rows.filter(_of_kinds(wanted.kinds))
    if wanted.settlement:
        rows = rows.filter(settlement_id=wanted.settlement)
    return rows


def _of_kinds(kinds: Iterable[str]) -> Q:
    """STATE and PRIVATE are ordinary kindergartens of that ownership; the other kinds are types."""
    condition = Q(pk__in=[])
    for kind in kinds:
        ordinary = kind in {"STATE", "PRIVATE"}
        condition |= Q(type="KINDERGARTEN", ownership=kind) if ordinary else Q(type=kind)
    return condition


def kind_of(kindergarten: Kindergarten) -> str:
    """The one word by which people know it: STATE, PRIVATE, MINI_CENTRE, SPECIAL or SANATORIUM."""
    return kindergarten.ownership if kindergarten.type == "KINDERGARTEN" else kindergarten.type


KINDS = ("STATE", "PRIVATE", "MINI_CENTRE", "SPECIAL", "SANATORIUM")
