"""One row of a list of kindergartens: what it says, or every fault that keeps it from being entered. Pure.

A fault is `[code, field]` or `[code, field, what was written]`; label keys `legacy.fault.<code>`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from balabaqsha.kindergartens.registry.rules import WrongBin, parse_bin
from balabaqsha.law.lists import CorrectionType
from balabaqsha.legacy.gardens.columns import OF_GROUPS, Field
from balabaqsha.locale import texts

Fault = tuple[str, ...]
Cell = str | float | int | bool | date | datetime | None
_SHOWN = 60
_DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y")
_LONGEST = {
    Field.NAME_KK: 200,
    Field.NAME_RU: 200,
    Field.ADDRESS_KK: 300,
    Field.ADDRESS_RU: 300,
    Field.LICENCE: 40,
    Field.PHONE: 20,
    Field.EMAIL: 254,
    Field.HEAD: 200,
    Field.GROUP: 80,
}
_MOST_PLACES, _DEAREST = 60, 1_000_000
_SERVICE_YEARS = 7
_HOURS = 24


@dataclass(frozen=True)
class Known:
    """What a row is held against: settlements by code and by name in small letters, the norm of a group, today."""

    settlements: Mapping[str, Sequence[str]]
    norm: Callable[[str | None, int], int | None]
    today: date


@dataclass(frozen=True)
class Checked:
    """A row as it was read: the BIN as far as it could be, what it says of the kindergarten and of the group, its faults."""

    bin: str
    garden: dict[str, Any]
    group: dict[str, Any]
    faults: tuple[Fault, ...]


class _Row:
    """The cells of one row by field, and the faults found in them."""

    def __init__(self, cells: Sequence[Cell], places: Mapping[Field, int], marks: tuple[str, frozenset[str]]) -> None:
        self._cells, self._places, (self._merged, self._failed) = cells, places, marks
        self.faults: list[Fault] = []

    def cell(self, field: Field) -> Cell:
        """What stands in the field; nothing for a column that the list lacks, noted where it is merged or failed."""
        place = self._places.get(field)
        found = None if place is None or place >= len(self._cells) else self._cells[place]
        if found == self._merged or found in self._failed:
            self.fault("merged-cell" if found == self._merged else "failed-formula", field)
            return None
        return found

    def text(self, field: Field, *, required: bool = False) -> str:
        """The field as text; notes one that is too long or, where it is required, empty."""
        before, cell = len(self.faults), self.cell(field)
        whole = isinstance(cell, float) and cell.is_integer()
        said = " ".join(str(int(cell) if whole and isinstance(cell, float) else "" if cell is None else cell).split())
        if required and not said and len(self.faults) == before:
            self.fault("missing", field)
        if len(said) > _LONGEST.get(field, 1000) or "\x00" in said:
            self.fault("too-long", field)
            return ""
        return said

    def number(self, field: Field, *, least: float, most: float, required: bool) -> float | None:
        """The field as a number of this range; a comma is a point."""
        said = self.text(field, required=required).replace(",", ".").replace(" ", "")
        if not said:
            return None
        try:
            number = float(said)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self.fault("wrong-number", field, said)
            return None
        return number

    def whole(self, field: Field, *, least: int, most: int, required: bool) -> int | None:
        """The same of a whole number."""
        number = self.number(field, least=least, most=most, required=required)
        if number is None or not number.is_integer():
            if number is not None:
                self.fault("wrong-number", field, str(number))
            return None
        return int(number)

    def day(self, field: Field) -> date | None:
        """The field as a day, None where nothing is written."""
        cell = self.cell(field)
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        said = "" if cell is None else str(cell).strip()
        for shape in _DAYS if said else ():
            try:
                return datetime.strptime(said, shape).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        if said:
            self.fault("wrong-date", field, said)
        return None

    def one_of(self, field: Field, words: Mapping[str, str], code: str, *, required: bool = False) -> str:
        """The code behind the words of the field; notes words that nobody knows."""
        said = self.text(field, required=required)
        found = words.get(said.casefold(), "")
        if said and not found:
            self.fault(code, field, said)
        return found

    def fault(self, code: str, field: Field, written: str = "") -> None:
        """Note a fault."""
        self.faults.append((code, field.value, written[:_SHOWN]) if written else (code, field.value))


def check(
    cells: Sequence[Cell], places: Mapping[Field, int], known: Known, marks: tuple[str, frozenset[str]]
) -> Checked:
    """Read one row and find every fault in it at once; `marks` are those of a merged cell and of failed formulas."""
    row = _Row(cells, places, marks)
    bin_ = _bin(row)
    garden = _garden(row, known)
    has_group = any(row.text(field) for field in OF_GROUPS)
    group = _group(row, known) if has_group else {}
    return Checked(bin_, garden, group, tuple(dict.fromkeys(row.faults)))


def _bin(row: _Row) -> str:
    said = row.text(Field.BIN, required=True)
    if not said:
        return ""
    try:
        # A spreadsheet drops the noughts before a number.
        return parse_bin(said.zfill(12))
    except WrongBin:
        row.fault("wrong-bin", Field.BIN, said)
        return ""


def _garden(row: _Row, known: Known) -> dict[str, Any]:
    ownership = row.one_of(Field.OWNERSHIP, _words("ownership", ("STATE", "PRIVATE")), "unknown-word", required=True)
    types = ("KINDERGARTEN", "MINI_CENTRE", "SPECIAL", "SANATORIUM")
    licence, licence_on = row.text(Field.LICENCE), row.day(Field.LICENCE_ON)
    if bool(licence) != bool(licence_on):
        row.fault("licence-both", Field.LICENCE)
    elif ownership == "PRIVATE" and not licence:
        row.fault("licence-missing", Field.LICENCE)
    opens_on = row.day(Field.OPENS_ON)
    return {
        "name_kk": row.text(Field.NAME_KK, required=True),
        "name_ru": row.text(Field.NAME_RU, required=True),
        "ownership": ownership,
        "type": row.one_of(Field.TYPE, _words("garden-type", types), "unknown-word") or "KINDERGARTEN",
        "settlement_id": _settlement(row, known),
        "address_kk": row.text(Field.ADDRESS_KK),
        "address_ru": row.text(Field.ADDRESS_RU),
        "licence_number": licence,
        "licence_on": licence_on.isoformat() if licence_on else None,
        "phone": row.text(Field.PHONE),
        "email": row.text(Field.EMAIL),
        "head_name": row.text(Field.HEAD),
        "stay_hours": row.number(Field.HOURS, least=1, most=_HOURS, required=False) or 10.5,
        "opens_on": opens_on.isoformat() if opens_on else None,
    }


def _settlement(row: _Row, known: Known) -> str:
    said = row.text(Field.SETTLEMENT, required=True)
    found = known.settlements.get(said.casefold(), ())
    if said and len(found) != 1:
        row.fault("several-settlements" if found else "unknown-settlement", Field.SETTLEMENT, said)
        return ""
    return found[0] if found else ""


def _group(row: _Row, known: Known) -> dict[str, Any]:
    this = known.today.year
    name = row.text(Field.GROUP, required=True)
    year = row.whole(Field.BIRTH_YEAR, least=this - _SERVICE_YEARS, most=this, required=True)
    capacity = row.whole(Field.CAPACITY, least=1, most=_MOST_PLACES, required=True)
    language = row.one_of(Field.LANGUAGE, _languages(), "unknown-language", required=True)
    correction = row.one_of(Field.CORRECTION, _words("correction", tuple(CorrectionType)), "unknown-correction") or None
    if year and capacity:
        most = known.norm(correction, year)
        if most is not None and capacity > most:
            row.fault("over-norm" if most else "no-nursery", Field.CAPACITY, str(most))
    return {
        "name": name,
        "birth_year": year,
        "language": language,
        "correction": correction,
        "capacity": capacity,
        "parent_fee": row.whole(Field.FEE, least=0, most=_DEAREST, required=False) or 0,
    }


@cache
def _words(prefix: str, codes: tuple[str, ...]) -> dict[str, str]:
    """The words of a closed list in every language, in small letters, and its codes."""
    said = {
        texts.say_in(language, f"{prefix}.{code}").casefold(): code for code in codes for language in texts.LANGUAGES
    }
    return said | {str(code).casefold(): str(code) for code in codes}


def _languages() -> dict[str, str]:
    return _words("language", ("kk", "ru", "en"))
