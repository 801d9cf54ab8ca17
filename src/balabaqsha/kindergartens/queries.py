"""Reads of kindergartens, groups and places."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from balabaqsha.kindergartens.models import Group, Hold, Kindergarten, Place, Purpose
from balabaqsha.territories import queries as territories


def free_places(now: datetime) -> QuerySet[Place]:
    """Published places that nobody holds at this moment; a hold whose end has passed blocks nobody."""
    holding = Hold.objects.filter(
        Q(until__isnull=True) | Q(until__gte=now), place=OuterRef("pk"), ended_at__isnull=True
    )
    return Place.objects.filter(~Exists(holding), published=True, group__closed_at__isnull=True)


def free_in_group(group_id: int, *, now: datetime) -> int:
    """How many places of the group are free at this moment. One query."""
    return free_places(now).filter(group_id=group_id).count()


def free_by_group(groups: QuerySet[Group], *, now: datetime) -> Counter[int]:
    """Free places by group id, for many groups. One query."""
    rows = free_places(now).filter(group__in=groups).values_list("group_id").annotate(free=Count("id"))
    return Counter(dict(rows))


def unpublished_in_group(group_id: int) -> int:
    """How many places of the group's capacity are kept from families. One query."""
    return Place.objects.filter(group_id=group_id, published=False, withdrawn_at=None).count()


def enrolled_by_group(groups: QuerySet[Group]) -> Counter[int]:
    """Enrolled children by group id, for many groups. One query."""
    enrolled = Hold.objects.filter(place__group__in=groups, purpose=Purpose.ENROLMENT, ended_at__isnull=True)
    return Counter(dict(enrolled.values_list("place__group_id").annotate(n=Count("id"))))


@dataclass(frozen=True)
class GroupRow:
    """A group and its places as they stand: taken by enrolled children, held for families, free, kept back."""

    group: Group
    enrolled: int
    held: int
    free: int
    unpublished: int


def group_rows(groups: QuerySet[Group], *, now: datetime) -> list[GroupRow]:
    """Groups with their places counted, in order of birth year and name. Two queries."""
    live = Hold.objects.filter(Q(until__isnull=True) | Q(until__gte=now), place=OuterRef("pk"), ended_at__isnull=True)
    counted = (
        Place.objects.filter(group__in=groups, withdrawn_at=None)
        .annotate(holder=Subquery(live.values("purpose")[:1]))
        .values_list("group_id")
        .annotate(
            enrolled=Count("id", filter=Q(holder=Purpose.ENROLMENT)),
            held=Count("id", filter=Q(holder__isnull=False) & ~Q(holder=Purpose.ENROLMENT)),
            free=Count("id", filter=Q(holder__isnull=True, published=True)),
            unpublished=Count("id", filter=Q(holder__isnull=True, published=False)),
        )
    )
    by_group = {group_id: numbers for group_id, *numbers in counted}
    return [
        GroupRow(group, *by_group.get(group.id, (0, 0, 0, 0))) for group in groups.order_by("-birth_year", "name", "id")
    ]


def in_territory(code: str, *, and_code: str = "") -> QuerySet[Kindergarten]:
    """Kindergartens of a territory and below that are not closed, and the one of `and_code` wherever it is."""
    within = Q(territory__in=territories.subtree(code).values("code"))
    return Kindergarten.objects.filter(within | Q(code=and_code), closed_at__isnull=True).order_by("name_kk", "id")
