"""Every read of the territories that other apps use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from balabaqsha.territories.models import RegimePeriod, Territory
from balabaqsha.territories.regimes import Regime

# The classifier writes «г.Павлодар», the language «г. Павлодар».
_SHORT_KIND = re.compile(r"^(г|с|п)\.(?=[А-ЯЁӘҒҚҢӨҰҮҺІ])")
_LANGUAGES = {"kk": "name_kk", "ru": "name_ru", "en": "name_en"}


@dataclass(frozen=True)
class Place:
    """A territory as pages and lists show it; `path` is the codes from the region down to itself."""

    code: str
    level: str
    name_kk: str
    name_ru: str
    name_en: str | None
    path: tuple[str, ...]

    def name(self, language: str) -> str:
        """The name in `kk`, `ru` or `en`; Kazakh where the classifier gives no English one."""
        return {"ru": self.name_ru, "en": self.name_en}.get(language) or self.name_kk


def _as_place(row: Territory) -> Place:
    return Place(
        code=row.code,
        level=row.level,
        name_kk=row.name_kk,
        name_ru=row.name_ru,
        name_en=row.name_en,
        path=tuple(row.path.split("/")),
    )


# Rows, named `held`, that belong to the territory of a code or to one above it; `holder` is that one. Written out, for
# every act asks by it: Django takes longer to build such a statement than to have it answered.
AT_OR_ABOVE = """JOIN territories_territory AS holder ON holder.code = held.territory_id
JOIN territories_territory AS own ON own.code = %s AND position(holder.code IN own.path) > 0"""


def regime_on(code: str, day: date) -> Regime | None:
    """The regime of the territory on the day: its own, else its nearest ancestor's; None where nobody set one. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REGIME, [code, day])
        found = cursor.fetchone()
    return Regime(found[0]) if found else None


_REGIME = f"""
SELECT held.regime FROM territories_regimeperiod AS held {AT_OR_ABOVE}
WHERE held.in_force_from <= %s ORDER BY length(holder.path) DESC, held.in_force_from DESC, held.id LIMIT 1
"""  # noqa: S608 - of constants


def own_regimes(day: date) -> list[tuple[Place, Regime]]:
    """The territories for which a regime of their own is in force on the day, by name. Two queries."""
    newest: dict[str, Regime] = {}
    for period in RegimePeriod.objects.filter(in_force_from__lte=day).order_by("in_force_from", "id"):
        newest[period.territory_id] = Regime(period.regime)
    rows = Territory.objects.filter(code__in=newest).order_by("name_kk", "code")
    return [(_as_place(row), newest[row.code]) for row in rows]


def regimes_by_region(day: date) -> list[tuple[Place, list[tuple[Place, Regime]]]]:
    """Every region of the country with the territories in it that have a regime of their own on the day. Three queries."""
    own = own_regimes(day)
    return [(region, [one for one in own if one[0].path[0] == region.code]) for region in regions()]


def with_regime(code: str, regime: Regime, day: date) -> list[str]:
    """Codes of the territories at or below this one that have a line of their own in this regime on the day. One query.

    Where the regime is set above, the territory itself.
    """
    periods = RegimePeriod.objects.select_related("territory").filter(
        Q(territory__path__contains=code)
        | Exists(Territory.objects.filter(code=code, path__contains=OuterRef("territory_id"))),
        in_force_from__lte=day,
    )
    newest = {
        period.territory_id: period for period in periods.order_by(Length("territory__path"), "in_force_from", "-id")
    }
    below = {its: period for its, period in newest.items() if code in period.territory.path.split("/")}
    above = [period for its, period in newest.items() if its not in below]
    found = [its for its, period in below.items() if period.regime == regime]
    decided_above = code not in below and bool(above) and above[-1].regime == regime
    return sorted([code, *found] if decided_above else found)


def regime_periods(code: str) -> QuerySet[RegimePeriod]:
    """The territory's own periods, newest first."""
    return RegimePeriod.objects.filter(territory_id=code).order_by("-in_force_from", "id")


def place(code: str) -> Place | None:
    """The territory with this code, or None."""
    row = Territory.objects.filter(code=code).first()
    return None if row is None else _as_place(row)


def name(code: str, language: str) -> str:
    """The name of the territory in the language, or the code itself where it is unknown."""
    found = place(code)
    return code if found is None else found.name(language)


def spoken_name(code: str, language: str) -> str:
    """The name as people say it: the administration of a city by its city, a short kind apart from the name. Two queries."""
    return spoken_names({code}, language).get(code, code)


def spoken_names(codes: set[str], language: str) -> dict[str, str]:
    """The same of many territories by code; unknown codes are left out. Two queries."""
    # 551000000 «Павлодар Қ.Ә.» is known to people by its city, 551010000 «Павлодар қ.».
    cities = {row.parent_id: row for row in Territory.objects.filter(parent__in=codes, kind=1, code__endswith="10000")}
    rows = Territory.objects.filter(code__in=codes)
    return {row.code: _SHORT_KIND.sub(r"\1. ", _as_place(cities.get(row.code, row)).name(language)) for row in rows}


def names(codes: set[str], language: str) -> dict[str, str]:
    """Names of many territories by code, in one query; unknown codes are left out."""
    return {row.code: _as_place(row).name(language) for row in Territory.objects.filter(code__in=codes)}


def regions() -> list[Place]:
    """The regions of the country that the classifier has, by code."""
    return [_as_place(row) for row in Territory.objects.filter(parent=None, in_classifier=True).order_by("code")]


def children(code: str) -> list[Place]:
    """The territories right below that the classifier has, by code."""
    return [_as_place(row) for row in Territory.objects.filter(parent_id=code, in_classifier=True).order_by("code")]


def subtree(code: str) -> QuerySet[Territory]:
    """The territory and everything below it; stands inside filters: `territory__in=queries.subtree(code)`.

    One query at once for its path, so that the rest can go by the index of paths.
    """
    path = Territory.objects.filter(code=code).values_list("path", flat=True).first()
    if path is None:
        return Territory.objects.none()
    return Territory.objects.filter(Q(path=path) | Q(path__startswith=path + "/"))


def within_which(codes: set[str], places: Iterable[str]) -> dict[str, str]:
    """For each of these codes the one of the places in which it lies, the narrowest; those outside of all are left out. One query."""
    known = set(places)
    rows = Territory.objects.filter(code__in=codes).values_list("code", "path")
    above = {code: [part for part in path.split("/") if part in known] for code, path in rows}
    return {code: parts[-1] for code, parts in above.items() if parts}


def path_of(code: str) -> list[str]:
    """The codes from the region down to the territory itself; none for an unknown one. One query."""
    path = Territory.objects.filter(code=code).values_list("path", flat=True).first()
    return [] if path is None else path.split("/")


def is_within(code: str, ancestor: str) -> bool:
    """Whether the territory is the other one or lies below it."""
    return Territory.objects.filter(code=code, path__contains=ancestor).exists()
