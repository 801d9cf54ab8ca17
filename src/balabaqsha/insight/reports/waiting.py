"""Who waits, how long a place took, and what the next three years need."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Max, Min, Q, Sum
from django.db.models.functions import Cast, Coalesce, Extract

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import HOLDS_A_PLACE, LIVE, Kind, State
from balabaqsha.insight.queries import each_language
from balabaqsha.insight.reports.asked import Asked, Row
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import Tier
from balabaqsha.territories.regimes import Regime

_KEYS: dict[str, Callable[[], Any]] = {
    "category": lambda: F("category"),
    "birth-year": lambda: F("birth_year"),
    "language": lambda: each_language("languages"),
    "settlement": lambda: Coalesce("settlement_id", "territory_id"),
}
_DAY_SECONDS = 24 * 60 * 60
_YEARS = 3
# Full years on 1 September: from the year after birth until school.
_AGES = range(1, 6)


def line_by(key: str, asked: Asked) -> list[Row]:
    """Who waits now: key, all, general, special, out of turn, priority, ordinary, and since when the first does. One query.

    A family may name several languages, and then counts in each; one that named none counts under "".
    """
    rows = asked.applications().filter(state=State.WAITING).annotate(key=_KEYS[key]())
    found = rows.values_list("key").annotate(
        waiting=_children(),
        general=_children(kind=Kind.GENERAL),
        special=_children(kind=Kind.SPECIAL),
        **{f"of_{tier.value.lower()}": _children(tier=tier.value) for tier in _TIERS},
        first=Min("original_at"),
    )
    return sorted((*row[:-1], localdate(row[-1])) for row in found)


_TIERS = (Tier.OUT_OF_TURN, Tier.PRIORITY, Tier.ORDINARY)


def _children(**of: Any) -> Count:
    return Count("id", distinct=True, filter=Q(**of) if of else None)


class _Percentile(Aggregate):
    """The value below which this part of the values lies, drawn straight between two of them."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def time_by(key: str, asked: Asked) -> list[Row]:
    """How long those enrolled in the period had waited: key, children, quartile, median, quartile and most, in days. One query.

    From the original moment of the application to the signature of the kindergarten; transfers are left out.
    """
    rows = asked.during(asked.of_cases(Admission.objects.filter(is_transfer=False), "application__"), "enrolled_at")
    seconds = Extract(F("enrolled_at") - F("application__original_at"), "epoch")
    waited = Cast(seconds, FloatField()) / float(_DAY_SECONDS)
    field = {"category": "application__category", "birth-year": "application__birth_year"}[key]
    found = (
        rows.annotate(key=F(field), waited=waited)
        .values_list("key")
        .annotate(
            children=Count("id"),
            lower=_Percentile("waited", part=0.25),
            median=_Percentile("waited", part=0.5),
            upper=_Percentile("waited", part=0.75),
            most=Max("waited"),
        )
    )
    return sorted((one, n, *(round(days, 1) for days in rest)) for one, n, *rest in found)


def demand(asked: Asked) -> list[Row]:
    """The next three school years, by age on 1 September: year, age, birth year, waiting, coming of age, enrolled, places, balance.

    Reckoned from what is known today: waiting are the children of the birth year who hold no place, of them `coming` reach
    the least age of their regime in that school year; enrolled are those who have one and keep it; places are those that
    groups of that age have in the current school year, taken to stay as they are. Children whose family has not applied
    yet are in no number. Special groups and their line are left out. Four queries.
    """
    current = law_rules.school_year(localdate(asked.now))
    waiting, coming = _in_need(asked)
    enrolled = _counted(asked.applications().filter(kind=Kind.GENERAL, state=State.ENROLLED, in_private_place=False))
    places = _places_by_age(asked, current)
    rows = []
    for year in range(current + 1, current + 1 + _YEARS):
        for age in _AGES:
            born = year - age
            if asked.birth_year in {None, born}:
                balance = places[age] - waiting[born] - enrolled[born]
                rows.append((year, age, born, waiting[born], coming[year, born], enrolled[born], places[age], balance))
    return rows


def _counted(rows: Any) -> Counter[int]:
    return Counter(dict(rows.values_list("birth_year").annotate(n=Count("child", distinct=True))))


def _in_need(asked: Asked) -> tuple[Counter[int], Counter[tuple[int, int]]]:
    """Children without a place by birth year, and by the school year in which they come of age."""
    rows = asked.applications().filter(kind=Kind.GENERAL, state__in=sorted(LIVE - HOLDS_A_PLACE))
    today = localdate(asked.now)
    least = {
        Regime.VOUCHER.value: int(law.national_term("voucher.min_age", today).value),
        Regime.LINEAR.value: 12 * int(law.national_term("turn.min_age", today).value),
    }
    waiting: Counter[int] = Counter()
    coming: Counter[tuple[int, int]] = Counter()
    found = rows.values_list("regime", "born_on", "birth_year").annotate(n=Count("child", distinct=True))
    for regime, born_on, birth_year, n in found:
        waiting[birth_year] += n
        coming[law_rules.school_year(law_rules.month_later(born_on, least[regime])), birth_year] += n
    return waiting, coming


def _places_by_age(asked: Asked, current: int) -> Counter[int]:
    open_now = Q(school_year__isnull=True) | Q(school_year__lte=current)
    groups = asked.within(Group.objects.filter(open_now, closed_at__isnull=True, correction__isnull=True))
    counted = groups.values_list("birth_year").annotate(places=Sum("capacity"))
    return Counter({current - born: places for born, places in counted})


LINE = {key: partial(line_by, key) for key in _KEYS}
TIME = {key: partial(time_by, key) for key in ("category", "birth-year")}


def first_application(asked: Asked) -> date | None:
    """The day of the oldest application of the territories, for the choice of a period; None where there is none. One query."""
    rows = asked.within(Application.objects.all())
    first = rows.aggregate(first=Min("original_at"))["first"]
    return None if first is None else localdate(first)
