"""Dates, moments and sums as the papers print them, in Kazakh and Russian (glossary, section 7)."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from balabaqsha.kernel import time

_TEXTS = Path(__file__).parent / "texts"
_NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Words:
    """The same thing in both languages of a paper."""

    kk: str
    ru: str

    def as_data(self) -> dict[str, str]:
        """What the typesetter is given."""
        return {"kk": self.kk, "ru": self.ru}


@cache
def texts(name: str) -> dict[str, Any]:
    """The fixed texts of a paper, read once."""
    return tomllib.loads((_TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def in_both(write: Callable[[str], str]) -> Words:
    """What `write` gives for each of the two languages."""
    return Words(kk=write("kk"), ru=write("ru"))


def date_long(day: date) -> Words:
    """The day in words: 2024 жылғы 7 қазан, 7 октября 2024 года."""
    words = texts("words")

    def write(language: str) -> str:
        month = words["months"][language][day.month - 1]
        text = words["date"][language].format(year=day.year, day=day.day, month=month)
        # A day never stands at the end of a line without its month.
        return str(text.replace(f"{day.day} {month}", f"{day.day}{_NO_BREAK}{month}"))

    return in_both(write)


def moment_long(moment: datetime) -> Words:
    """The moment in words on the national clock, seconds cut: 2024 жылғы 7 қазан, 15:37."""
    local = time.local(moment)
    day = date_long(local.date())
    return Words(kk=f"{day.kk}, {local:%H:%M}", ru=f"{day.ru}, {local:%H:%M}")


def money(tenge: int) -> str:
    """A sum with no-break spaces between thousands: 15 876 ₸."""
    return f"{tenge:,}".replace(",", _NO_BREAK) + f"{_NO_BREAK}₸"


def hours(count: float) -> str:
    """Hours of a day with a decimal comma: 10,5."""
    return f"{count:g}".replace(".", ",")


def language_name(code: str) -> Words:
    """The name of a language of instruction."""
    names = texts("words")["languages"][code]
    return Words(kk=names["kk"], ru=names["ru"])
