"""The public picture of a line: who waits, what is free and who was admitted today, without names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
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
    rows = (
        Application.objects.filter(territory_id=territory_code, kind=kind, state=State.WAITING)
        .values_list("category", "birth_year")
        .annotate(waiting=Count("id"))
    )
    counts = {(category, birth_year): waiting for category, birth_year, waiting in rows}
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
    """So many rows of the line after the first `start` of those that the filters leave. One query.

    The place is that in the whole line, whatever the filters leave out.
    """
    line = lines.in_order(territory_code, kind)
    if category is None and birth_year is None:
        return list(_rows(line.values_list(*_SHOWN)[start : start + size], start))
    wanted = Q()
    if category is not None:
        wanted &= Q(category=category)
    if birth_year is not None:
        wanted &= Q(birth_year=birth_year)
    placed = line.annotate(place=Window(RowNumber(), order_by=list(lines.ORDER)))
    # A condition that names the place, though never true, is judged after the places are counted, and with it the rest.
    found = placed.filter(Q(place__lt=1) | wanted).values_list("place", *_SHOWN)
    return [LineRow(*row) for row in found[start : start + size]]


_SHOWN = ("number", "category", "original_at", "birth_year")


def _rows(rows: Iterable[tuple[str, int, datetime, int]], start: int) -> Iterable[LineRow]:
    for place, row in enumerate(rows, start + 1):
        yield LineRow(place, *row)
