"""One row of a list: what it says, or every fault that keeps it from being carried over. Pure.

A fault is `[code, field]` or `[code, field, what was written]`; label keys `legacy.fault.<code>`. What names a person is
never repeated in a fault.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.kernel.time import NATIONAL, localdate
from balabaqsha.law import rules as law
from balabaqsha.law.lists import BenefitStatus, CorrectionType
from balabaqsha.legacy.columns import Field
from balabaqsha.legacy.reading import FAILED, MERGED, Cell
from balabaqsha.legacy.reading import text as plain_text
from balabaqsha.locale import texts
from balabaqsha.people.rules import REPRESENTS_FROM, name_in_title_case

Fault = tuple[str, ...]

NAME_LENGTH = 120
NUMBER_LENGTH = 60
OUTSIDE_NUMBER_LENGTH = 40
_SHOWN = 40
_IIN_DIGITS = 12
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of spreadsheets, in no zone
# 1982 to 2064: a number outside is no day of any list.
_SERIALS = (30_000, 60_000)
_DAY = re.compile(
    r"(?:(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})|(?P<y2>\d{4})[./-](?P<m2>\d{1,2})[./-](?P<d2>\d{1,2}))"
    r"(?:[ T,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?)?"
)
# What a wrong encoding or a lost letter leaves in a name.
_SPOILT = re.compile("[?\ufffd\u00c3\u00d0\u00d1\x00-\x1f0-9]")
_LANGUAGES = {"қазақша": "kk", "қазақ": "kk", "казахский": "kk", "орысша": "ru", "орыс": "ru", "русский": "ru"} | {
    code: code for code in ("kk", "ru", "en")
}


@dataclass(frozen=True)
class Sound:
    """What a row without faults says; `born_on` and `sex` are those of the IIN."""

    number: str
    registered_at: datetime
    place: int | None
    child: Iin
    child_name: tuple[str, str, str]
    applicant: Iin
    applicant_name: tuple[str, str, str]
    applicant_phone: str
    benefit: str
    languages: tuple[str, ...]
    correction: str | None
    wished_from: date | None
    egov_number: str
    centre_number: str


@dataclass(frozen=True)
class Checked:
    """A row as it was read: `sound` or `faults`; number and place as far as they could be read, for the report."""

    number: str
    place: int | None
    sound: Sound | None
    faults: tuple[Fault, ...]


class Row:
    """The cells of one row by field, and the faults found in them."""

    def __init__(self, cells: Sequence[Cell], places: Mapping[Field, int]) -> None:
        self._cells, self._places = cells, places
        self.faults: list[Fault] = []

    def cell(self, field: Field) -> Cell:
        """What stands in the field; nothing for a column that the list lacks."""
        place = self._places.get(field)
        return None if place is None or place >= len(self._cells) else self._cells[place]

    def text(self, field: Field, *, required: bool = False) -> str:
        """The field as text; notes a cell that is merged, failed or, where it is required, empty."""
        cell = self.cell(field)
        if cell == MERGED:
            self.fault("merged-cell", field)
            return ""
        said = " ".join(cell.split()) if isinstance(cell, str) else plain_text(cell)
        if said in FAILED:
            self.fault("failed-formula", field)
            return ""
        if required and not said:
            self.fault("missing", field)
        return said

    def fault(self, code: str, field: Field, written: str = "") -> None:
        """Note a fault; `written` is shown beside it and never names a person."""
        self.faults.append((code, field.value, written[:_SHOWN]) if written else (code, field.value))


def check(cells: Sequence[Cell], places: Mapping[Field, int], *, now: datetime) -> Checked:
    """Read one row and find every fault in it at once. `now` is the moment against which ages and dates are held."""
    row, today = Row(cells, places), localdate(now)
    number = row.text(Field.NUMBER, required=True)
    if len(number) > NUMBER_LENGTH:
        row.fault("too-long", Field.NUMBER, number)
    place = _place(row)
    child, applicant = _iin(row, Field.CHILD_IIN), _iin(row, Field.APPLICANT_IIN)
    if child is not None:
        _check_child(row, child, now=now, today=today)
    if applicant is not None:
        _check_applicant(row, applicant, child, today=today)
    child_name, applicant_name = _name(row, Field.CHILD_NAME), _name(row, Field.APPLICANT_NAME)
    registered_at = _registered(row, child, now=now)
    benefit = _one_of(row, Field.BENEFIT, _benefits()) or BenefitStatus.NONE.value
    correction = _one_of(row, Field.CORRECTION, _corrections())
    languages = _languages(row)
    wished_from = _moment(row, Field.WISHED_FROM) if row.text(Field.WISHED_FROM) else None
    outside = [_outside(row, field) for field in (Field.EGOV_NUMBER, Field.CENTRE_NUMBER)]
    status = row.text(Field.STATUS)
    if status and status.casefold() not in _waiting():
        row.fault("not-waiting", Field.STATUS, status)
    if row.faults or not (child and applicant and child_name and applicant_name and registered_at):
        return Checked(number[:NUMBER_LENGTH], place, None, tuple(row.faults))
    sound = Sound(
        number=number,
        registered_at=registered_at,
        place=place,
        child=child,
        child_name=child_name,
        applicant=applicant,
        applicant_name=applicant_name,
        applicant_phone=_phone(row),
        benefit=benefit,
        languages=languages,
        correction=correction,
        wished_from=wished_from.date() if wished_from else None,
        egov_number=outside[0],
        centre_number=outside[1],
    )
    return Checked(number, place, sound, ())


def _iin(row: Row, field: Field) -> Iin | None:
    said, cell = row.text(field, required=True), row.cell(field)
    if not said:
        return None
    if isinstance(cell, int | float) and said.isdigit():
        # A spreadsheet that took the IIN for a number has lost its leading noughts.
        said = said.zfill(_IIN_DIGITS)
    try:
        return Iin.parse(said.replace(" ", "").replace("-", ""))
    except WrongIin as wrong:
        row.fault(f"iin-{wrong.reason}", field)
        return None


def _outside(row: Row, field: Field) -> str:
    """The number that an application had where it was filed, if the list tells one."""
    said = row.text(field)
    if len(said) > OUTSIDE_NUMBER_LENGTH:
        row.fault("too-long", field, said)
    return said


def _check_child(row: Row, child: Iin, *, now: datetime, today: date) -> None:
    if child.born_on > today:
        row.fault("not-born", Field.CHILD_IIN)
    elif now > _too_old_after(child.born_on):
        row.fault("too-old", Field.CHILD_IIN)
    if row.text(Field.CHILD_BORN):
        born = _moment(row, Field.CHILD_BORN)
        if born is not None and born.date() != child.born_on:
            row.fault("born-differs", Field.CHILD_BORN)


def _check_applicant(row: Row, applicant: Iin, child: Iin | None, *, today: date) -> None:
    if child is not None and applicant.text == child.text:
        row.fault("same-person", Field.APPLICANT_IIN)
    elif not _may_represent(applicant.born_on, today):
        row.fault("applicant-too-young", Field.APPLICANT_IIN)


@lru_cache(maxsize=1 << 13)
def _too_old_after(born_on: date) -> datetime:
    return law.max_age_moment(born_on)


@lru_cache(maxsize=1 << 15)
def _may_represent(born_on: date, today: date) -> bool:
    return law.full_years(born_on, today) >= REPRESENTS_FROM


def _name(row: Row, field: Field) -> tuple[str, str, str] | None:
    said = row.text(field, required=True)
    if not said:
        return None
    if _SPOILT.search(said):
        row.fault("spoilt-letters", field)
        return None
    if len(said) > NAME_LENGTH:
        row.fault("too-long", field)
        return None
    surname, _, rest = name_in_title_case(said).partition(" ")
    given, _, patronymic = rest.partition(" ")
    if not given:
        row.fault("half-a-name", field)
        return None
    return surname, given, patronymic


def _phone(row: Row) -> str:
    """A mobile number in E.164. What is none is left out: the family can name its number itself, and the row is sound."""
    digits = re.sub(r"\D", "", row.text(Field.APPLICANT_PHONE), flags=re.ASCII)
    found = re.fullmatch(r"[78]?(7[0-9]{9})", digits)
    return f"+7{found[1]}" if found else ""


def _place(row: Row) -> int | None:
    said = row.text(Field.PLACE)
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and 0 < int(said) < 1 << 31):
        row.fault("wrong-place", Field.PLACE, said)
        return None
    return int(said)


def _registered(row: Row, child: Iin | None, *, now: datetime) -> datetime | None:
    if not row.text(Field.REGISTERED, required=True):
        return None
    moment = _moment(row, Field.REGISTERED)
    if moment is None:
        return None
    registered_at = moment.replace(tzinfo=NATIONAL)
    if registered_at > now:
        row.fault("in-the-future", Field.REGISTERED, f"{moment:%d.%m.%Y %H:%M}")
    elif child is not None and moment.date() < child.born_on:
        row.fault("before-birth", Field.REGISTERED, f"{moment:%d.%m.%Y}")
    return registered_at


def _moment(row: Row, field: Field) -> datetime | None:
    """The day or moment in the field, on the national clock: as the spreadsheet kept it, its serial number, or written."""
    cell = row.cell(field)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the zone comes with the caller
    said = row.text(field)
    try:
        return _written(said)
    except ValueError:
        row.fault("wrong-date", field, said)
        return None


def _written(said: str) -> datetime:
    found = _DAY.fullmatch(said)
    if found is None:
        serial = float(said.replace(",", "."))
        if not _SERIALS[0] <= serial < _SERIALS[1]:
            raise ValueError(said)
        return _DAY_ZERO + timedelta(seconds=round(serial * 86_400))
    part = found.group
    year, month, day = part("y") or part("y2"), part("m") or part("m2"), part("d") or part("d2")
    return datetime(int(year), int(month), int(day), int(part("h") or 0), int(part("min") or 0), int(part("s") or 0))  # noqa: DTZ001 - as above


def _languages(row: Row) -> tuple[str, ...]:
    said = row.text(Field.LANGUAGE)
    found = []
    for word in filter(None, re.split(r"[,;/ ]+", said.casefold())):
        code = _LANGUAGES.get(word)
        if code is None:
            if word not in {"тілі", "язык"}:
                row.fault("unknown-language", Field.LANGUAGE, said)
                return ()
        elif code not in found:
            found.append(code)
    return tuple(found)


def _one_of(row: Row, field: Field, known: Mapping[str, str]) -> str | None:
    said = row.text(field)
    if not said:
        return None
    code = known.get(said.casefold())
    if code is None:
        row.fault(f"unknown-{field.value}", field, said)
    return code


def _words(prefix: str, codes: Sequence[str]) -> dict[str, str]:
    """Each code by itself and by its text in every language, in small letters."""
    said: Callable[[str, str], str] = lambda language, code: texts.say_in(language, f"{prefix}.{code}").casefold()  # noqa: E731 - two words, used twice below
    return {code.casefold(): code for code in codes} | {
        said(language, code): code for code in codes for language in texts.LANGUAGES
    }


@lru_cache(maxsize=1)
def _benefits() -> dict[str, str]:
    # The local status is off unless a territory switches it on, so no list can bring it.
    codes = [status.value for status in BenefitStatus if status is not BenefitStatus.STAFF]
    return _words("benefit", codes) | {"жоқ": "NONE", "нет": "NONE", "-": "NONE", "–": "NONE"}


@lru_cache(maxsize=1)
def _corrections() -> dict[str, str]:
    return _words("correction", [one.value for one in CorrectionType])


@lru_cache(maxsize=1)
def _waiting() -> frozenset[str]:
    return frozenset(_words("state", ["WAITING"])) | {"кезекте тұр", "принято решение (в очереди)", "стоит в очереди"}
