"""Which column of a list is what: by the headings of earlier systems, or as the department says. Pure."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum


class Field(StrEnum):
    """What the import takes from a list; label keys `legacy.field.<value>`."""

    NUMBER = "number"
    REGISTERED = "registered"
    CHILD_IIN = "child_iin"
    CHILD_NAME = "child_name"
    CHILD_BORN = "child_born"
    APPLICANT_IIN = "applicant_iin"
    APPLICANT_NAME = "applicant_name"
    APPLICANT_PHONE = "applicant_phone"
    BENEFIT = "benefit"
    PLACE = "place"
    STATUS = "status"
    LANGUAGE = "language"
    CORRECTION = "correction"
    WISHED_FROM = "wished_from"
    EGOV_NUMBER = "egov_number"
    CENTRE_NUMBER = "centre_number"


REQUIRED = (
    Field.NUMBER,
    Field.REGISTERED,
    Field.CHILD_IIN,
    Field.CHILD_NAME,
    Field.APPLICANT_IIN,
    Field.APPLICANT_NAME,
)
# As the journals of 003 and other earlier systems head them, in small letters without signs.
_HEADINGS = {
    Field.NUMBER: ("номер", "номер заявления", "нөмір", "нөмірі", "өтініштің нөмірі", "өтініш нөмірі", "number"),
    Field.REGISTERED: (
        "дата создания",
        "дата регистрации",
        "дата подачи",
        "дата постановки",
        "құрастыру күні",
        "тіркеу күні",
        "тіркелген күні",
        "берілген күні",
        "registered",
    ),
    Field.CHILD_IIN: ("иин ребенка", "баланың жсн", "баланың жсні", "child iin"),
    Field.CHILD_NAME: ("фио ребенка", "баланың аты жөні", "полное имя ребенка", "child name"),
    Field.CHILD_BORN: ("дата рождения", "дата рождения ребенка", "туған күні", "баланың туған күні", "born"),
    Field.APPLICANT_IIN: ("иин заявителя", "өтініш берушінің жсн", "өтініш берушінің жсні", "applicant iin"),
    Field.APPLICANT_NAME: ("фио заявителя", "өтініш берушінің аты жөні", "applicant name"),
    Field.APPLICANT_PHONE: (
        "телефон",
        "телефон заявителя",
        "мобильный телефон",
        "контактный телефон",
        "телефоны",
        "телефон нөмірі",
        "өтініш берушінің телефоны",
        "байланыс телефоны",
        "phone",
    ),
    Field.BENEFIT: ("тип льготы", "льгота", "жеңілдік түрі", "жеңілдік", "benefit"),
    Field.PLACE: ("номер очереди", "номер в очереди", "место в очереди", "кезек нөмірі", "кезектегі орны", "place"),
    Field.STATUS: ("статус", "статус заявления", "статустар", "мәртебесі", "өтініш мәртебесі", "status"),
    Field.LANGUAGE: ("язык обучения", "оқыту тілі", "оқу тілі", "language"),
    Field.CORRECTION: ("вид коррекции", "түзету түрі", "correction"),
    Field.WISHED_FROM: ("желаемая дата", "қалаған күні", "wished from"),
    Field.EGOV_NUMBER: ("номер пэп", "пэп", "пэп нөмірі", "egov нөмірі", "egov number"),
    Field.CENTRE_NUMBER: ("номер цон", "цон", "цон нөмірі", "хқко нөмірі", "service centre number"),
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings}
# A row that names so many fields is the row of headings; titles and dates may stand above it.
_HEADING_HAS = 3


def plain(heading: str) -> str:
    """A heading without what differs between systems: capitals, ё, signs and spaces."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", heading.casefold().replace("ё", "е")).split())


def is_heading(cells: Sequence[str]) -> bool:
    """Whether this row of cells is the row of headings."""
    return len({_FIELD_OF[plain(cell)] for cell in cells if plain(cell) in _FIELD_OF}) >= _HEADING_HAS


def guess(headings: Sequence[str], chosen: Mapping[Field, str]) -> dict[Field, int]:
    """The place of each field's column: as `chosen` by heading, else by the words that systems use; the first one wins."""
    found: dict[Field, int] = {}
    places = {heading: place for place, heading in reversed(list(enumerate(headings)))}
    for field, heading in chosen.items():
        if heading in places:
            found[field] = places[heading]
    for place, heading in enumerate(headings):
        field_ = _FIELD_OF.get(plain(heading))
        if field_ is not None and field_ not in found and place not in found.values():
            found[field_] = place
    return found


def missing(found: Mapping[Field, int]) -> list[Field]:
    """The fields without which no row can be carried over, as far as they have no column."""
    return [field for field in REQUIRED if field not in found]
