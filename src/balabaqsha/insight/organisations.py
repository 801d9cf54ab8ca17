"""What the department looks at of its kindergartens: capacity against the norm, and places that are kept from families."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.aggregates import Count, Min

from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group, Hold, Place
from balabaqsha.law import corrections
from balabaqsha.law import queries as law


@dataclass(frozen=True)
class NormRow:
    """A group with the norm of its type and age; None where none is known. `over` is its capacity less the norm."""

    group: Group
    norm: int | None
    assumed: bool

    @property
    def over(self) -> int:
        """How many places it has above the norm; below it, negative."""
        return 0 if self.norm is None else self.group.capacity - self.norm


@dataclass(frozen=True)
class Withheld:
    """Places of one group that are kept from families for one reason: how many, and since when the first of them.

    `because` is a code of RecallReason or of Kept; `since` None and `because` empty: not on record.
    """

    group: Group
    because: str
    since: datetime | None
    places: int


def open_groups(codes: Collection[str]) -> QuerySet[Group]:
    """The open groups of these territories with their kindergartens, by kindergarten, birth year and name."""
    rows = Group.objects.filter(territory__in=codes, closed_at=None).select_related("kindergarten")
    return rows.order_by("kindergarten__name_kk", "kindergarten_id", "-birth_year", "name", "id")


def norms(groups: QuerySet[Group], *, now: datetime) -> list[NormRow]:
    """These groups against the norm of today, in the order of their rows. One query, and one for each territory."""
    today, found = localdate(now), []
    rulebooks = {}
    for group in groups:
        if group.territory_id not in rulebooks:
            rulebooks[group.territory_id] = law.rulebook(group.territory_id)
        term = corrections.norm(group.correction, group.birth_year, rulebooks[group.territory_id], on=today)
        found.append(NormRow(group, None if term is None else int(term.value), bool(term and term.assumed)))
    return found


def withheld(groups: QuerySet[Group], *, now: datetime) -> list[Withheld]:
    """Places of these groups that nobody holds and that are not published, by group and reason, the oldest first.

    A place whose hold has run out by now is nobody's. Two queries.
    """
    live = Hold.objects.filter(Q(until=None) | Q(until__gte=now), place=OuterRef("pk"), ended_at=None)
    rows = (
        Place.objects.filter(~Exists(live), group__in=groups.order_by(), published=False, withdrawn_at=None)
        .values_list("group_id", "kept_because")
        .annotate(since=Min("kept_since"), places=Count("id"))
        .order_by(F("since").asc(nulls_first=True), "group_id", "kept_because")
    )
    counted = list(rows)
    by_id = groups.in_bulk({group_id for group_id, *_ in counted})
    return [Withheld(by_id[group_id], because, since, places) for group_id, because, since, places in counted]
