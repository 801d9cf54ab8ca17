"""Statistics: waiting, free places, vouchers and enrolments, each a plain count of rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, F, Func, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf, TruncMonth

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Place
from balabaqsha.vouchers.models import Voucher

Key = Any


@dataclass(frozen=True)
class Scope:
    """What is counted: territories by code, and a period from `since` to `now`, both included."""

    codes: tuple[str, ...]
    since: datetime
    now: datetime


@dataclass(frozen=True)
class Counts:
    """Waiting and free are as they stand at `now`; vouchers and enrolments are those of the period."""

    waiting: int = 0
    free: int = 0
    vouchers: int = 0
    enrolments: int = 0


@dataclass(frozen=True)
class Row:
    """The counts of one key: a settlement's code, a birth year or a language."""

    key: Key
    counts: Counts


@dataclass(frozen=True)
class MonthRow:
    """Vouchers given and children enrolled in a calendar month, named by its first day."""

    month: date
    vouchers: int
    enrolments: int


def totals(scope: Scope) -> Counts:
    """The four numbers of the whole territory. Four queries."""
    sources = _sources(scope)
    return Counts(**{name: rows.count() for name, rows in sources.items()})


def by_birth_year(scope: Scope) -> list[Row]:
    """By the child's birth year, for places the group's; oldest first. Four queries."""
    return _grouped(
        scope,
        waiting=F("birth_year"),
        free=F("group__birth_year"),
        vouchers=F("application__birth_year"),
        enrolments=F("application__birth_year"),
    )


def by_language(scope: Scope) -> list[Row]:
    """By language of instruction. Four queries.

    A family may name several languages, and then counts in each; one that named none counts under "". For places and
    enrolments it is the group's language.
    """
    return _grouped(
        scope,
        waiting=each_language("languages"),
        free=F("group__language"),
        vouchers=each_language("application__languages"),
        enrolments=F("group__language"),
    )


def by_settlement(scope: Scope) -> list[Row]:
    """By settlement's code: the family's for waiting and vouchers, the kindergarten's for places and enrolments.

    Where none is named, the territory of the line. Four queries.
    """
    return _grouped(
        scope,
        waiting=Coalesce("settlement_id", "territory_id"),
        free=Coalesce("group__kindergarten__settlement_id", "group__territory_id"),
        vouchers=Coalesce("application__settlement_id", "territory_id"),
        enrolments=Coalesce("group__kindergarten__settlement_id", "group__territory_id"),
    )


def by_month(scope: Scope) -> list[MonthRow]:
    """Vouchers and enrolments by month since the scope's beginning, months without any included. Two queries."""
    sources = _sources(scope)
    vouchers = _months(sources["vouchers"], "offered_at")
    enrolments = _months(sources["enrolments"], "enrolled_at")
    return [
        MonthRow(month, vouchers.get(month, 0), enrolments.get(month, 0))
        for month in _months_between(scope.since, scope.now)
    ]


def _sources(scope: Scope) -> dict[str, QuerySet[Any]]:
    within, period = scope.codes, (scope.since, scope.now)
    waiting = Application.objects.filter(state=State.WAITING, territory__in=within)
    free: QuerySet[Place] = kindergartens.free_places(scope.now).filter(group__territory__in=within)
    vouchers = Voucher.objects.filter(offered_at__range=period, territory__in=within)
    enrolments = Admission.objects.filter(enrolled_at__range=period, is_transfer=False, group__territory__in=within)
    return {"waiting": waiting, "free": free, "vouchers": vouchers, "enrolments": enrolments}


def _grouped(scope: Scope, **keys: Any) -> list[Row]:
    found: dict[Key, dict[str, int]] = defaultdict(dict)
    for name, rows in _sources(scope).items():
        for key, count in rows.annotate(key=keys[name]).values_list("key").annotate(count=Count("id", distinct=True)):
            found[key][name] = count
    return [Row(key, Counts(**counts)) for key, counts in sorted(found.items())]


def each_language(field: str) -> Func:
    """One row for each language of the list; an empty list is one row with ""."""
    named = NullIf(F(field), Value([], output_field=ArrayField(CharField())))
    unnamed = Value([""], output_field=ArrayField(CharField()))
    each: Func[Any] = Func(Coalesce(named, unnamed), function="unnest", output_field=CharField())
    each.set_returning = True
    return each


def _months(rows: QuerySet[Any], field: str) -> dict[date, int]:
    counted: Iterable[tuple[datetime, int]] = (
        rows.annotate(month=TruncMonth(field, tzinfo=NATIONAL)).values_list("month").annotate(count=Count("id"))
    )
    return {month.date(): count for month, count in counted}


def _months_between(since: datetime, until: datetime) -> Iterable[date]:
    month, last = (moment.astimezone(NATIONAL).date().replace(day=1) for moment in (since, until))
    while month <= last:
        yield month
        month = _next_month(month)


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


TABLES: dict[str, Callable[[Scope], list[Row]]] = {
    "settlement": by_settlement,
    "birth-year": by_birth_year,
    "language": by_language,
}
