"""The first filling of the national calendar, 2024-2027. Made once from the library holidays 0.108. No Django.

The calendar itself is the table; officers correct it there. Days off of 2026 and 2027 that a later decree
moves, and the days of Kurban Ait marked as estimated, are to be corrected when the decree is out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

YEARS = range(2024, 2028)

_LAW = "«Қазақстан Республикасындағы мерекелер туралы» Заң № 267 / Закон «О праздниках в Республике Казахстан» № 267"
_LABOUR_CODE = "Еңбек кодексі, 84-85-баптар / Трудовой кодекс, статьи 84-85"
_DECREE = "Үкіметтің демалыс күндерін ауыстыру туралы қаулысы / Постановление Правительства о переносе дней отдыха"
_ESTIMATED = "есептелген күн / расчётная дата"


@dataclass(frozen=True)
class SeedDay:
    """One named day of the calendar."""

    day: date
    working: bool
    kk: str
    ru: str
    en: str
    source: str


_HOLIDAYS = {
    "new-year": ("Жаңа жыл", "Новый год", "New Year's Day"),
    "christmas": ("Православиелік Рождество", "Православное Рождество", "Orthodox Christmas"),
    "women": ("Халықаралық әйелдер күні", "Международный женский день", "International Women's Day"),
    "nauryz": ("Наурыз мейрамы", "Наурыз мейрамы", "Nauryz"),
    "unity": (
        "Қазақстан халқының бірлігі мерекесі",
        "Праздник единства народа Казахстана",
        "Kazakhstan People's Unity Day",
    ),
    "defender": ("Отан қорғаушы күні", "День защитника Отечества", "Defender of the Fatherland Day"),
    "victory": ("Жеңіс күні", "День Победы", "Victory Day"),
    "kurban-ait": ("Құрбан айттың бірінші күні", "Первый день Курбан-айта", "First day of Kurban Ait"),
    "capital": ("Астана күні", "День столицы", "Capital Day"),
    "constitution": ("Конституция күні", "День Конституции", "Constitution Day"),
    "republic": ("Республика күні", "День Республики", "Republic Day"),
    "independence": ("Тәуелсіздік күні", "День Независимости", "Independence Day"),
}

# The holidays themselves, Saturdays and Sundays included.
_ON_THE_DAY = {
    2024: (
        "01-01 new-year",
        "01-02 new-year",
        "01-07 christmas",
        "03-08 women",
        "03-21 nauryz",
        "03-22 nauryz",
        "03-23 nauryz",
        "05-01 unity",
        "05-07 defender",
        "05-09 victory",
        "06-16 kurban-ait",
        "07-06 capital",
        "08-30 constitution",
        "10-25 republic",
        "12-16 independence",
    ),
    2025: (
        "01-01 new-year",
        "01-02 new-year",
        "01-07 christmas",
        "03-08 women",
        "03-21 nauryz",
        "03-22 nauryz",
        "03-23 nauryz",
        "05-01 unity",
        "05-07 defender",
        "05-09 victory",
        "06-06 kurban-ait",
        "07-06 capital",
        "08-30 constitution",
        "10-25 republic",
        "12-16 independence",
    ),
    2026: (
        "01-01 new-year",
        "01-02 new-year",
        "01-07 christmas",
        "03-08 women",
        "03-21 nauryz",
        "03-22 nauryz",
        "03-23 nauryz",
        "05-01 unity",
        "05-07 defender",
        "05-09 victory",
        "07-06 capital",
        "10-25 republic",
        "12-16 independence",
    ),
    2027: (
        "01-01 new-year",
        "01-02 new-year",
        "01-07 christmas",
        "03-08 women",
        "03-15 constitution",
        "03-21 nauryz",
        "03-22 nauryz",
        "03-23 nauryz",
        "05-01 unity",
        "05-07 defender",
        "05-09 victory",
        "07-06 capital",
        "10-25 republic",
        "12-16 independence",
    ),
}

# Days off in place of a holiday that fell on a weekend.
_OBSERVED = {
    2024: (
        "03-25 nauryz",
        "07-08 capital",
    ),
    2025: (
        "03-10 women",
        "03-24 nauryz",
        "03-25 nauryz",
        "07-07 capital",
        "09-01 constitution",
        "10-27 republic",
    ),
    2026: (
        "03-09 women",
        "03-24 nauryz",
        "03-25 nauryz",
        "05-11 victory",
        "10-26 republic",
    ),
    2027: (
        "01-04 new-year",
        "03-24 nauryz",
        "05-03 unity",
        "05-10 victory",
    ),
}

# Kurban Ait is announced for each year; until then its day is reckoned.
_EXPECTED = {
    2026: ("05-27 kurban-ait",),
    2027: ("05-16 kurban-ait",),
}

# Moved by decree: the day off, and the weekend day worked for it.
_MOVED = ((date(2024, 5, 8), date(2024, 5, 4)), (date(2025, 1, 3), date(2025, 1, 5)))


def _listed(table: Mapping[int, tuple[str, ...]]) -> list[tuple[date, tuple[str, str, str]]]:
    return [
        (date.fromisoformat(f"{year}-{line[:5]}"), _HOLIDAYS[line[6:]])
        for year, lines in table.items()
        for line in lines
    ]


def _holidays() -> list[SeedDay]:
    return [SeedDay(day, False, kk, ru, en, _LAW) for day, (kk, ru, en) in _listed(_ON_THE_DAY)]


def _observed() -> list[SeedDay]:
    return [
        SeedDay(
            day,
            False,
            f"{kk} (ауысқан демалыс)",
            f"{ru} (перенесённый выходной)",
            f"{en} (day off moved)",
            _LABOUR_CODE,
        )
        for day, (kk, ru, en) in _listed(_OBSERVED)
    ]


def _expected() -> list[SeedDay]:
    return [
        SeedDay(
            day, False, f"{kk} (күні нақтыланады)", f"{ru} (дата уточняется)", f"{en} (day to be announced)", _ESTIMATED
        )
        for day, (kk, ru, en) in _listed(_EXPECTED)
    ]


def _moved() -> list[SeedDay]:
    days = []
    for off, worked in _MOVED:
        days.append(
            SeedDay(
                off,
                False,
                f"Демалыс күні (оның орнына {worked:%d.%m.%Y} жұмыс күні)",
                f"Выходной (вместо него рабочий день {worked:%d.%m.%Y})",
                f"Day off ({worked:%d.%m.%Y} is worked instead)",
                _DECREE,
            )
        )
        days.append(
            SeedDay(
                worked,
                True,
                f"Жұмыс күні (оның орнына {off:%d.%m.%Y} демалыс)",
                f"Рабочий день (вместо него выходной {off:%d.%m.%Y})",
                f"Working day ({off:%d.%m.%Y} is off instead)",
                _DECREE,
            )
        )
    return days


DAYS = tuple(sorted((*_holidays(), *_observed(), *_expected(), *_moved()), key=lambda day: day.day))
