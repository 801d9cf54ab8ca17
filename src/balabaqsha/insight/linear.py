"""The public picture of linear lines: who waits, what is free, promised or open, and the bulletin of the day; no names."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group, Hold, Ownership, Place
from balabaqsha.law import queries as law
from balabaqsha.law.lists import Tier
from balabaqsha.line import linear, rules
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line
from balabaqsha.record import queries as record
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories.regimes import Regime

# Acts that change how many places of a group are published.
_PUBLISHED = {"publish": 1, "recall": -1}
_OPENED = frozenset({"group-opened", "kindergarten-opened"})


@dataclass(frozen=True)
class LineNow:
    """A line as it stands: who waits in it, free state places, of them promised by turns and open to free choice.

    `private` counts free places of private kindergartens. The lines of all corrections of a birth year are one here:
    which of them a child stands in would tell of its health.
    """

    birth_year: int
    special: bool
    standing: rules.Standing
    free: int
    turns: int
    openings: int
    private: int
    round_ends_at: datetime | None


@dataclass(frozen=True)
class LineRow:
    """One place of a line as everybody may see it; `waits_longer`: it is passed over until a later day, its place kept."""

    place: int
    number: str
    tier: Tier
    place_in_tier: int
    original_at: datetime
    waits_longer: bool


@dataclass(frozen=True)
class BulletinRow:
    """Free places of a group at the hour of the bulletin, and now."""

    group: Group
    then: int
    now: int


def territories_with_lines(codes: QuerySet[object]) -> list[str]:
    """Codes among these that have a line of the linear regime, in order. One query."""
    rows = Line.objects.filter(territory__in=codes, birth_year__isnull=False)
    return sorted(set(rows.values_list("territory_id", flat=True)))


def lines_now(territory_code: str, *, now: datetime) -> list[LineNow]:
    """Every line of the territory in which somebody waits or a place is free, by birth year. Four queries."""
    waiting, free = _waiting(territory_code), _free(territory_code, now=now)
    lines_ = list(Line.objects.filter(territory_id=territory_code, birth_year__isnull=False))
    turns = referrals.live_turns_by_line(line.id for line in lines_)
    rows: dict[tuple[int, bool], list[Line]] = defaultdict(list)
    for line in lines_:
        rows[line.birth_year, line.correction is not None].append(line)
    opened = {key for key, of_key in rows.items() if any(line.openings for line in of_key)}
    return [
        LineNow(
            *key,
            standing=waiting.get(key, rules.Standing(0, 0, 0)),
            free=free[key][Ownership.STATE],
            turns=sum(turns[line.id] for line in rows[key]),
            openings=sum(line.openings for line in rows[key]),
            private=free[key][Ownership.PRIVATE],
            round_ends_at=min((line.round_ends_at for line in rows[key] if line.round_ends_at), default=None),
        )
        for key in sorted({*waiting, *free, *opened})
    ]


def _waiting(territory_code: str) -> dict[tuple[int, bool], rules.Standing]:
    counts: dict[tuple[int, bool], Counter[str]] = defaultdict(Counter)
    counted = lines.waiting_by(territory_code, "regime", "birth_year", "correction", "tier")
    for (regime, birth_year, correction, tier), waiting in counted.items():
        # Where the regime has changed, those who applied before it stand in the line of the other one.
        if regime == Regime.LINEAR:
            counts[birth_year, correction is not None][tier] += waiting
    return {key: rules.Standing(*(of_key[tier.value] for tier in Tier)) for key, of_key in counts.items()}


def _free(territory_code: str, *, now: datetime) -> dict[tuple[int, bool], Counter[str]]:
    places = kindergartens.free_places(now).filter(group__territory_id=territory_code)
    rows = places.values_list("group__birth_year", "group__correction", "group__kindergarten__ownership")
    free: dict[tuple[int, bool], Counter[str]] = defaultdict(Counter)
    for birth_year, correction, ownership, count in rows.annotate(free=Count("id")):
        free[birth_year, correction is not None][ownership] += count
    return free


def line_rows(territory_code: str, birth_year: int, *, start: int, size: int) -> list[LineRow]:
    """So many rows of a general line after the first `start`, in the merged order. Six queries."""
    line = linear.row(linear.LineKey(territory_code, birth_year, None))
    standing = _waiting(territory_code).get((birth_year, False))
    if line is None or standing is None:
        return []
    found = {one.id: one for one in linear.stretch(line, standing, start=start, size=size)}
    # Whoever left the line between the looks is left out.
    places = linear.standing_of(line, found)
    rows = [
        LineRow(
            place.number,
            one.number,
            Tier(one.tier),
            place.number_in_tier,
            one.original_at,
            one.passed_over_until is not None,
        )
        for one, place in ((found[application_id], place) for application_id, place in places.items())
    ]
    return sorted(rows, key=lambda row: row.place)


# The bulletin.


def bulletin_at(territory_code: str, *, now: datetime) -> datetime:
    """The moment of the last bulletin: the hour that the territory sets, today or yesterday. One query."""
    rulebook = law.rulebook(territory_code)
    for day in (localdate(now), localdate(now) - timedelta(days=1)):
        at = start_of(day) + timedelta(hours=int(rulebook.term("bulletin.hour", on=day).value))
        if at <= now:
            break
    return at


def bulletin(territory_code: str, *, at: datetime, now: datetime) -> list[BulletinRow]:
    """Groups that have a free place or had one at the moment `at`, by name of the kindergarten. Five queries."""
    groups = Group.objects.filter(territory_id=territory_code).select_related("kindergarten")
    then, today = free_at(territory_code, at=at, now=now), kindergartens.free_by_group(groups, now=now)
    rows = [BulletinRow(group, then[group.id], today[group.id]) for group in groups.filter(id__in={*then, *today})]
    return sorted(rows, key=lambda row: (row.group.kindergarten.name_kk, row.group.birth_year, row.group.name))


def free_at(territory_code: str, *, at: datetime, now: datetime) -> Counter[int]:
    """Free places by group as they stood at a moment: what was published then, less what was held. Three queries.

    Holds keep their moments; how many places were published since, and taken back, stands in the journal.
    """
    still_open = Q(group__closed_at__isnull=True) | Q(group__closed_at__gt=at)
    places = Place.objects.filter(still_open, group__territory_id=territory_code)
    free = _by_group(places.filter(published=True))
    held = Hold.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        Q(until__isnull=True) | Q(until__gte=at),
        place__in=places,
        held_at__lte=at,
    )
    free.subtract(Counter(held.values_list("place__group_id", flat=True)))
    opened: set[int] = set()
    for event in record.events_of_territory(territory_code, acts={*_PUBLISHED, *_OPENED}, after=at, until=now):
        if event.act in _OPENED:
            opened |= set(event.facts.get("groups", [event.facts.get("group")]))
        else:
            free[event.facts["group"]] -= _PUBLISHED[event.act] * event.facts["places"]
    # A group that was opened since had no place to give.
    return Counter({group: places for group, places in free.items() if places > 0 and group not in opened})


def _by_group(places: QuerySet[Place]) -> Counter[int]:
    return Counter(dict(places.values_list("group_id").annotate(n=Count("id"))))
