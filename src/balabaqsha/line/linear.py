"""Reads of linear lines: one for each territory, birth year and correction."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.kindergartens.models import Group, Hold, Ownership
from balabaqsha.kindergartens.models import Place as PlaceRow
from balabaqsha.law.lists import Tier
from balabaqsha.line import blocks, rules
from balabaqsha.line.models import Line
from balabaqsha.territories.regimes import Regime

_CHUNK = 512

# Within one tier.
ORDER = ("original_at", "id")


@dataclass(frozen=True)
class LineKey:
    """What tells one linear line from another; `correction` is None in the general line."""

    territory_code: str
    birth_year: int
    correction: str | None

    @property
    def kind(self) -> Kind:
        """The kind of application that stands in it."""
        return Kind.GENERAL if self.correction is None else Kind.SPECIAL

    @property
    def applications(self) -> Q:
        """The condition on an application of belonging to this line, whatever its state."""
        return Q(
            regime=Regime.LINEAR.value,
            territory_id=self.territory_code,
            birth_year=self.birth_year,
            correction=self.correction,
        )

    @property
    def groups(self) -> Q:
        """The condition on a group of serving this line."""
        return Q(territory_id=self.territory_code, birth_year=self.birth_year, correction=self.correction)

    @property
    def row(self) -> Q:
        """The condition on the row of this line."""
        return Q(
            territory_id=self.territory_code, kind=self.kind, birth_year=self.birth_year, correction=self.correction
        )


def key_of_line(line: Line) -> LineKey:
    """The key of a linear line's row."""
    if line.birth_year is None:
        raise ValueError("a line of the voucher regime")
    return LineKey(line.territory_id, line.birth_year, line.correction)


def key_of(application: Application) -> LineKey | None:
    """The line in which an application stands, or would; None in the voucher regime."""
    if application.regime != Regime.LINEAR:
        return None
    return LineKey(application.territory_id, application.birth_year, application.correction)


def key_of_group(group: Group) -> LineKey:
    """The linear line that the group's places serve, if its territory is linear."""
    return LineKey(group.territory_id, group.birth_year, group.correction)


def key_of_group_id(group_id: int) -> LineKey:
    """The same of a group's id; raises Group.DoesNotExist. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT territory_id, birth_year, correction FROM kindergartens_group WHERE id = %s", [group_id])
        found = cursor.fetchone()
    if found is None:
        raise Group.DoesNotExist
    return LineKey(*found)


def waiting(key: LineKey) -> QuerySet[Application]:
    """All who stand in the line, those passed over too."""
    return Application.objects.filter(key.applications, state=State.WAITING)


@dataclass(frozen=True)
class Next:
    """Somebody whom a line may serve, as far as the order asks."""

    id: int
    benefit: str
    original_at: datetime


def servable(key: LineKey, *, limit: int) -> dict[Tier, Iterator[Next]]:
    """Those who may be served, in order, by tier: the first of all tiers by one query, more as they are asked for."""
    # Written into the statement, so that PostgreSQL keeps one plan of it: of few sizes.
    size = min(1 << (limit - 1).bit_length(), _CHUNK)
    first = _next(key, dict.fromkeys(Tier), size=size)
    return {tier: _in_pieces(key, tier, first[tier], size=size) for tier in Tier}


def _in_pieces(key: LineKey, tier: Tier, piece: list[Next], *, size: int) -> Iterator[Next]:
    while True:
        yield from piece
        if len(piece) < size:
            return
        piece = _next(key, {tier: piece[-1]}, size=size)[tier]


def _next(key: LineKey, after: Mapping[Tier, Next | None], *, size: int) -> dict[Tier, list[Next]]:
    """Written out: every place that is given asks for one row, by an index whose columns must all be compared."""
    values = {"territory": key.territory_code, "year": key.birth_year, "correction": key.correction}
    correction = "IS NULL" if key.correction is None else "= %(correction)s"
    parts = []
    for tier, last in after.items():
        later = ""
        if last is not None:
            later = f"AND (original_at, id) > (%(moment_{tier.value})s, %(id_{tier.value})s)"
            values |= {f"moment_{tier.value}": last.original_at, f"id_{tier.value}": last.id}
        parts.append(_NEXT.format(correction=correction, tier=tier.value, later=later, size=size))
    found: dict[Tier, list[Next]] = {tier: [] for tier in after}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for tier, *rest in cursor.fetchall():
            found[Tier(tier)].append(Next(*rest))
    return found


# PostgreSQL takes a column that `IS NULL` for one that still has to be sorted by: named first, the index is in order.
_NEXT = """
(SELECT tier, id, benefit, original_at FROM applications_application
WHERE territory_id = %(territory)s AND birth_year = %(year)s AND correction {correction} AND tier = '{tier}'
    AND state = 'WAITING' AND regime = 'LINEAR' AND passed_over_until IS NULL {later}
ORDER BY correction, original_at, id LIMIT {size})
"""


def row(key: LineKey) -> Line | None:
    """The line as it stands, without a lock; None while nobody has ever stood in it. One query."""
    return Line.objects.filter(key.row).first()


@dataclass(frozen=True)
class Standings:
    """How many stand in a line now, and where its slots have come to; answers for any place in it."""

    line: rules.Standing
    slot: int
    cycle: rules.Cycle

    def place(self, tier: Tier, ahead: int) -> int:
        """The place, from 1, of whoever has so many ahead in its own tier."""
        return rules.place(tier, ahead, line=self.line, slot=self.slot, cycle=self.cycle)


def _standings(line: Line, counted: blocks.TierStanding) -> Standings:
    counts = rules.Standing(counted.out_of_turn, counted.priority, counted.ordinary)
    return Standings(line=counts, slot=line.slot, cycle=rules.cycle(line.cycle))


@dataclass(frozen=True)
class Place:
    """Where an application stands in its line, and inside its tier, and how many stand in each."""

    number: int
    waiting: int
    number_in_tier: int
    waiting_in_tier: int


def place(application: Application) -> Place | None:
    """Where an application that waits stands in its linear line; None once it waits no more. Two queries."""
    key = key_of(application)
    line = row(key) if key else None
    if key is None or line is None:
        raise LookupError(f"application {application.number} stands in no linear line")
    return standing_of(line, [application.id]).get(application.id)


@dataclass(frozen=True)
class StandingInLists:
    """How many wait in each list, how many before an application in its own, and the slot that comes next."""

    waiting: dict[Tier, int]
    ahead: int
    slot: int
    cycle: str


def standing_by_tier(application: Application) -> StandingInLists | None:
    """What the place of an application that waits is counted from; None once it waits no more. Two queries."""
    key = key_of(application)
    line = row(key) if key else None
    found = _tier_standings(key, [application.id]).get(application.id) if key and line else None
    if line is None or found is None:
        return None
    waiting = {tier: getattr(found, tier.value.lower()) for tier in Tier}
    return StandingInLists(waiting=waiting, ahead=found.ahead, slot=line.slot, cycle=line.cycle)


def number_before(key: LineKey, tier: Tier, original_at: datetime, application_id: int) -> int:
    """How many others wait in a list before this moment, and at it with a lower id. One query, by an index."""
    earlier = Q(original_at__lt=original_at) | Q(original_at=original_at, id__lt=application_id)
    return waiting(key).filter(earlier, tier=tier, original_at__lte=original_at).exclude(id=application_id).count()


def places_of(key: LineKey, application_ids: Iterable[int]) -> dict[int, int]:
    """The place in line of each of these applications that waits, by id. Two queries, whatever the line's length."""
    line = row(key)
    if line is None:
        return {}
    return {application_id: found.number for application_id, found in standing_of(line, application_ids).items()}


def standing_of(line: Line, application_ids: Iterable[int]) -> dict[int, Place]:
    """Where each of these applications that waits stands in its line, by id. One query, whatever the line's length."""
    found = _tier_standings(key_of_line(line), application_ids)
    return {application_id: _place(line, one) for application_id, one in found.items()}


def _place(line: Line, found: blocks.TierStanding) -> Place:
    tier, standings = Tier(found.tier), _standings(line, found)
    return Place(
        number=standings.place(tier, found.ahead),
        waiting=standings.line.waiting,
        number_in_tier=found.ahead + 1,
        waiting_in_tier=standings.line.of(tier),
    )


def stretch(line: Line, standing: rules.Standing, *, start: int, size: int) -> list[Application]:
    """So many of the line after the first `start`, where so many stand in it; in no order. Three queries."""
    key, cycle = key_of_line(line), rules.cycle(line.cycle)
    found: list[Application] = []
    for tier in Tier:
        part = rules.stretch(tier, start + 1, start + size, line=standing, slot=line.slot, cycle=cycle)
        found += waiting(key).filter(tier=tier).order_by(*ORDER)[part.start : part.stop]
    return found


def all_places(territory_code: str) -> dict[int, int]:
    """The place in its own line of everybody who waits in the linear lines of a territory, by id. Two queries."""
    waiting_ = Application.objects.filter(
        regime=Regime.LINEAR.value, territory_id=territory_code, state=State.WAITING
    ).annotate(
        stands=Window(
            RowNumber(), partition_by=["birth_year", "correction", "tier"], order_by=[F(one) for one in ORDER]
        )
    )
    rows = list(waiting_.values_list("id", "birth_year", "correction", "tier", "stands"))
    counted = Counter((year, correction, tier) for _, year, correction, tier, _ in rows)
    lines = {
        (line.birth_year, line.correction): line
        for line in Line.objects.filter(territory=territory_code, birth_year__isnull=False)
    }
    places = {}
    for application_id, year, correction, tier, stands in rows:
        line = lines[year, correction]
        counts = rules.Standing(*(counted[year, correction, one.value] for one in Tier))
        standings = Standings(line=counts, slot=line.slot, cycle=rules.cycle(line.cycle))
        places[application_id] = standings.place(Tier(tier), stands - 1)
    return places


def _tier_standings(key: LineKey, application_ids: Iterable[int]) -> dict[int, blocks.TierStanding]:
    return blocks.tier_standings(
        key.territory_code, birth_year=key.birth_year, correction=key.correction, application_ids=application_ids
    )


def free_state_places(key: LineKey) -> int:
    """Published places of the line's groups that nobody holds, private kindergartens aside. One query."""
    return _free(key).count()


def free_state_places_of(territory_code: str) -> Counter[tuple[int | None, str | None]]:
    """The same for every line of a territory, by birth year and correction. One query."""
    groups = Q(territory_id=territory_code)
    rows = _free_in(groups).values_list("group__birth_year", "group__correction").annotate(n=Count("id")).order_by()
    return Counter({(year, correction): free for year, correction, free in rows})


def most_free_in_one_kindergarten(key: LineKey) -> int:
    """The most of these places that stand in one kindergarten. One query."""
    counted = _free(key).values("group__kindergarten").annotate(n=Count("id")).order_by()
    return int(counted.aggregate(most=Max("n"))["most"] or 0)


def _free(key: LineKey) -> QuerySet[PlaceRow]:
    return _free_in(key.groups)


def _free_in(which: Q) -> QuerySet[PlaceRow]:
    """A hold that has run out still counts: its lapse frees the place, at its own moment."""
    groups = Group.objects.filter(which, kindergarten__ownership=Ownership.STATE, closed_at__isnull=True)
    held = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    return PlaceRow.objects.filter(~Exists(held), group__in=groups, published=True)
