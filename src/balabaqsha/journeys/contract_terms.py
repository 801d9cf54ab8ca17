"""What a kindergarten fills into the model contract; plain values, so that the sent contract keeps them for good."""

from datetime import date
from typing import TypedDict

from balabaqsha.kindergartens.models import Group
from balabaqsha.territories import queries as territories


class KindergartenParty(TypedDict):
    """The kindergarten as it stands on the day of sending."""

    name_kk: str
    name_ru: str
    bin: str
    address_kk: str
    address_ru: str
    phone: str
    head_name: str


class ContractTerms(TypedDict):
    """The keys of `Contract.terms`; days in ISO form, `stay_hours` hours a day, `parent_fee` tenge a month."""

    start_on: str
    ends_on: str
    stay_hours: float
    parent_fee: int
    kindergarten: KindergartenParty
    place: dict[str, str]
    group: dict[str, int | str]


def fill(*, group: Group, start_on: date, ends_on: date, stay_hours: float, parent_fee: int) -> ContractTerms:
    """The terms of a contract for a place in this group; what is known of the kindergarten is written down as it is now."""
    kindergarten = group.kindergarten
    code = kindergarten.settlement_id or kindergarten.territory_id
    return ContractTerms(
        start_on=start_on.isoformat(),
        ends_on=ends_on.isoformat(),
        stay_hours=stay_hours,
        parent_fee=parent_fee,
        kindergarten=KindergartenParty(
            name_kk=kindergarten.name_kk,
            name_ru=kindergarten.name_ru,
            bin=kindergarten.bin,
            address_kk=kindergarten.address_kk,
            address_ru=kindergarten.address_ru,
            phone=kindergarten.phone,
            head_name=kindergarten.head_name,
        ),
        place={"kk": territories.spoken_name(code, "kk"), "ru": territories.spoken_name(code, "ru")},
        group={"id": group.id, "name": group.name, "birth_year": group.birth_year, "language": group.language},
    )
