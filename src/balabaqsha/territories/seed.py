"""The first filling: the regions, the whole of Pavlodar oblast, and the regimes of 2026-04-01. No Django.

Names and codes are facts of the classifier NK RK 11-2025; English names are ours.
"""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from balabaqsha.territories.regimes import Regime

FILE = Path(__file__).with_name("kato_seed.csv")


@dataclass(frozen=True)
class SeedTerritory:
    """One territory of the seed file."""

    code: str
    kind: int
    name_kk: str
    name_ru: str
    name_en: str | None


@dataclass(frozen=True)
class SeedRegime:
    """The regime of one territory from a date on."""

    code: str
    regime: Regime
    in_force_from: date
    source: str
    assumed: bool


def territories() -> list[SeedTerritory]:
    """The rows of the seed file, parents before children."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            SeedTerritory(
                code=row["kato"],
                kind=int(row["type_code"]),
                name_kk=row["name_kk"],
                name_ru=row["name_ru"],
                name_en=row["name_en"] or None,
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda row: row.code)


_FROM = date(2026, 4, 1)

# «Павлодар қ.» of the leaflet is read as the whole city administration: the villages under it belong to no
# district of the oblast, and would otherwise have no regime.
_CITY = "551000000"
_DISTRICTS = (
    "553200000",
    "553600000",
    "554200000",
    "554600000",
    "554800000",
    "555200000",
    "555600000",
    "556000000",
    "556400000",
    "556800000",
)
_OTHER_CITIES = ("551600000", "552200000")

REGIMES = (
    SeedRegime(_CITY, Regime.VOUCHER, _FROM, source="000", assumed=False),
    *(SeedRegime(code, Regime.LINEAR, _FROM, source="000", assumed=False) for code in _DISTRICTS),
    # The leaflet names only the city of Pavlodar and the districts.
    *(SeedRegime(code, Regime.LINEAR, _FROM, source="assumed", assumed=True) for code in _OTHER_CITIES),
)
