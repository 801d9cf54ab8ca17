"""Which column of a list of kindergartens is what: by its heading, or as the department says. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from balabaqsha.legacy.columns import plain


class Field(StrEnum):
    """What is taken from a list; a row is one group with its kindergarten. Label keys `legacy.field.<value>`."""

    BIN = "garden_bin"
    NAME_KK = "garden_name_kk"
    NAME_RU = "garden_name_ru"
    OWNERSHIP = "garden_ownership"
    TYPE = "garden_type"
    SETTLEMENT = "garden_settlement"
    ADDRESS_KK = "garden_address_kk"
    ADDRESS_RU = "garden_address_ru"
    LICENCE = "garden_licence"
    LICENCE_ON = "garden_licence_on"
    PHONE = "garden_phone"
    EMAIL = "garden_email"
    HEAD = "garden_head"
    HOURS = "garden_hours"
    OPENS_ON = "garden_opens_on"
    GROUP = "garden_group"
    BIRTH_YEAR = "garden_birth_year"
    LANGUAGE = "garden_language"
    CORRECTION = "garden_correction"
    CAPACITY = "garden_capacity"
    FEE = "garden_fee"


REQUIRED = (Field.BIN, Field.NAME_KK, Field.NAME_RU, Field.OWNERSHIP, Field.SETTLEMENT)
OF_GROUPS = (Field.GROUP, Field.BIRTH_YEAR, Field.LANGUAGE, Field.CORRECTION, Field.CAPACITY, Field.FEE)
_HEADINGS = {
    Field.BIN: ("бсн", "бин", "bin"),
    Field.NAME_KK: ("қазақша атауы", "атауы", "мдұ атауы", "название на казахском", "name kk"),
    Field.NAME_RU: ("орысша атауы", "название на русском", "название", "наименование", "name ru"),
    Field.OWNERSHIP: ("меншік нысаны", "форма собственности", "ownership"),
    Field.TYPE: ("түрі", "вид", "тип", "type"),
    Field.SETTLEMENT: ("елді мекен", "като", "kato", "населенный пункт", "settlement"),
    Field.ADDRESS_KK: ("мекенжайы", "мекенжайы қазақша", "адрес на казахском", "address kk"),
    Field.ADDRESS_RU: ("адрес", "мекенжайы орысша", "адрес на русском", "address ru"),
    Field.LICENCE: ("лицензия", "лицензияның нөмірі", "номер лицензии", "licence"),
    Field.LICENCE_ON: ("лицензияның күні", "дата лицензии", "licence on"),
    Field.PHONE: ("телефон", "телефоны", "phone"),
    Field.EMAIL: ("электрондық пошта", "электронная почта", "email", "e mail"),
    Field.HEAD: ("басшысы", "меңгерушісі", "руководитель", "заведующая", "head"),
    Field.HOURS: ("болу уақыты", "время пребывания", "часы пребывания", "hours"),
    Field.OPENS_ON: ("ашылатын күні", "дата открытия", "opens on"),
    Field.GROUP: ("топ", "топтың атауы", "группа", "название группы", "group"),
    Field.BIRTH_YEAR: ("туған жылы", "год рождения", "birth year"),
    Field.LANGUAGE: ("оқыту тілі", "тілі", "язык обучения", "язык", "language"),
    Field.CORRECTION: ("түзету түрі", "вид коррекции", "correction"),
    Field.CAPACITY: ("орын саны", "количество мест", "число мест", "мест", "capacity"),
    Field.FEE: ("ата ана төлемақысы", "родительская плата", "fee"),
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
_HEADING_HAS = 3


def is_heading(cells: Sequence[str]) -> bool:
    """Whether this row of cells is the row of headings: titles and dates may stand above it."""
    return len({_FIELD_OF[plain(cell)] for cell in cells if plain(cell) in _FIELD_OF}) >= _HEADING_HAS


def guess(headings: Sequence[str], chosen: Mapping[Field, str]) -> dict[Field, int]:
    """The place of each field's column: as `chosen` by heading, else by known words; the first one wins."""
    places = {heading: place for place, heading in reversed(list(enumerate(headings)))}
    found = {field: places[heading] for field, heading in chosen.items() if heading in places}
    for place, heading in enumerate(headings):
        field = _FIELD_OF.get(plain(heading))
        if field is not None and field not in found and place not in found.values():
            found[field] = place
    return found


def missing(found: Mapping[Field, int]) -> list[Field]:
    """The fields without which no row can be entered, as far as they have no column."""
    return [field for field in REQUIRED if field not in found]
