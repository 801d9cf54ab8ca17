"""The public picture of a line: who waits, what is free and who was admitted today, without names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from balabaqsha.admissions.models import Admission
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line


@dataclass(frozen=True)
class FreeRow:
    """Free places of one birth year, language and sort of group."""

    birth_year: int
    language: str
    special: bool
    free: int


@dataclass(frozen=True)
class AdmittedRow:
    """Children whose contract was signed by both on a day, in one kindergarten and birth year."""

    kindergarten_code: str
    name_kk: str
    name_ru: str
    birth_year: int
    language: str
    children: int


@dataclass(frozen=True)
class LineRow:
    """One place of the line as everybody may see it."""

    place: int
    number: str
    category: int
    original_at: datetime
    birth_year: int


@dataclass(frozen=True)
class Shares:
    """How many wait by category and birth year."""

    birth_years: tuple[int, ...]
    by_category: tuple[tuple[int, tuple[int, ...], int], ...]
    totals: tuple[int, ...]
    waiting: int


def territories_with_lines(codes: QuerySet[object]) -> list[str]:
    """Codes among these that have a line of the voucher regime, in order. One query."""
    return sorted(set(Line.objects.filter(territory__in=codes, birth_year=None).values_list("territory_id", flat=True)))


def free_rows(territory_code: str, *, now: datetime) -> list[FreeRow]:
    """Free places of a territory's line by birth year, language and sort of group. One query."""
    places = kindergartens.free_places(now).filter(group__territory_id=territory_code)
    rows = places.values_list("group__birth_year", "group__language", "group__correction").annotate(free=Count("id"))
    counts: dict[tuple[int, str, bool], int] = defaultdict(int)
    for birth_year, language, correction, free in rows:
        counts[birth_year, language, correction is not None] += free
    return [FreeRow(*key, free) for key, free in sorted(counts.items())]


def admitted_on(territory_code: str, day: date, *, now: datetime) -> list[AdmittedRow]:
    """Children enrolled on the national day up to now, transfers left out. One query."""
    rows = (
        Admission.objects.filter(
            group__territory_id=territory_code,
            is_transfer=False,
            enrolled_at__gte=start_of(day),
            enrolled_at__lt=start_of(day + timedelta(days=1)),
            enrolled_at__lte=now,
        )
        .values_list(
            "group__kindergarten__code",
            "group__kindergarten__name_kk",
            "group__kindergarten__name_ru",
            "group__birth_year",
            "group__language",
        )
        .annotate(children=Count("id"))
        .order_by("group__kindergarten__name_kk", "group__kindergarten__code", "group__birth_year", "group__language")
    )
    return [AdmittedRow(*row) for row in rows]


def admitted_today(territory_code: str, *, now: datetime) -> list[AdmittedRow]:
    """Children enrolled on the national day of `now`. One query."""
    return admitted_on(territory_code, localdate(now), now=now)


def shares(territory_code: str, kind: str) -> Shares:
    """How many wait in a line by category and birth year. One query."""
    counted = lines.waiting_by(territory_code, "kind", "category", "birth_year")
    counts = {
        (category, birth_year): waiting for (its, category, birth_year), waiting in counted.items() if its == kind
    }
    years = tuple(sorted({year for _, year in counts}))
    by_category = tuple(
        (category, row := tuple(counts.get((category, year), 0) for year in years), sum(row))
        for category in sorted({category for category, _ in counts})
    )
    totals = tuple(sum(row[place] for _, row, _ in by_category) for place in range(len(years)))
    return Shares(birth_years=years, by_category=by_category, totals=totals, waiting=sum(totals))


def line_rows(
    territory_code: str, kind: str, *, category: int | None, birth_year: int | None, start: int, size: int
) -> list[LineRow]:
    """So many rows of the line after the first `start` of those that the filters leave. Two queries.

    The place is that in the whole line, whatever the filters leave out.
    """
    wanted = {name: value for name, value in (("category", category), ("birth_year", birth_year)) if value is not None}
    found = lines.in_order(territory_code, kind).filter(**wanted).values_list("id", *_SHOWN)[start : start + size]
    rows = {application_id: shown for application_id, *shown in found}
    places = lines.places_of(territory_code, kind, rows)
    # Whoever left the line between the two looks is left out.
    return [LineRow(places[one], *shown) for one, shown in rows.items() if one in places]


_SHOWN = ("number", "category", "original_at", "birth_year")
