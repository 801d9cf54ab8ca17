"""Kindergartens, groups and places of the town."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from balabaqsha.kernel import iin as iins
from balabaqsha.kernel.time import start_of
from balabaqsha.kindergartens.models import Group, Kept, Kindergarten, Place
from balabaqsha.law import corrections
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import CorrectionType
from balabaqsha.law.terms import Rulebook
from balabaqsha.sandbox import geography
from balabaqsha.sandbox.geography import CITY, LINE, OF_CODE, Settlement
from balabaqsha.sandbox.town.rows import Row, Rows

_NAMES = (
    ("Балдырған", "Балдырган"), ("Күншуақ", "Куншуак"), ("Айгөлек", "Айголек"), ("Бөбек", "Бобек"),
    ("Еркетай", "Еркетай"), ("Қарлығаш", "Карлыгаш"), ("Балапан", "Балапан"), ("Ақ көгершін", "Ак когершин"),
    ("Шаттық", "Шаттык"), ("Гүлдер", "Гулдер"), ("Солнышко", "Солнышко"), ("Ромашка", "Ромашка"),
    ("Теремок", "Теремок"), ("Радуга", "Радуга"), ("Ласточка", "Ласточка"), ("Алёнушка", "Алёнушка"),
    ("Сказка", "Сказка"), ("Берёзка", "Берёзка"), ("Жұлдыз", "Жулдыз"), ("Мөлдір", "Молдир"),
    ("Қызғалдақ", "Кызгалдак"), ("Нұр бала", "Нур бала"), ("Ер Төстік", "Ер Тостик"), ("Алпамыс", "Алпамыс"),
    ("Дельфин", "Дельфин"), ("Журавушка", "Журавушка"), ("Золотой ключик", "Золотой ключик"), ("Арай", "Арай"),
)  # fmt: skip
_GROUP_NAMES = (
    ("Балапан", "kk"), ("Ромашка", "ru"), ("Құлыншақ", "kk"), ("Гномики", "ru"), ("Қошақан", "kk"), ("Пчёлки", "ru"),
    ("Ботақан", "kk"), ("Капелька", "ru"), ("Жұлдызшалар", "kk"), ("Звёздочки", "ru"),
)  # fmt: skip
_HEADS = ("Ахметова Г. С.", "Жұмабаева А. Қ.", "Петрова Н. В.", "Оспанова М. Т.", "Сейітова Р. Б.", "Морозова Е. А.")
# Shares of the five birth years, oldest first: few groups for the youngest.
_SHARES = (22, 24, 25, 20, 9)
_SPECIAL = (CorrectionType.SPEECH_SEVERE, CorrectionType.SPEECH_PHONETIC, CorrectionType.LOW_VISION)
_SANATORIUM = (CorrectionType.TUBERCULOSIS, CorrectionType.OFTEN_ILL)
REGULAR, MINI, PRIVATE = 34, 10, 14
PLACES = 9330


@dataclass(slots=True)
class TownGroup:
    """A group and its places: those that nobody holds are in `free` (published) and `hidden` (not published)."""

    row: Row
    garden: Row
    free: list[Row] = field(default_factory=list)
    hidden: list[Row] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def demand(self) -> tuple[int, str | None]:
        """Birth year and correction: whom the group serves."""
        return self.row["birth_year"], self.row["correction"]


def show(place: Row) -> None:
    """Open a place to families."""
    place |= {"published": True, "kept_since": None, "kept_because": ""}


def birth_years(today: date) -> range:
    """The birth years that have groups in the school year of the day, oldest first."""
    school_year = law_rules.school_year(today)
    return range(school_year - 5, school_year)


class Gardens:
    """Opens the kindergartens of the town, so many of each kind as `scale` says."""

    territory, slug, mailbox, first = LINE, "pavlodar", "balabaqsha", 0

    def __init__(self, *, random: Random, rows: Rows, today: date, scale: float) -> None:
        self.random, self.rows, self.scale = random, rows, scale
        self.years, self.today = birth_years(today), today
        self.opened_at = start_of(date(law_rules.school_year(today), 9, 1))
        self.groups: list[TownGroup] = []
        self.all: list[Row] = []
        self._deck: list[int] = []

    def open_all(self) -> None:
        """State, private, mini-centres, villages, one special and one sanatorium."""
        villages = iter(geography.VILLAGES)
        for _ in range(self._count(REGULAR)):
            self._open("KINDERGARTEN", "STATE", OF_CODE[CITY], groups=self.random.choice((6, 6, 7, 8)))
        for _ in range(self._count(PRIVATE)):
            place = next(villages, None) if len(self.all) % 5 == 0 else None
            self._open("KINDERGARTEN", "PRIVATE", place or OF_CODE[CITY], groups=self.random.choice((3, 4, 5)))
        for _ in range(self._count(MINI)):
            self._open("MINI_CENTRE", "STATE", next(villages, None) or OF_CODE[CITY], groups=2)
        self._open("SPECIAL", "STATE", OF_CODE[CITY], groups=6, corrections=_SPECIAL)
        self._open("SANATORIUM", "STATE", OF_CODE[CITY], groups=6, corrections=_SANATORIUM)
        regular = [garden for garden in self.all if garden["type"] == "KINDERGARTEN"]
        while sum(group.row["capacity"] for group in self.groups) < PLACES * self.scale:
            garden = self.random.choice(regular)
            index = sum(group.garden is garden for group in self.groups)
            self._open_group(garden, index, None)

    def _count(self, whole: int) -> int:
        return max(1, round(whole * self.scale))

    def _open(
        self, kind: str, ownership: str, place: Settlement, *, groups: int, corrections: tuple[CorrectionType, ...] = ()
    ) -> None:
        number = len(self.all) + 1
        name_kk, name_ru = self._name(number, kind, ownership)
        home = geography.home(self.random, place)
        garden = self.rows.add(
            Kindergarten,
            code=f"{self.slug}-{number}",
            bin=self._bin(number),
            name_kk=name_kk,
            name_ru=name_ru,
            ownership=ownership,
            type=kind,
            territory_id=self.territory,
            settlement_id=place.code,
            address_kk=f"{place.name_kk}, {home.street_kk}, {home.building}",
            address_ru=f"{place.name_ru}, {home.street_ru}, {home.building}",
            latitude=home.point[0],
            longitude=home.point[1],
            phone=self._phone(number),
            email=f"{self.mailbox}{number}@example.kz",
            head_name=self.random.choice(_HEADS),
            stay_hours=9.0 if kind == "MINI_CENTRE" else 10.5,
            **self._licence(number, ownership),
        )
        self.all.append(garden)
        for index in range(groups):
            self._open_group(garden, index, corrections[index % len(corrections)] if corrections else None)

    @staticmethod
    def _licence(number: int, ownership: str) -> Row:
        if ownership != "PRIVATE":
            return {}
        return {"licence_number": f"KZ{number:02d}LAA{number:07d}", "licence_on": date(2021, 1 + number % 12, 15)}

    def _phone(self, number: int) -> str:
        return f"+7 7182 {30 + number // 100:02d} {number % 100:02d} {self.random.randint(0, 99):02d}"

    def _name(self, number: int, kind: str, ownership: str) -> tuple[str, str]:
        kk, ru = _NAMES[(number * 11) % len(_NAMES)]
        if kind == "MINI_CENTRE":
            return f"«{kk}» шағын орталығы", f"Мини-центр «{ru}»"
        if kind == "SPECIAL":
            return f"№{number} «{kk}» арнайы балабақшасы КМҚК", f"КГКП «Специальный детский сад №{number} «{ru}»"
        if kind == "SANATORIUM":
            return f"№{number} «{kk}» санаторлық балабақшасы КМҚК", f"КГКП «Санаторный детский сад №{number} «{ru}»"
        if ownership == "PRIVATE":
            return f"«{kk} {number}» жекеменшік балабақшасы ЖШС", f"ТОО «Частный детский сад «{ru} {number}»"
        return f"№{number} «{kk}» балабақшасы МКҚК", f"ГККП «Ясли-сад №{number} «{ru}»"

    def _bin(self, number: int) -> str:
        while True:
            year, month = self.random.randint(0, 20), self.random.randint(1, 12)
            eleven = f"{year:02d}{month:02d}40{self.first + number:05d}"
            digit = iins.check_digit(eleven)
            if digit is not None:
                return f"{eleven}{digit}"

    def _open_group(self, garden: Row, index: int, correction: CorrectionType | None) -> None:
        kind = garden["type"]
        year = self.years[index % 4] if correction else self._year(garden, index)
        name, language = _GROUP_NAMES[(index + garden["id"]) % len(_GROUP_NAMES)]
        young = year >= self.years[-2]
        if correction:
            most = corrections.group_most(correction, year, Rulebook(), on=self.today)
            capacity = self.random.randint(8, int(most.value) if most else 8)
        elif kind == "MINI_CENTRE":
            capacity = self.random.randint(18, 22)
        else:
            capacity = self.random.randint(24, 27) if young else self.random.randint(27, 32)
        row = self.rows.add(
            Group,
            kindergarten_id=garden["id"],
            territory_id=self.territory,
            name=f"{name} {index + 1}",
            birth_year=year,
            language=language,
            correction=correction.value if correction else None,
            capacity=capacity,
            parent_fee=0
            if correction
            else self.random.choice((16500, 18000, 19500) if kind != "MINI_CENTRE" else (12000,)),
        )
        group = TownGroup(row, garden)
        for number in range(1, capacity + 1):
            place = self.rows.add(
                Place,
                group_id=row["id"],
                number=number,
                published=False,
                kept_since=self.opened_at,
                kept_because=Kept.NOT_PUBLISHED.value,
            )
            group.hidden.append(place)
        self.groups.append(group)

    def _year(self, garden: Row, index: int) -> int:  # noqa: ARG002 - districts decide by them
        # Dealt from a shuffled deck, so that even a small town has groups of every year.
        if not self._deck:
            self._deck = [
                year for year, share in zip(self.years, _SHARES, strict=True) for _ in range(max(1, share // 4))
            ]
            self.random.shuffle(self._deck)
        return self._deck.pop()
